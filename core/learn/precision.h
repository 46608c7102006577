// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The precision of layers as it is checked and kept. No LibTorch.

#include <optional>
#include <span>
#include <vector>

#include "core/learn/learn.h"

namespace cohelix::learn {

/// Whether the layer is computed in fixed point.
inline bool quantizes(const LayerPrecision& layer) { return layer.bits < kFloatingBits; }

/// Whether there is a number of 2 to 32 bits for each of `layers` layers, or none at all.
bool plausible(std::span<const int> layerBits, std::size_t layers);

/// As a tensor with a row of bits, least and most a layer, and back; nothing for another tensor.
NamedTensor toTensor(std::span<const LayerPrecision> layers);
std::optional<std::vector<LayerPrecision>> precisionFrom(const NamedTensor& tensor);

}  // namespace cohelix::learn
