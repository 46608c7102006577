// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The accelerator space: what may be chosen, and how a choice becomes an accelerator.

#include <span>
#include <vector>

#include "core/hardware/array/array_space.h"
#include "core/hardware/pipeline/pipeline_allocation.h"
#include "core/hardware/pipeline/pipeline_space.h"
#include "core/hardware/template/choice.h"
#include "core/hardware/template/space.h"
#include "core/model/network.h"

namespace cohelix::hardware {

/// Whether the best accelerator of the space can be proven once the precision of its chunks is
/// given (core/optimum): they share nothing but the DSPs and block RAM that they add up to, and
/// rules say what each executes.
bool provenAcceleratorsExist(const AcceleratorSpace& space);

/// Ten per standard pipeline chunk c: "chunk<c>.parallelism", ".tr_buff", ".tc_buff", ".tm_buff",
/// ".tn_buff", ".tr", ".tc", ".tm", ".tn", ".bits" (depthwise: without the tn's), and where the
/// space has them ".port_words", ".overlap".
/// Of a searched allocation so many chunks as its most groups have, and at the end
/// "allocation.groups" and "allocation.split<i>", the block at which group i begins.
/// Per array chunk: ".style", ".shape<i>" (ratio of the i-th unrolled loop), ".buffer_<dim>"
/// (ratio), ".register_<dim>" (ratio), ".dram_order<i>", ".buffer_order<i>", ".register_order<i>".
std::vector<Choice> acceleratorChoices(const AcceleratorSpace& space);

/// Chunks that an accelerator of the space has at most.
std::size_t mostChunks(const AcceleratorSpace& space);

/// log10 of the number of different accelerators: loop tiles within their buffers and orders
/// without repetition counted once, unlike log10Size of the choices.
double log10Size(const AcceleratorSpace& space);

/// Chunk of each layer of the network. By the rules, whatever the choices; a layer that no chunk
/// claims gets the last chunk of its role. Of a searched allocation by the choices, which are
/// canonical.
std::vector<int> allocateLayers(const AcceleratorSpace& space, std::span<const int> choices,
                                const model::Network& network);

/// Makes choices canonical, so that equal accelerators have equal choices: a loop tile larger
/// than its buffer tile becomes the largest option that is not; an order that repeats a dimension
/// takes the next unused one; splits of an allocation ascend and differ, and what belongs to groups
/// that there are not is at its first option.
std::vector<int> canonicalChoices(const AcceleratorSpace& space, std::vector<int> choices);

/// The accelerator of canonical choices. The loop-nest template scales the ratios to the budget,
/// so that the hard limits hold by construction; `network` is what the budget is shared out by.
model::Accelerator buildAccelerator(const AcceleratorSpace& space, std::span<const int> choices,
                                    const model::Network& network);

}  // namespace cohelix::hardware
