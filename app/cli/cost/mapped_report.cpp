// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cost/mapped_report.h"

#include <algorithm>

#include "core/base/unicode.h"
#include "core/base/units.h"

#include "app/cli/cost/cost_report.h"
#include "app/cli/cost/coverage_report.h"
#include "app/cli/table.h"
#include "app/cli/work_line.h"

namespace cohelix::cli {
namespace {

using base::Result;
using pricing::MappedLayer;
using pricing::MappedNetwork;

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

base::Json layerJson(const MappedLayer& layer, const MappedReport& report) {
    const auto& network = report.network;
    auto json = pricedJson(priced(layer, network));
    addBounds(json, network.coverage.ofLayer(layer.layer.name),
              {{"macs", Grows::Work},
               {"cycles", Grows::Cost},
               {"energy_pj", Grows::Cost},
               {"edp", Grows::Cost}});
    addStatedBits(json, report.bits, layer.layer.name);
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

std::string layerText(const MappedLayer& layer, const MappedReport& report) {
    const auto& network = report.network;
    std::string text =
        pricedText(priced(layer, network)) + boundText(network.coverage.ofLayer(layer.layer.name));
    if (const auto bits = statedBitsText(report.bits, layer.layer.name); !bits.empty()) {
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

std::string timeText(const MappedNetwork& network) {
    if (network.hardware.clockMhz <= 0) return "\nNo clock is known of it, and so no FPS";
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

/// Bounds of the figures that the network has.
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
void boundZeros(const std::vector<model::Layer>& layers,
                std::vector<hardware::BoundedWork>& bounded) {
    for (const auto& layer : layers) {
        hardware::bound(bounded,
                        {.op = "zeros",
                         .reason = "are moved and multiplied like other words, of which the "
                                   "accelerator's sparse_optimizations spare some",
                         .layers = {layer.name},
                         .smaller = true});
    }
}

}  // namespace

Result<MappedReport> mapNetwork(const LayerList& list, const Hardware& hardware,
                                const std::map<std::string, model::Mapping>& given,
                                const CostOptions& options) {
    base::Executor executor(base::usableThreads(options.threads), false);
    WorkLine line("mapping", "layer", list.layers.size());
    pricing::MappingRequest request;
    request.objective = base::valueOf<mapping::Objective>(options.objective);
    request.begins = [&](std::size_t layer, const std::string& name) { line.begin(layer, name); };
    request.how.seconds = options.seconds;
    request.how.keeping = options.bypass ? mapping::Keeping::Chosen : mapping::Keeping::WhatFits;
    request.how.padding = options.paddingPercent / 100;
    request.how.convention = conventionOf(options.convention);
    request.how.executor = &executor;
    pricing::LayersToMap work{list.name, list.layers, list.unread, list.bounded};
    if (list.hasZeros && hardware.sparesZeros) boundZeros(work.layers, work.bounded);
    auto network = pricing::mapNetwork(
        work, {hardware.hierarchy, hardware.dataflow, hardware.clockMhz, hardware.constraints},
        given, request);
    if (!network) return network.error();
    if (network->layers.empty()) return nothingPriced(list.name, network->coverage);
    return MappedReport{std::move(*network), list.bits};
}

base::Json mappedJson(const MappedReport& report, const CostOptions& options) {
    const auto& network = report.network;
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
        json["layers"].push_back(layerJson(layer, report));
    }
    return json;
}

std::string mappedText(const MappedReport& report) {
    const auto& network = report.network;
    std::string text = boundsText(network.coverage);
    for (const auto& layer : network.layers) text += layerText(layer, report);
    if (network.layers.size() > 1 || !network.coverage.exact()) {
        return text + totalsText(network) + unpricedText(network.coverage);
    }
    return text + "Mapping: " + originText(network) + "\n";
}

std::string summaryText(const MappedReport& report) {
    const auto& network = report.network;
    std::vector<std::string> header = {"layer",     "MACs",      "cycles",     "limit",
                                       "energy uJ", "spatial %", "temporal %", "mapping"};
    if (!report.bits.empty()) header.push_back("bits in the model");
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
        if (!report.bits.empty()) {
            row.push_back(statedBitsText(report.bits, layer.layer.name));
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
