// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// normalise.h as an operation of LibTorch's graph.

#include <ATen/ATen.h>

#include "core/learn/normalise.h"

namespace cohelix::learn {

/// Normalises maps (n, channels, height, width; channels innermost) with their own statistics,
/// which are stored when asked for, then adds `added` unless it is undefined, then applies ReLU.
at::Tensor normalised(const at::Tensor& maps, const at::Tensor& scale, const at::Tensor& shift,
                      const at::Tensor& added, bool relu, ChannelStatistics* statistics);

}  // namespace cohelix::learn
