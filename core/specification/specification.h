// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The specification: everything that a search depends on, as one JSON document.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/hardware/accelerator_space.h"
#include "core/model/design.h"
#include "core/model/device.h"
#include "core/specification/limits.h"
#include "core/specification/network_space.h"

namespace cohelix::spec {

inline constexpr int kSpecificationVersion = 1;

enum class DataSetKind : std::uint8_t { FashionMnist, Mnist, Cifar10, Cifar100, ImageFolder };
constexpr std::string_view word(DataSetKind kind) {
    switch (kind) {
        case DataSetKind::FashionMnist: return "fashion-mnist";
        case DataSetKind::Mnist: return "mnist";
        case DataSetKind::Cifar10: return "cifar10";
        case DataSetKind::Cifar100: return "cifar100";
        case DataSetKind::ImageFolder: return "image-folder";
    }
    return {};
}

struct DataSetSpec {
    DataSetKind kind = DataSetKind::FashionMnist;
    std::string path;                 ///< folder; empty: the usual places
    double validationFraction = 0.1;  ///< of the training images, held out for choosing designs
    int cropPadding = 0;              ///< augmentation: random crop after padding by so many pixels
    bool flip = false;                ///< augmentation: random horizontal flip
    friend bool operator==(const DataSetSpec&, const DataSetSpec&) = default;
};

enum class Metric : std::uint8_t { Fps, LatencyMs, EnergyMj, Edp };
constexpr std::string_view word(Metric metric) {
    switch (metric) {
        case Metric::Fps: return "fps";
        case Metric::LatencyMs: return "latency_ms";
        case Metric::EnergyMj: return "energy_mj";
        case Metric::Edp: return "edp";
    }
    return {};
}
bool largerIsBetter(Metric metric);
double metricOf(const model::Figures& figures, Metric metric);

/// One target of the sweep: the search steers its design's metric into [low, high] by doubling
/// and halving its weight lambda (method.md 2.4). A soft wish, not a limit.
struct Window {
    double low = 0;
    double high = 0;
    friend bool operator==(const Window&, const Window&) = default;
};

struct Objective {
    Metric metric = Metric::Fps;
    std::vector<Window> targets;  ///< one co-search each, sharing the supernet's weights
    double initialHardwareShare =
        0.2;  ///< lambda starts where the hardware term is that share of CE
    friend bool operator==(const Objective&, const Objective&) = default;
};

/// Stochastic gradient descent with momentum and a cosine schedule.
struct SgdRecipe {
    double learningRate = 0.1;
    double finalLearningRate = 0.0;
    double momentum = 0.9;
    double weightDecay = 4e-5;
    double clipNorm = 5;  ///< of the gradient; 0: none
    bool nesterov = false;
    friend bool operator==(const SgdRecipe&, const SgdRecipe&) = default;
};

enum class Sampling : std::uint8_t { Soft, Hard, TwoPath };
constexpr std::string_view word(Sampling sampling) {
    switch (sampling) {
        case Sampling::Soft: return "soft";
        case Sampling::Hard: return "hard";
        case Sampling::TwoPath: return "two-path";
    }
    return {};
}

/// Which operators the hardware term prices (method.md 2.4).
enum class HardwareGradient : std::uint8_t {
    Expected,   ///< all of them, weighted by their probabilities (B1)
    SinglePath  ///< those of the sampled path alone, straight through (B4)
};
constexpr std::string_view word(HardwareGradient gradient) {
    switch (gradient) {
        case HardwareGradient::Expected: return "expected";
        case HardwareGradient::SinglePath: return "single-path";
    }
    return {};
}

/// How the accelerator of a network is found.
enum class AcceleratorMethod : std::uint8_t {
    Auto,      ///< proven where provenAcceleratorsExist(), else by gradient
    Gradient,  ///< Gumbel-Softmax over all parameters
    Proven     ///< the best of the whole space, by core/optimum
};
constexpr std::string_view word(AcceleratorMethod method) {
    switch (method) {
        case AcceleratorMethod::Auto: return "auto";
        case AcceleratorMethod::Gradient: return "gradient";
        case AcceleratorMethod::Proven: return "proven";
    }
    return {};
}

/// How layers are laid out on hardware of the loop-nest template once it is found.
enum class LayerMapping : std::uint8_t {
    Tiles,  ///< the accelerator's own tiles and orders, clipped to each layer
    Proven  ///< the best mapping of each layer, by core/mapping
};
constexpr std::string_view word(LayerMapping mapping) {
    switch (mapping) {
        case LayerMapping::Tiles: return "tiles";
        case LayerMapping::Proven: return "proven";
    }
    return {};
}

/// One: weights and architecture by one gradient on the same images, all of them. Two: each on its
/// own share of the images, in turn (first order). Method.md 2.3.
enum class Level : std::uint8_t { One, Two };
constexpr std::string_view word(Level level) {
    switch (level) {
        case Level::One: return "one";
        case Level::Two: return "two";
    }
    return {};
}

/// What trains: Auto takes CUDA where LibTorch finds it.
enum class Processor : std::uint8_t { Cpu, Cuda, Auto };
constexpr std::string_view word(Processor processor) {
    switch (processor) {
        case Processor::Cpu: return "cpu";
        case Processor::Cuda: return "cuda";
        case Processor::Auto: return "auto";
    }
    return {};
}

/// The joint search (method.md 2.3). Everything is counted in steps and epochs, never in time.
struct SearchRecipe {
    int batch = 64;
    int stepsPerEpoch = 0;  ///< 0: one pass over the half of the data that trains weights
    int warmupEpochs = 1;   ///< weights only
    int epochs = 10;        ///< weights and architecture in turn
    Level level = Level::Two;
    double weightShare = 0.5;  ///< two levels: part of the images that trains weights
    SgdRecipe weights;
    double alphaLearningRate = 3e-4;  ///< Adam, betas 0.5 and 0.999
    double temperature = 5;
    double temperatureDecay = 0.975;  ///< per epoch
    Sampling sampling = Sampling::TwoPath;
    HardwareGradient hardwareGradient = HardwareGradient::Expected;
    AcceleratorMethod acceleratorMethod = AcceleratorMethod::Auto;
    LayerMapping layerMapping = LayerMapping::Tiles;
    int acceleratorRefreshSteps = 100;  ///< of a target between two of its accelerator searches
    int acceleratorIterations = 1000;
    double acceleratorLearningRate = 0.05;
    int finalAcceleratorIterations = 20000;
    int estimateImages = 1000;             ///< validation images for a supernet estimate
    Processor processor = Processor::Cpu;  ///< of the search and of the training from scratch
    friend bool operator==(const SearchRecipe&, const SearchRecipe&) = default;
};

/// Training from scratch of the members of the front.
struct TrainingRecipe {
    int designs = 6;  ///< how many members of the front to train
    int epochs = 3;
    int batch = 64;
    SgdRecipe weights;
    double labelSmoothing = 0;
    friend bool operator==(const TrainingRecipe&, const TrainingRecipe&) = default;
};

struct Specification {
    std::string name;
    std::string description;
    std::uint64_t seed = 1;
    DataSetSpec dataSet;
    NetworkSpace network;
    hardware::AcceleratorSpace accelerator;
    model::Device device;
    Limits limits;  ///< unset DSP and BRAM limits mean the device's
    Objective objective;
    SearchRecipe search;
    TrainingRecipe training;
    friend bool operator==(const Specification&, const Specification&) = default;
};

/// Reads a document; the error's `where` is the JSON pointer. Checks everything that can be
/// checked without a data set, feasibility of single fields included. The accelerator space is an
/// object, or the name of one (accelerator_presets.h).
base::Result<Specification> fromJson(const base::Json& json);
base::Result<Specification> parseSpecification(std::string_view text, const std::string& where);
base::Result<Specification> loadSpecification(const std::string& path);

/// The canonical document: every field, in a fixed order.
base::Json toJson(const Specification& specification);
std::string toText(const Specification& specification);
base::Json toJson(const hardware::AcceleratorSpace& space);

/// The DSP and BRAM limits in force: the specification's, or else the device's.
model::Resources resourceLimits(const Specification& specification);

/// The shipped specifications by name, as in projects/: built in, so that they are always at hand.
struct Preset {
    std::string name;  ///< "fashion-mnist-zc706"
    std::string summary;
};
std::vector<Preset> presets();
base::Result<Specification> preset(const std::string& name);

}  // namespace cohelix::spec
