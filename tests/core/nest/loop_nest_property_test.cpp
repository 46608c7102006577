// SPDX-License-Identifier: GPL-3.0-or-later
// The model against the walker on random hierarchies, mappings and layers.
#include <cstdlib>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/nest/loop_nest.h"

#include "tests/core/nest/drawn_nest.h"
#include "tests/core/nest/walker.h"

namespace cohelix::nest {
namespace {

// RapidCheck reads it when the first property runs.
const bool kManyCases = setenv("RC_PARAMS", "max_success=20000", 0) == 0;

RC_GTEST_PROP(LoopNestProperty, ExactCountsAreTheWalkersOwn, ()) {
    const Sample sample = drawSample();
    const auto walked = walker::walk(sample.layer, sample.mapping, sample.hierarchy);
    const auto result = evaluateLoopNest(sample.layer, sample.mapping, sample.hierarchy);
    RC_LOG() << textOf(sample) << "\n";
    RC_ASSERT(result.ok());
    RC_ASSERT(result->computeCycles == static_cast<double>(walked.steps));
    RC_ASSERT(result->macs == walked.macs);
    bool forwarded = false;
    for (std::size_t l = 0; l < walked.levels.size(); ++l) {
        for (std::size_t t = 0; t < walked.levels[l].size(); ++t) {
            const auto& theirs = walked.levels[l][t];
            const auto& ours = result->levels[l].tensors[t];
            RC_LOG() << "level " << l << " tensor " << t << "\n";
            RC_ASSERT(ours.tile == theirs.tile);
            RC_ASSERT(ours.fills == theirs.fills);
            RC_ASSERT(ours.reads == theirs.reads);
            RC_ASSERT(ours.updates == theirs.updates);
            RC_ASSERT(ours.drains == theirs.drains);
            RC_ASSERT(ours.forwards == theirs.forwards);
            forwarded = forwarded || ours.forwards > 0;
        }
    }
    RC_CLASSIFY(forwarded, "forwards");
}

/// Room for each tile, and for some of the next one.
void furnish(Hierarchy& hierarchy, const LoopNestResult& unbounded) {
    const auto rate = [] { return between(0, 3) == 0 ? 0.0 : between(1, 9) / 2.0; };
    for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
        auto& memory = hierarchy.levels[l];
        std::int64_t tile = 0;
        for (const auto& tensor : unbounded.levels[l].tensors) tile += tensor.tile;
        const bool full = between(0, 3) > 0;
        if (tile > 0 && full) {
            memory.capacityWords = static_cast<double>(tile + between(0, static_cast<int>(tile)));
        }
        memory.refillsInPlace = between(0, 7) == 0;
        memory.readWordsPerCycle = rate();
        memory.writeWordsPerCycle = rate();
        memory.sharedBandwidth = between(0, 3) == 0;
    }
}

RC_GTEST_PROP(LoopNestProperty, WaitsAreTheWalkersOwn, ()) {
    Sample sample = drawSample();
    const auto unbounded = evaluateLoopNest(sample.layer, sample.mapping, sample.hierarchy);
    RC_ASSERT(unbounded.ok());
    furnish(sample.hierarchy, *unbounded);
    const auto result = evaluateLoopNest(sample.layer, sample.mapping, sample.hierarchy);
    RC_ASSERT(result.ok());
    const double waits = walker::waits(sample.layer, sample.mapping, sample.hierarchy);
    RC_LOG() << textOf(sample) << "\n" << result->exposedCycles << " and " << waits << "\n";
    RC_ASSERT(result->exposedCycles >= waits * (1 - 1e-12));
    RC_ASSERT(result->exposedCycles < waits * (1 + 1e-12) + 1);  // whole cycles
    RC_ASSERT(result->cycles >= result->computeCycles + result->exposedCycles);
    RC_CLASSIFY(waits > 0, "waits");
    RC_CLASSIFY(waits > 0 && sample.layer.border != model::Border{}, "waits, with a border");
    // More room is never worse.
    for (auto& memory : sample.hierarchy.levels) {
        if (memory.capacityWords > 0) memory.capacityWords += between(0, 9);
    }
    const auto roomier = evaluateLoopNest(sample.layer, sample.mapping, sample.hierarchy);
    RC_ASSERT(roomier.ok());
    RC_ASSERT(roomier->cycles <= result->cycles);
}

/// Tile by tile: while work is done on one, words of the next go into free places; what has none
/// comes when the work is over.
double prefetched(const std::vector<walker::Step>& weights, const std::vector<walker::Step>& inputs,
                  double room, double rate, double work) {
    double cycles = 0;
    double ahead = room;  // the tile before the first had as much beside it
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto words = static_cast<double>(weights[i].arrivals + inputs[i].arrivals);
        const double early = std::min(ahead, words);
        cycles += (words - early) / rate + work;
        ahead = std::min(room, rate * work);
    }
    return cycles;
}

RC_GTEST_PROP(LoopNestProperty, NoPrefetchIntoFreePlacesIsFaster, ()) {
    Sample sample = drawSample();
    coverExactly(sample);
    auto& [layer, mapping, hierarchy] = sample;
    mapping.levels.resize(2, mapping.levels.front());
    hierarchy.levels.resize(2, hierarchy.levels.front());
    coverExactly(sample);
    for (auto& level : mapping.levels) {
        level.keeps.fill(true);
        for (auto& loop : level.loops) loop.kind = model::LoopKind::Temporal;
    }
    const auto unbounded = evaluateLoopNest(layer, mapping, hierarchy);
    RC_ASSERT(unbounded.ok());
    double tile = 0;
    for (const auto& tensor : unbounded->levels[1].tensors) {
        tile += static_cast<double>(tensor.tile);
    }
    const double room = between(0, static_cast<int>(tile));
    const double rate = between(1, 20) / 4.0;
    hierarchy.levels[1].capacityWords = tile + room;
    hierarchy.levels[0].readWordsPerCycle = rate;
    hierarchy.levels[0].writeWordsPerCycle = 0;
    const auto result = evaluateLoopNest(layer, mapping, hierarchy);
    RC_ASSERT(result.ok());
    const auto walked = walker::walk(layer, mapping, hierarchy);
    const auto& steps = walked.arrivals[1];
    const double work = result->computeCycles / static_cast<double>(steps[0].size());
    const double simulated = prefetched(steps[0], steps[1], room, rate, work);
    RC_LOG() << textOf(sample) << " room " << room << " rate " << rate << "\n"
             << result->computeCycles << " + " << result->exposedCycles << ", " << simulated
             << "\n";
    const double modelled = result->computeCycles + result->exposedCycles;
    RC_ASSERT(modelled <= simulated * (1 + 1e-12) + 1);
    const bool keepsUp = rate * work >= room;
    RC_CLASSIFY(keepsUp, "the link keeps up");
    if (keepsUp) RC_ASSERT(modelled >= simulated * (1 - 1e-12));
}

}  // namespace
}  // namespace cohelix::nest
