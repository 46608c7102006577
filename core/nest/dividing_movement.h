// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The same counts as exactMovement where every loop's trips divide and no zeros lie around the
// inputs: all tiles are alike, so that no situation at an edge needs a look of its own. Private to
// the room.

#include <optional>

#include "core/nest/movement.h"
#include "core/nest/outline.h"

namespace cohelix::nest {

/// Nothing where the closed form does not hold: a window with gaps, neighbours that forward.
std::optional<Movement> dividingMovement(const Crossing& between);

/// The same of the steps of each loop, `sent` as to a memory outside that multicasts. False where
/// the closed form does not hold.
bool dividingSteps(const Crossing& between, StepCounts& steps);

}  // namespace cohelix::nest
