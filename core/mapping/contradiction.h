// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Which of the constraints that no mapping obeys stand in each other's way. Private to the room.

#include <functional>
#include <string>

#include "core/mapping/constraints.h"

namespace cohelix::mapping {

/// A smallest part of the constraints, in the sense that there is a mapping where any one of them
/// is left out of it, as a clause: "'a' and 'b' cannot be obeyed together", "'a' cannot be obeyed".
/// Empty where there is none without any constraint, or where it was not found: `isFeasible` looks
/// quickly for a mapping that obeys some of them, and what it misses would be named wrongly, so
/// that `isSurely` looks for one thoroughly at the end. All together are obeyed by none.
std::string contradiction(const nest::Hierarchy& hierarchy, Constraints constraints,
                          const std::function<bool(const Constraints&)>& isFeasible,
                          const std::function<bool(const Constraints&)>& isSurely);

}  // namespace cohelix::mapping
