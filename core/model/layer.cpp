// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/layer.h"

#include <algorithm>
#include <limits>

namespace cohelix::model {

std::string_view dimMeaning(Dim dim) {
    constexpr std::array<std::string_view, kLoopDims> kMeanings = {
        "batch",         "output channel", "input channel", "output row",
        "output column", "kernel row",     "kernel column", "group"};
    return kMeanings[static_cast<std::size_t>(dim)];
}

std::string perAxisText(const PerAxis& step) {
    const auto rows = std::to_string(step.rows);
    return step.alike() ? rows : rows + " x " + std::to_string(step.columns);
}

LayerShape layerShapeOf(const Layer& layer) {
    return {layer.sizes, layer.stride, layer.dilation, layer.border, layer.groups};
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

namespace {

struct ZerosAlong {
    int before = 0;
    int after = 0;
};

/// Of `inputs` positions behind `before` zeros, in the patch that the kernel touches.
ZerosAlong zerosAround(std::int64_t patch, std::int64_t before, std::int64_t inputs) {
    const std::int64_t after = std::max<std::int64_t>(0, patch - before - inputs);
    const bool some = inputs > 0 && before >= 0 && before < patch;
    if (!some || std::max(before, after) > std::numeric_limits<int>::max()) return {};
    return {static_cast<int>(before), static_cast<int>(after)};
}

Border borderOf(const ZerosAlong& rows, const ZerosAlong& columns) {
    return {{rows.before, columns.before}, {rows.after, columns.after}};
}

ZerosAlong evenZeros(const Layer& layer, Dim output) {
    const auto patch = patchAlong(layer, output);
    const auto inputs = layer.size(output) * layer.stride.along(output);
    return zerosAround(patch, (std::max(patch, inputs) - inputs + 1) / 2, inputs);
}

}  // namespace

std::int64_t patchAlong(const Layer& layer, Dim output) {
    const Dim kernel = output == Dim::P ? Dim::R : Dim::S;
    return (layer.size(output) - 1) * layer.stride.along(output) +
           (layer.size(kernel) - 1) * layer.dilation.along(kernel) + 1;
}

std::int64_t inputsAlong(const Layer& layer, Dim output) {
    return patchAlong(layer, output) - layer.border.before.along(output) -
           layer.border.after.along(output);
}

Border borderAround(const Layer& layer, const PerAxis& before, std::int64_t rows,
                    std::int64_t columns) {
    return borderOf(zerosAround(patchAlong(layer, Dim::P), before.rows, rows),
                    zerosAround(patchAlong(layer, Dim::Q), before.columns, columns));
}

Border evenBorder(const Layer& layer) {
    return borderOf(evenZeros(layer, Dim::P), evenZeros(layer, Dim::Q));
}

Layer withZerosAsWords(Layer layer) {
    layer.border = {};
    return layer;
}

std::int64_t words(const Layer& layer, Tensor tensor) {
    const auto& at = layer;
    switch (tensor) {
        case Tensor::Weights:
            return at.size(Dim::K) * at.size(Dim::C) / at.groups * at.size(Dim::R) *
                   at.size(Dim::S);
        case Tensor::Inputs:
            return at.size(Dim::N) * at.size(Dim::C) * inputsAlong(at, Dim::P) *
                   inputsAlong(at, Dim::Q);
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
