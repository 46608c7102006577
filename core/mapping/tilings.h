// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Tiles of the memories in the PEs and in front of them. Private to the room.

#include <array>
#include <functional>
#include <optional>

#include "core/mapping/problem.h"
#include "core/mapping/unrollings.h"

namespace cohelix::mapping {

/// Calls visit for all trips of inner loops that leave room for the unrolled ones and fit the
/// memories of a PE, until it returns false.
void eachInner(const Problem& problem, const Unrolled& unrolled,
               const std::function<bool(const LoopSizes&)>& visit);

/// A tile of the memories in front of the array, and the outer loops over it.
struct Front {
    LoopSizes tile = kOneOfEach;
    double picojoule = 0;  ///< between outermost and front memories, at least
    double cycles = 0;     ///< that this takes, at least
    std::array<double, model::kTensors> foreign = {};
    std::array<double, model::kTensors> own = {};
};
/// Calls visit for those that fit where unrolling makes them as small as can be, until it returns
/// false; whether it never did.
bool eachFront(const Problem& problem, const std::function<bool(const Front&)>& visit);
/// Whether the front memories hold their parts of the tile under these unrollings.
bool frontFits(const Problem& problem, const LoopSizes& tile, const Unrolled& unrolled);

/// The middle trips of an array's tile under a front's where trips do not divide; none where the
/// front is not made of whole tiles of the array, trips could be fewer, or all divide.
std::optional<LoopSizes> middleTripsOf(const Problem& problem, const Unrolled& unrolled,
                                       const LoopSizes& inner, const LoopSizes& arrayTile,
                                       const LoopSizes& frontTile);

}  // namespace cohelix::mapping
