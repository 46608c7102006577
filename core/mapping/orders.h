// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Orders of the loops of one block, and what they reuse. Private to the room.

#include <optional>
#include <span>
#include <vector>

#include "core/mapping/problem.h"

namespace cohelix::mapping {

/// An order of the loops of one block, innermost first; of dimensions with more than one trip.
using Order = std::vector<Dim>;
/// All orders that can differ in cost, or `all` there are. Remembered by the calling thread.
const std::vector<Order>& ordersOf(const LoopSizes& trips, bool all = false);

/// How many steps in a row leave the tensor's tile as it is (inputs: may leave a part of it), and
/// the loop that replaces it.
struct Reuse {
    double steps = 1;
    std::optional<Dim> by;
};
Reuse reuse(Tensor tensor, std::span<const Dim> order, const LoopSizes& trips);
/// Whether a loop over dim replaces the tensor's tile; a window that slides keeps a part.
bool replaces(Tensor tensor, Dim dim);

}  // namespace cohelix::mapping
