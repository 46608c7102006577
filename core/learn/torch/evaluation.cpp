// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/torch/evaluation.h"

#include <algorithm>
#include <numeric>

#include <ATen/ATen.h>

#include "core/learn/learn.h"
#include "core/learn/torch/module.h"
#include "core/learn/torch/pass.h"
#include "core/learn/torch/quantize.h"
#include "core/learn/torch/runtime.h"

namespace cohelix::learn {
namespace {

constexpr std::int64_t kImageFloats = 100 * 1024;  // of images at once

base::Error foreignWeights() {
    return {"weights", "they belong to another network",
            "Check the project file with: cohelix-cli check"};
}

/// The chain's weights in its order; nothing when names or shapes are of another network.
std::optional<std::vector<FoldedLayer>> layersOf(const LayerChain& chain,
                                                 const TrainedWeights& weights) {
    const auto& modules = chain.layers();
    if (weights.tensors.size() != 2 * modules.size() ||
        (!weights.precision.empty() && weights.precision.size() != modules.size())) {
        return std::nullopt;
    }
    std::vector<FoldedLayer> layers;
    for (std::size_t i = 0; i < modules.size(); ++i) {
        const auto& weight = weights.tensors[2 * i];
        const auto& bias = weights.tensors[2 * i + 1];
        const auto& name = modules[i].layer.name;
        if (weight.name != name + ".weight" || bias.name != name + ".bias" ||
            weight.shape != modules[i].weight.value.sizes().vec() ||
            bias.shape != modules[i].shift.value.sizes().vec()) {
            return std::nullopt;
        }
        layers.push_back({weight.values, bias.values});
    }
    return layers;
}

}  // namespace

std::vector<std::uint32_t> allImages(const ImageSet& set) {
    std::vector<std::uint32_t> all(set.size());
    std::iota(all.begin(), all.end(), 0U);
    return all;
}

double foldedAccuracy(const LayerChain& chain, std::span<const FoldedLayer> layers,
                      std::span<const LayerPrecision> precision, const PixelReader& reader,
                      const ImageSet& set, std::span<const std::uint32_t> images,
                      at::Device device) {
    prepareThread();
    const c10::InferenceMode inference;
    std::vector<LayerLeaves> leaves;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto shape = chain.layers()[i].weight.value.sizes();
        leaves.push_back({at::tensor(layers[i].weight).view(shape).to(device),
                          {},
                          at::tensor(layers[i].bias).to(device)});
    }
    std::vector<LayerPrecision> rounded(precision.begin(), precision.end());
    const PassPrecision pass{rounded};
    // Part of the result: sums of another batch size may be rounded in another order.
    const auto each = static_cast<std::size_t>(std::clamp<std::int64_t>(
        kImageFloats / static_cast<std::int64_t>(reader.imageFloats()), 8, 500));
    std::int64_t right = 0;
    for (std::size_t first = 0; first < images.size(); first += each) {
        const auto part = images.subspan(first, std::min(each, images.size() - first));
        const at::Tensor logits = chain.runFolded(
            leaves, imageTensor(reader, set, part, {}, device), rounded.empty() ? nullptr : &pass);
        right += countRight(logits, labelsOf(set, part));
    }
    return static_cast<double>(right) / static_cast<double>(images.size());
}

base::Result<Accuracies> torch_module::accuraciesOf(const model::Network& network,
                                                    const TrainedWeights& weights,
                                                    std::shared_ptr<const DataSet> data,
                                                    const DataSplit& split) {
    return guarded<Accuracies>([&]() -> base::Result<Accuracies> {
        prepareThread();
        const LayerChain chain(network.layers, "", base::Random(0, "stored weights"));
        const auto layers = layersOf(chain, weights);
        if (!layers) return foreignWeights();
        if (weights.mean != data->mean || weights.deviation != data->deviation ||
            data->train.shape != network.input || data->test.size() == 0) {
            return base::Error{data->folder, "these are not the images of the training",
                               "Name the data set that the run was made with in /data_set/path"};
        }
        const PixelReader reader(data);
        Accuracies result;
        const auto share = [&](const ImageSet& set, std::span<const std::uint32_t> images) {
            return foldedAccuracy(chain, *layers, weights.precision, reader, set, images, at::kCPU);
        };
        result.test = share(data->test, allImages(data->test));
        if (!split.validation.empty()) {
            result.validation = share(data->train, split.validation);
        }
        return result;
    });
}

}  // namespace cohelix::learn
