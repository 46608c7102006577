// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/training_module.h"

#include <string_view>

#include "core/base/program_module.h"
#include "core/learn/fingerprint.h"

namespace cohelix::learn {
namespace {

base::Result<const TrainingModule*> load() {
    const auto entry = base::symbolOfModule(kTrainingModule, kTrainingEntry);
    if (!entry) {
        return base::Error{"training", "this program cannot train: " + base::toText(entry.error()),
                           "Install it together with LibTorch, or build it with "
                           "-DCOHELIX_WITH_TORCH=ON"};
    }
    const TrainingModule* module = reinterpret_cast<TrainingEntry>(*entry)();
    if (std::string_view(module->fingerprint) != trainingFingerprint()) {
        return base::Error{"training", "this program cannot train: its module is of another build",
                           "Install or build program and module together"};
    }
    return module;
}

/// The module, loaded by the first call; any thread.
const base::Result<const TrainingModule*>& loaded() {
    static const auto module = load();
    return module;
}

}  // namespace

const char* trainingFingerprint() { return COHELIX_FINGERPRINT; }

base::Result<void> checkTraining() {
    if (loaded()) return {};
    return loaded().error();
}

std::string torchVersion() { return loaded() ? (*loaded())->torchVersion : "none"; }

base::Result<void> checkProcessor(spec::Processor processor) {
    if (!loaded()) return loaded().error();
    return (*loaded())->checkProcessor(processor);
}

base::Result<std::unique_ptr<Supernet>> Supernet::create(
    const spec::NetworkSpace& space, const spec::DataSetSpec& dataSpec,
    std::shared_ptr<const DataSet> data, DataSplit split, const spec::SearchRecipe& recipe,
    std::uint64_t seed, base::Executor& executor) {
    if (!loaded()) return loaded().error();
    return (*loaded())->createSupernet(space, dataSpec, std::move(data), std::move(split), recipe,
                                       seed, executor);
}

base::Result<std::unique_ptr<Trainer>> Trainer::create(
    const model::Network& network, const spec::DataSetSpec& dataSpec,
    std::shared_ptr<const DataSet> data, const DataSplit& split, const spec::TrainingRecipe& recipe,
    std::uint64_t seed, const TrainingOptions& options) {
    if (!loaded()) return loaded().error();
    return (*loaded())->createTrainer(network, dataSpec, std::move(data), split, recipe, seed,
                                      options);
}

base::Result<Accuracies> accuraciesOf(const model::Network& network, const TrainedWeights& weights,
                                      std::shared_ptr<const DataSet> data, const DataSplit& split) {
    if (!loaded()) return loaded().error();
    return (*loaded())->accuraciesOf(network, weights, std::move(data), split);
}

}  // namespace cohelix::learn
