// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cost/cost_report.h"

#include "core/base/unicode.h"
#include "core/base/units.h"
#include "core/interop/documents/mapping_json.h"

#include "app/cli/table.h"

namespace cohelix::cli {

std::string limitOf(const PricedLayer& priced) {
    return nest::limitText(priced.cost, priced.hierarchy);
}

namespace {

/// "Work waits 294,912 cycles for tiles: RFW has no room for two".
std::string waitsText(const PricedLayer& priced) {
    if (priced.cost.exposedCycles <= 0) return "";
    std::string full;
    for (std::size_t l = 0; l < priced.cost.levels.size(); ++l) {
        if (priced.cost.levels[l].waitCycles <= 0) continue;
        full += (full.empty() ? "" : ", ") + priced.hierarchy.levels[l].name;
    }
    return "Work waits " + base::grouped(static_cast<std::int64_t>(priced.cost.exposedCycles)) +
           " cycles for tiles" +
           (full.empty() ? "" : ": there is no room beside the one before in " + full) + "\n";
}

}  // namespace

std::string energyText(double picojoule) {
    return picojoule < 1e6 ? base::fixed(picojoule * 1e-3, 3) + " nJ"
                           : base::fixed(picojoule * 1e-6, 3) + " uJ";
}

base::Json pricedJson(const PricedLayer& priced) {
    const auto& cost = priced.cost;
    base::Json json;
    json["layer"] = priced.layer.name;
    json["macs"] = cost.macs;
    json["cycles"] = cost.cycles;
    json["compute_cycles"] = cost.computeCycles;
    json["exposed_cycles"] = cost.exposedCycles;
    json["limit"] = limitOf(priced);
    json["energy_pj"] = cost.energyPicojoule;
    json["mac_energy_pj"] = cost.macPicojoule;
    json["static_energy_pj"] = cost.staticPicojoule;
    json["edp"] = cost.energyPicojoule * cost.cycles;
    json["pes_in_use"] = cost.pesInUse;
    json["spatial_utilization"] = cost.spatialUtilization;
    json["temporal_utilization"] = cost.temporalUtilization;
    json["estimate"] = priced.hierarchy.estimate;
    base::Json levels = base::Json::array();
    for (std::size_t l = 0; l < cost.levels.size(); ++l) {
        const auto& level = cost.levels[l];
        base::Json entry;
        entry["name"] = priced.hierarchy.levels[l].name;
        entry["instances"] = level.instances;
        entry["cycles"] = level.cycles;
        entry["wait_cycles"] = level.waitCycles;
        entry["occupancy"] = level.occupancy;
        base::Json tensors;
        for (const auto tensor : model::kAllTensors) {
            const auto t = static_cast<std::size_t>(tensor);
            if (!priced.mapping.levels[l].keeps[t]) continue;
            const auto& moved = level.tensors[t];
            tensors[std::string(word(tensor))] = {{"tile", moved.tile},
                                                  {"reads", moved.reads},
                                                  {"fills", moved.fills},
                                                  {"updates", moved.updates},
                                                  {"drains", moved.drains},
                                                  {"forwards", moved.forwards},
                                                  {"energy_pj", level.energyPicojoule[t]}};
        }
        entry["tensors"] = std::move(tensors);
        levels.push_back(std::move(entry));
    }
    json["levels"] = std::move(levels);
    json["mapping"] = interop::compactMappingJson(priced.mapping);
    return json;
}

std::string pricedText(const PricedLayer& priced) {
    const auto& cost = priced.cost;
    std::string text = base::visibleLine(priced.layer.name) + ": " + base::fixed(cost.cycles, 0) +
                       " cycles (" + limitOf(priced) + "), " + energyText(cost.energyPicojoule) +
                       ", PEs " + base::fixed(cost.spatialUtilization * 100, 1) + " % in space, " +
                       base::fixed(cost.temporalUtilization * 100, 1) + " % in time\n" +
                       model::loopNestText(priced.mapping);
    Table table({"memory", "tensor", "tile", "reads", "fills", "updates", "drains", "forwards",
                 "energy uJ", "cycles"});
    for (std::size_t l = 0; l < cost.levels.size(); ++l) {
        for (const auto tensor : model::kAllTensors) {
            const auto t = static_cast<std::size_t>(tensor);
            if (!priced.mapping.levels[l].keeps[t]) continue;
            const auto& moved = cost.levels[l].tensors[t];
            table.add({priced.hierarchy.levels[l].name, std::string(word(tensor)),
                       base::grouped(moved.tile), base::grouped(moved.reads),
                       base::grouped(moved.fills), base::grouped(moved.updates),
                       base::grouped(moved.drains), base::grouped(moved.forwards),
                       base::fixed(cost.levels[l].energyPicojoule[t] * 1e-6, 3),
                       base::fixed(cost.levels[l].cycles, 0)});
        }
    }
    text += table.text() + waitsText(priced);
    if (priced.hierarchy.estimate) {
        text += "Energies are an estimate: " + priced.hierarchy.source + "\n";
    }
    return text;
}

}  // namespace cohelix::cli
