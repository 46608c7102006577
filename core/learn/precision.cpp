// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/precision.h"

#include <algorithm>
#include <cmath>

namespace cohelix::learn {
namespace {

constexpr int kLeastBits = 2;
constexpr int kMostBits = 32;
constexpr const char* kTensorName = "layers.precision";
constexpr std::size_t kColumns = 3;

}  // namespace

bool quantizes(std::span<const int> layerBits) {
    return std::any_of(layerBits.begin(), layerBits.end(),
                       [](int bits) { return bits < kFloatingBits; });
}

bool plausible(std::span<const int> layerBits, std::size_t layers) {
    if (layerBits.empty()) return true;
    return layerBits.size() == layers &&
           std::all_of(layerBits.begin(), layerBits.end(),
                       [](int bits) { return bits >= kLeastBits && bits <= kMostBits; });
}

NamedTensor toTensor(std::span<const LayerPrecision> layers) {
    NamedTensor tensor{kTensorName, {static_cast<std::int64_t>(layers.size()), kColumns}, {}};
    for (const auto& layer : layers) {
        tensor.values.insert(tensor.values.end(),
                             {static_cast<float>(layer.bits), layer.least, layer.most});
    }
    return tensor;
}

std::optional<std::vector<LayerPrecision>> precisionFrom(const NamedTensor& tensor) {
    if (tensor.name != kTensorName || tensor.shape.size() != 2 || tensor.shape[1] != kColumns) {
        return std::nullopt;
    }
    std::vector<LayerPrecision> layers;
    for (std::size_t at = 0; at + kColumns <= tensor.values.size(); at += kColumns) {
        const float bits = tensor.values[at];
        const LayerPrecision layer = {0, tensor.values[at + 1], tensor.values[at + 2]};
        const bool fine = bits >= kLeastBits && bits <= kMostBits && bits == std::floor(bits) &&
                          std::isfinite(layer.least) && std::isfinite(layer.most) &&
                          layer.least <= 0 && layer.most >= 0;
        if (!fine) return std::nullopt;
        layers.push_back(layer);
        layers.back().bits = static_cast<int>(bits);
    }
    return layers;
}

}  // namespace cohelix::learn
