// SPDX-License-Identifier: GPL-3.0-or-later
// The same counts as exactMovement where every loop's trips divide: all tiles are alike, so that
// no situation at an edge needs a look of its own and nothing is allocated.
#include <algorithm>

#include "core/cost/movement.h"
#include "core/cost/window.h"

namespace cohelix::cost {
namespace {

using model::Dim;
using model::Tensor;

/// Instances that the unrolled loops of a range make.
struct Lanes {
    std::int64_t own = 1;      ///< of dimensions that the tensor has
    std::int64_t foreign = 1;  ///< of others
    std::int64_t all() const { return own * foreign; }
};

Lanes lanesOf(const Nest& nest, Tensor tensor, std::size_t from, std::size_t to) {
    Lanes lanes;
    for (std::size_t p = from; p < to; ++p) {
        const auto& loop = nest.loops[p];
        if (loop.temporal()) continue;
        (indexes(tensor, loop.dim) ? lanes.own : lanes.foreign) *= loop.trips;
    }
    return lanes;
}

struct Between {
    const Nest& nest;
    std::size_t parentBegin;
    std::size_t childBegin;
    bool remembers;  ///< the inner side is a memory
    Lanes parents;
    Lanes lanes;
    std::int64_t rounds = 1;  ///< steps of the loops outside
};

void countFirstVisits(const Between& between, Tensor tensor, Movement& movement) {
    std::int64_t words = 1;
    for (const Dim dim : model::kAllLoopDims) {
        if (indexes(tensor, dim)) words *= between.nest.sizes[at(dim)];
    }
    movement.firstVisits = words * between.parents.foreign * between.lanes.foreign;
    movement.sharedFirstVisits = words * between.parents.foreign;
}

/// Weights and outputs: a step moves the whole tile or nothing of it.
Movement moveWhole(const Between& between, Tensor tensor) {
    std::int64_t words = 1;
    for (std::size_t p = between.childBegin; p < between.nest.loops.size(); ++p) {
        const auto& loop = between.nest.loops[p];
        if (indexes(tensor, loop.dim)) words *= loop.trips;
    }
    std::int64_t reused = 1;
    for (std::size_t p = between.childBegin; between.remembers && p-- > 0;) {
        const auto& loop = between.nest.loops[p];
        if (!loop.temporal()) continue;
        if (indexes(tensor, loop.dim)) break;
        reused *= loop.trips;
    }
    const std::int64_t moved = words * (between.rounds / reused) * between.parents.all();
    Movement movement;
    movement.arrivals = moved * between.lanes.all();
    movement.sharedArrivals = movement.sharedLeavings = moved * between.lanes.own;
    countFirstVisits(between, tensor, movement);
    return movement;
}

/// The instances' places along a sliding axis, ascending; more than fit are left to the general
/// way of counting.
class Places {
public:
    bool add(std::int64_t trips, std::int64_t step) {
        if (m_count * static_cast<std::size_t>(trips) > m_places.size()) return false;
        const std::size_t before = m_count;
        for (std::int64_t i = 1; i < trips; ++i) {
            for (std::size_t k = 0; k < before; ++k) m_places[m_count++] = m_places[k] + i * step;
        }
        return true;
    }
    void sort() { std::sort(m_places.begin(), m_places.begin() + static_cast<std::ptrdiff_t>(m_count)); }
    std::span<const std::int64_t> span() const { return {m_places.data(), m_count}; }

private:
    std::array<std::int64_t, 256> m_places = {};
    std::size_t m_count = 1;
};

/// Inputs: a window that may keep a part of itself.
std::optional<Movement> moveWindow(const Between& between) {
    const auto& nest = between.nest;
    LoopSizes tile = kOneOfEach;
    for (std::size_t p = between.childBegin; p < nest.loops.size(); ++p) {
        tile[at(nest.loops[p].dim)] *= nest.loops[p].trips;
    }
    std::array<Pace, 2> paces;
    std::array<Places, 2> places;
    std::array<std::int64_t, 2> reach;
    for (std::size_t a = 0; a < kSlidingAxes.size(); ++a) {
        const auto& axis = kSlidingAxes[a];
        paces[a] = paceOf(nest, axis);
        if (!gapless(paces[a], tile[at(axis.dim)], tile[at(axis.kernel)])) return std::nullopt;
        reach[a] = reachOf(paces[a], tile[at(axis.dim)], tile[at(axis.kernel)]);
        for (std::size_t p = between.parentBegin; p < between.childBegin; ++p) {
            const auto& loop = nest.loops[p];
            if (loop.temporal()) continue;
            if (loop.dim == axis.dim && !places[a].add(loop.trips, loop.step * paces[a].stride)) {
                return std::nullopt;
            }
            if (loop.dim == axis.kernel && !places[a].add(loop.trips, loop.step * paces[a].dilation)) {
                return std::nullopt;
            }
        }
        places[a].sort();
    }
    const std::int64_t channels = tile[at(Dim::N)] * tile[at(Dim::G)] * tile[at(Dim::C)];
    std::int64_t apart = between.parents.all();  // instances that never share a word
    for (std::size_t p = between.parentBegin; p < between.childBegin; ++p) {
        const auto& loop = nest.loops[p];
        if (!loop.temporal() && loop.dim != Dim::K && !slides(loop.dim)) apart *= loop.trips;
    }
    const std::int64_t own = reach[0] * reach[1];
    const std::array<std::int64_t, 2> spread = {covered(places[0].span(), reach[0]),
                                                covered(places[1].span(), reach[1])};
    std::int64_t fetched = own;
    std::int64_t sent = spread[0] * spread[1];
    if (between.remembers) {
        std::array<Turn, kMostLoops> turns;
        std::size_t count = 0;
        for (std::size_t p = between.childBegin; p-- > 0;) {
            const auto& loop = nest.loops[p];
            if (loop.temporal()) turns[count++] = {loop.dim, loop.trips, loop.step};
        }
        const std::int64_t all = sent;
        eachStep(std::span(turns.data(), count), between.rounds,
                 [&](std::int64_t steps, const Distances& distances, bool replaced) {
                     std::int64_t kept = 0;
                     std::int64_t shared = 0;
                     if (!replaced) {
                         const auto far = positions(paces[0], distances[0]);
                         const auto wide = positions(paces[1], distances[1]);
                         kept = std::max<std::int64_t>(0, reach[0] - far) *
                                std::max<std::int64_t>(0, reach[1] - wide);
                         // What is new lies at one end of every instance's window.
                         shared = (spread[0] - covered(places[0].span(), std::min(far, reach[0]))) *
                                  (spread[1] - covered(places[1].span(), std::min(wide, reach[1])));
                     }
                     fetched += steps * (own - kept);
                     sent += steps * (all - shared);
                 });
    } else {
        fetched *= between.rounds;
        sent *= between.rounds;
    }
    Movement movement;
    movement.arrivals = fetched * channels * between.parents.all() * between.lanes.all();
    movement.sharedArrivals = sent * channels * apart;
    return movement;
}

}  // namespace

std::optional<Movement> dividingMovement(const Nest& nest, Tensor tensor, std::size_t parent,
                                         std::size_t child, bool forwards) {
    // Only along a sliding axis does an instance ever want what another one held.
    const auto slidesBetween = [&] {
        const auto lanes = nest.all().subspan(nest.begin[parent],
                                              nest.begin[child] - nest.begin[parent]);
        return std::any_of(lanes.begin(), lanes.end(), [](const NestLoop& loop) {
            return !loop.temporal() && slides(loop.dim);
        });
    };
    if (forwards && tensor == Tensor::Inputs && slidesBetween()) return std::nullopt;
    Between between{nest, nest.begin[parent], nest.begin[child], child < nest.levels(), {}, {}, 1};
    between.parents = lanesOf(nest, tensor, 0, between.parentBegin);
    between.lanes = lanesOf(nest, tensor, between.parentBegin, between.childBegin);
    for (std::size_t p = 0; p < between.childBegin; ++p) {
        if (nest.loops[p].temporal()) between.rounds *= nest.loops[p].trips;
    }
    if (tensor == Tensor::Inputs) return moveWindow(between);
    return moveWhole(between, tensor);
}

}  // namespace cohelix::cost
