// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The neighbours of an accelerator: all accelerators that differ from it in one choice. What
// smallestFix and sensitivities look through.

#include <vector>

#include "core/explain/explain.h"
#include "core/specification/specification.h"

namespace cohelix::explain {

/// Each other option of each choice, one at a time, without those that come to the same
/// accelerator. A tile or ratio is as many steps away as options lie between; of a choice without
/// order, such as a loop order or the parallelism, every option is one step away. All layers stay
/// on their chunks. `choices` are canonical.
std::vector<Change> singleChanges(const spec::Specification& specification,
                                  const std::vector<int>& choices, const model::Network& network);

/// What the specification makes small, and its limits on resources (none on an ASIC).
Goal goalOf(const spec::Specification& specification);
HardLimits hardLimitsOf(const spec::Specification& specification);

}  // namespace cohelix::explain
