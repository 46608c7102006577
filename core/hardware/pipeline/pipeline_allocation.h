// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Which chunk of a pipeline executes which layer: by the chunks' rules, or by the runs of blocks
// that the choices of a searched allocation say.

#include <span>
#include <vector>

#include "core/hardware/template/choice.h"
#include "core/hardware/template/space.h"
#include "core/model/network.h"

namespace cohelix::hardware {

/// Of a searched allocation: the block at which each group begins, ascending from 0; and back to
/// its choices, the last ones of the space's.
std::vector<int> groupStarts(const AcceleratorSpace& space, std::span<const int> choices);
std::vector<int> choicesOfGroups(const AcceleratorSpace& space, std::span<const int> starts);

/// How many of the choices, the last ones, are the allocation's; 0 where rules allocate.
std::size_t allocationChoiceCount(const AcceleratorSpace& space);
void addAllocationChoices(const AcceleratorSpace& space, std::vector<Choice>& choices);
/// Sorts the splits in use, drops those that are there twice and sets all others to their first
/// option. The number of groups.
std::size_t canonicalAllocation(const AcceleratorSpace& space, std::span<int> choices);
/// log10 of the number of accelerators, where a pair of chunks has 10^log10Pair configurations.
double log10Allocations(const SearchedAllocation& searched, double log10Pair);

std::vector<int> allocateOnPipeline(const AcceleratorSpace& space, std::span<const int> choices,
                                    const model::Network& network);

}  // namespace cohelix::hardware
