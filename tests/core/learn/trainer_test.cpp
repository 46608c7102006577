// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "core/learn/learn.h"

#include "tests/core/learn/made_data.h"
#include "tests/support/training.h"

namespace cohelix::learn {
namespace {

using model::Dim;

spec::NetworkSpace smallSpace() {
    spec::NetworkSpace space;
    space.input = {3, 12, 12};
    space.classes = 10;
    space.stemChannels = 8;
    space.stages = {{8, 2, 1}, {12, 2, 2}};
    for (const char* op : {"k3_e2", "k5_e2_g2", "skip"}) {
        space.operators.push_back(*spec::parseOperator(op));
    }
    space.headChannels = 24;
    return space;
}

model::Network smallNetwork() { return spec::buildNetwork(smallSpace(), std::vector{0, 1, 2, 0}); }

std::shared_ptr<const DataSet> data() {
    static const auto made = test::stripesData({3, 12, 12}, 10, 2000, 300);
    return made;
}

spec::TrainingRecipe smallRecipe() {
    spec::TrainingRecipe recipe;
    recipe.epochs = 3;
    recipe.batch = 32;
    recipe.weights.learningRate = 0.1;
    recipe.labelSmoothing = 0.05;
    return recipe;
}

base::Result<std::unique_ptr<Trainer>> make(const model::Network& network, std::uint64_t seed = 5,
                                            const spec::TrainingRecipe& recipe = smallRecipe(),
                                            const TrainingOptions& options = {}) {
    spec::DataSetSpec spec;
    spec.cropPadding = 1;
    return Trainer::create(network, spec, data(), splitTraining(*data(), 0.2, 0.5, 3), recipe, seed,
                           options);
}

std::unique_ptr<Trainer> made(std::uint64_t seed = 5, const TrainingOptions& options = {}) {
    auto trainer = make(smallNetwork(), seed, smallRecipe(), options);
    EXPECT_TRUE(trainer.ok()) << base::toText(trainer.error());
    return trainer.ok() ? std::move(*trainer) : nullptr;
}

void train(Trainer& trainer, std::int64_t steps) {
    for (std::int64_t i = 0; i < steps; ++i) {
        const auto result = trainer.step();
        ASSERT_TRUE(result.ok()) << base::toText(result.error());
    }
}

/// A map of the reference network, channel by channel.
struct Map {
    std::int64_t channels = 0, height = 0, width = 0;
    std::vector<double> values;
    double at(std::int64_t c, std::int64_t y, std::int64_t x) const {
        if (y < 0 || y >= height || x < 0 || x >= width) return 0;
        return values[static_cast<std::size_t>((c * height + y) * width + x)];
    }
};

/// Convolution with bias as its definition says.
Map convolved(const model::Layer& layer, const Map& in, const NamedTensor& weight,
              const NamedTensor& bias) {
    const auto kernelRows = layer.size(Dim::R), kernelColumns = layer.size(Dim::S);
    const auto inEach = layer.size(Dim::C) / layer.groups;
    const auto outEach = layer.size(Dim::K) / layer.groups;
    Map out{layer.size(Dim::K), layer.size(Dim::P), layer.size(Dim::Q), {}};
    for (std::int64_t k = 0; k < out.channels; ++k) {
        for (std::int64_t p = 0; p < out.height; ++p) {
            for (std::int64_t q = 0; q < out.width; ++q) {
                double sum = bias.values[static_cast<std::size_t>(k)];
                for (std::int64_t c = 0; c < inEach; ++c) {
                    for (std::int64_t r = 0; r < kernelRows; ++r) {
                        for (std::int64_t s = 0; s < kernelColumns; ++s) {
                            const auto w = ((k * inEach + c) * kernelRows + r) * kernelColumns + s;
                            sum += double(weight.values[static_cast<std::size_t>(w)]) *
                                   in.at(k / outEach * inEach + c,
                                         p * layer.stride.rows + r - kernelRows / 2,
                                         q * layer.stride.columns + s - kernelColumns / 2);
                        }
                    }
                }
                out.values.push_back(sum);
            }
        }
    }
    return out;
}

Map pooled(const Map& in) {
    Map out{in.channels, 1, 1, {}};
    for (std::int64_t c = 0; c < in.channels; ++c) {
        double sum = 0;
        for (std::int64_t i = 0; i < in.height * in.width; ++i) {
            sum += in.at(c, i / in.width, i % in.width);
        }
        out.values.push_back(sum / double(in.height * in.width));
    }
    return out;
}

/// The nearest of the steps that a layer's input has.
Map onSteps(Map in, const LayerPrecision& precision) {
    if (precision.bits >= kFloatingBits) return in;
    const bool positive = precision.least >= 0;
    const double beside = std::ldexp(1, precision.bits - 1) - 1;
    const double above = positive ? 2 * beside + 1 : beside;
    const double step = double(std::max(precision.most, -precision.least)) / above;
    for (double& value : in.values) {
        value = std::clamp(std::nearbyint(value / step), positive ? 0 : -beside, above) * step;
    }
    return in;
}

Map shuffled(const Map& in, std::int64_t groups) {
    Map out = in;
    const std::int64_t plane = in.height * in.width;
    const std::int64_t each = in.channels / groups;
    for (std::int64_t c = 0; c < in.channels; ++c) {
        const std::int64_t to = c % each * groups + c / each;
        std::copy_n(in.values.begin() + c * plane, plane, out.values.begin() + to * plane);
    }
    return out;
}

/// The class that a network with these weights gives an image, in plain loops.
int classOf(const model::Network& network, const TrainedWeights& weights, const ImageSet& set,
            std::size_t image) {
    std::map<std::string, const NamedTensor*> tensors;
    for (const auto& tensor : weights.tensors) tensors[tensor.name] = &tensor;
    Map input{set.shape.channels, set.shape.height, set.shape.width, {}};
    const std::size_t plane = static_cast<std::size_t>(set.shape.height * set.shape.width);
    for (std::size_t i = 0; i < plane * static_cast<std::size_t>(set.shape.channels); ++i) {
        const double pixel =
            set.pixels[image * plane * static_cast<std::size_t>(set.shape.channels) + i];
        input.values.push_back((pixel / 255 - double(weights.mean[i / plane])) /
                               double(weights.deviation[i / plane]));
    }
    std::vector<Map> outputs;
    for (const auto& layer : network.layers) {
        Map in = layer.input < 0 ? input : outputs[static_cast<std::size_t>(layer.input)];
        if (layer.role == model::LayerRole::Classifier) in = pooled(in);
        if (!weights.precision.empty()) in = onSteps(in, weights.precision[outputs.size()]);
        Map out = convolved(layer, in, *tensors.at(layer.name + ".weight"),
                            *tensors.at(layer.name + ".bias"));
        for (std::size_t i = 0; i < out.values.size(); ++i) {
            if (layer.addedTo >= 0) {
                out.values[i] += outputs[static_cast<std::size_t>(layer.addedTo)].values[i];
            }
            if (layer.relu) out.values[i] = std::max(0.0, out.values[i]);
        }
        outputs.push_back(layer.shuffleGroups > 1 ? shuffled(out, layer.shuffleGroups) : out);
    }
    const auto& logits = outputs.back().values;
    return static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

TEST(Trainer, WithoutLibTorchSaysThatItCannotTrain) {
    if (cohelix::test::kBuiltToTrain) GTEST_SKIP() << "this build has LibTorch " << torchVersion();
    const auto trainer = make(smallNetwork());
    ASSERT_FALSE(trainer.ok());
    EXPECT_NE(trainer.error().what.find("cannot train"), std::string::npos);
}

TEST(Trainer, LearnsMuchMoreThanChance) {
    COHELIX_NEEDS_TRAINING();
    const auto trainer = made();
    EXPECT_EQ(trainer->steps(), 3 * (1600 / 32));
    EXPECT_LT(trainer->testAccuracy(), 0.35);
    train(*trainer, trainer->steps());
    EXPECT_EQ(trainer->stepsDone(), trainer->steps());
    EXPECT_GT(trainer->validationAccuracy(), 0.8);
    EXPECT_GT(trainer->testAccuracy(), 0.8);
    EXPECT_FALSE(trainer->step().ok()) << "there is nothing left to do";
}

double accuracyInPlainLoops(const TrainedWeights& weights) {
    std::size_t right = 0;
    const ImageSet& set = data()->test;
    for (std::size_t i = 0; i < set.size(); ++i) {
        right += classOf(smallNetwork(), weights, set, i) == set.labels[i];
    }
    return double(right) / double(set.size());
}

TEST(Trainer, GivesWeightsThatDecideInPlainLoopsAsTheTrainerDoes) {
    COHELIX_NEEDS_TRAINING();
    const auto trainer = made();
    train(*trainer, 25);  // few enough that images near the border exist
    const double accuracy = accuracyInPlainLoops(trainer->weights());
    EXPECT_GT(accuracy, 0.15);
    EXPECT_LT(accuracy, 0.999) << "an accuracy of 1 would compare nothing";
    EXPECT_NEAR(trainer->testAccuracy(), accuracy, 1.01 / double(data()->test.size()));
}

std::vector<int> bitsEverywhere(int bits) {
    return std::vector<int>(smallNetwork().layers.size(), bits);
}

TEST(Trainer, QuantizedGivesWeightsAndRangesThatDecideInPlainLoopsAsItDoes) {
    COHELIX_NEEDS_TRAINING();
    auto bits = bitsEverywhere(4);
    bits.front() = 8;
    bits.back() = 16;
    const auto trainer = made(5, {bits, spec::Processor::Cpu});
    train(*trainer, 100);  // the rounding begins at 75
    const auto weights = trainer->weights();
    ASSERT_EQ(weights.precision.size(), bits.size());
    for (std::size_t i = 0; i < bits.size(); ++i) EXPECT_EQ(weights.precision[i].bits, bits[i]);
    EXPECT_LT(weights.precision.front().least, 0) << "normalised images";
    EXPECT_EQ(weights.precision[2].least, 0) << "behind a ReLU";
    EXPECT_GT(weights.precision[2].most, 0);
    const double accuracy = accuracyInPlainLoops(weights);
    EXPECT_GT(accuracy, 0.3) << "of ten classes";
    // Sums in another order fall on the other side of a step now and then.
    EXPECT_NEAR(trainer->testAccuracy(), accuracy, 0.02);
}

TEST(Trainer, QuantizedWeightsOfAChannelHaveAsManyValuesAsTheirBitsAllow) {
    COHELIX_NEEDS_TRAINING();
    const auto trainer = made(5, {bitsEverywhere(3), spec::Processor::Cpu});
    train(*trainer, 10);
    const auto weights = trainer->weights();
    for (std::size_t t = 0; t < weights.tensors.size(); t += 2) {
        const auto& tensor = weights.tensors[t];
        const auto each = tensor.values.size() / static_cast<std::size_t>(tensor.shape[0]);
        for (std::size_t first = 0; first < tensor.values.size(); first += each) {
            const std::set<float> values(
                tensor.values.begin() + static_cast<std::ptrdiff_t>(first),
                tensor.values.begin() + static_cast<std::ptrdiff_t>(first + each));
            EXPECT_LE(values.size(), 7U) << tensor.name;
        }
    }
}

TEST(Trainer, SixteenBitsAreTheSameBitsAsFloatingPoint) {
    COHELIX_NEEDS_TRAINING();
    const auto floating = made();
    const auto fixed = made(5, {bitsEverywhere(16), spec::Processor::Cpu});
    train(*floating, 90);
    train(*fixed, 90);
    EXPECT_EQ(fixed->save(), floating->save());
    EXPECT_EQ(toBytes(fixed->weights()), toBytes(floating->weights()));
    EXPECT_EQ(fixed->testAccuracy(), floating->testAccuracy());
}

TEST(Trainer, NesterovChangesStepsWhereThereIsMomentumAlone) {
    COHELIX_NEEDS_TRAINING();
    const auto tensors = [](double momentum, bool nesterov) {
        auto recipe = smallRecipe();
        recipe.weights.momentum = momentum;
        recipe.weights.nesterov = nesterov;
        auto trainer = make(smallNetwork(), 5, recipe);
        EXPECT_TRUE(trainer.ok()) << base::toText(trainer.error());
        train(**trainer, 10);
        std::vector<std::vector<float>> values;
        for (const auto& tensor : (*trainer)->weights().tensors) values.push_back(tensor.values);
        return values;
    };
    EXPECT_EQ(tensors(0, true), tensors(0, false));
    EXPECT_NE(tensors(0.9, true), tensors(0.9, false));
}

TEST(Trainer, QuantizedAndRestoredGoesOnAsIfNeverStopped) {
    COHELIX_NEEDS_TRAINING();
    const TrainingOptions options = {bitsEverywhere(4), spec::Processor::Cpu};
    const auto whole = made(5, options);
    train(*whole, 90);
    const auto first = made(5, options);
    train(*first, 70);
    const auto second = made(5, options);
    ASSERT_TRUE(second->restore(first->save()).ok());
    train(*second, 20);
    EXPECT_EQ(second->save(), whole->save());
    EXPECT_EQ(toBytes(second->weights()), toBytes(whole->weights()));
    EXPECT_FALSE(made()->restore(first->save()).ok()) << "a training in floating point";
    EXPECT_FALSE(made(5, {bitsEverywhere(5), spec::Processor::Cpu})->restore(first->save()).ok());
}

TEST(Trainer, RefusesBitsThatAreNotThoseOfItsLayers) {
    COHELIX_NEEDS_TRAINING();
    for (const auto& bits : {std::vector{8, 8}, bitsEverywhere(1), bitsEverywhere(33)}) {
        const auto trainer = make(smallNetwork(), 5, smallRecipe(), {bits, spec::Processor::Cpu});
        ASSERT_FALSE(trainer.ok());
        EXPECT_EQ(trainer.error().where, "precision");
    }
}

TEST(Trainer, NamesEachLayersWeights) {
    COHELIX_NEEDS_TRAINING();
    const auto weights = made()->weights();
    const auto network = smallNetwork();
    ASSERT_EQ(weights.tensors.size(), 2 * network.layers.size());
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto& layer = network.layers[i];
        const auto& weight = weights.tensors[2 * i];
        EXPECT_EQ(weight.name, layer.name + ".weight");
        EXPECT_EQ(weights.tensors[2 * i + 1].name, layer.name + ".bias");
        const auto k = layer.size(Dim::K), c = layer.size(Dim::C) / layer.groups;
        const bool linear = layer.role == model::LayerRole::Classifier;
        EXPECT_EQ(weight.shape, linear
                                    ? std::vector({k, c})
                                    : std::vector({k, c, layer.size(Dim::R), layer.size(Dim::S)}));
        EXPECT_EQ(weights.tensors[2 * i + 1].shape, std::vector({k}));
    }
    EXPECT_EQ(weights.mean, data()->mean);
}

TEST(Trainer, RestoredGoesOnAsIfNeverStopped) {
    COHELIX_NEEDS_TRAINING();
    const auto whole = made();
    train(*whole, 60);
    const auto first = made();
    train(*first, 37);
    const auto second = made();
    ASSERT_TRUE(second->restore(first->save()).ok());
    EXPECT_EQ(second->stepsDone(), 37);
    train(*second, 23);
    EXPECT_EQ(second->save(), whole->save());
    EXPECT_EQ(toBytes(second->weights()), toBytes(whole->weights()));
    EXPECT_EQ(second->validationAccuracy(), whole->validationAccuracy());
}

TEST(Trainer, TwoAtOnceGiveTheSameBitsAsOneAfterTheOther) {
    COHELIX_NEEDS_TRAINING();
    std::vector<std::vector<std::uint8_t>> alone;
    for (const std::uint64_t seed : {1, 2}) {
        const auto trainer = made(seed);
        train(*trainer, 30);
        alone.push_back(trainer->save());
    }
    EXPECT_NE(alone[0], alone[1]);
    std::vector<std::vector<std::uint8_t>> together(2);
    std::vector<std::thread> threads;
    for (const std::size_t i : {0, 1}) {
        threads.emplace_back([&together, i] {
            const auto trainer = made(i + 1);
            train(*trainer, 30);
            together[i] = trainer->save();
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(together, alone);
}

TEST(Trainer, RefusesForeignOrDamagedState) {
    COHELIX_NEEDS_TRAINING();
    const auto trainer = made();
    train(*trainer, 3);
    const auto before = trainer->save();
    auto damaged = before;
    damaged[damaged.size() / 3] ^= 4;
    EXPECT_FALSE(trainer->restore(damaged).ok());
    EXPECT_FALSE(trainer->restore(std::span(before).first(100)).ok());
    EXPECT_FALSE(trainer->restore(toBytes(trainer->weights())).ok());
    const auto other = make(spec::buildNetwork(smallSpace(), std::vector{1, 1, 2, 0}));
    ASSERT_TRUE(other.ok());
    EXPECT_FALSE(trainer->restore((*other)->save()).ok());
    EXPECT_EQ(trainer->save(), before);
}

TEST(Trainer, NamesTheStepWhoseLossIsNotFiniteAndKeepsItsState) {
    COHELIX_NEEDS_TRAINING();
    auto recipe = smallRecipe();
    recipe.weights.learningRate = 1e30;
    recipe.weights.clipNorm = 0;
    const auto trainer = make(smallNetwork(), 1, recipe);
    ASSERT_TRUE(trainer.ok());
    for (int i = 0; i < 20; ++i) {
        const auto before = (*trainer)->save();
        const auto result = (*trainer)->step();
        if (result.ok()) continue;
        EXPECT_NE(result.error().where.find("step " + std::to_string(i)), std::string::npos);
        EXPECT_EQ((*trainer)->save(), before);
        return;
    }
    FAIL() << "a rate of 1e30 must end in a loss that is not finite";
}

TEST(Trainer, RefusesNetworksThatAreNotSound) {
    COHELIX_NEEDS_TRAINING();
    auto network = smallNetwork();
    network.layers[2].input = 9;
    EXPECT_FALSE(make(network).ok()) << "reads a later layer";
    network = smallNetwork();
    network.layers.pop_back();
    EXPECT_FALSE(make(network).ok()) << "has no classifier";
    network = smallNetwork();
    network.classes = 11;
    EXPECT_FALSE(make(network).ok());
    EXPECT_FALSE(make({}).ok());
    network = smallNetwork();
    network.layers[3].size(Dim::C) = 4;
    const auto narrow = make(network);
    ASSERT_TRUE(narrow.ok());
    const auto result = (*narrow)->step();
    ASSERT_FALSE(result.ok()) << "channels do not match";
    EXPECT_NE(result.error().what.find("LibTorch failed"), std::string::npos);
}

TEST(Trainer, LearnsFashionMnist) {
    COHELIX_NEEDS_TRAINING();
    if (!std::filesystem::exists("/usr/share/datasets/fashion-mnist")) {
        GTEST_SKIP() << "NOT TESTED: the package dataset-fashion-mnist is not installed";
    }
    auto space = smallSpace();
    space.input = {1, 28, 28};
    space.stemStride = 2;
    const auto fashion = loadDataSet({}, space);
    ASSERT_TRUE(fashion.ok()) << base::toText(fashion.error());
    DataSplit split = splitTraining(**fashion, 0.1, 0.5, 1);
    split.weights.resize(6000);
    split.architecture.clear();
    split.validation.resize(1000);
    auto recipe = smallRecipe();
    recipe.epochs = 1;
    const auto trainer = Trainer::create(spec::buildNetwork(space, std::vector{0, 0, 0, 0}), {},
                                         *fashion, split, recipe, 1);
    ASSERT_TRUE(trainer.ok()) << base::toText(trainer.error());
    train(**trainer, (*trainer)->steps());
    EXPECT_GT((*trainer)->validationAccuracy(), 0.55) << "of 6,000 images seen once";
}

}  // namespace
}  // namespace cohelix::learn
