// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Trips of the loops of one block. Private to the room.

#include <cstdint>
#include <functional>
#include <vector>

#include "core/mapping/problem.h"

namespace cohelix::mapping {

/// What trips a loop over a dimension may make where the others span at least `covered`, ascending.
/// Remembered by the calling thread.
const std::vector<std::int64_t>& tripsOver(const Problem& problem, Dim dim, std::int64_t covered);

/// Calls visit for all vectors of trips over what is covered that are allowed, until it returns
/// false; whether it never did. Of a vector that is not allowed no larger one is.
bool eachVector(const Problem& problem, const LoopSizes& covered,
                const std::function<bool(const LoopSizes&)>& allowed,
                const std::function<bool(const LoopSizes&)>& visit);

}  // namespace cohelix::mapping
