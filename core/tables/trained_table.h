// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Tables that we train ourselves: every network of a specification's space from scratch, by the
// specification's recipe. So the true front can be known on the user's own images too, and a search
// be judged by it, in accuracy and in time.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/learn/dataset.h"
#include "core/tables/tabular_space.h"

namespace cohelix::tables {

/// Larger spaces are not for tables.
inline constexpr double kMostTrainedNetworks = 100000;

/// One network's training.
struct TrainedRow {
    std::size_t network = 0;  ///< index in the space
    double accuracy = 0;      ///< percent, on the test images
    double seconds = 0;       ///< of one processor, evaluation included
    friend bool operator==(const TrainedRow&, const TrainedRow&) = default;
};

/// The specification's networks, none of them known yet. Errors: too many of them; a chunk of fewer
/// than 16 bits, in which one network has several accuracies.
base::Result<TabularSpace> untrainedSpace(const spec::Specification& specification);

/// The rows as CSV: network, accuracy, seconds, recipe. The recipe is a digest of all that
/// accuracies depend on: data set, network space, training and seed.
std::string toCsv(const TabularSpace& space, const std::vector<TrainedRow>& rows);

/// Such a file, which may lack networks. Errors: it cannot be read, a column is missing, a text
/// that is no network of the space, a network listed twice, a figure out of range, another recipe.
base::Result<std::vector<TrainedRow>> readTrainedRows(const std::filesystem::path& path,
                                                      const TabularSpace& space);

/// The space with all its accuracies, on the test images. Errors: as above; networks that are
/// missing. Hypervolumes begin at the accuracy that a quarter of the networks do not reach, rounded
/// down to a whole percent.
base::Result<TabularSpace> readTrainedTable(const std::filesystem::path& path,
                                            const spec::Specification& specification);

/// Trains the networks that `rows` lacks, each on one of the executor's threads, and adds their
/// rows in the order in which they end. `onTrained` is told after each, from any of the threads but
/// one at a time. `mayGoOn` is asked by all threads at once, before each step of each training:
/// false ends the work, without the networks that are being trained. What a network comes to does
/// not depend on the others. Errors: this build cannot train; a loss that is not finite.
base::Result<void> trainMissing(const TabularSpace& space,
                                std::shared_ptr<const learn::DataSet> data,
                                std::vector<TrainedRow>& rows, base::Executor& executor,
                                const std::function<void()>& onTrained,
                                const std::function<bool()>& mayGoOn);

}  // namespace cohelix::tables
