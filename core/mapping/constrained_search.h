// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The best mapping of all that constraints allow. Private to the room.
//
// Loops may stand at every memory, as Timeloop has them, and not in three blocks: branch and bound
// from the innermost memory outwards, README.md has its proof.

#include "core/base/result.h"
#include "core/mapping/constraints.h"
#include "core/mapping/mapper.h"

namespace cohelix::mapping {

/// Without a time limit it stops after so many steps, with a bound of what is left: a count, so
/// that the result is the same whatever the machine and the threads. A bound is a step.
inline constexpr std::int64_t kMostSearchSteps = 10'000'000;

/// Whether the constraints ask for more than the map space of three blocks can obey.
bool needsConstrainedSearch(const Constraints& constraints, const MapperOptions& options);

/// The hierarchy is obedient() to the constraints. Errors: the outermost memory does not keep all
/// tensors, more than 12 levels, or no mapping obeys and fits.
base::Result<BestMapping> bestUnderConstraints(const model::Layer& layer,
                                               const nest::Hierarchy& hierarchy,
                                               const Constraints& constraints,
                                               const MapperOptions& options);

}  // namespace cohelix::mapping
