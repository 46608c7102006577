// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The choices of a searched allocation among those of its space. Private to the room.

#include <span>
#include <vector>

#include "core/hardware/accelerator_space.h"

namespace cohelix::hardware {

/// How many of the choices, the last ones, are the allocation's; 0 where rules allocate.
std::size_t allocationChoiceCount(const AcceleratorSpace& space);
void addAllocationChoices(const AcceleratorSpace& space, std::vector<Choice>& choices);
/// Sorts the splits in use, drops those that are there twice and sets all others to their first
/// option. The number of groups.
std::size_t canonicalAllocation(const AcceleratorSpace& space, std::span<int> choices);
/// log10 of the number of accelerators, where a pair of chunks has 10^log10Pair configurations.
double log10Allocations(const SearchedAllocation& searched, double log10Pair);

}  // namespace cohelix::hardware
