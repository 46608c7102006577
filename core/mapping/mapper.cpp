// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/mapper.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

#include "core/mapping/search.h"

namespace cohelix::mapping {
namespace {

using base::Result;
using cost::at;
using model::LoopKind;

/// The memories, by level, that may keep a tensor in a block of loops: at most one of them does.
/// Where bypass may be chosen the first choice is to keep it, the last that none does.
std::vector<std::optional<std::size_t>> keepersOf(const cost::Hierarchy& hierarchy, Tensor tensor,
                                                  std::size_t first, std::size_t last) {
    std::vector<std::optional<std::size_t>> keepers;
    for (std::size_t l = first; l <= last && l < hierarchy.levels.size(); ++l) {
        if (hierarchy.levels[l].mayKeep[at(tensor)]) keepers.emplace_back(l);
    }
    keepers.emplace_back(std::nullopt);
    return keepers;
}

/// The hierarchy with each choice of what its memories but the outermost keep.
std::vector<cost::Hierarchy> keepingsOf(const cost::Hierarchy& hierarchy, const MapSpace& space) {
    auto none = hierarchy;
    for (std::size_t l = 1; l < none.levels.size(); ++l) none.levels[l].mayKeep.fill(false);
    std::vector<cost::Hierarchy> all = {std::move(none)};
    for (const Tensor tensor : model::kAllTensors) {
        std::vector<cost::Hierarchy> more;
        for (const auto& begun : all) {
            for (const auto& front : keepersOf(hierarchy, tensor, 1, space.middle)) {
                for (const auto& local :
                     keepersOf(hierarchy, tensor, space.middle + 1, space.inner)) {
                    auto next = begun;
                    if (front) next.levels[*front].mayKeep[at(tensor)] = true;
                    if (local) next.levels[*local].mayKeep[at(tensor)] = true;
                    more.push_back(std::move(next));
                }
            }
        }
        all = std::move(more);
    }
    return all;
}

}  // namespace

std::string_view objectiveName(Objective objective) {
    constexpr std::array<std::string_view, 3> kNames = {"latency", "energy", "edp"};
    return kNames[static_cast<std::size_t>(objective)];
}

double objectiveValue(Objective objective, const cost::LoopNestResult& result) {
    switch (objective) {
        case Objective::Latency: return result.cycles;
        case Objective::Energy: return result.energyPicojoule;
        case Objective::Edp: return result.energyPicojoule * result.cycles;
    }
    return 0;
}

MapSpace fullMapSpace(const cost::Hierarchy& hierarchy) {
    MapSpace space;
    space.inner = hierarchy.levels.empty() ? 0 : hierarchy.levels.size() - 1;
    std::array<bool, model::kLoopDims> any;
    any.fill(true);
    // Where there is one memory, the multipliers are inside it.
    for (std::size_t l = 0; l < std::max<std::size_t>(space.inner, 1); ++l) {
        if (hierarchy.levels.empty()) break;
        const auto& level = hierarchy.levels[l];
        if (level.rows > 1) space.unrollings.push_back({l, LoopKind::Rows, level.rows, any});
        if (level.columns > 1) {
            space.unrollings.push_back({l, LoopKind::Columns, level.columns, any});
        }
        if (level.rows > 1 || level.columns > 1) space.middle = l;
    }
    if (space.unrollings.empty() && space.inner > 1) space.middle = 1;
    return space;
}

MapSpace mapSpaceOf(const cost::Hierarchy& hierarchy, const cost::Dataflow& dataflow) {
    MapSpace space = fullMapSpace(hierarchy);
    for (auto& unrolling : space.unrollings) {
        const auto& level = dataflow.levels[unrolling.level];
        unrolling.dims.fill(false);
        for (const Dim dim : unrolling.kind == LoopKind::Rows ? level.rows : level.columns) {
            unrolling.dims[at(dim)] = true;
        }
    }
    return space;
}

namespace {

/// The only memory serves the multipliers: with a level inside it that keeps nothing, the map space
/// has its blocks of loops. All of them end in the one level.
Result<BestMapping> bestOnOneMemory(const model::Layer& layer, const cost::Hierarchy& hierarchy,
                                    const MapSpace& space, const MapperOptions& options) {
    auto extended = hierarchy;
    extended.levels.push_back({.name = "multipliers", .mayKeep = {false, false, false}});
    auto best = bestMapping(layer, extended, {0, 1, space.unrollings}, options);
    if (!best) return best;
    auto& levels = best->mapping.levels;
    std::ranges::move(levels[1].loops, std::back_inserter(levels[0].loops));
    levels.pop_back();
    auto cost = cost::evaluateLoopNest(layer, best->mapping, hierarchy, options.convention);
    if (!cost) return cost.error();
    best->cost = std::move(*cost);
    return best;
}

}  // namespace

Result<BestMapping> bestMapping(const model::Layer& layer, const cost::Hierarchy& hierarchy,
                                const MapSpace& space, const MapperOptions& options) {
    if (hierarchy.levels.size() == 1 && space.middle == 0 && space.inner == 0) {
        return bestOnOneMemory(layer, hierarchy, space, options);
    }
    const auto begin = Clock::now();
    if (options.padding > 0 && options.convention.boxes) {
        return base::Error{layer.name,
                           "tilings that do not divide are not counted by " +
                               std::string(options.convention.name),
                           "Take the convention exact, or no padding"};
    }
    const std::vector<cost::Hierarchy> keepings =
        options.choosesBypass ? keepingsOf(hierarchy, space) : std::vector{hierarchy};
    Incumbent incumbent;
    Searched all;
    // Tilings that divide come first: they are fewer, and most often one of them is close.
    std::vector<double> paddings = {0};
    if (options.padding > 0) paddings.push_back(options.padding);
    for (const double padding : paddings) {
        for (const auto& keeping : keepings) {
            const auto problem = problemOf(layer, keeping, space, options.convention, padding);
            if (!problem) return problem.error();
            const auto one = searchTilings(*problem, options, begin, incumbent);
            all.leastOpen = std::min(all.leastOpen, one.leastOpen);
            all.tilings += one.tilings;
            all.evaluations += one.evaluations;
        }
    }
    if (!incumbent.best()) {
        return base::Error{layer.name,
                           "not even the smallest tiles fit the memories of " + hierarchy.name,
                           "Enlarge the memories, or let tensors pass by the smallest"};
    }
    BestMapping best = *incumbent.best();
    best.value = objectiveValue(options.objective, best.cost);
    // Bounds are proven for one convention alone.
    best.lowerBound = options.convention == cost::kExact ? std::min(best.value, all.leastOpen) : 0;
    best.tilings = all.tilings;
    best.evaluations = all.evaluations;
    best.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return best;
}

}  // namespace cohelix::mapping
