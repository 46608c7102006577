// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How many images folded weights classify right: the one place that a trainer and whoever holds
// stored weights against its figures share, so that both give the same number bit for bit.

#include <cstdint>
#include <span>
#include <vector>

#include "core/learn/batches.h"
#include "core/learn/folding.h"
#include "core/learn/learn.h"
#include "core/learn/torch/layer_chain.h"

namespace cohelix::learn {

/// 0, 1, … of a set.
std::vector<std::uint32_t> allImages(const ImageSet& set);

/// The share of the images, 0..1, that the chain with these weights, one a layer, classifies right,
/// the inputs of layers rounded as `precision` says (by layer; empty: not at all). Precondition:
/// there are images, and the weights have the layers' sizes.
double foldedAccuracy(const LayerChain& chain, std::span<const FoldedLayer> layers,
                      std::span<const LayerPrecision> precision, const PixelReader& reader,
                      const ImageSet& set, std::span<const std::uint32_t> images,
                      at::Device device);

}  // namespace cohelix::learn
