// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Words of tiles, and how many words any count of a nest may reach. Private to core/nest
// and core/mapping.

#include <cstdint>

#include "core/nest/nest.h"

namespace cohelix::nest {

/// The distinct elements of a tile, of all of this size the most.
std::int64_t elementWords(const Nest& nest, model::Tensor tensor, const LoopSizes& tile);

/// The same where zeros around the inputs are words like all others.
std::int64_t distinctWords(const Nest& nest, model::Tensor tensor, const LoopSizes& tile);

/// The words of a tile as Timeloop counts inputs: a box, gaps of strides included.
std::int64_t boxWords(const Nest& nest, model::Tensor tensor, const LoopSizes& tile);

/// Stride and dilation along a sliding axis with all gaps, as a box counts them.
inline Pace boxPaceOf(const Nest& nest, const Axis& axis) {
    return {nest.stride.along(axis.dim), nest.dilation.along(axis.kernel)};
}

/// More than any count of any level: the steps of all loops, or what the loops outside a level
/// fetch if each of their steps brings the whole tile.
double mostWords(const Nest& nest);

}  // namespace cohelix::nest
