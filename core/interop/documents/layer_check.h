// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Whether a layer that came from outside can be computed with: what every reader asks first.

#include <cstddef>
#include <cstdint>

#include "core/base/result.h"
#include "core/model/layer.h"

namespace cohelix::interop {

/// The largest size along a dimension, stride, dilation or number of groups that is read.
inline constexpr std::int64_t kMostSize = 2'000'000'000;

/// The most layers that are read of one network; the deepest published ones have some thousands.
inline constexpr std::size_t kMostLayers = 10'000;

/// Errors, naming the layer: a size, stride, dilation or number of groups below one or beyond
/// kMostSize; outputs that reach over more inputs; groups that do not divide the channels; a border
/// that leaves no inputs; work or tensors past 2^62, which 64 bits could not count.
base::Result<void> checkLayer(const model::Layer& layer);

}  // namespace cohelix::interop
