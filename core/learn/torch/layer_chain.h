// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Layers of model::Layer that LibTorch can run: a whole network, or one operator of a block. Maps
// are kept with channels innermost (channels_last), which makes 1x1 and depthwise convolutions
// about twice as fast as planes do.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "core/base/random.h"
#include "core/learn/normalise.h"
#include "core/learn/torch/parameter.h"
#include "core/learn/torch/quantize.h"
#include "core/model/layer.h"

namespace cohelix::learn {

/// A layer's parameters: convolution weight, then scale and shift of its normalisation; the
/// classifier has weight and bias (in `shift`) only.
struct LayerModule {
    model::Layer layer;
    Parameter weight;
    Parameter scale;
    Parameter shift;
    bool normalised() const { return layer.role != model::LayerRole::Classifier; }
};

/// One pass's view of the parameters: sharing their memory, with or without gradients.
struct LayerLeaves {
    at::Tensor weight;
    at::Tensor scale;
    at::Tensor shift;
};

class LayerChain {
public:
    LayerChain() = default;
    /// `input` and `addedTo` of the layers count within the list; input -1 and addedTo
    /// spec::kBlockInput mean what enters the chain. Weights are drawn from the stream: Kaiming
    /// normal by fan-out for convolutions, deviation 0.001 for the classifier.
    LayerChain(const std::vector<model::Layer>& layers, const std::string& prefix,
               base::Random stream);

    const std::vector<LayerModule>& layers() const { return m_layers; }
    std::vector<LayerModule>& layers() { return m_layers; }
    void addParameters(std::vector<Parameter*>& parameters);

    /// Fresh leaves on that device; with `trainable` they ask for gradients.
    std::vector<LayerLeaves> leaves(bool trainable, at::Device device) const;
    static void addTensors(std::span<const LayerLeaves> leaves, std::vector<at::Tensor>& tensors);

    /// Normalised with the batch's own statistics, which are stored when asked for. A chain
    /// without layers returns what enters it. Without `precision` in floating point.
    at::Tensor run(std::span<const LayerLeaves> leaves, const at::Tensor& input,
                   std::vector<ChannelStatistics>* statistics = nullptr,
                   const PassPrecision* precision = nullptr) const;
    /// With weight and shift folded, one convolution with bias a layer. Of the precision only the
    /// inputs are rounded: folded weights are already.
    at::Tensor runFolded(std::span<const LayerLeaves> leaves, const at::Tensor& input,
                         const PassPrecision* precision = nullptr) const;

private:
    /// A layer's output, shuffle left out, from its input and what it adds (or undefined).
    using LayerRun = std::function<at::Tensor(std::size_t, const at::Tensor&, const at::Tensor&)>;
    at::Tensor walk(const at::Tensor& input, const LayerRun& layerRun) const;

    std::vector<LayerModule> m_layers;
    std::vector<std::size_t> m_lastUse;  // by layer, the last layer that reads it
};

}  // namespace cohelix::learn
