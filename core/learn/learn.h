// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What can be learned, as seen from the search: a supernet that shares weights among all networks
// of a space, and a trainer for one network from scratch. LibTorch stays behind these two classes,
// in a module of the program that the first use loads (training_module.h); without it
// (COHELIX_WITH_TORCH=OFF) create() returns an error that says so.
//
// Every mini-batch is cut into a fixed number of shards that the executor's threads work off with
// one LibTorch thread each; gradients are added in shard order. So results are the same bit for
// bit whatever the number of threads. Random numbers come from base::Random streams named by the
// seed and the step, so the state to be saved is weights and optimiser moments only. On CUDA
// parameters stay in the host's memory and passes run on the device; README.md says what is known
// of it.
//
// Where an accelerator computes in fewer than 16 bits, so do the passes that give an accuracy:
// `layerBits` are the bits of each layer's weights and inputs, in the order of the network's
// layers; empty, or 16 and more everywhere, is floating point, for which 16-bit fixed point is
// taken.
//
// Objects are used by one thread at a time (the job's); the executor's threads help inside a call.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/learn/dataset.h"
#include "core/model/network.h"
#include "core/specification/specification.h"

namespace cohelix::learn {

/// An error, which says why, where this program cannot train. The first call, or the first use of
/// what follows, loads LibTorch: about a second. Any thread.
base::Result<void> checkTraining();
/// "1.13.1", or "none" where the program cannot train.
std::string torchVersion();
/// An error where the processor is CUDA and LibTorch finds none.
base::Result<void> checkProcessor(spec::Processor processor);

/// Precisions below this change accuracies; from here on a layer is computed in floating point.
inline constexpr int kFloatingBits = 16;
/// True when some layer is quantized.
bool quantizes(std::span<const int> layerBits);

/// An operator that takes part in one forward pass of a block, and the value of its gate.
struct ActivePath {
    int op = 0;
    double gate = 1;
};
/// Per searchable block its active paths (one or more). The block's output is the sum of
/// gate * operator(input); operators whose gate is 0 are computed for the gate's gradient only.
using ActivePaths = std::vector<std::vector<ActivePath>>;

struct GateGradients {
    double loss = 0;                            ///< mean cross-entropy of the batch
    double accuracy = 0;                        ///< share of the batch classified right, 0..1
    std::vector<std::vector<double>> gradient;  ///< d loss / d gate, shaped as the ActivePaths
};

struct StepResult {
    double loss = 0;
    double accuracy = 0;  ///< 0..1, on the batch
};

class Supernet {
public:
    /// All operators of all blocks with weights drawn from the seed (Kaiming normal, fan-out).
    static base::Result<std::unique_ptr<Supernet>> create(
        const spec::NetworkSpace& space, const spec::DataSetSpec& dataSpec,
        std::shared_ptr<const DataSet> data, DataSplit split, const spec::SearchRecipe& recipe,
        std::uint64_t seed, base::Executor& executor);
    virtual ~Supernet() = default;

    /// Batches in one pass over the images that train weights, and architecture: with one level all
    /// training images for both.
    virtual std::int64_t weightBatches() const = 0;
    virtual std::int64_t architectureBatches() const = 0;

    /// One SGD step on the weights of the given single path, on the weight batch of that step.
    /// An error when the loss is not finite (nothing is changed then).
    virtual base::Result<StepResult> weightStep(std::int64_t step, std::span<const int> path,
                                                double learningRate) = 0;

    /// Gradient of the loss by every active gate on the architecture batch of that step; weights
    /// stay as they are.
    virtual base::Result<GateGradients> gateGradients(std::int64_t step,
                                                      const ActivePaths& paths) = 0;

    /// Both at once (one level): the gradients of gateGradients, and one SGD step on the weights of
    /// the paths whose gate is not 0, on the same weight batch. An error, and nothing changed, when
    /// the loss is not finite.
    virtual base::Result<GateGradients> jointStep(std::int64_t step, const ActivePaths& paths,
                                                  double learningRate) = 0;

    /// Supernet estimate: accuracy in 0..1 of a network with the shared weights over the first
    /// `images` validation images, normalised with the statistics of their batches. Quantized
    /// layers have the ranges of their inputs from a batch of training images.
    virtual base::Result<double> estimateAccuracy(std::span<const int> path, int images,
                                                  std::span<const int> layerBits = {}) = 0;

    /// Weights and moments as bytes, and back; restore refuses foreign or damaged bytes.
    virtual std::vector<std::uint8_t> save() const = 0;
    virtual base::Result<void> restore(std::span<const std::uint8_t> bytes) = 0;
};

/// A tensor by name, row-major.
struct NamedTensor {
    std::string name;
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

/// What a layer's accuracy was evaluated with: its weights on 2^bits - 1 steps around zero, scaled
/// by output channel; its input on steps from `least` to `most`, around zero too where it can be
/// negative.
struct LayerPrecision {
    int bits = kFloatingBits;  ///< kFloatingBits and more: floating point, no range
    float least = 0;
    float most = 0;
    friend bool operator==(const LayerPrecision&, const LayerPrecision&) = default;
};

/// Weights for inference, normalisation folded in: per layer "<layer>.weight" (K, C/groups, R, S;
/// classifier: K, C) and "<layer>.bias" (K). The image is expected as (pixel/255 - mean) /
/// deviation.
struct TrainedWeights {
    std::vector<NamedTensor> tensors;
    std::vector<float> mean;
    std::vector<float> deviation;
    /// By layer; empty: all in floating point. Weights of a quantized layer are rounded already.
    std::vector<LayerPrecision> precision;
};

struct TrainingOptions {
    /// By layer of the network; empty: floating point. Quantized layers are trained as such in the
    /// second half of the training, gradients passing through the rounding.
    std::vector<int> layerBits;
    spec::Processor processor = spec::Processor::Cpu;
};

class Trainer {
public:
    /// A network with weights drawn from the seed, trained on all training images but the
    /// validation split. Several trainers may work at once on different threads.
    static base::Result<std::unique_ptr<Trainer>> create(const model::Network& network,
                                                         const spec::DataSetSpec& dataSpec,
                                                         std::shared_ptr<const DataSet> data,
                                                         const DataSplit& split,
                                                         const spec::TrainingRecipe& recipe,
                                                         std::uint64_t seed,
                                                         const TrainingOptions& options = {});
    virtual ~Trainer() = default;

    virtual std::int64_t steps() const = 0;  ///< of the whole training
    virtual std::int64_t stepsDone() const = 0;
    /// One SGD step, single-threaded. An error when the loss is not finite.
    virtual base::Result<StepResult> step() = 0;

    /// Accuracy in 0..1 with running statistics, on the validation split or the test images.
    virtual double validationAccuracy() = 0;
    virtual double testAccuracy() = 0;

    virtual TrainedWeights weights() const = 0;
    virtual std::vector<std::uint8_t> save() const = 0;
    virtual base::Result<void> restore(std::span<const std::uint8_t> bytes) = 0;
};

/// What stored weights classify right, 0..1 of the images.
struct Accuracies {
    double validation = 0;
    double test = 0;
};
/// The accuracies of a network with the weights that its trainer gave: bit for bit that trainer's
/// validationAccuracy() and testAccuracy() on this build. Errors: weights of another network; a
/// data set other than the one that they were trained on.
base::Result<Accuracies> accuraciesOf(const model::Network& network, const TrainedWeights& weights,
                                      std::shared_ptr<const DataSet> data, const DataSplit& split);

/// TrainedWeights as bytes for the project file, and back.
std::vector<std::uint8_t> toBytes(const TrainedWeights& weights);
base::Result<TrainedWeights> weightsFromBytes(std::span<const std::uint8_t> bytes);

}  // namespace cohelix::learn
