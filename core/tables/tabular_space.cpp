// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tables/tabular_space.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "core/base/csv.h"
#include "core/workload/workload.h"

namespace cohelix::tables {
namespace {

using base::Error;
using base::Result;
using model::Dim;
using model::Layer;

constexpr const char* kMacro = "nasbench-macro";
constexpr std::string_view kMacroDigits = "012";
constexpr int kMacroPlaces = 8;

struct DataSet {
    std::string_view name;
    const char* column;
    std::int64_t pixels;
    std::int64_t classes;
    double leastAccuracy;
};
constexpr std::array<DataSet, 3> kDataSets = {
    {{"cifar10", "cifar10_acc", 32, 10, 85},
     {"cifar100", "cifar100_acc", 32, 100, 55},
     {"imagenet16-120", "imagenet16_120_acc", 16, 120, 25}}};

std::string macroText(const std::vector<int>& options) {
    std::string text;
    for (const int option : options) text += kMacroDigits[static_cast<std::size_t>(option)];
    return text;
}

std::optional<std::vector<int>> macroOptions(std::string_view text) {
    if (text.size() != kMacroPlaces) return std::nullopt;
    std::vector<int> options;
    for (const char digit : text) {
        const auto option = kMacroDigits.find(digit);
        if (option == std::string_view::npos) return std::nullopt;
        options.push_back(static_cast<int>(option));
    }
    return options;
}

/// "k3_e1 skip k5_e6".
std::string operatorsText(const std::vector<hardware::Choice>& choices,
                          const std::vector<int>& options) {
    std::string text;
    for (std::size_t i = 0; i < options.size(); ++i) {
        text += (i == 0 ? "" : " ") + choices[i].options[static_cast<std::size_t>(options[i])];
    }
    return text;
}

/// Fills the accuracies from the rows of a table.
template <typename Parse>
Result<TabularSpace> filled(TabularSpace space, const base::CsvTable& table,
                            const std::string& file, const char* nameColumn,
                            const char* accuracyColumn, const Parse& parse) {
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    const auto count = std::accumulate(
        space.choices.begin(), space.choices.end(), std::size_t{1},
        [](std::size_t n, const hardware::Choice& choice) { return n * choice.options.size(); });
    space.accuracies.assign(count, unknown);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto& text = table.text(row, nameColumn);
        const auto options = parse(text);
        if (!options) {
            return Error{table.where(row) + ", column " + nameColumn,
                         "'" + text + "' is no network of " + space.name,
                         {}};
        }
        const auto accuracy = table.number(row, accuracyColumn);
        if (!accuracy) return accuracy.error();
        if (!(*accuracy >= 0 && *accuracy <= 100)) {
            return Error{table.where(row) + ", column " + accuracyColumn,
                         "an accuracy must lie from 0 to 100 %",
                         {}};
        }
        double& place = space.accuracies[space.indexOf(*options)];
        if (!std::isnan(place)) {
            return Error{table.where(row), "'" + text + "' is listed twice", {}};
        }
        place = *accuracy;
    }
    const auto isUnknown = [](double accuracy) { return std::isnan(accuracy); };
    const auto missing = std::count_if(space.accuracies.begin(), space.accuracies.end(), isUnknown);
    if (missing > 0) {
        const auto first =
            std::find_if(space.accuracies.begin(), space.accuracies.end(), isUnknown);
        return Error{file,
                     std::to_string(missing) + " of the " + std::to_string(count) +
                         " networks are missing, the first is " +
                         space.nameOf(static_cast<std::size_t>(first - space.accuracies.begin())),
                     "The true front needs the whole table"};
    }
    return space;
}

const DataSet* dataSetOf(std::string_view name) {
    const auto found = std::find_if(kDataSets.begin(), kDataSets.end(),
                                    [name](const DataSet& set) { return set.name == name; });
    return found == kDataSets.end() ? nullptr : &*found;
}

/// "nasbench201:cifar10".
std::string nasBench201Name(std::string_view dataSet) {
    return "nasbench201:" + std::string(dataSet);
}

/// Average poolings of all cells, as depthwise layers.
std::vector<Layer> poolings(std::size_t perCell, std::int64_t pixels) {
    constexpr int kStages = 3;
    constexpr int kCellsOfStage = 5;
    constexpr std::int64_t kFirstChannels = 16;
    std::vector<Layer> layers;
    for (int stage = 0; stage < kStages; ++stage) {
        const auto channels = kFirstChannels << stage;
        const auto size = pixels >> stage;
        for (int cell = 0; cell < kCellsOfStage; ++cell) {
            for (std::size_t i = 0; i < perCell; ++i) {
                Layer layer;
                layer.name = "stage" + std::to_string(stage) + ".cell" + std::to_string(cell) +
                             ".pool" + std::to_string(i);
                layer.role = model::LayerRole::Depthwise;
                layer.sizes = {1, channels, channels, size, size, 3, 3};
                layer.groups = static_cast<int>(channels);
                layers.push_back(std::move(layer));
            }
        }
    }
    return layers;
}

/// Numbers the blocks: layers whose names differ only behind the last dot belong to one.
void numberBlocks(model::Network& network) {
    std::vector<std::string> blocks;
    for (auto& layer : network.layers) {
        const auto dot = layer.name.rfind('.');
        if (dot == std::string::npos) continue;
        const auto prefix = layer.name.substr(0, dot);
        const auto found = std::find(blocks.begin(), blocks.end(), prefix);
        layer.block = static_cast<int>(found - blocks.begin());
        if (found == blocks.end()) blocks.push_back(prefix);
    }
    network.operators = std::move(blocks);
}

}  // namespace

std::size_t TabularSpace::indexOf(const std::vector<int>& options) const {
    assert(options.size() == choices.size());
    std::size_t index = 0;
    for (std::size_t i = 0; i < options.size(); ++i) {
        index = index * choices[i].options.size() + static_cast<std::size_t>(options[i]);
    }
    return index;
}

std::vector<int> TabularSpace::optionsOf(std::size_t index) const {
    std::vector<int> options(choices.size());
    for (std::size_t i = choices.size(); i-- > 0;) {
        options[i] = static_cast<int>(index % choices[i].options.size());
        index /= choices[i].options.size();
    }
    return options;
}

std::vector<int> TabularSpace::optionCounts() const {
    std::vector<int> counts;
    for (const auto& choice : choices) counts.push_back(static_cast<int>(choice.options.size()));
    return counts;
}

std::string TabularSpace::nameOf(std::size_t index) const {
    if (specification) return operatorsText(choices, optionsOf(index));
    return name == kMacro ? macroText(optionsOf(index))
                          : workload::nasBench201Text(optionsOf(index));
}

model::Network TabularSpace::network(std::size_t index) const {
    const auto options = optionsOf(index);
    if (specification) return spec::buildNetwork(specification->network, options);
    model::Network network;
    if (name == kMacro) {
        network.layers = workload::nasBenchMacro(macroText(options))->layers;
    } else {
        const auto& set = *dataSetOf(std::string_view(name).substr(name.find(':') + 1));
        network.layers =
            workload::nasBench201(workload::nasBench201Text(options), set.pixels, set.classes)
                ->layers;
        const auto& operators = workload::nasBench201Operators();
        const auto pool =
            std::find(operators.begin(), operators.end(), "pool3x3") - operators.begin();
        const auto pooled = static_cast<std::size_t>(
            std::count(options.begin(), options.end(), static_cast<int>(pool)));
        const auto pools = poolings(pooled, set.pixels);
        // Before the classifier, which stays the last layer.
        network.layers.insert(network.layers.end() - 1, pools.begin(), pools.end());
    }
    numberBlocks(network);
    return network;
}

Result<TabularSpace> readNasBenchMacro(const std::filesystem::path& path) {
    auto table = base::CsvTable::read(path, {"arch", "acc_mean"});
    if (!table) return table.error();
    TabularSpace space;
    space.name = kMacro;
    space.source =
        "NAS-Bench-Macro (Su et al., CVPR 2021), CIFAR-10, mean test accuracy of three "
        "trainings";
    space.leastAccuracy = 85;
    for (int place = 0; place < kMacroPlaces; ++place) {
        space.choices.push_back(
            {"layer" + std::to_string(place), {"identity", "k3_e3", "k5_e6"}, ""});
    }
    return filled(std::move(space), *table, path.string(), "arch", "acc_mean", macroOptions);
}

const std::vector<std::string_view>& nasBench201DataSets() {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> out;
        for (const auto& set : kDataSets) out.push_back(set.name);
        return out;
    }();
    return names;
}

Result<TabularSpace> readNasBench201(const std::filesystem::path& path, std::string_view dataSet) {
    const auto* set = dataSetOf(dataSet);
    if (!set) {
        return Error{std::string(dataSet), "NAS-Bench-201 has no such data set",
                     "Use cifar10, cifar100 or imagenet16-120"};
    }
    auto table = base::CsvTable::read(path, {"cell", set->column});
    if (!table) return table.error();
    TabularSpace space;
    space.name = nasBench201Name(dataSet);
    space.source = "NAS-Bench-201 (Dong and Yang, ICLR 2020), " + std::string(dataSet) +
                   ", test accuracy after 200 epochs";
    space.leastAccuracy = set->leastAccuracy;
    const auto& operators = workload::nasBench201Operators();
    for (std::size_t i = 0; i < workload::kNasBench201Edges; ++i) {
        space.choices.push_back(
            {"edge" + std::to_string(i), {operators.begin(), operators.end()}, ""});
    }
    return filled(std::move(space), *table, path.string(), "cell", set->column,
                  workload::nasBench201Edges);
}

}  // namespace cohelix::tables
