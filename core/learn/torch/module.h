// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the module does for the functions of learn.h that have the same arguments.

#include "core/learn/learn.h"

namespace cohelix::learn::torch_module {

base::Result<void> checkProcessor(spec::Processor processor);
base::Result<std::unique_ptr<Supernet>> createSupernet(
    const spec::NetworkSpace& space, const spec::DataSetSpec& dataSpec,
    std::shared_ptr<const DataSet> data, DataSplit split, const spec::SearchRecipe& recipe,
    std::uint64_t seed, base::Executor& executor);
base::Result<std::unique_ptr<Trainer>> createTrainer(
    const model::Network& network, const spec::DataSetSpec& dataSpec,
    std::shared_ptr<const DataSet> data, const DataSplit& split, const spec::TrainingRecipe& recipe,
    std::uint64_t seed, const TrainingOptions& options);
base::Result<Accuracies> accuraciesOf(const model::Network& network, const TrainedWeights& weights,
                                      std::shared_ptr<const DataSet> data, const DataSplit& split);

}  // namespace cohelix::learn::torch_module
