// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tables/trained_table.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "core/base/csv.h"
#include "core/base/random.h"
#include "core/base/thread_time.h"
#include "core/base/units.h"
#include "core/learn/learn.h"

namespace cohelix::tables {
namespace {

using base::Error;
using base::Result;

constexpr const char* kNetwork = "network";
constexpr const char* kAccuracy = "accuracy";
constexpr const char* kSeconds = "seconds";
constexpr const char* kRecipe = "recipe";

std::size_t countOf(const std::vector<hardware::Choice>& choices) {
    std::size_t count = 1;
    for (const auto& choice : choices) count *= choice.options.size();
    return count;
}

/// Digest of what a network's accuracy depends on. Where the images lie is not part of it, nor what
/// the search does.
std::string recipeOf(const spec::Specification& specification) {
    auto json = spec::toJson(specification);
    json["data_set"].erase("path");
    base::Json relevant;
    for (const char* key : {"seed", "data_set", "network", "training"}) relevant[key] = json[key];
    relevant["training"].erase("designs");
    char text[17];
    std::snprintf(text, sizeof text, "%016llx",
                  static_cast<unsigned long long>(base::hashOf(relevant.dump())));
    return text;
}

bool quantizes(const hardware::AcceleratorSpace& accelerator) {
    const auto isLow = [](int bits) { return bits < learn::kFloatingBits; };
    return std::any_of(accelerator.pipeline.begin(), accelerator.pipeline.end(),
                       [&](const hardware::PipelineChunkSpace& chunk) {
                           return std::any_of(chunk.bits.begin(), chunk.bits.end(), isLow);
                       });
}

std::map<std::string, std::size_t> indicesByName(const TabularSpace& space) {
    std::map<std::string, std::size_t> indices;
    for (std::size_t i = 0; i < space.networks(); ++i) indices[space.nameOf(i)] = i;
    return indices;
}

Result<TrainedRow> rowOf(const base::CsvTable& table, std::size_t row, std::size_t network) {
    const auto accuracy = table.number(row, kAccuracy);
    if (!accuracy) return accuracy.error();
    if (!(*accuracy >= 0 && *accuracy <= 100)) {
        return Error{
            table.where(row) + ", column " + kAccuracy, "an accuracy must lie from 0 to 100 %", {}};
    }
    const auto seconds = table.number(row, kSeconds);
    if (!seconds) return seconds.error();
    if (!(*seconds >= 0)) {
        return Error{table.where(row) + ", column " + kSeconds, "a time cannot be negative", {}};
    }
    return TrainedRow{network, *accuracy, *seconds};
}

/// What a quarter of the networks do not reach, in whole percent.
double lowerQuartile(std::vector<double> accuracies) {
    const auto place = accuracies.begin() + static_cast<std::ptrdiff_t>(accuracies.size() / 4);
    std::nth_element(accuracies.begin(), place, accuracies.end());
    return std::floor(*place);
}

/// Nothing when it was ended.
Result<std::optional<TrainedRow>> train(const TabularSpace& space, std::size_t network,
                                        const std::shared_ptr<const learn::DataSet>& data,
                                        const learn::DataSplit& split,
                                        const std::function<bool()>& mayGoOn) {
    const auto& specification = *space.specification;
    const double start = base::threadSeconds();
    auto trainer = learn::Trainer::create(space.network(network), specification.dataSet, data,
                                          split, specification.training, specification.seed,
                                          {{}, specification.search.processor});
    if (!trainer) return trainer.error();
    while ((*trainer)->stepsDone() < (*trainer)->steps()) {
        if (!mayGoOn()) return std::optional<TrainedRow>();
        const auto step = (*trainer)->step();
        if (!step) return Error{space.nameOf(network), step.error().what, step.error().advice};
    }
    const double accuracy = (*trainer)->testAccuracy() * 100;
    return std::optional(TrainedRow{network, accuracy, base::threadSeconds() - start});
}

std::vector<std::size_t> missingFrom(const TabularSpace& space,
                                     const std::vector<TrainedRow>& rows) {
    std::set<std::size_t> known;
    for (const auto& row : rows) known.insert(row.network);
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < space.networks(); ++i) {
        if (!known.contains(i)) missing.push_back(i);
    }
    return missing;
}

}  // namespace

Result<TabularSpace> untrainedSpace(const spec::Specification& specification) {
    TabularSpace space;
    space.choices = spec::networkChoices(specification.network);
    if (hardware::log10Size(space.choices) > std::log10(kMostTrainedNetworks)) {
        return Error{"/network",
                     "its networks are too many for a table, about 10^" +
                         base::fixed(hardware::log10Size(space.choices), 1),
                     "Take fewer blocks or operators: at most 100,000 networks"};
    }
    if (quantizes(specification.accelerator)) {
        return Error{"/accelerator/chunks",
                     "in fewer than 16 bits a network has several accuracies, a table one",
                     "Let every chunk compute in 16 bits"};
    }
    space.name = "trained: " + specification.name;
    space.source = "networks trained by '" + specification.name + "' (" +
                   std::string(word(specification.dataSet.kind)) + ", " +
                   std::to_string(specification.training.epochs) +
                   (specification.training.epochs == 1 ? " epoch" : " epochs") +
                   "), test accuracy of one training";
    space.specification = std::make_shared<const spec::Specification>(specification);
    space.accuracies.assign(countOf(space.choices), std::nan(""));
    return space;
}

std::string toCsv(const TabularSpace& space, const std::vector<TrainedRow>& rows) {
    const auto recipe = recipeOf(*space.specification);
    std::string text =
        std::string(kNetwork) + "," + kAccuracy + "," + kSeconds + "," + kRecipe + "\n";
    for (const auto& row : rows) {
        text += space.nameOf(row.network) + "," + base::exact(row.accuracy) + "," +
                base::exact(row.seconds) + "," + recipe + "\n";
    }
    return text;
}

Result<std::vector<TrainedRow>> readTrainedRows(const std::filesystem::path& path,
                                                const TabularSpace& space) {
    const auto table = base::CsvTable::read(path, {kNetwork, kAccuracy, kSeconds, kRecipe});
    if (!table) return table.error();
    const auto indices = indicesByName(space);
    const auto recipe = recipeOf(*space.specification);
    std::set<std::size_t> seen;
    std::vector<TrainedRow> rows;
    for (std::size_t i = 0; i < table->rows(); ++i) {
        const auto& name = table->text(i, kNetwork);
        const auto index = indices.find(name);
        if (index == indices.end()) {
            return Error{table->where(i) + ", column " + kNetwork,
                         "'" + name + "' is no network of the specification",
                         {}};
        }
        if (!seen.insert(index->second).second) {
            return Error{table->where(i), "'" + name + "' is listed twice", {}};
        }
        if (table->text(i, kRecipe) != recipe) {
            return Error{
                table->where(i) + ", column " + kRecipe,
                "this network was trained by another specification: seed, data set, network "
                "space or training differ",
                "Use the specification that the table was made with, or another file"};
        }
        auto row = rowOf(*table, i, index->second);
        if (!row) return row.error();
        rows.push_back(*row);
    }
    return rows;
}

Result<TabularSpace> readTrainedTable(const std::filesystem::path& path,
                                      const spec::Specification& specification) {
    auto space = untrainedSpace(specification);
    if (!space) return space.error();
    const auto rows = readTrainedRows(path, *space);
    if (!rows) return rows.error();
    if (const auto missing = missingFrom(*space, *rows); !missing.empty()) {
        return Error{path.string(),
                     std::to_string(missing.size()) + " of the " +
                         std::to_string(space->networks()) +
                         " networks are missing, the first is " + space->nameOf(missing.front()),
                     "The true front needs the whole table: let `tabulate` go on"};
    }
    space->trainingSeconds.resize(space->networks());
    for (const auto& row : *rows) {
        space->accuracies[row.network] = row.accuracy;
        space->trainingSeconds[row.network] = row.seconds;
    }
    space->leastAccuracy = lowerQuartile(space->accuracies);
    return space;
}

Result<void> trainMissing(const TabularSpace& space, std::shared_ptr<const learn::DataSet> data,
                          std::vector<TrainedRow>& rows, base::Executor& executor,
                          const std::function<void()>& onTrained,
                          const std::function<bool()>& mayGoOn) {
    const auto& specification = *space.specification;
    const auto missing = missingFrom(space, rows);
    const auto split = learn::splitTraining(*data, specification.dataSet.validationFraction,
                                            specification.search.weightShare, specification.seed);
    std::mutex mutex;
    std::optional<Error> failure;
    std::atomic<bool> ended = false;
    executor.forEach(missing.size(), [&](std::size_t i) {
        if (ended || !mayGoOn()) return;
        const auto row = train(space, missing[i], data, split, mayGoOn);
        const std::lock_guard lock(mutex);
        if (!row) {
            failure = row.error();
            ended = true;
            return;
        }
        if (!*row) return;
        rows.push_back(**row);
        onTrained();
    });
    if (failure) return *failure;
    return {};
}

}  // namespace cohelix::tables
