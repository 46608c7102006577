// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/whole_design.h"

#include <algorithm>
#include <functional>
#include <string>

#include "core/base/units.h"
#include "core/hardware/accelerator_space.h"
#include "core/specification/network_space.h"
#include "core/specification/pins.h"
#include "core/store/sql.h"

namespace cohelix::store {
namespace {

using base::Error;
using base::Result;

Error misfit(const DesignRow& row, const std::string& what) {
    return {"design " + std::to_string(row.id), what, damagedAdvice()};
}

/// Whether an accelerator can be built of them: groups of a searched allocation begin one after the
/// other.
bool inSpace(const spec::Specification& spec, const model::DesignChoices& choices) {
    if (!spec::contains(spec::networkChoices(spec.network), choices.network) ||
        !spec::contains(hardware::acceleratorChoices(spec.accelerator), choices.accelerator)) {
        return false;
    }
    if (!spec.accelerator.searched) return true;
    const auto starts = hardware::groupStarts(spec.accelerator, choices.accelerator);
    return !starts.empty() && starts.front() == 0 &&
           std::ranges::adjacent_find(starts, std::greater_equal<>()) == starts.end();
}

/// The objective's targets are numbered from 0; a design of none has -1.
std::optional<std::string> wrongTarget(const spec::Specification& spec, int target) {
    const auto count = static_cast<int>(spec.objective.targets.size());
    if (target >= -1 && target < count) return std::nullopt;
    return "it was found for target " + std::to_string(target) +
           ", and its run's specification has " + base::counted(count, "target", "targets") +
           ", numbered from 0";
}

Result<void> costFits(const WholeDesign& design) {
    const auto& [row, spec, network, accelerator, cost] = design;
    for (const auto& wrong : {miscounted(cost.layers.size(), network.layers.size(), "layer"),
                              miscounted(cost.chunks.size(), accelerator.chunkCount(), "chunk")}) {
        if (wrong) return misfit(row, *wrong);
    }
    const auto allocation =
        hardware::allocateLayers(spec.accelerator, row.choices.accelerator, network);
    for (std::size_t i = 0; i < cost.layers.size(); ++i) {
        if (cost.layers[i].chunk != allocation[i]) {
            return misfit(row, "its cost has " + network.layers[i].name + " on chunk " +
                                   std::to_string(cost.layers[i].chunk) +
                                   ", its accelerator on chunk " + std::to_string(allocation[i]));
        }
        if (cost.layers[i].mapping.levels.empty()) {
            return misfit(row, "it has no mapping of " + network.layers[i].name);
        }
    }
    if (const auto wrong = otherLayers(cost)) return misfit(row, *wrong);
    return {};
}

}  // namespace

std::optional<std::string> miscounted(std::size_t stored, std::size_t due,
                                      const std::string& thing) {
    if (stored == due) return std::nullopt;
    const auto difference = stored > due ? stored - due : due - stored;
    return "its cost has " +
           base::counted(static_cast<std::int64_t>(stored), thing.c_str(), (thing + "s").c_str()) +
           ", " + std::to_string(difference) + (stored > due ? " too many" : " too few");
}

std::optional<std::string> otherLayers(const model::DesignCost& cost) {
    std::vector<int> layers(cost.chunks.size());
    for (const auto& layer : cost.layers) {
        if (layer.cycles > 0) ++layers[static_cast<std::size_t>(layer.chunk)];
    }
    for (std::size_t c = 0; c < layers.size(); ++c) {
        if (layers[c] == cost.chunks[c].layers) continue;
        return "its cost has chunk " + std::to_string(c) + " execute " +
               base::counted(cost.chunks[c].layers, "layer", "layers") + " and " +
               std::to_string(layers[c]) + " on it";
    }
    return std::nullopt;
}

Result<WholeDesign> assembled(spec::Specification specification, const DesignRow& row,
                              std::optional<model::DesignCost> cost) {
    if (!inSpace(specification, row.choices)) {
        return misfit(row, "its choices are outside of its run's specification");
    }
    if (const auto wrong = wrongTarget(specification, row.target)) return misfit(row, *wrong);
    WholeDesign design;
    design.row = row;
    design.specification = std::move(specification);
    const auto& spec = design.specification;
    design.network = spec::buildNetwork(spec.network, row.choices.network);
    design.accelerator =
        hardware::buildAccelerator(spec.accelerator, row.choices.accelerator, design.network);
    design.cost = cost ? std::move(*cost) : totalsOf(row);
    if (!cost) return design;
    if (auto fits = costFits(design); !fits) return fits.error();
    return design;
}

Result<WholeDesign> wholeDesign(Project& project, const DesignRow& row,
                                const spec::Specification& specification) {
    const auto has = project.hasCost(row.id);
    if (!has) return has.error();
    std::optional<model::DesignCost> cost;
    if (*has) {
        auto stored = project.designCost(row.id);
        if (!stored) return stored.error();
        cost = std::move(*stored);
    }
    auto whole = assembled(specification, row, std::move(cost));
    if (whole) return whole;
    auto error = whole.error();
    error.where = project.path() + ": " + error.where;
    return error;
}

Result<WholeDesign> wholeDesign(Project& project, std::int64_t design) {
    const auto row = project.design(design);
    if (!row) return row.error();
    const auto specification = project.specificationOf(row->run);
    if (!specification) return specification.error();
    return wholeDesign(project, *row, *specification);
}

}  // namespace cohelix::store
