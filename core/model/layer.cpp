// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/layer.h"

namespace cohelix::model {

std::string_view dimName(Dim dim) {
    constexpr std::array<std::string_view, kLoopDims> kNames = {"N", "K", "C", "P",
                                                                "Q", "R", "S", "G"};
    return kNames[static_cast<std::size_t>(dim)];
}

std::optional<Dim> dimFromName(std::string_view name) {
    for (const Dim dim : kAllLoopDims) {
        if (dimName(dim) == name) return dim;
    }
    return std::nullopt;
}

std::string_view dimMeaning(Dim dim) {
    constexpr std::array<std::string_view, kLoopDims> kMeanings = {
        "batch",         "output channel", "input channel", "output row",
        "output column", "kernel row",     "kernel column", "group"};
    return kMeanings[static_cast<std::size_t>(dim)];
}

std::string_view tensorName(Tensor tensor) {
    constexpr std::array<std::string_view, kTensors> kNames = {"weights", "inputs", "outputs"};
    return kNames[static_cast<std::size_t>(tensor)];
}

std::string_view roleName(LayerRole role) {
    constexpr std::array<std::string_view, 7> kNames = {
        "stem", "expand", "depthwise", "project", "shortcut", "head", "classifier"};
    return kNames[static_cast<std::size_t>(role)];
}

std::string perAxisText(const PerAxis& step) {
    const auto rows = std::to_string(step.rows);
    return step.alike() ? rows : rows + " x " + std::to_string(step.columns);
}

LayerShape layerShapeOf(const Layer& layer) {
    return {layer.sizes, layer.stride, layer.dilation, layer.groups};
}

std::int64_t loopSize(const Layer& layer, Dim dim) {
    if (dim == Dim::G) return layer.groups;
    const bool perGroup = dim == Dim::K || dim == Dim::C;
    return perGroup ? layer.size(dim) / layer.groups : layer.size(dim);
}

std::int64_t macs(const Layer& layer) {
    // Unsigned, because a layer may be too large to be counted: whoever prices it refuses it then.
    std::uint64_t product = 1;
    for (const Dim dim : kAllDims) product *= static_cast<std::uint64_t>(layer.size(dim));
    return static_cast<std::int64_t>(product) / layer.groups;
}

std::int64_t words(const Layer& layer, Tensor tensor) {
    const auto& at = layer;
    const auto extent = [&](Dim output, Dim kernel) {
        return (at.size(output) - 1) * at.stride.along(output) +
               (at.size(kernel) - 1) * at.dilation.along(kernel) + 1;
    };
    switch (tensor) {
        case Tensor::Weights:
            return at.size(Dim::K) * at.size(Dim::C) / at.groups * at.size(Dim::R) *
                   at.size(Dim::S);
        case Tensor::Inputs:
            return at.size(Dim::N) * at.size(Dim::C) * extent(Dim::P, Dim::R) *
                   extent(Dim::Q, Dim::S);
        case Tensor::Outputs:
            return at.size(Dim::N) * at.size(Dim::K) * at.size(Dim::P) * at.size(Dim::Q);
    }
    return 0;
}

std::int64_t parameters(const Layer& layer) {
    const std::int64_t others = layer.role == LayerRole::Classifier ? 1 : 2;
    return words(layer, Tensor::Weights) + others * layer.size(Dim::K);
}

}  // namespace cohelix::model
