// SPDX-License-Identifier: GPL-3.0-or-later
// The supernet: every operator of every block, all with weights of their own; a pass runs the
// stem, the active operators and the tail.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/learn/learn.h"
#include "core/learn/precision.h"
#include "core/learn/torch/layer_chain.h"
#include "core/learn/torch/module.h"
#include "core/learn/torch/pass.h"
#include "core/learn/torch/runtime.h"

namespace cohelix::learn {
namespace {

/// Fixed, so that sums and batch statistics do not depend on the number of threads.
constexpr std::size_t kShards = 2;
constexpr std::size_t kEstimateBatch = 250;
constexpr const char* kSupernetArchive = "supernet";

struct Shard {
    std::span<const std::uint32_t> images;
    std::span<const Augmentation> augmentations;
};

struct ShardResult {
    Loss loss;
    std::vector<at::Tensor> gradients;  // by the parameters that are trained
};

struct ShardGates {
    ShardResult result;
    std::vector<std::vector<double>> byGate;
};

/// All training images where weights and architecture learn from the same.
std::vector<std::uint32_t> imagesFor(const std::vector<std::uint32_t>& own,
                                     const std::vector<std::uint32_t>& others, spec::Level level) {
    std::vector<std::uint32_t> images = own;
    if (level == spec::Level::One) images.insert(images.end(), others.begin(), others.end());
    return images;
}

/// The sum of a * b, of maps laid out alike.
double product(const at::Tensor& a, const at::Tensor& b) {
    const auto flat = [](const at::Tensor& maps) {
        return maps.permute({0, 2, 3, 1}).reshape({-1});
    };
    return at::dot(flat(a), flat(b)).item<double>();
}

/// The layers that are in no block, as a chain behind the blocks.
std::vector<model::Layer> tailLayers(const model::Network& network) {
    std::vector<model::Layer> tail;
    for (auto layer : network.layers) {
        if (layer.block >= 0 || layer.role == model::LayerRole::Stem) continue;
        layer.input = static_cast<int>(tail.size()) - 1;
        tail.push_back(std::move(layer));
    }
    return tail;
}

base::Error notFinite(std::int64_t step) {
    return {"step " + std::to_string(step), "the supernet's loss or its gradient is not finite",
            "Use a smaller /search/weights/learning_rate or gradient clipping"};
}

std::optional<base::Error> unusable(const spec::NetworkSpace& space, const DataSet* data,
                                    const DataSplit& split) {
    if (!data) return base::Error{"data set", "there is no data set", "Load one first"};
    if (data->train.shape != space.input || data->classes != space.classes) {
        return base::Error{data->name, "the images do not fit the network's input and classes",
                           "Change /network/input and /network/classes"};
    }
    if (split.weights.empty() || split.architecture.empty() || split.validation.empty()) {
        return base::Error{data->name,
                           "the split leaves no images for weights, architecture or "
                           "validation",
                           "Change /data_set/validation_fraction and /search/weight_share"};
    }
    for (const auto* part : {&split.weights, &split.architecture, &split.validation}) {
        for (const auto image : *part) {
            if (image >= data->train.size()) {
                return base::Error{data->name,
                                   "the split names image " + std::to_string(image) +
                                       ", which is not in the data set",
                                   "Split this data set"};
            }
        }
    }
    return std::nullopt;
}

class TorchSupernet final : public Supernet {
public:
    TorchSupernet(const spec::NetworkSpace& space, const spec::DataSetSpec& dataSpec,
                  std::shared_ptr<const DataSet> data, DataSplit split,
                  const spec::SearchRecipe& recipe, std::uint64_t seed, base::Executor& executor);

    std::int64_t weightBatches() const override { return m_weightOrder.batches(); }
    std::int64_t architectureBatches() const override { return m_architectureOrder.batches(); }
    base::Result<StepResult> weightStep(std::int64_t step, std::span<const int> path,
                                        double learningRate) override;
    base::Result<GateGradients> gateGradients(std::int64_t step,
                                              const ActivePaths& paths) override {
        return gateStep(m_architectureOrder, "architecture augmentation", step, paths, {});
    }
    base::Result<GateGradients> jointStep(std::int64_t step, const ActivePaths& paths,
                                          double learningRate) override {
        return gateStep(m_weightOrder, "weight augmentation", step, paths, learningRate);
    }
    base::Result<double> estimateAccuracy(std::span<const int> path, int images,
                                          std::span<const int> layerBits) override;
    std::vector<std::uint8_t> save() const override;
    base::Result<void> restore(std::span<const std::uint8_t> bytes) override;

private:
    const ImageSet& train() const { return m_reader.data().train; }
    bool knows(std::size_t block, int op) const {
        return op >= 0 && static_cast<std::size_t>(op) < m_blocks[block].size();
    }
    base::Result<void> check(std::span<const int> path) const;
    base::Result<void> check(const ActivePaths& paths) const;

    /// The chains of a path, stem first.
    std::vector<LayerChain*> chainsOf(std::span<const int> path);
    /// The parameters of the paths whose gate is not 0, in the order of gateShard's leaves.
    std::vector<Parameter*> parametersOf(const ActivePaths& paths);
    template <typename ShardWork>
    void overShards(BatchOrder& order, const std::string& purpose, std::int64_t step,
                    ShardWork work);

    ShardResult trainShard(const std::vector<LayerChain*>& chains, const Shard& shard,
                           double batch);
    /// Gradients of the gates; with a learning rate a step on the weights, too.
    base::Result<GateGradients> gateStep(BatchOrder& order, const std::string& purpose,
                                         std::int64_t step, const ActivePaths& paths,
                                         std::optional<double> learningRate);
    ShardGates gateShard(const ActivePaths& paths, const Shard& shard, double batch,
                         bool trainable);
    at::Tensor runTracked(const LayerChain& chain, const at::Tensor& x, bool trainable,
                          std::vector<at::Tensor>& leaves) const;
    at::Tensor runBlock(std::size_t block, const std::vector<ActivePath>& active,
                        const at::Tensor& x, bool trainable, std::vector<at::Tensor>& outputs,
                        std::vector<at::Tensor>& leaves) const;
    std::vector<LayerPrecision> precisionOf(const std::vector<LayerChain*>& chains,
                                            std::span<const int> layerBits) const;
    at::Tensor estimateBatch(const std::vector<LayerChain*>& chains,
                             std::span<const std::uint32_t> images,
                             const std::optional<PassPrecision>& precision) const;

    spec::DataSetSpec m_dataSpec;
    spec::SgdRecipe m_recipe;
    std::uint64_t m_seed;
    base::Executor& m_executor;
    at::Device m_device;
    PixelReader m_reader;
    std::vector<std::uint32_t> m_validation;
    std::vector<std::uint32_t> m_measured;  // training images that give ranges of inputs
    BatchOrder m_weightOrder;
    BatchOrder m_architectureOrder;
    LayerChain m_stem;
    std::vector<std::vector<LayerChain>> m_blocks;  // by block, by operator
    LayerChain m_tail;
    std::vector<Parameter*> m_parameters;  // of all chains
};

TorchSupernet::TorchSupernet(const spec::NetworkSpace& space, const spec::DataSetSpec& dataSpec,
                             std::shared_ptr<const DataSet> data, DataSplit split,
                             const spec::SearchRecipe& recipe, std::uint64_t seed,
                             base::Executor& executor)
    : m_dataSpec(dataSpec),
      m_recipe(recipe.weights),
      m_seed(seed),
      m_executor(executor),
      m_device(deviceOf(recipe.processor)),
      m_reader(std::move(data)),
      m_validation(std::move(split.validation)),
      m_measured(split.weights.begin(),
                 split.weights.begin() +
                     static_cast<std::ptrdiff_t>(std::min(kEstimateBatch, split.weights.size()))),
      m_weightOrder(imagesFor(split.weights, split.architecture, recipe.level), recipe.batch, seed,
                    "weight order"),
      m_architectureOrder(imagesFor(split.architecture, split.weights, recipe.level), recipe.batch,
                          seed, "architecture order") {
    const auto shapes = spec::blockShapes(space);
    const auto network = spec::buildNetwork(space, std::vector<int>(shapes.size()));
    m_stem = LayerChain({network.layers.front()}, "", base::Random(seed, "supernet stem"));
    m_tail = LayerChain(tailLayers(network), "", base::Random(seed, "supernet tail"));
    for (std::size_t block = 0; block < shapes.size(); ++block) {
        auto& operators = m_blocks.emplace_back();
        for (std::size_t op = 0; op < space.operators.size(); ++op) {
            operators.emplace_back(
                spec::blockLayers(shapes[block], space.operators[op], static_cast<int>(block)),
                std::to_string(op) + ":" + toText(space.operators[op]) + "/",
                base::Random(seed, "supernet operator", block, op));
        }
    }
    m_stem.addParameters(m_parameters);
    for (auto& operators : m_blocks) {
        for (auto& chain : operators) chain.addParameters(m_parameters);
    }
    m_tail.addParameters(m_parameters);
}

base::Result<void> TorchSupernet::check(std::span<const int> path) const {
    bool fine = path.size() == m_blocks.size();
    for (std::size_t b = 0; fine && b < path.size(); ++b) fine = knows(b, path[b]);
    if (fine) return {};
    return base::Error{"path", "it does not name one operator of each block", ""};
}

base::Result<void> TorchSupernet::check(const ActivePaths& paths) const {
    bool fine = paths.size() == m_blocks.size();
    for (std::size_t b = 0; fine && b < paths.size(); ++b) {
        fine = !paths[b].empty();
        for (const auto& active : paths[b]) {
            fine = fine && knows(b, active.op) && std::isfinite(active.gate);
        }
    }
    if (fine) return {};
    return base::Error{"paths", "they do not name operators of each block with finite gates", ""};
}

std::vector<LayerChain*> TorchSupernet::chainsOf(std::span<const int> path) {
    std::vector<LayerChain*> chains = {&m_stem};
    for (std::size_t b = 0; b < path.size(); ++b) {
        chains.push_back(&m_blocks[b][static_cast<std::size_t>(path[b])]);
    }
    chains.push_back(&m_tail);
    return chains;
}

/// Calls work(shard index, shard, batch size) on the executor's threads for every shard that has
/// images.
template <typename ShardWork>
void TorchSupernet::overShards(BatchOrder& order, const std::string& purpose, std::int64_t step,
                               ShardWork work) {
    const auto images = order.at(step);
    const auto augmentations = drawAugmentations(m_dataSpec, images.size(), m_seed, purpose, step);
    const std::size_t each = (images.size() + kShards - 1) / kShards;
    m_executor.forEach(kShards, [&](std::size_t index) {
        const std::size_t first = std::min(index * each, images.size());
        const std::size_t count = std::min(each, images.size() - first);
        if (count == 0) return;
        prepareThread();
        const auto changes = std::span<const Augmentation>(augmentations);
        work(index,
             Shard{images.subspan(first, count),
                   changes.empty() ? changes : changes.subspan(first, count)},
             static_cast<double>(images.size()));
    });
}

ShardResult TorchSupernet::trainShard(const std::vector<LayerChain*>& chains, const Shard& shard,
                                      double batch) {
    const at::AutoGradMode gradients(true);
    at::Tensor x = imageTensor(m_reader, train(), shard.images, shard.augmentations, m_device);
    std::vector<at::Tensor> leaves;
    for (const LayerChain* chain : chains) x = runTracked(*chain, x, true, leaves);
    ShardResult result;
    result.loss = crossEntropy(x, labelsOf(train(), shard.images), 0, batch);
    result.gradients = torch::autograd::grad({x}, leaves, {result.loss.gradient});
    return result;
}

base::Result<StepResult> TorchSupernet::weightStep(std::int64_t step, std::span<const int> path,
                                                   double learningRate) {
    if (const auto fine = check(path); !fine) return fine.error();
    return guarded<StepResult>([&]() -> base::Result<StepResult> {
        const auto chains = chainsOf(path);
        std::array<ShardResult, kShards> shards;
        overShards(m_weightOrder, "weight augmentation", step,
                   [&](std::size_t index, const Shard& shard, double size) {
                       shards[index] = trainShard(chains, shard, size);
                   });
        StepResult result;
        ShardGradients gradients;
        for (auto& shard : shards) {
            result.loss += shard.loss.sum;
            result.accuracy += static_cast<double>(shard.loss.right);
            gradients.push_back(std::move(shard.gradients));
        }
        const auto batch = static_cast<double>(m_weightOrder.at(step).size());
        result.loss /= batch;
        result.accuracy /= batch;
        std::vector<Parameter*> parameters;
        for (LayerChain* chain : chains) chain->addParameters(parameters);
        if (!std::isfinite(result.loss) ||
            !descend(parameters, gradients, m_recipe, learningRate)) {
            return notFinite(step);
        }
        return result;
    });
}

std::vector<Parameter*> TorchSupernet::parametersOf(const ActivePaths& paths) {
    std::vector<Parameter*> parameters;
    m_stem.addParameters(parameters);
    for (std::size_t b = 0; b < paths.size(); ++b) {
        for (const auto& path : paths[b]) {
            if (path.gate == 0) continue;
            m_blocks[b][static_cast<std::size_t>(path.op)].addParameters(parameters);
        }
    }
    m_tail.addParameters(parameters);
    return parameters;
}

/// Runs a chain; its leaves are kept where they are to be trained.
at::Tensor TorchSupernet::runTracked(const LayerChain& chain, const at::Tensor& x, bool trainable,
                                     std::vector<at::Tensor>& leaves) const {
    const auto own = chain.leaves(trainable, m_device);
    if (trainable) LayerChain::addTensors(own, leaves);
    return chain.run(own, x);
}

/// The gated sum of a block's active operators; their own outputs, without gradients, are kept.
at::Tensor TorchSupernet::runBlock(std::size_t block, const std::vector<ActivePath>& active,
                                   const at::Tensor& x, bool trainable,
                                   std::vector<at::Tensor>& outputs,
                                   std::vector<at::Tensor>& leaves) const {
    at::Tensor sum;
    for (const auto& path : active) {
        // What a gate of 0 lets through changes nothing behind it: no gradient flows back there.
        const at::AutoGradMode gradients(path.gate != 0);
        const LayerChain& chain = m_blocks[block][static_cast<std::size_t>(path.op)];
        const at::Tensor y = runTracked(chain, x, trainable && path.gate != 0, leaves);
        outputs.push_back(y.detach());
        if (path.gate == 0) continue;
        const at::Tensor part = path.gate == 1 ? y : y * path.gate;
        sum = sum.defined() ? sum + part : part;
    }
    return sum.defined() ? sum : at::zeros_like(outputs.front());
}

ShardGates TorchSupernet::gateShard(const ActivePaths& paths, const Shard& shard, double batch,
                                    bool trainable) {
    const at::AutoGradMode gradients(true);
    std::vector<at::Tensor> leaves;
    at::Tensor x = imageTensor(m_reader, train(), shard.images, shard.augmentations, m_device);
    x = runTracked(m_stem, x, trainable, leaves);
    std::vector<at::Tensor> wanted;  // the blocks' sums, then the leaves
    std::vector<std::vector<at::Tensor>> outputs(paths.size());
    for (std::size_t block = 0; block < paths.size(); ++block) {
        x = runBlock(block, paths[block], x, trainable, outputs[block], leaves);
        // Nothing before the first block's sum is differentiated: the graph starts there.
        if (!x.requires_grad()) x = x.detach().set_requires_grad(true);
        wanted.push_back(x);
    }
    x = runTracked(m_tail, x, trainable, leaves);
    ShardGates shardGates;
    Loss& loss = shardGates.result.loss;
    loss = crossEntropy(x, labelsOf(train(), shard.images), 0, batch);
    wanted.insert(wanted.end(), leaves.begin(), leaves.end());
    // Where all gates of a block are 0, nothing reaches what is before it.
    auto found = torch::autograd::grad({x}, wanted, {loss.gradient}, {}, false, true);
    const at::NoGradGuard plain;
    for (std::size_t block = 0; block < paths.size(); ++block) {
        auto& byGate = shardGates.byGate.emplace_back();
        for (const auto& output : outputs[block]) {
            byGate.push_back(found[block].defined() ? product(found[block], output) : 0);
        }
    }
    shardGates.result.gradients.assign(found.begin() + static_cast<std::ptrdiff_t>(paths.size()),
                                       found.end());
    return shardGates;
}

base::Result<GateGradients> TorchSupernet::gateStep(BatchOrder& order, const std::string& purpose,
                                                    std::int64_t step, const ActivePaths& paths,
                                                    std::optional<double> learningRate) {
    if (const auto fine = check(paths); !fine) return fine.error();
    return guarded<GateGradients>([&]() -> base::Result<GateGradients> {
        std::array<ShardGates, kShards> shards;
        overShards(order, purpose, step, [&](std::size_t index, const Shard& shard, double size) {
            shards[index] = gateShard(paths, shard, size, learningRate.has_value());
        });
        GateGradients result;
        for (const auto& active : paths) result.gradient.emplace_back(active.size());
        bool finite = true;
        ShardGradients byParameters;
        for (auto& shard : shards) {
            result.loss += shard.result.loss.sum;
            result.accuracy += static_cast<double>(shard.result.loss.right);
            for (std::size_t b = 0; b < shard.byGate.size(); ++b) {
                for (std::size_t k = 0; k < shard.byGate[b].size(); ++k) {
                    result.gradient[b][k] += shard.byGate[b][k];
                    finite = finite && std::isfinite(shard.byGate[b][k]);
                }
            }
            byParameters.push_back(std::move(shard.result.gradients));
        }
        const auto batch = static_cast<double>(order.at(step).size());
        result.loss /= batch;
        result.accuracy /= batch;
        if (!finite || !std::isfinite(result.loss)) return notFinite(step);
        if (learningRate && !descend(parametersOf(paths), byParameters, m_recipe, *learningRate)) {
            return notFinite(step);
        }
        return result;
    });
}

/// The logits of some training images.
at::Tensor TorchSupernet::estimateBatch(const std::vector<LayerChain*>& chains,
                                        std::span<const std::uint32_t> images,
                                        const std::optional<PassPrecision>& precision) const {
    prepareThread();
    const c10::InferenceMode inference;
    at::Tensor x = imageTensor(m_reader, train(), images, {}, m_device);
    std::size_t first = 0;
    for (const LayerChain* chain : chains) {
        const auto leaves = chain->leaves(false, m_device);
        const std::size_t count = chain->layers().size();
        const auto own = precision ? std::optional(precision->part(first, count)) : std::nullopt;
        x = chain->run(leaves, x, nullptr, own ? &*own : nullptr);
        first += count;
    }
    return x;
}

/// The layers' bits with the ranges of their inputs; empty where all is in floating point.
std::vector<LayerPrecision> TorchSupernet::precisionOf(const std::vector<LayerChain*>& chains,
                                                       std::span<const int> layerBits) const {
    std::size_t count = 0;
    for (const LayerChain* chain : chains) count += chain->layers().size();
    TORCH_CHECK(plausible(layerBits, count), "there are no bits for each layer of the path");
    if (!quantizes(layerBits)) return {};
    std::vector<LayerPrecision> layers;
    for (const int bits : layerBits) layers.push_back({bits, 0, 0});
    estimateBatch(chains, m_measured, PassPrecision{layers, 1, false});
    return layers;
}

base::Result<double> TorchSupernet::estimateAccuracy(std::span<const int> path, int images,
                                                     std::span<const int> layerBits) {
    const std::size_t count =
        std::min(static_cast<std::size_t>(std::max(images, 0)), m_validation.size());
    if (count == 0) return 0.0;
    if (auto sound = check(path); !sound) return sound.error();
    return guarded<double>([&] {
        const auto chains = chainsOf(path);
        auto layers = precisionOf(chains, layerBits);
        const auto precision =
            layers.empty() ? std::nullopt : std::optional(PassPrecision{layers, 0, true});
        const std::size_t batches = (count + kEstimateBatch - 1) / kEstimateBatch;
        std::vector<std::int64_t> right(batches);
        m_executor.forEach(batches, [&](std::size_t b) {
            const std::size_t first = b * kEstimateBatch;
            const auto part = std::span<const std::uint32_t>(m_validation)
                                  .subspan(first, std::min(kEstimateBatch, count - first));
            right[b] = countRight(estimateBatch(chains, part, precision), labelsOf(train(), part));
        });
        std::int64_t sum = 0;
        for (const auto r : right) sum += r;
        return static_cast<double>(sum) / static_cast<double>(count);
    });
}

std::vector<std::uint8_t> TorchSupernet::save() const {
    std::vector<TensorView> views;
    for (const Parameter* parameter : m_parameters) addViews(*parameter, views);
    return pack(kSupernetArchive, {}, views);
}

base::Result<void> TorchSupernet::restore(std::span<const std::uint8_t> bytes) {
    const auto archive = unpack(kSupernetArchive, bytes);
    if (!archive) return archive.error();
    if (archive->tensors.size() != 2 * m_parameters.size()) {
        return base::Error{kSupernetArchive, "the saved state belongs to another network space",
                           "Resume with the specification that it was saved with"};
    }
    if (const auto fits = takeParameters(*archive, 0, m_parameters, false); !fits) return fits;
    return takeParameters(*archive, 0, m_parameters, true);
}

}  // namespace

base::Result<std::unique_ptr<Supernet>> torch_module::createSupernet(
    const spec::NetworkSpace& space, const spec::DataSetSpec& dataSpec,
    std::shared_ptr<const DataSet> data, DataSplit split, const spec::SearchRecipe& recipe,
    std::uint64_t seed, base::Executor& executor) {
    if (auto error = unusable(space, data.get(), split)) return *error;
    if (auto there = torch_module::checkProcessor(recipe.processor); !there) return there.error();
    return guarded<std::unique_ptr<Supernet>>([&]() -> base::Result<std::unique_ptr<Supernet>> {
        prepareThread();
        return std::unique_ptr<Supernet>(std::make_unique<TorchSupernet>(
            space, dataSpec, std::move(data), std::move(split), recipe, seed, executor));
    });
}

}  // namespace cohelix::learn
