// SPDX-License-Identifier: GPL-3.0-or-later
// One network from scratch.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <utility>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/learn/folding.h"
#include "core/learn/learn.h"
#include "core/learn/precision.h"
#include "core/learn/torch/evaluation.h"
#include "core/learn/torch/layer_chain.h"
#include "core/learn/torch/module.h"
#include "core/learn/torch/pass.h"
#include "core/learn/torch/runtime.h"

namespace cohelix::learn {
namespace {

using model::Dim;

constexpr const char* kTrainerArchive = "trainer";
constexpr double kStatisticsShare = 0.1;  // of a new batch in the running statistics
constexpr std::int64_t kWarmUpPart = 50;  // one in so many steps raises the rate

struct RunningStatistics {
    std::vector<float> mean;
    std::vector<float> variance;
};

/// Adds a batch; the variance as it would be of the whole population.
void update(RunningStatistics& running, const ChannelStatistics& batch) {
    const auto count = static_cast<double>(batch.count);
    const double unbiased = count > 1 ? count / (count - 1) : 1;
    const auto blend = [](float& value, double added) {
        value = static_cast<float>((1 - kStatisticsShare) * static_cast<double>(value) +
                                   kStatisticsShare * added);
    };
    for (std::size_t k = 0; k < running.mean.size(); ++k) {
        blend(running.mean[k], batch.mean[k]);
        blend(running.variance[k], static_cast<double>(batch.variance[k]) * unbiased);
    }
}

bool sameBits(const std::vector<LayerPrecision>& a, const std::vector<LayerPrecision>& b) {
    return std::ranges::equal(a, b, {}, &LayerPrecision::bits, &LayerPrecision::bits);
}

bool atLeastOne(const model::PerAxis& step) { return step.rows >= 1 && step.columns >= 1; }

/// Each layer reads earlier ones only, sizes are plausible, the classifier comes last and once.
bool isSound(const model::Network& network) {
    if (network.layers.empty()) return false;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto& layer = network.layers[i];
        const auto earlier = [i](int index) {
            return index == -1 || (index >= 0 && static_cast<std::size_t>(index) < i);
        };
        bool fine = earlier(layer.input) && earlier(layer.addedTo) && layer.groups >= 1 &&
                    atLeastOne(layer.stride) && atLeastOne(layer.dilation) &&
                    layer.shuffleGroups >= 1;
        for (const std::int64_t size : layer.sizes) fine = fine && size >= 1 && size <= 1 << 20;
        const bool isLast = i + 1 == network.layers.size();
        if (!fine || isLast != (layer.role == model::LayerRole::Classifier) ||
            layer.size(Dim::C) % layer.groups != 0 || layer.size(Dim::K) % layer.groups != 0 ||
            layer.size(Dim::K) % layer.shuffleGroups != 0) {
            return false;
        }
    }
    return network.layers.back().size(Dim::K) == network.classes;
}

std::optional<base::Error> unusable(const model::Network& network, const DataSet* data,
                                    const DataSplit& split, const TrainingOptions& options) {
    if (!data) return base::Error{"data set", "there is no data set", "Load one first"};
    if (!isSound(network)) {
        return base::Error{"network", "its layers do not make a network that can be trained", ""};
    }
    if (!plausible(options.layerBits, network.layers.size())) {
        return base::Error{"precision", "there is no number of 2 to 32 bits for each layer", ""};
    }
    if (data->train.shape != network.input || data->classes != network.classes) {
        return base::Error{data->name, "the images do not fit the network's input and classes",
                           "Train on the data set that the network was made for"};
    }
    if (split.weights.empty() && split.architecture.empty()) {
        return base::Error{data->name, "the split leaves no images for training",
                           "Use a smaller /data_set/validation_fraction"};
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

std::vector<std::uint32_t> trainingImages(const DataSplit& split) {
    std::vector<std::uint32_t> images = split.weights;
    images.insert(images.end(), split.architecture.begin(), split.architecture.end());
    return images;
}

class TorchTrainer final : public Trainer {
public:
    TorchTrainer(const model::Network& network, const spec::DataSetSpec& dataSpec,
                 std::shared_ptr<const DataSet> data, const DataSplit& split,
                 const spec::TrainingRecipe& recipe, std::uint64_t seed,
                 const TrainingOptions& options);

    std::int64_t steps() const override { return m_order.batches() * m_recipe.epochs; }
    std::int64_t stepsDone() const override { return m_done; }
    base::Result<StepResult> step() override;
    double validationAccuracy() override { return accuracy(m_reader.data().train, m_validation); }
    double testAccuracy() override;
    TrainedWeights weights() const override;
    std::vector<std::uint8_t> save() const override;
    base::Result<void> restore(std::span<const std::uint8_t> bytes) override;

private:
    base::Result<StepResult> trainOnce();
    double learningRate() const;
    FoldedLayer folded(std::size_t layer) const;
    double accuracy(const ImageSet& set, std::span<const std::uint32_t> images);
    std::optional<PassPrecision> precision(double measure, bool apply);

    spec::DataSetSpec m_dataSpec;
    spec::TrainingRecipe m_recipe;
    std::uint64_t m_seed;
    at::Device m_device;
    PixelReader m_reader;
    std::vector<std::uint32_t> m_validation;
    BatchOrder m_order;
    LayerChain m_chain;
    std::vector<Parameter*> m_parameters;
    std::vector<RunningStatistics> m_running;  // by layer; empty for the classifier
    std::vector<LayerPrecision> m_precision;   // by layer; empty: floating point
    std::int64_t m_done = 0;
};

TorchTrainer::TorchTrainer(const model::Network& network, const spec::DataSetSpec& dataSpec,
                           std::shared_ptr<const DataSet> data, const DataSplit& split,
                           const spec::TrainingRecipe& recipe, std::uint64_t seed,
                           const TrainingOptions& options)
    : m_dataSpec(dataSpec),
      m_recipe(recipe),
      m_seed(seed),
      m_device(deviceOf(options.processor)),
      m_reader(std::move(data)),
      m_validation(split.validation),
      m_order(trainingImages(split), recipe.batch, seed, "training order"),
      m_chain(network.layers, "", base::Random(seed, "training weights")) {
    m_chain.addParameters(m_parameters);
    for (const auto& module : m_chain.layers()) {
        const auto channels =
            module.normalised() ? static_cast<std::size_t>(module.layer.size(Dim::K)) : 0;
        m_running.push_back({std::vector<float>(channels, 0), std::vector<float>(channels, 1)});
    }
    if (!quantizes(options.layerBits)) return;
    for (const int bits : options.layerBits) m_precision.push_back({bits, 0, 0});
}

/// A linear rise at the start, then half a cosine down to the final rate.
double TorchTrainer::learningRate() const {
    const auto& sgd = m_recipe.weights;
    const std::int64_t rise = steps() / kWarmUpPart;
    if (m_done < rise) {
        return sgd.learningRate * static_cast<double>(m_done + 1) / static_cast<double>(rise + 1);
    }
    const double done = static_cast<double>(m_done - rise) /
                        static_cast<double>(std::max<std::int64_t>(steps() - rise, 1));
    return sgd.finalLearningRate +
           (sgd.learningRate - sgd.finalLearningRate) * (1 + std::cos(std::numbers::pi * done)) / 2;
}

base::Result<StepResult> TorchTrainer::step() {
    if (m_done >= steps()) {
        return base::Error{"training", "all " + std::to_string(steps()) + " steps are done", ""};
    }
    return guarded<StepResult>([this] { return trainOnce(); });
}

/// Nothing in floating point.
std::optional<PassPrecision> TorchTrainer::precision(double measure, bool apply) {
    if (m_precision.empty()) return std::nullopt;
    return PassPrecision{m_precision, measure, apply};
}

base::Result<StepResult> TorchTrainer::trainOnce() {
    prepareThread();
    const at::AutoGradMode gradients(true);
    const ImageSet& set = m_reader.data().train;
    const auto images = m_order.at(m_done);
    const auto batch = static_cast<double>(images.size());
    const auto changes =
        drawAugmentations(m_dataSpec, images.size(), m_seed, "training augmentation", m_done);
    const auto leaves = m_chain.leaves(true, m_device);
    std::vector<at::Tensor> inputs;
    LayerChain::addTensors(leaves, inputs);
    std::vector<ChannelStatistics> statistics;
    const auto pass = precision(kStatisticsShare, 2 * m_done >= steps());
    const at::Tensor logits =
        m_chain.run(leaves, imageTensor(m_reader, set, images, changes, m_device), &statistics,
                    pass ? &*pass : nullptr);
    const Loss loss = crossEntropy(logits, labelsOf(set, images), m_recipe.labelSmoothing, batch);
    const ShardGradients byShard = {torch::autograd::grad({logits}, inputs, {loss.gradient})};
    if (!std::isfinite(loss.sum) ||
        !descend(m_parameters, byShard, m_recipe.weights, learningRate())) {
        return base::Error{"step " + std::to_string(m_done),
                           "the training loss or its gradient is not finite",
                           "Use a smaller /training/weights/learning_rate or gradient clipping"};
    }
    for (std::size_t i = 0; i < statistics.size(); ++i) {
        if (statistics[i].count > 0) update(m_running[i], statistics[i]);
    }
    ++m_done;
    return StepResult{loss.sum / batch, static_cast<double>(loss.right) / batch};
}

FoldedLayer TorchTrainer::folded(std::size_t layer) const {
    const LayerModule& module = m_chain.layers()[layer];
    FoldedLayer result;
    if (module.normalised()) {
        result = fold(module.weight.values(), {module.scale.values(), module.shift.values(),
                                               m_running[layer].mean, m_running[layer].variance});
    } else {
        const auto weight = module.weight.values();
        const auto bias = module.shift.values();
        result = {{weight.begin(), weight.end()}, {bias.begin(), bias.end()}};
    }
    if (m_precision.empty() || !quantizes(m_precision[layer])) return result;
    const at::NoGradGuard plain;
    const at::Tensor exact = at::tensor(result.weight).view(module.weight.value.sizes());
    const at::Tensor rounded = quantizedWeight(exact, m_precision[layer].bits).contiguous();
    std::copy_n(rounded.data_ptr<float>(), result.weight.size(), result.weight.begin());
    return result;
}

double TorchTrainer::accuracy(const ImageSet& set, std::span<const std::uint32_t> images) {
    if (images.empty()) return 0;
    const auto result = guarded<double>([&] {
        std::vector<FoldedLayer> layers;
        for (std::size_t i = 0; i < m_running.size(); ++i) layers.push_back(folded(i));
        return foldedAccuracy(m_chain, layers, m_precision, m_reader, set, images, m_device);
    });
    return result ? *result : std::numeric_limits<double>::quiet_NaN();
}

double TorchTrainer::testAccuracy() {
    return accuracy(m_reader.data().test, allImages(m_reader.data().test));
}

TrainedWeights TorchTrainer::weights() const {
    TrainedWeights result;
    result.mean = m_reader.data().mean;
    result.deviation = m_reader.data().deviation;
    result.precision = m_precision;
    for (std::size_t i = 0; i < m_running.size(); ++i) {
        const LayerModule& module = m_chain.layers()[i];
        FoldedLayer layer = folded(i);
        result.tensors.push_back({module.layer.name + ".weight", module.weight.value.sizes().vec(),
                                  std::move(layer.weight)});
        result.tensors.push_back(
            {module.layer.name + ".bias", module.shift.value.sizes().vec(), std::move(layer.bias)});
    }
    return result;
}

std::vector<std::uint8_t> TorchTrainer::save() const {
    std::vector<TensorView> views;
    for (const Parameter* parameter : m_parameters) addViews(*parameter, views);
    for (const auto& running : m_running) {
        const auto channels = static_cast<std::int64_t>(running.mean.size());
        views.push_back({"mean", {channels}, running.mean});
        views.push_back({"variance", {channels}, running.variance});
    }
    const auto precision = toTensor(m_precision);
    if (!m_precision.empty()) views.push_back({precision.name, precision.shape, precision.values});
    const std::vector<std::int64_t> numbers = {m_done, steps()};
    return pack(kTrainerArchive, numbers, views);
}

base::Result<void> TorchTrainer::restore(std::span<const std::uint8_t> bytes) {
    const auto archive = unpack(kTrainerArchive, bytes);
    if (!archive) return archive.error();
    const std::size_t first = 2 * m_parameters.size();
    const base::Error foreign = {kTrainerArchive, "the saved state belongs to another training",
                                 "Resume with the specification that it was saved with"};
    const auto& tensors = archive->tensors;
    const std::size_t statistics = first + 2 * m_running.size();
    const std::size_t quantized = m_precision.empty() ? 0 : 1;
    if (tensors.size() != statistics + quantized || archive->numbers.size() != 2 ||
        archive->numbers[1] != steps() || archive->numbers[0] < 0 ||
        archive->numbers[0] > steps()) {
        return foreign;
    }
    for (std::size_t i = 0; i < m_running.size(); ++i) {
        for (const std::size_t at : {first + 2 * i, first + 2 * i + 1}) {
            if (tensors[at].values.size() != m_running[i].mean.size()) return foreign;
        }
    }
    if (const auto fits = takeParameters(*archive, 0, m_parameters, false); !fits) return fits;
    if (quantized > 0) {
        auto precision = precisionFrom(tensors[statistics]);
        if (!precision || !sameBits(*precision, m_precision)) return foreign;
        m_precision = std::move(*precision);
    }
    for (std::size_t i = 0; i < m_running.size(); ++i) {
        m_running[i] = {tensors[first + 2 * i].values, tensors[first + 2 * i + 1].values};
    }
    m_done = archive->numbers[0];
    return takeParameters(*archive, 0, m_parameters, true);
}

}  // namespace

base::Result<std::unique_ptr<Trainer>> torch_module::createTrainer(
    const model::Network& network, const spec::DataSetSpec& dataSpec,
    std::shared_ptr<const DataSet> data, const DataSplit& split, const spec::TrainingRecipe& recipe,
    std::uint64_t seed, const TrainingOptions& options) {
    if (auto error = unusable(network, data.get(), split, options)) return *error;
    if (auto there = torch_module::checkProcessor(options.processor); !there) return there.error();
    return guarded<std::unique_ptr<Trainer>>([&]() -> base::Result<std::unique_ptr<Trainer>> {
        prepareThread();
        return std::unique_ptr<Trainer>(std::make_unique<TorchTrainer>(
            network, dataSpec, std::move(data), split, recipe, seed, options));
    });
}

}  // namespace cohelix::learn
