// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Which of the constraints that no mapping obeys stand in each other's way. Private to the room.

#include <functional>
#include <string>

#include "core/mapping/constraints.h"

namespace cohelix::mapping {

/// A smallest part of the constraints, in the sense that there is a mapping where any one of them
/// is left out of it, as a clause: "'a' and 'b' cannot be obeyed together", "'a' cannot be obeyed".
/// Empty where there is none without any constraint. `isFeasible` says whether some are obeyed by
/// any mapping; all together are not. It is asked once for each.
std::string contradiction(const nest::Hierarchy& hierarchy, Constraints constraints,
                          const std::function<bool(const Constraints&)>& isFeasible);

}  // namespace cohelix::mapping
