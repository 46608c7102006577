// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// All loops that constraints allow: trips at every memory, unrolled trips, orders, what memories
// keep. Private to the room.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/mapping/constraints.h"
#include "core/nest/nest.h"

namespace cohelix::mapping {

/// By level.
struct UnrolledLoops {
    std::vector<nest::LoopSizes> rows;
    std::vector<nest::LoopSizes> columns;
    std::vector<nest::LoopSizes> both;  ///< their product
    double pes = 1;
};

class ConstrainedSpace {
public:
    /// All trips divide what they run over.
    ConstrainedSpace(const nest::LoopSizes& sizes, const nest::Hierarchy& hierarchy,
                     Constraints constraints);

    const Constraints& constraints() const { return m_constraints; }
    const nest::LoopSizes& sizes() const { return m_sizes; }

    /// What memories may keep, each choice as the hierarchy whose memories keep all that they may;
    /// one where the mapper has none. Error: a tensor that the outermost memory cannot keep.
    base::Result<std::vector<nest::Hierarchy>> keepings(bool choosesBypass) const;

    /// The most multipliers first. Where no memory forwards, of those that differ only in what lies
    /// along rows and what along columns one.
    std::vector<UnrolledLoops> unrolled() const;

    /// Whether there are loops at all that obey, whatever memories hold.
    bool isPossible();

    /// Calls visit with each vector of trips of the temporal loops of a level, of which `rest` are
    /// left for this level and those outside it, until it returns false. `fits` is asked with every
    /// prefix: where it says no, larger trips are left out as well.
    void eachTrips(std::size_t level, const nest::LoopSizes& rest,
                   const std::function<bool(const nest::LoopSizes&)>& fits,
                   const std::function<bool(const nest::LoopSizes&)>& visit);

    /// Orders of a level's temporal loops, innermost first, of dimensions with more than one trip.
    /// `settled`: whether what stands outside these loops may stand in any order.
    std::vector<std::vector<model::Dim>> orders(
        std::size_t level, const nest::LoopSizes& trips,
        const std::function<bool(const std::vector<model::Dim>&)>& settled) const;

private:
    /// Whether the temporal loops of the levels up to this one can make so many trips.
    bool canMake(std::size_t level, std::size_t dim, std::int64_t trips);
    void addUnrolled(std::size_t slot, std::size_t dim, const nest::LoopSizes& rest,
                     std::int64_t left, UnrolledLoops& begun,
                     std::vector<UnrolledLoops>& all) const;
    void finishUnrolled(UnrolledLoops done, std::vector<UnrolledLoops>& all) const;

    nest::LoopSizes m_sizes;
    const nest::Hierarchy& m_hierarchy;
    Constraints m_constraints;
    std::array<std::vector<std::int64_t>, model::kLoopDims> m_divisors;
    std::map<std::array<std::int64_t, 3>, bool> m_canMake;
};

}  // namespace cohelix::mapping
