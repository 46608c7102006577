// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What of a layer is unrolled over the instances of each level. Private to the room.

#include <array>
#include <functional>
#include <vector>

#include "core/mapping/problem.h"

namespace cohelix::mapping {

/// One choice of all unrollings.
struct Unrolled {
    std::vector<LoopSizes> trips = {};  ///< of each unrolling of the space
    /// Which of an unrolling's loops is its innermost (-1: none is unrolled), where that matters as
    /// neighbours lie along it.
    std::vector<int> innermost = {};
    LoopSizes all = kOneOfEach;  ///< their product
    double pes = 1;
    std::array<double, kMostLevels> instances = {};  ///< of each level
};
/// Product of the unrollings outside a level.
LoopSizes unrolledBefore(const Problem& problem, const Unrolled& unrolled, int level);
/// Counts the instances of each level.
Unrolled withInstances(const Problem& problem, Unrolled unrolled);
/// All of them, the most PEs first; where PEs do not forward, one of those that differ only in what
/// lies on rows and what on columns. False, and some of them missing, where `goesOn` says no.
bool unrollingsOf(const Problem& problem, const std::function<bool()>& goesOn,
                  std::vector<Unrolled>& unrollings);

}  // namespace cohelix::mapping
