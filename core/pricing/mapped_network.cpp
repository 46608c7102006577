// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pricing/mapped_network.h"

#include <algorithm>
#include <utility>

#include "core/base/units.h"
#include "core/mapping/mapping_cache.h"

namespace cohelix::pricing {
namespace {

using base::Result;

void addLayer(MappedNetwork& network, MappedLayer layer) {
    network.given += layer.search ? 0 : 1;
    network.optimal = network.optimal && (!layer.search || layer.search->optimal());
    if (layer.search) network.extent = network.extent.with(layer.search->extent);
    network.cycles += layer.cost.cycles;
    network.picojoule += layer.cost.energyPicojoule;
    network.coverage.pricedMacs = hardware::addedMacs(network.coverage.pricedMacs, layer.cost.macs);
    network.layers.push_back(std::move(layer));
}

mapping::MapSpace spaceOf(const MappingHardware& hardware) {
    auto space = hardware.dataflow ? mapping::mapSpaceOf(hardware.hierarchy, *hardware.dataflow)
                                   : mapping::fullMapSpace(hardware.hierarchy);
    space.constraints = hardware.constraints;
    return space;
}

/// Without energies every mapping would be as good as any other by one that counts them.
mapping::Objective usualObjective(const nest::Hierarchy& hierarchy) {
    return mapping::anyEnergy(hierarchy) ? mapping::Objective::Edp : mapping::Objective::Latency;
}

/// The first of them.
std::string firstOf(const std::vector<std::string>& names) {
    constexpr std::size_t kMost = 8;
    if (names.size() <= kMost) return base::listed(names);
    return base::listed({names.begin(), names.begin() + kMost}) + " and " +
           std::to_string(names.size() - kMost) + " more";
}

/// Where a version of Timeloop from before or after January 2025 counts other inputs under a given
/// mapping: a published result rarely says which version it is of.
std::vector<std::string> otherInputs(const MappedLayer& layer, const nest::Hierarchy& hierarchy,
                                     const nest::Convention& convention) {
    if (!convention.boxes) return {};
    const auto& other = convention.stillStepEndsSlide ? nest::kTimeloop2025 : nest::kTimeloop2024;
    const auto theirs = nest::evaluateLoopNest(layer.layer, layer.mapping, hierarchy, other);
    if (!theirs) return {};
    constexpr auto kInputs = static_cast<std::size_t>(model::Tensor::Inputs);
    for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
        const auto reads = layer.cost.levels[l].tensors[kInputs].reads;
        const auto others = theirs->levels[l].tensors[kInputs].reads;
        if (reads == others) continue;
        return {layer.layer.name + ": " + std::string(convention.name) + " counts " +
                base::grouped(reads) + " words of inputs read out of " + hierarchy.levels[l].name +
                ", " + std::string(other.name) + " " + base::grouped(others) +
                ": Timeloop counts tiles that slide otherwise since January 2025"};
    }
    return {};
}

/// What of an accelerator's constraints a layer cannot obey, or its given mapping does not.
std::vector<std::string> notesOn(const MappedLayer& layer, const MappingHardware& hardware,
                                 const nest::Convention& convention) {
    if (layer.search) return layer.search->notes;
    if (!hardware.constraints) return otherInputs(layer, hardware.hierarchy, convention);
    const auto obeys = mapping::checkConstraints(layer.layer, layer.mapping, hardware.hierarchy,
                                                 *hardware.constraints);
    auto notes = otherInputs(layer, hardware.hierarchy, convention);
    if (!obeys) {
        notes.push_back("the given mapping of " + layer.layer.name + ": " + obeys.error().what);
    }
    return notes;
}

/// Memories whose axes are of any length, which mappings take to be one, where longer ones would
/// put more PEs to use.
std::vector<std::string> withoutAxes(const nest::Hierarchy& hierarchy) {
    std::vector<std::string> names;
    double pes = 1;
    for (const auto& memory : hierarchy.levels) {
        if (memory.rows == 0 || memory.columns == 0) names.push_back(memory.name);
        pes *= static_cast<double>(std::max<std::int64_t>(1, memory.rows)) *
               static_cast<double>(std::max<std::int64_t>(1, memory.columns));
    }
    return pes < static_cast<double>(hierarchy.pes) ? names : std::vector<std::string>{};
}

std::vector<std::string> notesOn(const MappedNetwork& network,
                                 const std::vector<std::string>& withoutSome,
                                 const nest::Convention& convention) {
    std::vector<std::string> notes;
    const auto& hierarchy = network.hardware.hierarchy;
    for (const auto& layer : network.layers) {
        for (auto& note : notesOn(layer, network.hardware, convention)) {
            if (std::ranges::find(notes, note) == notes.end()) notes.push_back(std::move(note));
        }
    }
    if (!mapping::anyEnergy(hierarchy)) {
        notes.push_back(
            (hierarchy.name.empty() ? "The accelerator" : hierarchy.name) + " has no energies (" +
            firstOf(mapping::withoutEnergy(hierarchy)) + "): energy is counted as 0" +
            (network.given < network.layers.size() ? ", and mappings are the best by latency"
                                                   : ""));
    }
    if (!network.extent.ownLoops) {
        notes.push_back(
            "Loops stand in three blocks: outside, in front of the array and inside a PE. "
            "Memories of one block have them in common; a mapping in which each has its "
            "own could be better, and is found where constraints are stated");
    }
    if (const auto unstated = withoutAxes(hierarchy); !unstated.empty()) {
        notes.push_back("Rows and columns are not stated of " + firstOf(unstated) +
                        ": nothing is unrolled there, and not all " + base::grouped(hierarchy.pes) +
                        " PEs can be in use");
    }
    if (!withoutSome.empty()) {
        notes.push_back(
            "The memories cannot keep all tensors that they may; the mapper chose what "
            "passes by which, for " +
            firstOf(withoutSome));
    }
    return notes;
}

}  // namespace

double MappedNetwork::utilization() const {
    const double slots = cycles * static_cast<double>(hardware.hierarchy.pes);
    return slots > 0 ? static_cast<double>(coverage.pricedMacs) / slots : 0;
}

Result<MappedNetwork> mapNetwork(const LayersToMap& work, const MappingHardware& hardware,
                                 const std::map<std::string, model::Mapping>& given,
                                 const MappingRequest& request) {
    auto how = request.how;
    how.objective = request.objective.value_or(usualObjective(hardware.hierarchy));
    mapping::MappingCache cache;
    MappedNetwork network{.name = work.name, .hardware = hardware, .objective = how.objective};
    std::vector<std::string> withoutSome;  // layers whose memories do not keep all that they may
    network.coverage.unpriced = work.unread;
    network.coverage.bounded = work.bounded;
    for (std::size_t i = 0; i < work.layers.size(); ++i) {
        const auto& layer = work.layers[i];
        if (request.begins) request.begins(i, layer.name);
        if (const auto found = given.find(layer.name); found != given.end()) {
            auto cost =
                nest::evaluateLoopNest(layer, found->second, hardware.hierarchy, how.convention);
            if (!cost) return cost.error();
            addLayer(network, {layer, found->second, std::move(*cost), {}});
            continue;
        }
        auto best = cache.bestMapping(layer, hardware.hierarchy, spaceOf(hardware), how);
        if (best) {
            const bool chosen = how.keeping == mapping::Keeping::Chosen;
            if (!chosen && !best->keepsAll) withoutSome.push_back(layer.name);
            addLayer(network, {layer, best->mapping, best->cost, *best});
        } else if (work.layers.size() == 1 && work.unread.empty()) {
            return best.error();
        } else {
            hardware::leaveOut(network.coverage.unpriced,
                               hardware::unpricedLayer(layer, best.error().what));
        }
    }
    if (network.layers.empty()) return network;
    hardware::dropUnpricedBounds(network.coverage);
    network.notes = notesOn(network, withoutSome, how.convention);
    return network;
}

}  // namespace cohelix::pricing
