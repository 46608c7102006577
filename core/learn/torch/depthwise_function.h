// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A depthwise convolution that LibTorch can differentiate, its gradient by the weights our own.

#include <ATen/ATen.h>

#include "core/model/layer.h"

namespace cohelix::learn {

/// Whether a gradient by the weight is asked for and ours is the faster one: for large kernels
/// without dilation, on the processor.
bool hasOwnWeightGradient(const model::Layer& layer, const at::Tensor& maps,
                          const at::Tensor& weight);

/// As at::convolution; precondition: hasOwnWeightGradient.
at::Tensor depthwiseConvolution(const model::Layer& layer, const at::Tensor& maps,
                                const at::Tensor& weight);

}  // namespace cohelix::learn
