// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Published accelerators as data for the loop-nest model, each with the source of its figures.

#include <cstdint>

#include "core/cost/hierarchy.h"

namespace cohelix::cost {

/// The Gemmini-like accelerator of Timeloop's table of 2022 (timeloop-table.md): DRAM [W I O],
/// scratchpad [W I], one accumulator [O] a column, one weight register a PE. Sizes: PEs on a side,
/// bytes (8-bit words), 32-bit words.
Hierarchy gemminiOf2022(std::int64_t peDim, std::int64_t scratchpadBytes,
                        std::int64_t accumulatorWordsPerColumn);

}  // namespace cohelix::cost
