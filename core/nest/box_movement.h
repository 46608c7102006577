// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Inputs under a Timeloop convention, where all trips divide: boxes and slides (timeloop-table.md
// 4, cost-peers.md 3.3). Private to the room.

#include "core/nest/movement.h"
#include "core/nest/outline.h"

namespace cohelix::nest {

/// Arrivals and shared arrivals. `stillStepEndsSlide` as in Convention.
Movement boxMovement(const Crossing& between, bool stillStepEndsSlide);

}  // namespace cohelix::nest
