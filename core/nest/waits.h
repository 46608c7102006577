// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Cycles in which no work is done, because tiles have to come or go first. Private to the room.

#include "core/nest/mapped_nest.h"

namespace cohelix::nest {

/// Cycles before the first tiles are in, while tiles change in memories without room for two, and
/// after the last result is made. The traffic of the result is known; its levels' waits are set.
double exposedCycles(const MappedNest& mapped, LoopNestResult& result);

}  // namespace cohelix::nest
