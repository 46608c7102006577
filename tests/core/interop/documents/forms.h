// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Random layers, hierarchies and mappings of them, for forms that must survive a round trip.

#include <string>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include "core/model/layer.h"
#include "core/model/mapping.h"
#include "core/nest/hierarchy.h"
#include "core/workload/workload.h"

namespace cohelix::interop::forms {

inline model::Layer layer() {
    using model::Dim;
    model::Layer made;
    made.name = *rc::gen::element<std::string>("conv1", "a \"quoted\" name", "x: y #3");
    made.groups = *rc::gen::element(1, 1, 2, 6);
    for (const Dim dim : model::kAllDims) made.size(dim) = *rc::gen::inRange(1, 40);
    made.size(Dim::K) *= made.groups;
    made.size(Dim::C) *= made.groups;
    // Where there is but one step along an axis, a file of Timeloop's need not tell its stride.
    const auto perAxis = [&](Dim alongRows, Dim alongColumns, int most) -> model::PerAxis {
        const bool rows = made.size(alongRows) > 1;
        const bool columns = made.size(alongColumns) > 1;
        const int one = rows || columns ? *rc::gen::inRange(1, most) : 1;
        return {one, rows && columns ? *rc::gen::inRange(1, most) : one};
    };
    made.stride = perAxis(Dim::P, Dim::Q, 5);
    made.dilation = perAxis(Dim::R, Dim::S, 4);
    made.role = workload::roleByShape(made);
    return made;
}

/// Two to five memories; all that the hierarchy's JSON can say.
inline nest::Hierarchy hierarchy() {
    nest::Hierarchy made;
    const auto figure = [] { return *rc::gen::inRange(0, 4000) * 0.0625; };
    const auto flag = [] { return *rc::gen::arbitrary<bool>(); };
    made.name = "array";
    made.source = "made up";
    made.estimate = flag();
    made.macPicojoule = figure();
    made.staticPicojoulePerCycle = figure();
    made.overlap = flag() ? nest::Overlap::Full : nest::Overlap::None;
    made.readsZeros = flag();
    made.pes = *rc::gen::inRange(0, 70000);
    const int levels = *rc::gen::inRange(2, 6);
    for (int l = 0; l < levels; ++l) {
        nest::MemoryLevel level;
        level.name = "level" + std::to_string(l);
        level.capacityWords = l == 0 ? 0 : *rc::gen::inRange(1, 3000000);
        level.readPicojoule = figure();
        level.fillPicojoule = flag() ? level.readPicojoule : figure();
        level.updatePicojoule = flag() ? level.readPicojoule : figure();
        level.readWordsPerCycle = figure();
        level.writeWordsPerCycle = figure();
        level.sharedBandwidth = flag();
        level.blockWords = *rc::gen::element(1, 2, 8, 64);
        level.multicast = flag();
        level.reduces = flag();
        level.forwards = flag();
        level.forwardPicojoule = figure();
        level.doubleBuffered = flag();
        level.exposesFirstFill = flag();
        level.refillsInPlace = flag();
        level.mayKeep = {flag(), flag(), flag()};
        level.rows = *rc::gen::inRange(0, 17);
        level.columns = *rc::gen::inRange(0, 17);
        made.levels.push_back(std::move(level));
    }
    return made;
}

/// A mapping that covers the layer, often with trips that do not divide: temporal loops, then
/// rows, then columns in each level, a dimension at most once in each.
inline model::Mapping mapping(const model::Layer& layer, const nest::Hierarchy& hierarchy) {
    model::Mapping made;
    for (const auto& memory : hierarchy.levels) made.levels.push_back({memory.name, {}, {}});
    for (auto& level : made.levels) {
        for (auto& keeps : level.keeps) keeps = *rc::gen::arbitrary<bool>();
    }
    std::vector<model::Dim> dims(model::kAllLoopDims.begin(), model::kAllLoopDims.end());
    for (const auto dim : dims) {
        auto rest = model::loopSize(layer, dim);
        for (auto level = made.levels.rbegin(); level != made.levels.rend() && rest > 1; ++level) {
            const bool outermost = level + 1 == made.levels.rend();
            const auto trips = outermost ? rest : *rc::gen::inRange<std::int64_t>(1, rest + 1);
            rest = (rest + trips - 1) / trips;
            if (trips > 1) level->loops.push_back({dim, trips, model::LoopKind::Temporal});
        }
    }
    for (auto& level : made.levels) {
        auto& loops = level.loops;
        for (std::size_t i = loops.size(); i > 1; --i) {
            std::swap(loops[i - 1], loops[*rc::gen::inRange<std::size_t>(0, i)]);
        }
        const auto rows = *rc::gen::inRange<std::size_t>(0, loops.size() + 1);
        const auto columns = *rc::gen::inRange<std::size_t>(rows, loops.size() + 1);
        for (std::size_t i = rows; i < loops.size(); ++i) {
            loops[i].kind = i < columns ? model::LoopKind::Rows : model::LoopKind::Columns;
        }
    }
    return made;
}

}  // namespace cohelix::interop::forms
