// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What moves between a memory and the next one inside it that keeps a tensor, element by element,
// in closed form. Private to core/nest and core/mapping.
//
// The steps of the outer loops follow one another like the digits of a counter: a step moves one
// loop on and sets all loops inside it back to their first iteration. What the tile has in common
// with the one before then depends on that loop alone, and is a product over the tensor's axes, as
// dimensions do not know of each other. So one sum over loops replaces the walk over all steps.
//
// exactMovement counts any nest; where all trips divide, dividingMovement does it faster.

#include <cstdint>
#include <optional>

#include "core/nest/nest.h"

namespace cohelix::nest {

/// Words over the whole execution and over all instances.
struct Movement {
    std::int64_t arrivals = 0;        ///< into the inner memories: wanted now, not held a step ago
    std::int64_t sharedArrivals = 0;  ///< the same where one transfer serves all that want a word
    std::int64_t forwarded = 0;       ///< of the arrivals, those from a neighbour
    std::int64_t sharedLeavings =
        0;                         ///< out of the inner memories, equal words merged on their way
    std::int64_t firstVisits = 0;  ///< of the arrivals, words that the inner memory never held
    std::int64_t sharedFirstVisits = 0;  ///< of the shared arrivals, likewise
};

/// Between level `parent` and level `child`; child == nest.levels(): the multipliers, which hold
/// nothing, so that each step moves all it touches. Where the child forwards, shared arrivals are
/// those that no neighbour has.
Movement exactMovement(const Nest& nest, model::Tensor tensor, std::size_t parent,
                       std::size_t child, bool forwards);

/// Words into the inner memories, over some steps and all instances.
struct Arrivals {
    std::int64_t all = 0;
    std::int64_t shared = 0;     ///< as Movement::sharedArrivals
    std::int64_t forwarded = 0;  ///< of all
};
/// At the steps at which one loop moves on, by its position in the nest; without one, at the first
/// step. The child is a memory. All loops together and the first make an exactMovement.
Arrivals exactArrivals(const Nest& nest, model::Tensor tensor, std::size_t parent,
                       std::size_t child, bool forwards, std::optional<std::size_t> loop);
/// Instances of a level that have work, summed over the same steps.
std::int64_t exactWorks(const Nest& nest, std::size_t child, std::optional<std::size_t> loop);

}  // namespace cohelix::nest
