// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/builder.h"

#include <utility>

namespace cohelix::workload {

using model::Dim;
using model::Layer;

namespace {

std::int64_t pixelsAfter(const Feature& in, std::int64_t kernel, int stride, std::int64_t padding) {
    return (in.pixels + 2 * padding - kernel) / stride + 1;
}

}  // namespace

Feature pooled(const Feature& in, std::int64_t kernel, int stride, std::int64_t padding) {
    return {in.channels, pixelsAfter(in, kernel, stride, padding)};
}

Builder::Builder(std::string name, std::string source)
    : m_workload{std::move(name), std::move(source), {}, 0} {}

void Builder::finish(Layer layer, std::optional<Trained> trained,
                     std::optional<model::LayerRole> role) {
    layer.role = role.value_or(roleByShape(layer));
    if (trained) {
        m_workload.parameters += words(layer, model::Tensor::Weights);
        const auto outputs = layer.size(Dim::K);
        if (*trained == Trained::Bias) m_workload.parameters += outputs;
        if (*trained == Trained::Normalisation) m_workload.parameters += 2 * outputs;
    }
    m_workload.layers.push_back(std::move(layer));
}

Feature Builder::add(const Feature& in, const Convolution& convolution) {
    const auto padding = convolution.padding.value_or(convolution.kernel / 2);
    const auto pixels = pixelsAfter(in, convolution.kernel, convolution.stride, padding);
    Layer layer;
    layer.name = convolution.name;
    layer.sizes = {1,      convolution.channels, in.channels,       pixels,
                   pixels, convolution.kernel,   convolution.kernel};
    layer.stride = convolution.stride;
    const auto zeros = static_cast<int>(padding);
    layer.border = model::borderAround(layer, zeros, in.pixels, in.pixels);
    layer.groups = convolution.groups;
    finish(std::move(layer), convolution.trained, convolution.role);
    return {convolution.channels, pixels};
}

Feature Builder::addDepthwise(const Feature& in, Convolution convolution) {
    convolution.channels = in.channels;
    convolution.groups = static_cast<int>(in.channels);
    return add(in, convolution);
}

void Builder::addProduct(const std::string& name, std::int64_t rows, std::int64_t inputs,
                         std::int64_t outputs, std::optional<Trained> trained, int groups) {
    Layer layer;
    layer.name = name;
    layer.sizes = {1, outputs, inputs, rows, 1, 1, 1};
    layer.groups = groups;
    finish(std::move(layer), trained, {});
}

void Builder::addLinear(const std::string& name, const Feature& in, std::int64_t outputs) {
    addProduct(name, 1, in.channels * in.pixels * in.pixels, outputs, Trained::Bias);
}

}  // namespace cohelix::workload
