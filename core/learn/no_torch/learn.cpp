// SPDX-License-Identifier: GPL-3.0-or-later
// What a build without LibTorch answers when it is asked to train.
#include "core/learn/learn.h"

namespace cohelix::learn {
namespace {

base::Error cannotTrain() {
    return {"training", "this build cannot train: it was made without LibTorch",
            "Use a build configured with COHELIX_WITH_TORCH=ON"};
}

}  // namespace

bool available() { return false; }
std::string torchVersion() { return "none"; }
base::Result<void> checkProcessor(space::Processor) { return cannotTrain(); }

base::Result<std::unique_ptr<Supernet>> Supernet::create(const space::NetworkSpace&,
                                                         const space::DataSetSpec&,
                                                         std::shared_ptr<const DataSet>, DataSplit,
                                                         const space::SearchRecipe&, std::uint64_t,
                                                         base::Executor&) {
    return cannotTrain();
}

base::Result<std::unique_ptr<Trainer>> Trainer::create(const model::Network&,
                                                       const space::DataSetSpec&,
                                                       std::shared_ptr<const DataSet>,
                                                       const DataSplit&,
                                                       const space::TrainingRecipe&, std::uint64_t,
                                                       const TrainingOptions&) {
    return cannotTrain();
}

base::Result<Accuracies> accuraciesOf(const model::Network&, const TrainedWeights&,
                                      std::shared_ptr<const DataSet>, const DataSplit&) {
    return cannotTrain();
}

}  // namespace cohelix::learn
