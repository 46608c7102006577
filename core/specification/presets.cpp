// SPDX-License-Identifier: GPL-3.0-or-later
// The shipped specifications. projects/*.json are these, written out; a test holds them together.
#include <array>
#include <functional>

#include "core/base/same_name.h"
#include "core/specification/accelerator_presets.h"
#include "core/specification/specification.h"

namespace cohelix::spec {
namespace {

using model::ChunkRole;

std::vector<Operator> operatorsOf(const std::vector<const char*>& names) {
    std::vector<Operator> operators;
    for (const char* name : names) operators.push_back(*parseOperator(name));
    return operators;
}

std::vector<Operator> authorsOperators() {
    return operatorsOf(
        {"k3_e1", "k3_e1_g2", "k3_e3", "k3_e6", "k5_e1", "k5_e1_g2", "k5_e3", "k5_e6", "skip"});
}

/// 22 searchable blocks (method.md 2.2).
NetworkSpace authorsNetwork(int pixels, int classes, int stemStride, int secondStride, int head) {
    NetworkSpace space;
    space.input = {3, pixels, pixels};
    space.classes = classes;
    space.stemStride = stemStride;
    space.stages = {{16, 1, 1},  {24, 4, secondStride}, {32, 4, 2}, {64, 4, 2},
                    {112, 4, 1}, {184, 4, 2},           {352, 1, 1}};
    space.operators = authorsOperators();
    space.headChannels = head;
    return space;
}

/// What differs from the recipe that a preset follows, for its description.
constexpr const char* kCifarDifferences =
    "Auto-NBA's recipe, full budget. Differences: a tenth of the training images is held out to "
    "choose designs, several windows are searched in turn instead of one, and the training from "
    "scratch begins with a rise of its learning rate";

/// Auto-NBA's recipe for CIFAR (method.md 2.3 and 2.7).
Specification cifar(DataSetKind kind, int classes) {
    Specification spec;
    spec.seed = 12345;
    spec.dataSet = {kind, "", 0.1, 4, true};
    spec.network = authorsNetwork(32, classes, 1, 1, 1504);
    spec.accelerator = *acceleratorPreset("r2");
    spec.device = *model::findDevice("ZC706");
    spec.limits.dsp = 900;
    spec.limits.bram18k = 700;
    spec.objective = {
        Metric::Fps, {{50, 100}, {100, 150}, {150, 200}, {200, 300}, {300, 400}}, 0.2};
    spec.search.batch = 64;
    spec.search.warmupEpochs = 30;
    spec.search.epochs = 90;
    spec.search.weightShare = 0.5;
    spec.search.weights = {0.025, 0.001, 0.9, 5e-4, 5};
    spec.search.alphaLearningRate = 3e-4;
    // The authors count their 5 * 0.975^epoch from the first epoch of the warm-up, we from its end.
    spec.search.temperature = 2.34;
    spec.search.temperatureDecay = 0.975;
    spec.search.acceleratorRefreshSteps = 100;
    spec.search.acceleratorIterations = 2000;
    spec.search.finalAcceleratorIterations = 100000;
    spec.search.estimateImages = 5000;
    spec.training = {5, 600, 96, {0.01, 0.001, 0.9, 5e-4, 5}, 0};
    return spec;
}

Specification dnaCifar10() {
    auto spec = cifar(DataSetKind::Cifar10, 10);
    spec.name = "DNA, CIFAR-10 on a ZC706";
    spec.description =
        std::string("22 blocks of 9 operators on the 10-chunk FPGA space. ") + kCifarDifferences;
    return spec;
}

Specification dnaCifar100() {
    auto spec = cifar(DataSetKind::Cifar100, 100);
    spec.name = "DNA, CIFAR-100 on a ZC706";
    spec.description =
        std::string("22 blocks of 9 operators on the 10-chunk FPGA space. ") + kCifarDifferences;
    return spec;
}

Specification dnaImageNet() {
    Specification spec;
    spec.name = "DNA, ImageNet on a ZC706";
    spec.description =
        "22 blocks of 9 operators on the 10-chunk FPGA space. Auto-NBA's recipe, full budget. "
        "Differences: the search sees all classes of the folder instead of 100 of them, a fiftieth "
        "of the training images is held out to choose designs, five FPS windows are searched in "
        "turn instead of one, no h-swish and no squeeze-and-excitation in the training from "
        "scratch, which begins with a rise of its learning rate, and crops of fixed scale";
    spec.seed = 12345;
    spec.dataSet = {DataSetKind::ImageFolder, "", 0.02, 28, true};
    spec.network = authorsNetwork(224, 1000, 2, 2, 1984);
    spec.accelerator = *acceleratorPreset("r2-imagenet");
    spec.device = *model::findDevice("ZC706");
    spec.limits.dsp = 900;
    spec.limits.bram18k = 700;
    spec.objective = {Metric::Fps, {{20, 30}, {30, 40}, {40, 50}, {50, 80}, {80, 120}}, 0.2};
    spec.search.batch = 192;
    spec.search.warmupEpochs = 45;
    spec.search.epochs = 75;
    spec.search.weightShare = 0.8;
    spec.search.weights = {0.1, 0, 0.9, 5e-4, 5};
    spec.search.alphaLearningRate = 3e-4;
    spec.search.temperatureDecay = 0.956;
    spec.search.acceleratorRefreshSteps = 20;
    spec.search.acceleratorIterations = 10000;
    spec.search.finalAcceleratorIterations = 100000;
    spec.search.estimateImages = 5000;
    spec.training = {5, 180, 512, {0.2, 0, 0.9, 4e-5, 5}, 0};
    return spec;
}

Specification dnaCifar10Asic() {
    using model::Dim;
    auto spec = cifar(DataSetKind::Cifar10, 10);
    spec.name = "DNA, CIFAR-10 on an ASIC";
    spec.description =
        "22 blocks of 9 operators on the loop-nest space: 129 PEs, 108 KiB, 512 B each. " +
        std::string(kCifarDifferences);
    spec.device = *model::findDevice("ASIC-28nm");
    spec.limits = {};
    hardware::AcceleratorSpace space;
    space.kind = model::Template::LoopNest;
    space.clockMhz = 200;
    space.technology = "authors-28nm";
    space.arrays = {{"standard",
                     ChunkRole::Standard,
                     {{{Dim::S, Dim::R, Dim::C, Dim::K}, 2},
                      {{Dim::S, Dim::Q, Dim::C, Dim::K}, 2},
                      {{Dim::R, Dim::Q, Dim::C, Dim::K}, 2},
                      {{Dim::P, Dim::Q, Dim::K}, 1}},
                     10,
                     true},
                    {"depthwise",
                     ChunkRole::Depthwise,
                     {{{Dim::S, Dim::R, Dim::K}, 2},
                      {{Dim::S, Dim::Q, Dim::K}, 2},
                      {{Dim::R, Dim::Q, Dim::K}, 2},
                      {{Dim::P, Dim::Q, Dim::K}, 1}},
                     10,
                     true}};
    spec.accelerator = space;
    spec.objective = {Metric::Edp, {{0, 100}, {100, 300}, {300, 1000}, {1000, 3000}}, 0.2};
    spec.search.layerMapping = LayerMapping::Proven;
    return spec;
}

/// The example: real images, small enough for two cores.
Specification fashionMnist() {
    Specification spec;
    spec.name = "Fashion-MNIST on a ZC706";
    spec.description =
        "The example: six blocks of 7 operators on four chunks, minutes on two cores";
    spec.dataSet = {DataSetKind::FashionMnist, "", 0.1, 0, true};
    spec.network.input = {1, 28, 28};
    spec.network.classes = 10;
    spec.network.stemChannels = 16;
    spec.network.stemStride = 2;
    spec.network.stages = {{24, 2, 1}, {40, 2, 2}, {64, 2, 2}};
    spec.network.operators =
        operatorsOf({"k3_e1", "k3_e3", "k3_e6", "k5_e1", "k5_e3", "k5_e6", "skip"});
    spec.accelerator = *acceleratorPreset("r1-28");
    spec.device = *model::findDevice("ZC706");
    spec.limits.dsp = 900;
    spec.limits.bram18k = 700;
    spec.objective = {
        Metric::Fps,
        {{1500, 2500}, {2500, 4000}, {4000, 6000}, {6000, 9000}, {9000, 14000}, {14000, 30000}},
        0.2};
    spec.search.batch = 64;
    spec.search.stepsPerEpoch = 280;
    spec.search.warmupEpochs = 6;
    spec.search.epochs = 10;
    spec.search.weights = {0.1, 0.005, 0.9, 1e-4, 5};
    spec.search.alphaLearningRate = 0.03;
    spec.search.temperature = 5;
    spec.search.temperatureDecay = 0.75;
    spec.search.acceleratorRefreshSteps = 20;
    spec.search.acceleratorIterations = 500;
    spec.search.finalAcceleratorIterations = 5000;
    spec.search.estimateImages = 1000;
    spec.training = {8, 4, 64, {0.1, 0, 0.9, 1e-4, 5}, 0};
    return spec;
}

/// Small enough that every network can be trained: the front that a search ought to find is known.
Specification fashionMnistTable() {
    auto spec = fashionMnist();
    spec.name = "Fashion-MNIST, 1,024 networks";
    spec.description =
        "Five blocks of 4 operators, trained for an epoch of 12,000 images. Every "
        "network can be trained in an hour or two, and searches be held against "
        "the true front: cohelix-cli tabulate, benchmark trained";
    spec.dataSet.validationFraction = 0.8;
    spec.network.stemChannels = 8;
    spec.network.stages = {{16, 2, 1}, {24, 2, 2}, {40, 1, 2}};
    spec.network.operators = operatorsOf({"k3_e1", "k3_e3", "k5_e6", "skip"});
    spec.objective.targets = {{9000, 10300},  {10300, 11700}, {11700, 13300}, {13300, 15200},
                              {15200, 17300}, {17300, 19700}, {19700, 22400}, {22400, 25500},
                              {25500, 29000}, {29000, 33000}};
    spec.search.stepsPerEpoch = 0;
    spec.search.warmupEpochs = 20;
    spec.search.epochs = 20;
    spec.search.temperatureDecay = 0.9;
    spec.search.estimateImages = 2000;
    spec.training.designs = 32;
    spec.training.epochs = 1;
    return spec;
}

struct Shipped {
    const char* name;
    Specification (*make)();
};
constexpr std::array kPresets = {
    Shipped{"fashion-mnist-zc706", fashionMnist}, Shipped{"fashion-mnist-table", fashionMnistTable},
    Shipped{"dna-cifar10-zc706", dnaCifar10},     Shipped{"dna-cifar100-zc706", dnaCifar100},
    Shipped{"dna-imagenet-zc706", dnaImageNet},   Shipped{"dna-cifar10-asic", dnaCifar10Asic}};

}  // namespace

std::vector<Preset> presets() {
    std::vector<Preset> list;
    for (const auto& entry : kPresets) {
        const std::string description = entry.make().description;
        list.push_back({entry.name, description.substr(0, description.find(". "))});
    }
    return list;
}

base::Result<Specification> preset(const std::string& name) {
    std::string known;
    for (const auto& entry : kPresets) {
        if (base::sameName(name, entry.name)) return entry.make();
        known += (known.empty() ? "" : ", ") + std::string(entry.name);
    }
    return base::Error{name, "there is no such preset", "Use one of " + known};
}

}  // namespace cohelix::spec
