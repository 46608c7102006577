// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Weights and inputs of a layer as an accelerator of few bits holds them, with gradients that pass
// through the rounding (straight-through) where the value is within its range.

#include <span>

#include <ATen/ATen.h>

#include "core/learn/precision.h"

namespace cohelix::learn {

/// How the layers of a pass are computed.
struct PassPrecision {
    std::span<LayerPrecision> layers;  ///< by layer; of the chain that runs
    /// Share of this pass in the ranges of inputs that are measured; 0: they stay as they are.
    double measure = 0;
    bool apply = true;

    /// The same for `count` layers from `first` on.
    PassPrecision part(std::size_t first, std::size_t count) const {
        return {layers.subspan(first, count), measure, apply};
    }
};

/// Per output channel from -max |w| to max |w| on 2^bits - 1 steps.
at::Tensor quantizedWeight(const at::Tensor& weight, int bits);

/// Measures the range of x where it is to be, and rounds x to the layer's where that is to be.
at::Tensor quantizedInput(const at::Tensor& x, const PassPrecision& pass, std::size_t layer);

}  // namespace cohelix::learn
