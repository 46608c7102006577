// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cost/mapped_network.h"

#include <algorithm>
#include <thread>

#include "core/base/unicode.h"
#include "core/base/units.h"
#include "core/mapping/mapping_cache.h"

#include "app/cli/cost/cost_report.h"
#include "app/cli/cost/coverage_report.h"
#include "app/cli/table.h"
#include "app/cli/work_line.h"

namespace cohelix::cli {
namespace {

using base::Result;

PricedLayer priced(const MappedLayer& layer, const MappedNetwork& network) {
    return {layer.layer, layer.mapping, network.hardware.hierarchy, layer.cost};
}

/// What is true of all mappings that a bound is of; nothing: it is of every mapping.
std::vector<std::string> conditionsOf(const mapping::Extent& extent) {
    std::vector<std::string> conditions;
    if (!extent.lessKept) conditions.emplace_back("memories keep all they can");
    if (!extent.unevenTrips) conditions.emplace_back("trips divide");
    if (!extent.ownLoops) conditions.emplace_back("loops stand in three blocks");
    return conditions;
}

/// " of the mappings in which memories keep all they can and trips divide".
std::string extentText(const mapping::Extent& extent) {
    const auto conditions = conditionsOf(extent);
    std::string text;
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        const bool last = i + 1 == conditions.size();
        text += (i == 0 ? " of the mappings in which " : last ? " and " : ", ") + conditions[i];
    }
    return text;
}

void addExtent(base::Json& json, const mapping::Extent& extent) {
    json["every_mapping"] = extent.everyMapping();
    json["mappings_in_which"] = conditionsOf(extent);
}

base::Json layerJson(const MappedLayer& layer, const MappedNetwork& network) {
    auto json = pricedJson(priced(layer, network));
    addBounds(json, network.coverage.ofLayer(layer.layer.name),
              {{"macs", Grows::Work},
               {"cycles", Grows::Cost},
               {"energy_pj", Grows::Cost},
               {"edp", Grows::Cost}});
    addStatedBits(json, network.bits, layer.layer.name);
    json["mapped_by"] = layer.search ? "mapper" : "given";
    if (!layer.search) return json;
    const auto& best = *layer.search;
    json["objective"] = word(network.objective);
    json["value"] = best.value;
    json["lower_bound"] = best.lowerBound;
    json["gap"] = best.gap();
    json["optimal"] = best.optimal();
    addExtent(json, best.extent);
    json["seconds"] = best.seconds;
    json["tilings"] = best.tilings;
    json["evaluations"] = best.evaluations;
    json["keeps_all"] = best.keepsAll;
    return json;
}

std::string proofText(const mapping::BestMapping& best) {
    if (best.optimal()) return "optimal";
    if (best.lowerBound <= 0) return "no bound is known";
    return "at most " + base::fixed(best.value / best.lowerBound, 2) + " times the optimum";
}

/// A line for each reason why a layer's figures are bounds.
std::string boundText(const hardware::Coverage& coverage) {
    std::string text;
    for (const auto& work : coverage.bounded) {
        text += "Its figures are bounds (cycles and energy: " + sideText(coverage, Grows::Cost) +
                "these): it is of " + work.op + ", which " + work.reason + "\n";
    }
    return text;
}

std::string layerText(const MappedLayer& layer, const MappedNetwork& network) {
    std::string text =
        pricedText(priced(layer, network)) + boundText(network.coverage.ofLayer(layer.layer.name));
    if (const auto bits = statedBitsText(network.bits, layer.layer.name); !bits.empty()) {
        text += "Bits that the model states: " + bits + "\n";
    }
    if (!layer.search) return text + "\n";
    return text + proofText(*layer.search) + "; " +
           base::counted(layer.search->tilings, "tiling", "tilings") + " bounded, " +
           base::counted(layer.search->evaluations, "mapping", "mappings") + " evaluated in " +
           base::fixed(layer.search->seconds, 2) + " s\n\n";
}

std::string objectiveText(mapping::Objective objective) {
    return objective == mapping::Objective::Edp ? "energy times delay"
                                                : std::string(word(objective));
}

/// Where the mappings come from.
std::string originText(const MappedNetwork& network) {
    const std::size_t searched = network.layers.size() - network.given;
    if (searched == 0) return "under the given mapping" + std::string(network.given > 1 ? "s" : "");
    std::string text = network.given == 0 ? "no mapping given: the mapper's best by "
                                          : std::to_string(network.given) +
                                                " under given mappings, the others by the mapper's "
                                                "best by ";
    text += objectiveText(network.objective) + extentText(network.extent);
    return network.optimal ? text + ", each proven optimal" : text;
}

bool isOneImage(const MappedNetwork& network) {
    return std::ranges::all_of(network.layers, [](const MappedLayer& layer) {
        return layer.layer.size(model::Dim::N) == 1;
    });
}

/// Where the clock is known.
std::string timeText(const MappedNetwork& network) {
    if (network.hardware.clockMhz <= 0) return {};
    const double ms = network.cycles / network.hardware.clockMhz / 1e3;
    const std::string text = "\n" + sideText(network.coverage, Grows::Cost) + base::fixed(ms, 3) +
                             " ms at " + base::fixed(network.hardware.clockMhz, 0) + " MHz";
    if (!isOneImage(network)) return text;
    return text + ", " + sideText(network.coverage, Grows::Rate) + base::fixed(1e3 / ms, 1) +
           " FPS";
}

std::string totalsText(const MappedNetwork& network) {
    const auto& coverage = network.coverage;
    const auto side = sideText(coverage, Grows::Cost);
    const auto where = network.name + " on " + network.hardware.hierarchy.name;
    std::string text = base::visibleLine(where) + ": " + side + base::fixed(network.cycles, 0) +
                       " cycles, " + side + energyText(network.picojoule) + ", " +
                       (coverage.complete() ? sideText(coverage, Grows::Work) : "") +
                       base::prefixed(static_cast<double>(coverage.pricedMacs)) +
                       " multiply-accumulates" + (coverage.complete() ? "" : " priced") +
                       ", layers one after the other";
    if (network.utilization() > 0) {
        text += "; PEs " + (coverage.complete() ? sideText(coverage, Grows::Utilization) : "") +
                base::fixed(100 * network.utilization(), 1) + " % in use" +
                (coverage.complete() ? "" : " by what is priced");
    }
    return text + timeText(network) + "\nMappings: " + originText(network) + "\n";
}

void addLayer(MappedNetwork& network, MappedLayer layer) {
    network.given += layer.search ? 0 : 1;
    network.optimal = network.optimal && (!layer.search || layer.search->optimal());
    if (layer.search) network.extent = network.extent.with(layer.search->extent);
    network.cycles += layer.cost.cycles;
    network.picojoule += layer.cost.energyPicojoule;
    network.coverage.pricedMacs = hardware::addedMacs(network.coverage.pricedMacs, layer.cost.macs);
    network.layers.push_back(std::move(layer));
}

mapping::MapSpace spaceOf(const Hardware& hardware) {
    auto space = hardware.dataflow ? mapping::mapSpaceOf(hardware.hierarchy, *hardware.dataflow)
                                   : mapping::fullMapSpace(hardware.hierarchy);
    space.constraints = hardware.constraints;
    return space;
}

/// Without energies every mapping would be as good as any other by one that counts them.
mapping::Objective objectiveFor(const nest::Hierarchy& hierarchy, const CostOptions& options) {
    if (const auto chosen = base::valueOf<mapping::Objective>(options.objective)) return *chosen;
    return mapping::anyEnergy(hierarchy) ? mapping::Objective::Edp : mapping::Objective::Latency;
}

std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t kMost = 8;
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i) {
        text += (i > 0 ? ", " : "") + names[i];
    }
    return names.size() <= kMost ? text
                                 : text + " and " + std::to_string(names.size() - kMost) + " more";
}

/// What of an accelerator's constraints a layer cannot obey, or its given mapping does not.
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

std::vector<std::string> notesOn(const MappedLayer& layer, const Hardware& hardware,
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
            listed(mapping::withoutEnergy(hierarchy)) + "): energy is counted as 0" +
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
        notes.push_back("Rows and columns are not stated of " + listed(unstated) +
                        ": nothing is unrolled there, and not all " + base::grouped(hierarchy.pes) +
                        " PEs can be in use");
    }
    if (!withoutSome.empty()) {
        notes.push_back(
            "The memories cannot keep all tensors that they may; the mapper chose what "
            "passes by which, for " +
            listed(withoutSome));
    }
    return notes;
}

/// Of the figures that the network has.
std::vector<Bound> boundsOf(const base::Json& json) {
    std::vector<Bound> bounds;
    for (const Bound& bound :
         {Bound{"macs", Grows::Work}, Bound{"cycles", Grows::Cost}, Bound{"energy_pj", Grows::Cost},
          Bound{"edp", Grows::Cost}, Bound{"utilization", Grows::Utilization},
          Bound{"latency_ms", Grows::Cost}, Bound{"fps", Grows::Rate}}) {
        if (json.contains(bound.figure)) bounds.push_back(bound);
    }
    return bounds;
}

/// Layers that are counted dense on hardware that is not.
void boundZeros(const LayerList& list, hardware::Coverage& coverage) {
    for (const auto& layer : list.layers) {
        hardware::bound(coverage.bounded,
                        {.op = "zeros",
                         .reason = "are moved and multiplied like other words, of which the "
                                   "accelerator's sparse_optimizations spare some",
                         .layers = {layer.name},
                         .smaller = true});
    }
}

}  // namespace

double MappedNetwork::utilization() const {
    const double slots = cycles * static_cast<double>(hardware.hierarchy.pes);
    return slots > 0 ? static_cast<double>(coverage.pricedMacs) / slots : 0;
}

Result<MappedNetwork> mapNetwork(const LayerList& list, const Hardware& hardware,
                                 const std::map<std::string, model::Mapping>& given,
                                 const CostOptions& options) {
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    base::Executor executor(options.threads > 0 ? options.threads : cores, false);
    mapping::MapperOptions how;
    how.seconds = options.seconds;
    how.keeping = options.bypass ? mapping::Keeping::Chosen : mapping::Keeping::WhatFits;
    how.padding = options.paddingPercent / 100;
    how.convention = conventionOf(options.convention);
    how.executor = &executor;
    mapping::MappingCache cache;
    MappedNetwork network{.name = list.name, .hardware = hardware, .bits = list.bits};
    network.objective = how.objective = objectiveFor(hardware.hierarchy, options);
    std::vector<std::string> withoutSome;  // layers whose memories do not keep all that they may
    network.coverage.unpriced = list.unread;
    network.coverage.bounded = list.bounded;
    if (list.hasZeros && hardware.sparesZeros) boundZeros(list, network.coverage);
    WorkLine line("mapping", "layer", list.layers.size());
    for (const auto& layer : list.layers) {
        line.begin(static_cast<std::size_t>(&layer - list.layers.data()), layer.name);
        if (const auto found = given.find(layer.name); found != given.end()) {
            auto cost =
                nest::evaluateLoopNest(layer, found->second, hardware.hierarchy, how.convention);
            if (!cost) return cost.error();
            addLayer(network, {layer, found->second, std::move(*cost), {}});
            continue;
        }
        auto best = cache.bestMapping(layer, hardware.hierarchy, spaceOf(hardware), how);
        if (best) {
            if (!options.bypass && !best->keepsAll) withoutSome.push_back(layer.name);
            addLayer(network, {layer, best->mapping, best->cost, *best});
        } else if (list.layers.size() == 1 && list.unread.empty()) {
            return best.error();
        } else {
            hardware::leaveOut(network.coverage.unpriced,
                               hardware::unpricedLayer(layer, best.error().what));
        }
    }
    if (network.layers.empty()) return nothingPriced(list.name, network.coverage);
    hardware::dropUnpricedBounds(network.coverage);
    network.notes = notesOn(network, withoutSome, how.convention);
    return network;
}

base::Json mappedJson(const MappedNetwork& network, const CostOptions& options) {
    base::Json json;
    json["network"] = network.name;
    json["accelerator"] = network.hardware.hierarchy.name;
    json["model"] = kLoopNestModel;
    json["convention"] = options.convention;
    json["macs"] = network.coverage.pricedMacs;
    addCoverage(json, network.coverage);
    json["cycles"] = network.cycles;
    json["energy_pj"] = network.picojoule;
    json["edp"] = network.picojoule * network.cycles;
    if (network.utilization() > 0) json["utilization"] = network.utilization();
    if (network.hardware.clockMhz > 0) {
        json["clock_mhz"] = network.hardware.clockMhz;
        json["latency_ms"] = network.cycles / network.hardware.clockMhz / 1e3;
        if (isOneImage(network)) {
            json["fps"] = network.hardware.clockMhz * 1e6 / network.cycles;
        }
    }
    addBounds(json, network.coverage, boundsOf(json));
    json["given_mappings"] = network.given;
    json["searched_mappings"] = network.layers.size() - network.given;
    json["optimal"] = network.optimal && network.given == 0;
    addExtent(json, network.extent);
    json["estimate"] = network.hardware.hierarchy.estimate;
    json["layers"] = base::Json::array();
    for (const auto& layer : network.layers) {
        json["layers"].push_back(layerJson(layer, network));
    }
    return json;
}

std::string mappedText(const MappedNetwork& network) {
    std::string text = boundsText(network.coverage);
    for (const auto& layer : network.layers) text += layerText(layer, network);
    if (network.layers.size() > 1 || !network.coverage.exact()) {
        return text + totalsText(network) + unpricedText(network.coverage);
    }
    return text + "Mapping: " + originText(network) + "\n";
}

std::string summaryText(const MappedNetwork& network) {
    std::vector<std::string> header = {"layer",     "MACs",      "cycles",     "limit",
                                       "energy uJ", "spatial %", "temporal %", "mapping"};
    if (!network.bits.empty()) header.push_back("bits in the model");
    Table table(header);
    for (const auto& layer : network.layers) {
        const auto& cost = layer.cost;
        const auto coverage = network.coverage.ofLayer(layer.layer.name);
        std::vector<std::string> row = {
            layer.layer.name,
            sideText(coverage, Grows::Work) + base::grouped(cost.macs),
            sideText(coverage, Grows::Cost) + base::fixed(cost.cycles, 0),
            limitOf(priced(layer, network)),
            base::fixed(cost.energyPicojoule * 1e-6, 3),
            base::fixed(100 * cost.spatialUtilization, 1),
            base::fixed(100 * cost.temporalUtilization, 1),
            layer.search ? proofText(*layer.search) : "given"};
        if (!network.bits.empty()) {
            row.push_back(statedBitsText(network.bits, layer.layer.name));
        }
        table.add(row);
    }
    const auto& hierarchy = network.hardware.hierarchy;
    const std::string source =
        hierarchy.estimate ? "Energies are an estimate: " + hierarchy.source + "\n" : "";
    return boundsText(network.coverage) + table.text() + "\n" + totalsText(network) + source +
           unpricedText(network.coverage);
}

}  // namespace cohelix::cli
