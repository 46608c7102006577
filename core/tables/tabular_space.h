// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Network spaces whose every network has been trained, by others or by trained_table.h, and stands
// in a table: what a search would find out by training is looked up. Here the true front of
// networks and accelerators can be computed, and searches judged by it.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/hardware/template/choice.h"
#include "core/model/network.h"
#include "core/specification/specification.h"

namespace cohelix::tables {

struct TabularSpace {
    std::string name;                       ///< "nasbench-macro"
    std::string source;                     ///< benchmark, data set and what the accuracy is
    std::vector<hardware::Choice> choices;  ///< one per place of the network
    /// Percent, of every combination; the last choice varies fastest.
    std::vector<double> accuracies;
    double leastAccuracy = 0;  ///< percent: where hypervolumes begin
    /// What each network's training took of a processor; empty where the table does not say.
    std::vector<double> trainingSeconds;
    /// Whose networks these are; nothing for those of published tables.
    std::shared_ptr<const spec::Specification> specification;

    std::size_t networks() const { return accuracies.size(); }
    /// Index of a network from an option of each choice, and back.
    std::size_t indexOf(const std::vector<int>& options) const;
    std::vector<int> optionsOf(std::size_t index) const;
    /// How many options each choice has.
    std::vector<int> optionCounts() const;
    /// "11201000", or the cell's text.
    std::string nameOf(std::size_t index) const;
    /// The layers that an accelerator executes. Places are its blocks; an average pooling of
    /// NAS-Bench-201 is work for the depthwise chunk, as a 3x3 window per channel.
    model::Network network(std::size_t index) const;
};

/// NAS-Bench-Macro from a table with the columns arch and acc_mean. Errors: a file that cannot be
/// read, a missing column, a text that is no network, an accuracy outside 0 … 100, a network
/// listed twice, networks that are missing (how many, and the first of them).
base::Result<TabularSpace> readNasBenchMacro(const std::filesystem::path& path);

/// "cifar10", "cifar100", "imagenet16-120".
const std::vector<std::string_view>& nasBench201DataSets();
/// NAS-Bench-201 from a table with the columns cell and <data set>_acc. Errors as above, and
/// another data set.
base::Result<TabularSpace> readNasBench201(const std::filesystem::path& path,
                                           std::string_view dataSet);

}  // namespace cohelix::tables
