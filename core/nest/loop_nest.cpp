// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/loop_nest.h"

#include <algorithm>
#include <string>

#include "core/base/units.h"
#include "core/nest/level_costs.h"
#include "core/nest/level_traffic.h"
#include "core/nest/nest_checks.h"
#include "core/nest/tile_words.h"
#include "core/nest/waits.h"

namespace cohelix::nest {
namespace {

using base::Error;
using base::Result;
using model::Layer;
using model::Mapping;
using model::Tensor;

/// Counts beyond this are refused, so that sums of them stay within 64 bits.
constexpr double kMostWords = 4.6e18 / 16;

std::string count(std::int64_t words) { return base::fixed(static_cast<double>(words), 0); }

/// No count of any level can reach the most that is allowed.
Result<void> checkRange(const Layer& layer, const Nest& nest) {
    const double worst = mostWords(nest);
    if (worst < kMostWords) return {};
    return Error{layer.name,
                 "its counts reach " + base::fixed(worst / 1e18, 1) +
                     " x 10^18, more than can be counted exactly",
                 "Make the layer or the mapping's trips smaller"};
}

/// Steps along a dimension: iterations at the edge that have no work in any PE are not made.
std::int64_t stepsAlong(const Nest& nest, model::Dim dim) {
    std::int64_t steps = 0;
    std::int64_t rest = nest.sizes[indexOf(dim)];
    // The temporal loops alone, from the outside in: whole iterations, then what is left.
    std::int64_t inner = 1;
    for (const auto& loop : nest.loops) {
        if (loop.dim == dim && loop.temporal()) inner *= loop.trips;
    }
    for (const auto& loop : nest.loops) {
        if (loop.dim != dim || !loop.temporal()) continue;
        inner /= loop.trips;
        const std::int64_t whole = std::min(loop.trips, rest / loop.step);
        steps += whole * inner;
        rest -= whole * loop.step;
        if (whole == loop.trips) return steps;
    }
    return steps + (rest > 0 ? 1 : 0);
}

std::int64_t stepsOf(const Nest& nest) {
    std::int64_t product = 1;
    for (const model::Dim dim : model::kAllLoopDims) product *= stepsAlong(nest, dim);
    return product;
}

/// "9 of weights + 24 of inputs".
std::string tilesText(const LevelResult& level) {
    std::string text;
    for (const Tensor tensor : model::kAllTensors) {
        const auto words = level.tensors[indexOf(tensor)].tile;
        if (words == 0) continue;
        text += (text.empty() ? "" : " + ") + count(words) + " of " + std::string(word(tensor));
    }
    return text;
}

Error overflow(const Layer& layer, const Hierarchy& hierarchy, std::size_t level,
               const LevelResult& result, double held) {
    const auto& memory = hierarchy.levels[level];
    return {layer.name,
            "the tiles (" + tilesText(result) + " words" +
                (memory.doubleBuffered ? ", twice" : "") + ") overflow the " +
                nameOf(memory, level) + " of " + base::fixed(memory.capacityWords, 0) +
                " words by " + base::fixed(held - memory.capacityWords, 0),
            "Move loops outwards or enlarge the memory"};
}

/// The cycles and energy of the whole layer, from those of its levels.
void sumUp(const MappedNest& mapped, LoopNestResult& result) {
    const auto& hierarchy = mapped.hierarchy;
    double slowest = 0;
    double oneByOne = result.computeCycles;
    double levelsPicojoule = 0;
    for (const auto& level : result.levels) {
        for (const double picojoule : level.energyPicojoule) levelsPicojoule += picojoule;
        oneByOne += level.cycles;
        slowest = std::max(slowest, level.cycles);
    }
    if (hierarchy.overlap == Overlap::Full) {
        result.exposedCycles = exposedCycles(mapped, result);
        result.cycles = std::max(result.computeCycles + result.exposedCycles, slowest);
    } else {
        result.cycles = oneByOne;
    }
    result.macPicojoule = static_cast<double>(result.macs) * hierarchy.macPicojoule;
    result.staticPicojoule = result.cycles * hierarchy.staticPicojoulePerCycle;
    result.energyPicojoule = levelsPicojoule + result.macPicojoule + result.staticPicojoule;
}

/// Which level limits, and how well the array is used.
void rate(const Hierarchy& hierarchy, LoopNestResult& result) {
    double longest = result.computeCycles;
    double slowest = result.computeCycles + result.exposedCycles;
    for (std::size_t l = 0; l < result.levels.size(); ++l) {
        if (result.levels[l].waitCycles > longest) {
            longest = result.levels[l].waitCycles;
            result.waitingLevel = static_cast<int>(l);
        }
        if (result.levels[l].cycles <= slowest) continue;
        slowest = result.levels[l].cycles;
        result.limitingLevel = static_cast<int>(l);
    }
    const auto pes = static_cast<double>(std::max(hierarchy.pes, result.pesInUse));
    result.spatialUtilization = static_cast<double>(result.macs) / (result.computeCycles * pes);
    result.temporalUtilization = result.computeCycles / result.cycles;
}

Result<LoopNestResult> evaluateNest(const Layer& layer, const Nest& nest, const Mapping& mapping,
                                    const Hierarchy& hierarchy, const Convention& convention) {
    LoopNestResult result;
    result.levels.resize(mapping.levels.size());
    result.macs = model::macs(layer);
    const Outline outline(nest);
    result.computeCycles =
        static_cast<double>(outline.divides() ? outline.rounds(nest.loops.size()) : stepsOf(nest));
    const MappedNest mapped{outline, mapping, hierarchy, convention};
    countTraffic(mapped, result);
    for (std::size_t l = 0; l < result.levels.size(); ++l) {
        const double capacity = hierarchy.levels[l].capacityWords;
        if (capacity == 0) continue;
        const double held = wordsHeld(hierarchy.levels[l], result.levels[l]);
        result.levels[l].occupancy = held / capacity;
        if (held > capacity) return overflow(layer, hierarchy, l, result.levels[l], held);
    }
    priceLevels(mapped, result);
    sumUp(mapped, result);
    rate(hierarchy, result);
    return result;
}

}  // namespace

bool readsBorder(const Layer& layer, const Hierarchy& hierarchy, const Convention& convention) {
    return (hierarchy.readsZeros || convention.boxes) && layer.border != model::Border{};
}

model::TimeLimit limitOf(const LoopNestResult& result) {
    using Kind = model::TimeLimit::Kind;
    if (result.limitingLevel >= 0) return {Kind::Bandwidth, result.limitingLevel};
    if (result.waitingLevel >= 0) return {Kind::Refill, result.waitingLevel};
    return {Kind::Compute};
}

std::string limitText(const LoopNestResult& result, const Hierarchy& hierarchy) {
    const auto limit = limitOf(result);
    const auto level = static_cast<std::size_t>(limit.memory);
    return model::textOf(limit, nameOf(hierarchy.levels[level], level));
}

Result<LoopNestResult> evaluateLoopNest(const Layer& layer, const Mapping& mapping,
                                        const Hierarchy& hierarchy, const Convention& convention) {
    if (readsBorder(layer, hierarchy, convention)) {
        return evaluateLoopNest(model::withZerosAsWords(layer), mapping, hierarchy, convention);
    }
    if (auto suits = checkShape(layer, mapping, hierarchy, convention); !suits) {
        return suits.error();
    }
    if (auto fits = checkArray(layer, mapping, hierarchy); !fits) return fits.error();
    const auto nest = nestOf(layer, mapping);
    if (!nest) return nest.error();
    if (convention.boxes && !nest->divides()) {
        return Error{layer.name,
                     "the mapping's trips do not divide its sizes, which " +
                         std::string(convention.name) + " does not count",
                     "Use trips that divide, or the convention exact"};
    }
    if (auto range = checkRange(layer, *nest); !range) return range.error();
    return evaluateNest(layer, *nest, mapping, hierarchy, convention);
}

}  // namespace cohelix::nest
