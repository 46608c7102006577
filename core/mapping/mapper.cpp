// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/mapper.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <optional>
#include <string>

#include "core/base/units.h"
#include "core/mapping/anneal.h"
#include "core/mapping/constrained_search.h"
#include "core/mapping/level_flows.h"
#include "core/mapping/outermost.h"
#include "core/mapping/search.h"

namespace cohelix::mapping {
namespace {

using base::Result;
using model::LoopKind;

/// The memories, by level, that may keep a tensor in a block of loops: at most one of them does.
/// The first choice is to keep it, the last that none does.
std::vector<std::optional<std::size_t>> keepersOf(const nest::Hierarchy& hierarchy, Tensor tensor,
                                                  std::size_t first, std::size_t last) {
    std::vector<std::optional<std::size_t>> keepers;
    for (std::size_t l = first; l <= last && l < hierarchy.levels.size(); ++l) {
        if (hierarchy.levels[l].mayKeep[indexOf(tensor)]) keepers.emplace_back(l);
    }
    keepers.emplace_back(std::nullopt);
    return keepers;
}

/// The hierarchy with each choice of what its memories but the outermost keep.
std::vector<nest::Hierarchy> keepingsOf(const nest::Hierarchy& hierarchy, const MapSpace& space) {
    auto none = hierarchy;
    for (std::size_t l = 1; l < none.levels.size(); ++l) none.levels[l].mayKeep.fill(false);
    std::vector<nest::Hierarchy> all = {std::move(none)};
    for (const Tensor tensor : model::kAllTensors) {
        std::vector<nest::Hierarchy> more;
        for (const auto& begun : all) {
            for (const auto& front : keepersOf(hierarchy, tensor, 1, space.middle)) {
                for (const auto& local :
                     keepersOf(hierarchy, tensor, space.middle + 1, space.inner)) {
                    auto next = begun;
                    if (front) next.levels[*front].mayKeep[indexOf(tensor)] = true;
                    if (local) next.levels[*local].mayKeep[indexOf(tensor)] = true;
                    more.push_back(std::move(next));
                }
            }
        }
        all = std::move(more);
    }
    return all;
}

/// Whether one word of each tensor fits each memory that keeps it.
bool smallestFit(const nest::Hierarchy& hierarchy) {
    return std::ranges::all_of(hierarchy.levels, [](const nest::MemoryLevel& memory) {
        const auto kept = std::ranges::count(memory.mayKeep, true);
        return memory.capacityWords == 0 ||
               static_cast<double>(kept * (memory.doubleBuffered ? 2 : 1)) <= memory.capacityWords;
    });
}

/// Whether every memory keeps what it keeps in the other.
bool keepsNoMore(const nest::Hierarchy& hierarchy, const nest::Hierarchy& other) {
    return std::ranges::equal(hierarchy.levels, other.levels,
                              [](const nest::MemoryLevel& one, const nest::MemoryLevel& more) {
                                  return std::ranges::equal(one.mayKeep, more.mayKeep,
                                                            std::less_equal<>());
                              });
}

/// Those that fit and in which no memory could keep one more tensor; all of them where none fits.
std::vector<nest::Hierarchy> fullestOf(std::vector<nest::Hierarchy> keepings) {
    std::vector<nest::Hierarchy> fullest;
    for (const auto& keeping : keepings) {
        if (!smallestFit(keeping)) continue;
        const auto isLess = [&](const nest::Hierarchy& other) {
            return keepsNoMore(other, keeping);
        };
        if (std::ranges::any_of(fullest,
                                [&](const auto& other) { return keepsNoMore(keeping, other); })) {
            continue;
        }
        std::erase_if(fullest, isLess);
        fullest.push_back(keeping);
    }
    return fullest.empty() ? std::move(keepings) : fullest;
}

std::vector<nest::Hierarchy> keepingsOf(const nest::Hierarchy& hierarchy, const MapSpace& space,
                                        Keeping keeping) {
    switch (keeping) {
        case Keeping::All: return {hierarchy};
        case Keeping::WhatFits: return fullestOf(keepingsOf(hierarchy, space));
        case Keeping::Chosen: return keepingsOf(hierarchy, space);
    }
    return {};
}

bool keepsAll(const model::Mapping& mapping, const nest::Hierarchy& hierarchy) {
    return std::ranges::equal(mapping.levels, hierarchy.levels, {}, &model::MappingLevel::keeps,
                              &nest::MemoryLevel::mayKeep);
}

bool unrolls(const nest::MemoryLevel& memory) { return memory.rows > 1 || memory.columns > 1; }

bool hasEnergy(const nest::MemoryLevel& memory) {
    return memory.readPicojoule > 0 || memory.fillPicojoule > 0 || memory.updatePicojoule > 0;
}

base::Error noEnergy(const model::Layer& layer, const nest::Hierarchy& hierarchy) {
    std::string names;
    for (const auto& name : withoutEnergy(hierarchy)) names += (names.empty() ? "" : ", ") + name;
    return {layer.name,
            "energies are missing (" + names + "), so that a mapping costs 0 by the objective",
            "Give the energies, or take the objective latency"};
}

}  // namespace

std::vector<std::string> withoutEnergy(const nest::Hierarchy& hierarchy) {
    std::vector<std::string> names;
    for (const auto& memory : hierarchy.levels) {
        const bool keeps = std::ranges::count(memory.mayKeep, true) > 0;
        if (keeps && !hasEnergy(memory)) names.push_back(memory.name);
    }
    if (hierarchy.macPicojoule == 0) names.emplace_back("multipliers");
    return names;
}

bool anyEnergy(const nest::Hierarchy& hierarchy) {
    return hierarchy.macPicojoule > 0 || hierarchy.staticPicojoulePerCycle > 0 ||
           std::ranges::any_of(hierarchy.levels, hasEnergy);
}

double objectiveValue(Objective objective, const nest::LoopNestResult& result) {
    switch (objective) {
        case Objective::Latency: return result.cycles;
        case Objective::Energy: return result.energyPicojoule;
        case Objective::Edp: return result.energyPicojoule * result.cycles;
    }
    return 0;
}

MapSpace fullMapSpace(const nest::Hierarchy& hierarchy) {
    MapSpace space;
    space.inner = hierarchy.levels.empty() ? 0 : hierarchy.levels.size() - 1;
    std::array<bool, model::kLoopDims> any;
    any.fill(true);
    // One memory or two leave blocks enough to unroll multipliers inside the innermost.
    const std::size_t unrolling =
        hierarchy.levels.size() <= 2 ? hierarchy.levels.size() : space.inner;
    for (std::size_t l = 0; l < unrolling; ++l) {
        const auto& level = hierarchy.levels[l];
        if (level.rows > 1) space.unrollings.push_back({l, LoopKind::Rows, level.rows, any});
        if (level.columns > 1) {
            space.unrollings.push_back({l, LoopKind::Columns, level.columns, any});
        }
        if (level.rows > 1 || level.columns > 1) space.middle = l;
    }
    if (space.unrollings.empty() && space.inner > 1) space.middle = 1;
    space.everyLoop = unrolling == space.inner && unrolls(hierarchy.levels.back()) &&
                      hierarchy.levels.size() <= kMostNestLevels;
    return space;
}

MapSpace mapSpaceOf(const nest::Hierarchy& hierarchy, const nest::Dataflow& dataflow) {
    MapSpace space = fullMapSpace(hierarchy);
    space.everyLoop = false;
    for (auto& unrolling : space.unrollings) {
        const auto& level = dataflow.levels[unrolling.level];
        unrolling.dims.fill(false);
        for (const Dim dim : unrolling.kind == LoopKind::Rows ? level.rows : level.columns) {
            unrolling.dims[indexOf(dim)] = true;
        }
    }
    return space;
}

namespace {

/// Whether each memory has a block of loops of its own, and all is unrolled in front of the middle
/// one that can be.
bool holdsEveryMapping(const nest::Hierarchy& hierarchy, const MapSpace& space) {
    const auto memories = hierarchy.levels.size();
    if (memories > 3 || space.inner + 1 != memories || space.middle + 2 != memories) return false;
    for (std::size_t l = 0; l < memories; ++l) {
        if (l != space.middle && unrolls(hierarchy.levels[l])) return false;
    }
    return true;
}

/// A twentieth of a padding and a fifth, where these let a dimension be longer than the one before
/// does.
std::vector<double> lighterPaddings(const model::Layer& layer, double padding) {
    const auto spans = [&](double share) {
        double all = 0;
        for (const auto dim : model::kAllLoopDims) {
            all += std::floor(static_cast<double>(model::loopSize(layer, dim)) * (1 + share));
        }
        return all;
    };
    std::vector<double> lighter;
    double before = spans(0);
    for (const double share : {padding / 20, padding / 5}) {
        const double all = spans(share);
        if (all <= before || all >= spans(padding)) continue;
        lighter.push_back(share);
        before = all;
    }
    return lighter;
}

/// The search over blocks of loops, for each choice of what is kept.
struct BlockSearch {
    const model::Layer& layer;
    const nest::Hierarchy& hierarchy;
    const std::vector<nest::Hierarchy>& keepings;
    const MapSpace& space;
    const MapperOptions& options;
    Clock::time_point begin;

    /// Where time is limited, most layers are proven in a first short run. Of the others a good
    /// mapping is looked for before the whole of what is left goes into the proof.
    Result<Searched> run(Incumbent& incumbent) const {
        if (options.seconds <= 0) return searchAll(options, incumbent);
        auto brief = options;
        brief.seconds = briefSeconds(options.seconds);
        Incumbent early;
        auto searched = searchAll(brief, early);
        if (!searched) return searched;
        if (searched->leastOpen < std::numeric_limits<double>::infinity()) {
            annealInto(incumbent);
            if (auto padded = padLittle(incumbent); !padded) return padded.error();
            searched = searchAll(options, incumbent);
            if (!searched) return searched;
        }
        if (early.best()) offer(early.best()->mapping, early.best()->cost, incumbent);
        return searched;
    }

private:
    /// Tilings that divide come first: they are fewer, and most often one of them is close.
    Result<Searched> searchAll(const MapperOptions& within, Incumbent& incumbent) const {
        Searched all;
        std::vector<double> paddings = {0};
        if (options.padding > 0) paddings.push_back(options.padding);
        for (const double padding : paddings) {
            for (const auto& keeping : keepings) {
                const auto problem = problemOf(layer, keeping, space, options.convention, padding);
                if (!problem) return problem.error();
                const auto one = searchTilings(*problem, within, begin, incumbent);
                all.leastOpen = std::min(all.leastOpen, one.leastOpen);
                all.tilings += one.tilings;
                all.evaluations += one.evaluations;
            }
        }
        return all;
    }

    /// Spans grow fast with the padding, and little of it is mostly enough. So a good mapping is
    /// looked for in less first; what that leaves open is of the whole search.
    Result<void> padLittle(Incumbent& incumbent) const {
        constexpr double kShare = 0.25;
        for (const double padding : lighterPaddings(layer, options.padding)) {
            auto within = options;
            const double now = std::chrono::duration<double>(Clock::now() - begin).count();
            within.seconds = now + kShare * std::max(0.0, options.seconds - now);
            for (const auto& keeping : keepings) {
                const auto problem = problemOf(layer, keeping, space, options.convention, padding);
                if (!problem) return problem.error();
                searchTilings(*problem, within, begin, incumbent);
            }
        }
        return {};
    }

    void offer(const model::Mapping& mapping, const nest::LoopNestResult& cost,
               Incumbent& incumbent) const {
        const Rank rank = rankOf(options.objective, cost);
        if (rank <= incumbent.rank()) incumbent.offerForNow(rank, mapping, cost);
    }

    void annealInto(Incumbent& incumbent) const {
        Annealing task{.layer = layer, .hierarchy = hierarchy, .options = options};
        task.places = places();
        for (const auto& keeping : keepings) {
            task.keepings.emplace_back();
            for (const auto& level : keeping.levels) {
                task.keepings.back().push_back(level.mayKeep);
            }
        }
        task.start = allOutermost(layer, keepings.front());
        task.allowed = [](const model::Mapping&) { return true; };
        task.offer = [&](const model::Mapping& mapping, const nest::LoopNestResult& cost) {
            offer(mapping, cost, incumbent);
        };
        task.seconds = annealingSeconds(options.seconds);
        anneal(task);
    }

    /// As the search has them.
    std::vector<LoopPlace> places() const {
        std::vector<LoopPlace> all = {{.level = 0}, {.level = space.middle}};
        for (const auto& unrolling : space.unrollings) {
            LoopPlace place{unrolling.level, unrolling.kind,
                            std::max<std::int64_t>(1, unrolling.most)};
            for (const auto dim : model::kAllLoopDims) {
                const bool torn = unrolling.level < space.middle && nest::slides(dim);
                if (torn || !unrolling.dims[indexOf(dim)]) place.rules[indexOf(dim)].most = 1;
            }
            all.push_back(place);
        }
        all.push_back({.level = space.inner, .ordered = false});
        std::stable_sort(all.begin(), all.end(),
                         [](const LoopPlace& a, const LoopPlace& b) { return a.level < b.level; });
        return all;
    }
};

/// Whether loops of any number of trips are searched: where none could make one trip less, they
/// span less than twice their dimension.
bool padsEverything(const model::Layer& layer, const MapperOptions& options) {
    return options.padding >= 1 && std::ranges::all_of(model::kAllLoopDims, [&](model::Dim dim) {
               return model::loopSize(layer, dim) <= kMostPaddedSize;
           });
}

/// Which dimensions are not padded though it was asked for.
std::vector<std::string> notesOnPadding(const model::Layer& layer, const MapperOptions& options) {
    std::vector<std::string> notes;
    if (options.padding <= 0) return notes;
    for (const auto dim : model::kAllLoopDims) {
        const auto size = model::loopSize(layer, dim);
        if (size <= kMostPaddedSize) continue;
        notes.push_back(layer.name + ": loops over " + std::string(word(dim)) +
                        " are not padded, since its " + base::grouped(size) + " are more than " +
                        base::grouped(kMostPaddedSize));
    }
    return notes;
}

Result<BestMapping> bestInBlocks(const model::Layer& layer, const nest::Hierarchy& hierarchy,
                                 const MapSpace& space, const MapperOptions& options) {
    const auto begin = Clock::now();
    if (options.padding > 0 && options.convention.boxes) {
        return base::Error{
            layer.name,
            "tilings that do not divide are not counted by " + std::string(options.convention.name),
            "Take the convention exact, or no padding"};
    }
    const auto keepings = keepingsOf(hierarchy, space, options.keeping);
    const BlockSearch search{layer, hierarchy, keepings, space, options, begin};
    Incumbent incumbent;
    const auto searched = search.run(incumbent);
    if (!searched) return searched.error();
    const Searched& all = *searched;
    if (!incumbent.best()) {
        auto counted = checkCountable(layer, hierarchy, options.convention);
        if (!counted) return counted.error();
        return base::Error{layer.name,
                           "not even the smallest tiles fit the memories of " + hierarchy.name,
                           "Enlarge the memories, or let tensors pass by the smallest"};
    }
    BestMapping best = *incumbent.best();
    best.value = objectiveValue(options.objective, best.cost);
    best.extent.ownLoops = holdsEveryMapping(hierarchy, space);
    best.extent.lessKept = options.keeping == Keeping::Chosen;
    best.extent.unevenTrips = padsEverything(layer, options);
    best.notes = notesOnPadding(layer, options);
    // Bounds are proven for one convention alone.
    best.lowerBound = options.convention == nest::kExact ? std::min(best.value, all.leastOpen) : 0;
    best.tilings = all.tilings;
    best.evaluations = all.evaluations;
    best.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return best;
}

/// The innermost memory serves the multipliers: with a level inside it that keeps nothing, the map
/// space has its blocks of loops. Those of the last end in the memory.
Result<BestMapping> bestWithMultipliers(const model::Layer& layer, const nest::Hierarchy& hierarchy,
                                        const MapSpace& space, const MapperOptions& options) {
    auto extended = hierarchy;
    extended.levels.push_back({.name = "multipliers", .mayKeep = {false, false, false}});
    const std::size_t last = hierarchy.levels.size() - 1;
    auto best =
        bestInBlocks(layer, extended,
                     {.middle = last, .inner = last + 1, .unrollings = space.unrollings}, options);
    if (!best) return best;
    auto& levels = best->mapping.levels;
    std::ranges::move(levels[last + 1].loops, std::back_inserter(levels[last].loops));
    levels.pop_back();
    auto cost = nest::evaluateLoopNest(layer, best->mapping, hierarchy, options.convention);
    if (!cost) return cost.error();
    best->cost = std::move(*cost);
    return best;
}

/// Whether a memory could keep less than it may.
bool choosesWhatIsKept(const nest::Hierarchy& hierarchy, const Constraints& constraints) {
    for (std::size_t l = 1; l < hierarchy.levels.size(); ++l) {
        for (std::size_t t = 0; t < model::kTensors; ++t) {
            const bool must = constraints.levels[l].keeps[t] == true;
            if (hierarchy.levels[l].mayKeep[t] && !must) return true;
        }
    }
    return false;
}

/// Whether no dimension is long enough for trips that do not divide: 2 is two or one.
bool dividesAnyhow(const model::Layer& layer) {
    return std::ranges::all_of(model::kAllLoopDims,
                               [&](model::Dim dim) { return model::loopSize(layer, dim) <= 2; });
}

}  // namespace

Result<BestMapping> bestMapping(const model::Layer& layer, const nest::Hierarchy& stated,
                                const MapSpace& space, const MapperOptions& options) {
    if (nest::readsBorder(layer, stated, options.convention)) {
        return bestMapping(model::withZerosAsWords(layer), stated, space, options);
    }
    const auto constraints = space.constraints.value_or(
        Constraints{.levels = std::vector<LevelConstraints>(stated.levels.size())});
    const auto obeying = obedient(stated, constraints);
    if (!obeying) return obeying.error();
    const auto& hierarchy = *obeying;
    const bool served = space.middle == space.inner && space.inner + 1 == hierarchy.levels.size();
    auto best = space.everyLoop || needsConstrainedSearch(constraints, options)
                    ? bestUnderConstraints(layer, hierarchy, constraints, options)
                : served ? bestWithMultipliers(layer, hierarchy, space, options)
                         : bestInBlocks(layer, hierarchy, space, options);
    if (!best) return best;
    if (best->value == 0) return noEnergy(layer, hierarchy);
    best->keepsAll = keepsAll(best->mapping, hierarchy);
    best->extent.lessKept = best->extent.lessKept || !choosesWhatIsKept(hierarchy, constraints);
    best->extent.unevenTrips = best->extent.unevenTrips || dividesAnyhow(layer);
    return best;
}

}  // namespace cohelix::mapping
