// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The neighbours of an accelerator: all accelerators that differ from it in one choice. What
// cost::smallestFix and cost::sensitivities look through.

#include <vector>

#include "core/cost/explain.h"
#include "core/space/specification.h"

namespace cohelix::search {

/// Each other option of each choice, one at a time, without those that come to the same
/// accelerator. A tile or ratio is as many steps away as options lie between; of a choice without
/// order, such as a loop order or the parallelism, every option is one step away. All layers stay on
/// their chunks. `choices` are canonical.
std::vector<cost::Change> singleChanges(const space::Specification& specification,
                                        const std::vector<int>& choices,
                                        const model::Network& network);

/// What the specification makes small, and its limits on resources (none on an ASIC).
cost::Goal goalOf(const space::Specification& specification);
cost::HardLimits hardLimitsOf(const space::Specification& specification);

}  // namespace cohelix::search
