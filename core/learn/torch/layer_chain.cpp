// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/torch/layer_chain.h"

#include <cmath>
#include <tuple>

#include "core/learn/torch/depthwise_function.h"
#include "core/learn/torch/normalise_function.h"
#include "core/specification/network_space.h"

namespace cohelix::learn {
namespace {

using model::Dim;
using model::Layer;
using model::LayerRole;

LayerModule makeModule(const Layer& layer, const std::string& prefix, base::Random& stream) {
    const std::string name = prefix + layer.name;
    const std::int64_t outputs = layer.size(Dim::K);
    LayerModule module;
    module.layer = layer;
    module.shift = constantParameter(name + ".shift", {outputs}, 0);
    if (layer.role == LayerRole::Classifier) {
        module.weight =
            normalParameter(name + ".weight", {outputs, layer.size(Dim::C)}, 0.001, stream);
        return module;
    }
    const double fanOut = static_cast<double>(outputs * layer.size(Dim::R) * layer.size(Dim::S));
    module.weight = normalParameter(
        name + ".weight",
        {outputs, layer.size(Dim::C) / layer.groups, layer.size(Dim::R), layer.size(Dim::S)},
        std::sqrt(2.0 / fanOut), stream);
    module.scale = constantParameter(name + ".scale", {outputs}, 1);
    return module;
}

/// What the layer computes with: the classifier behind the average pooling.
at::Tensor inputOf(const Layer& layer, const at::Tensor& x) {
    return layer.role == LayerRole::Classifier ? x.mean({2, 3}) : x;
}

at::Tensor convolve(const Layer& layer, const at::Tensor& x, const at::Tensor& weight,
                    const c10::optional<at::Tensor>& bias) {
    if (layer.role == LayerRole::Classifier) return at::linear(x, weight, bias);
    if (hasOwnWeightGradient(layer, x, weight)) return depthwiseConvolution(layer, x, weight);
    const std::int64_t down = layer.dilation.rows * (layer.size(Dim::R) - 1) / 2;
    const std::int64_t across = layer.dilation.columns * (layer.size(Dim::S) - 1) / 2;
    at::Tensor y =
        at::convolution(x, weight, bias, {layer.stride.rows, layer.stride.columns}, {down, across},
                        {layer.dilation.rows, layer.dilation.columns}, false, {0, 0}, layer.groups);
    // An image of one channel has no format that could be kept, so it is set after the stem.
    return layer.role == LayerRole::Stem ? y.contiguous(at::MemoryFormat::ChannelsLast) : y;
}

at::Tensor shuffled(const at::Tensor& x, std::int64_t groups) {
    const at::Tensor inner = x.permute({0, 2, 3, 1}).contiguous();
    const auto n = inner.size(0), h = inner.size(1), w = inner.size(2), c = inner.size(3);
    return inner.view({n, h, w, groups, c / groups})
        .transpose(3, 4)
        .reshape({n, h, w, c})
        .permute({0, 3, 1, 2});
}

}  // namespace

LayerChain::LayerChain(const std::vector<Layer>& layers, const std::string& prefix,
                       base::Random stream)
    : m_lastUse(layers.size(), layers.size()) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
        m_layers.push_back(makeModule(layers[i], prefix, stream));
        for (const int used : {layers[i].input, layers[i].addedTo}) {
            if (used >= 0) m_lastUse[static_cast<std::size_t>(used)] = i;
        }
    }
}

void LayerChain::addParameters(std::vector<Parameter*>& parameters) {
    for (auto& module : m_layers) {
        parameters.push_back(&module.weight);
        if (module.normalised()) parameters.push_back(&module.scale);
        parameters.push_back(&module.shift);
    }
}

std::vector<LayerLeaves> LayerChain::leaves(bool trainable, at::Device device) const {
    const auto leaf = [&](const at::Tensor& value) {
        const at::Tensor there = value.to(device);
        return trainable ? there.detach().set_requires_grad(true) : there;
    };
    std::vector<LayerLeaves> result;
    result.reserve(m_layers.size());
    for (const auto& module : m_layers) {
        result.push_back({leaf(module.weight.value),
                          module.normalised() ? leaf(module.scale.value) : at::Tensor(),
                          leaf(module.shift.value)});
    }
    return result;
}

void LayerChain::addTensors(std::span<const LayerLeaves> leaves, std::vector<at::Tensor>& tensors) {
    for (const auto& leaf : leaves) {
        tensors.push_back(leaf.weight);
        if (leaf.scale.defined()) tensors.push_back(leaf.scale);
        tensors.push_back(leaf.shift);
    }
}

at::Tensor LayerChain::walk(const at::Tensor& input, const LayerRun& layerRun) const {
    std::vector<at::Tensor> outputs(m_layers.size());
    const auto outputOf = [&](int index) -> const at::Tensor& {
        return index < 0 ? input : outputs[static_cast<std::size_t>(index)];
    };
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const Layer& layer = m_layers[i].layer;
        const bool adds = layer.addedTo >= 0 || layer.addedTo == spec::kBlockInput;
        at::Tensor y =
            layerRun(i, outputOf(layer.input), adds ? outputOf(layer.addedTo) : at::Tensor());
        outputs[i] = layer.shuffleGroups > 1 ? shuffled(y, layer.shuffleGroups) : std::move(y);
        for (const int used : {layer.input, layer.addedTo}) {
            if (used >= 0 && m_lastUse[static_cast<std::size_t>(used)] == i) {
                outputs[static_cast<std::size_t>(used)].reset();
            }
        }
    }
    return m_layers.empty() ? input : outputs.back();
}

at::Tensor LayerChain::run(std::span<const LayerLeaves> leaves, const at::Tensor& input,
                           std::vector<ChannelStatistics>* statistics,
                           const PassPrecision* precision) const {
    if (statistics) statistics->assign(m_layers.size(), {});
    return walk(input, [&](std::size_t i, const at::Tensor& x, const at::Tensor& added) {
        const LayerModule& module = m_layers[i];
        at::Tensor in = inputOf(module.layer, x);
        at::Tensor weight = leaves[i].weight;
        if (precision) {
            in = quantizedInput(in, *precision, i);
            const LayerPrecision& own = precision->layers[i];
            if (precision->apply && quantizes(own)) weight = quantizedWeight(weight, own.bits);
        }
        if (!module.normalised()) return convolve(module.layer, in, weight, leaves[i].shift);
        return normalised(convolve(module.layer, in, weight, {}), leaves[i].scale, leaves[i].shift,
                          added, module.layer.relu, statistics ? &(*statistics)[i] : nullptr);
    });
}

at::Tensor LayerChain::runFolded(std::span<const LayerLeaves> leaves, const at::Tensor& input,
                                 const PassPrecision* precision) const {
    return walk(input, [&](std::size_t i, const at::Tensor& x, const at::Tensor& added) {
        at::Tensor in = inputOf(m_layers[i].layer, x);
        if (precision) in = quantizedInput(in, *precision, i);
        at::Tensor y = convolve(m_layers[i].layer, in, leaves[i].weight, leaves[i].shift);
        if (added.defined()) y.add_(added);
        if (m_layers[i].layer.relu) y.relu_();
        return y;
    });
}

}  // namespace cohelix::learn
