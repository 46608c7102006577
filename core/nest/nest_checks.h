// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Whether a mapping suits the hardware at all, before anything is counted. Private to the room.

#include <string>

#include "core/base/result.h"
#include "core/nest/loop_nest.h"

namespace cohelix::nest {

/// "buffer", or "level 1" where it has no name.
std::string nameOf(const MemoryLevel& memory, std::size_t level);

/// What no trips can mend. Errors: another number of levels than the hierarchy; a tensor kept where
/// the memory cannot, or nowhere; a memory that forwards under a Timeloop convention.
base::Result<void> checkShape(const model::Layer& layer, const model::Mapping& mapping,
                              const Hierarchy& hierarchy, const Convention& convention);

/// Error: more rows, columns or multipliers than the array has.
base::Result<void> checkArray(const model::Layer& layer, const model::Mapping& mapping,
                              const Hierarchy& hierarchy);

}  // namespace cohelix::nest
