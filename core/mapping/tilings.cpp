// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/tilings.h"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <utility>
#include <vector>

#include "core/mapping/flows.h"
#include "core/mapping/orders.h"
#include "core/mapping/trips.h"
#include "core/nest/window.h"

namespace cohelix::mapping {
namespace {

bool fits(const nest::MemoryLevel& memory, double tiles) {
    return memory.capacityWords == 0 ||
           tiles * (memory.doubleBuffered ? 2 : 1) <= memory.capacityWords;
}

/// Whether the loops over a dimension span no more than they may, and none could be shorter.
bool spansWell(const Problem& problem, const Unrolled& unrolled, std::size_t d, std::int64_t span,
               std::initializer_list<std::int64_t> trips) {
    const std::int64_t size = problem.sizes[d];
    const auto needed = [&](std::int64_t each) {
        return each == 1 || span / each * (each - 1) < size;
    };
    return span <= problem.mostSpans[d] && std::all_of(trips.begin(), trips.end(), needed) &&
           std::all_of(unrolled.trips.begin(), unrolled.trips.end(),
                       [&](const LoopSizes& each) { return needed(each[d]); });
}

/// The most that unrolling can shrink the part of one instance.
Unrolled mostUnrolled(const Problem& problem) {
    Unrolled most;
    for (const auto& unrolling : problem.space.unrollings) {
        LoopSizes trips = kOneOfEach;
        for (std::size_t d = 0; d < trips.size(); ++d) {
            if (!unrolling.dims[d]) continue;
            for (const auto each : tripsOver(problem, model::kAllLoopDims[d], 1)) {
                if (each <= unrolling.most) trips[d] = each;
            }
        }
        most.trips.push_back(trips);
    }
    // Where a memory has several instances, as many as can be.
    return withInstances(problem, most);
}

/// Whether unrolling could make the tile fit.
bool mayFit(const Problem& problem, const LoopSizes& tile, const Unrolled& most) {
    LoopSizes shrunk = tile;
    for (std::size_t u = 0; u < most.trips.size(); ++u) {
        if (problem.space.unrollings[u].level >= problem.space.middle) continue;
        for (std::size_t d = 0; d < shrunk.size(); ++d) {
            if (nest::slides(model::kAllLoopDims[d])) continue;  // windows stay whole there
            shrunk[d] = std::max<std::int64_t>(1, shrunk[d] / most.trips[u][d]);
        }
    }
    const Unrolled none{.trips = std::vector(most.trips.size(), kOneOfEach)};
    return frontFits(problem, shrunk, none);
}

Front frontOf(const Problem& problem, const LoopSizes& tile, const Unrolled& most) {
    Front front{.tile = tile};
    for (const Tensor tensor : model::kAllTensors) {
        front.foreign[indexOf(tensor)] = foreignProduct(tensor, tile);
        front.own[indexOf(tensor)] = ownProduct(tensor, tile);
    }
    front.picojoule = front.cycles = std::numeric_limits<double>::infinity();
    for (const auto& order : ordersOf(problem.sizes / tile)) {
        const auto flow = outerFlow(problem, tile, order);
        front.picojoule = std::min(front.picojoule, flow.picojoule);
        front.cycles = std::min(front.cycles, cyclesOf(problem, most, 0, flow));
    }
    return front;
}

}  // namespace

void eachInner(const Problem& problem, const Unrolled& unrolled,
               const std::function<bool(const LoopSizes&)>& visit) {
    const auto fitsLocal = [&](const LoopSizes& inner) {
        for (std::size_t l = problem.space.middle + 1; l < problem.hierarchy.levels.size(); ++l) {
            double tiles = 0;
            for (const Tensor tensor : model::kAllTensors) {
                if (problem.local[indexOf(tensor)] != static_cast<int>(l)) continue;
                tiles += static_cast<double>(words(problem, tensor, inner));
            }
            if (!fits(problem.hierarchy.levels[l], tiles)) return false;
        }
        return true;
    };
    eachVector(problem, unrolled.all, fitsLocal, visit);
}

std::optional<LoopSizes> middleTripsOf(const Problem& problem, const Unrolled& unrolled,
                                       const LoopSizes& inner, const LoopSizes& arrayTile,
                                       const LoopSizes& frontTile) {
    LoopSizes middle = kOneOfEach;
    bool divides = true;
    for (std::size_t d = 0; d < middle.size(); ++d) {
        const bool whole = frontTile[d] == problem.sizes[d];
        if (frontTile[d] % arrayTile[d] != 0 && !whole) return std::nullopt;
        middle[d] = timesToCover(frontTile[d], arrayTile[d]);
        const std::int64_t outer = timesToCover(problem.sizes[d], frontTile[d]);
        const std::int64_t span = outer * middle[d] * arrayTile[d];
        if (!spansWell(problem, unrolled, d, span, {outer, middle[d], inner[d]})) {
            return std::nullopt;
        }
        divides = divides && span == problem.sizes[d];
    }
    if (divides) return std::nullopt;
    return middle;
}

bool frontFits(const Problem& problem, const LoopSizes& tile, const Unrolled& unrolled) {
    for (std::size_t l = 1; l <= problem.space.middle; ++l) {
        const auto part = tile / unrolledBefore(problem, unrolled, static_cast<int>(l));
        double tiles = 0;
        for (const Tensor tensor : model::kAllTensors) {
            if (problem.front[indexOf(tensor)] != static_cast<int>(l)) continue;
            tiles += static_cast<double>(words(problem, tensor, part));
        }
        if (!fits(problem.hierarchy.levels[l], tiles)) return false;
    }
    return true;
}

bool eachFront(const Problem& problem, const std::function<bool(const Front&)>& visit) {
    const auto most = mostUnrolled(problem);
    if (problem.flat) return visit(frontOf(problem, problem.sizes, most));
    return eachVector(
        problem, kOneOfEach, [&](const LoopSizes& tile) { return mayFit(problem, tile, most); },
        [&](const LoopSizes& tile) { return visit(frontOf(problem, tile, most)); });
}

}  // namespace cohelix::mapping
