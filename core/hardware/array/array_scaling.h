// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How the ratios of the loop-nest template become sizes that fit the budget (method.md 1A):
// PE-array shape, register tile, global-buffer tile. Private to the room.

#include <span>
#include <vector>

#include "core/hardware/template/choice_cursor.h"
#include "core/hardware/template/space.h"
#include "core/model/accelerator.h"
#include "core/model/network.h"

namespace cohelix::hardware {

/// Dimensions with a tile ratio: K P Q R S, and C for a standard chunk.
std::vector<model::Dim> tiledDims(model::ChunkRole role);
/// Dimensions that a loop order permutes: N K C P Q R S, without C for depthwise.
std::vector<model::Dim> orderedDims(model::ChunkRole role);
/// The largest number of unrolled loops among the chunk's styles.
std::size_t mostUnrolled(const ArrayChunkSpace& chunk);

/// All chunks of a loop-nest accelerator from its choices.
std::vector<model::ArrayChunk> buildArrays(const AcceleratorSpace& space,
                                           ChoiceCursor<const int>& cursor,
                                           const model::Network& network);

}  // namespace cohelix::hardware
