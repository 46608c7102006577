// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What no mapping of a part of the map space is below: the bounds by which the search leaves parts
// out. README.md says why they hold. Private to the room.

#include <compare>
#include <limits>
#include <optional>

#include "core/mapping/flows.h"
#include "core/mapping/tilings.h"

namespace cohelix::mapping {

/// What the search makes least: the objective, and of equally fast mappings the energy, of those of
/// equal energy the cycles.
struct Rank {
    double value = std::numeric_limits<double>::infinity();
    double tie = 0;
    friend auto operator<=>(const Rank&, const Rank&) = default;
};

Rank rankOf(Objective objective, const nest::LoopNestResult& cost);

/// What passes between the outermost and the front memories, at least.
struct Outside {
    double picojoule = 0;
    double cycles = 0;
};

/// Unrollings, inner loops and a front tile: all but the orders of the loops.
struct Tiling {
    const Unrolled& unrolled;
    const LoopSizes& inner;
    const Array& array;
    const Front& front;
    LoopSizes outerTrips = kOneOfEach;
    LoopSizes middleTrips = kOneOfEach;
    Edges edges = {};
};
/// None where the space has no such tiling. Whether it fits is not asked.
std::optional<Tiling> tilingOf(const Problem& problem, const Unrolled& unrolled,
                               const LoopSizes& inner, const Array& array, const Front& front);

class Bounds {
public:
    Bounds(const Problem& problem, Objective objective);

    const Problem& problem() const { return m_problem; }
    Rank rankOf(const nest::LoopNestResult& cost) const {
        return mapping::rankOf(m_objective, cost);
    }

    /// Bounds all mappings: what multipliers do, and the words that each of them must move.
    Rank ofAll() const;
    /// Bounds all under this tile of the front memories.
    Rank ofFront(const Front& front) const;
    /// Bounds all with these unrollings: what a PE moves is left out.
    Rank ofUnrolling(const Unrolled& unrolled, const Outside& outside) const;
    /// Bounds all with this array, whatever the loops outside: all that can reuse a tile do.
    Rank ofArray(const Unrolled& unrolled, const Array& array, const Outside& outside) const;
    /// Bounds all orders.
    Rank ofTiling(const Tiling& tiling) const;
    /// What its array moves at least.
    Flow leastFlow(const Tiling& tiling) const;
    /// Bounds all that move and compute as much, before what passes outside.
    Rank of(const Unrolled& unrolled, const Array& array, const Flow& flow,
            const Outside& outside) const;

private:
    Rank boundOf(double picojoule, double cycles) const;
    double mostReuse(const Tiling& tiling, std::size_t tensor) const;
    double mostReuseAtEdges(const Tiling& tiling, std::size_t tensor) const;

    const Problem& m_problem;
    Objective m_objective;
    Unrolled m_most;    ///< the most instances of each level that the space unrolls
    Flow m_compulsory;  ///< what every mapping moves
    Flow m_inside;      ///< of it, what does not pass between the outermost and the front memories
};

/// The bounds of one tiling's orders.
class OrderBounds {
public:
    OrderBounds(const Bounds& bounds, const Tiling& tiling);
    /// Bounds all middle orders under this outer one, which the next two go by.
    Rank ofOuter(const Order& outer);
    /// Bounds the two orders quickly: where trips divide, without what the PEs' inputs move.
    Rank quick(const Order& middle) const { return rank(besidesInputs(middle)); }
    /// At least that.
    Rank close(const Order& middle) const;

private:
    Rank rank(const Flow& array) const;
    Flow besidesInputs(const Order& middle) const;
    double reuseUnder(Tensor tensor, const Order& middle) const;

    const Bounds& m_bounds;
    const Tiling& m_tiling;
    LocalInputs m_inputs;
    Flow m_least;  ///< of the array, whatever the orders
    const Order* m_outer = nullptr;
    Flow m_outerSide;
};

}  // namespace cohelix::mapping
