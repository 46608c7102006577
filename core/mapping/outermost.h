// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The mapping that every hierarchy has if it has any: all loops over the outermost memory.

#include "core/base/result.h"
#include "core/nest/loop_nest.h"

namespace cohelix::mapping {

/// One loop a dimension, nothing unrolled. Memories keep what they may.
model::Mapping allOutermost(const model::Layer& layer, const nest::Hierarchy& hierarchy);

/// Why no mapping of the layer can be counted, however large the memories: of all mappings this one
/// has the smallest counts and asks least of the hardware.
base::Result<void> checkCountable(const model::Layer& layer, nest::Hierarchy hierarchy,
                                  const nest::Convention& convention);

}  // namespace cohelix::mapping
