// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cost/network_report.h"

#include <algorithm>
#include <set>

#include "core/base/unicode.h"
#include "core/base/units.h"
#include "core/hardware/allocation.h"
#include "core/interop/designs/design_json.h"

#include "app/cli/cost/coverage_report.h"
#include "app/cli/table.h"

namespace cohelix::cli {
namespace {

using base::Json;
using base::Result;

std::set<std::string> namesOf(const std::vector<hardware::UnpricedWork>& unpriced) {
    std::set<std::string> names;
    for (const auto& work : unpriced) names.insert(work.names.begin(), work.names.end());
    return names;
}

Result<std::vector<int>> allocate(const interop::AcceleratorDocument& document,
                                  PricedNetwork& priced) {
    if (interop::allocates(document, priced.network)) {
        priced.allocation = "as the accelerator's file says";
        return interop::allocationOf(document, priced.network, namesOf(priced.coverage.unpriced));
    }
    priced.allocation = "cut into runs for the least period";
    return hardware::leastPeriodAllocation(priced.network, priced.accelerator);
}

/// Leaves out the layers that the chunk which the document names for them cannot execute, though
/// another could.
void leaveOutMisplaced(PricedNetwork& priced, std::vector<int>& chunkOfLayer) {
    model::Network executable = priced.network;
    executable.layers.clear();
    std::vector<int> chunks;
    for (std::size_t i = 0; i < priced.network.layers.size(); ++i) {
        const auto& layer = priced.network.layers[i];
        const auto price = hardware::priceLayer(layer, priced.accelerator, chunkOfLayer[i]);
        if (!price) {
            hardware::leaveOut(priced.coverage.unpriced,
                               hardware::unpricedLayer(layer, price.error().what));
            continue;
        }
        executable.layers.push_back(layer);
        chunks.push_back(chunkOfLayer[i]);
    }
    priced.network = std::move(executable);
    chunkOfLayer = std::move(chunks);
}

void judge(PricedNetwork& priced, const std::vector<int>& chunkOfLayer) {
    const auto& device = priced.device;
    priced.explanation = explain::explanationOf(priced.network, priced.accelerator, priced.cost);
    explain::HardLimits limits;
    if (priced.accelerator.isPipeline()) {
        limits = {device.dsp, device.bram18k, device.lut, static_cast<double>(device.uram)};
        priced.resources = hardware::resourceLines(
            priced.cost,
            hardware::fpgaResources(priced.network, priced.accelerator, chunkOfLayer, device),
            device);
    }
    priced.fit = {
        .device = priced.accelerator.isPipeline() ? device.name + " (" + device.part + ")"
                                                  : "its memories",
        .excesses = explain::excesses(priced.network, priced.accelerator, chunkOfLayer, limits),
        .fix = {},
        .placed = explain::placedNeeds(priced.network, priced.accelerator, chunkOfLayer, limits)};
    if (!priced.accelerator.isPipeline()) return;
    priced.fit.clockMhz = priced.accelerator.clockMhz;
    priced.fit.deviceClockMhz = device.clockMhz;
}

std::string figuresText(const PricedNetwork& priced) {
    const auto& cost = priced.cost;
    const auto least = sideText(priced.coverage, Grows::Cost);
    std::string text = base::visibleLine(priced.name) + " (" + cost.model + ", " +
                       base::fixed(priced.accelerator.clockMhz, 0) + " MHz): a period of " + least +
                       base::fixed(cost.periodCycles, 0) + " cycles, " +
                       sideText(priced.coverage, Grows::Rate) + base::fixed(cost.fps, 1) +
                       " FPS; latency " + least + base::fixed(cost.latencyMs, 3) + " ms; energy " +
                       least + base::fixed(cost.energyMj, 3) + " mJ an image, EDP " + least +
                       base::fixed(cost.edp, 3) + " mJ*ms\n";
    if (priced.accelerator.isPipeline()) {
        text += sideText(priced.coverage, Grows::Resource) + base::fixed(cost.dsp, 1) +
                " DSP and " + base::fixed(cost.bram18k, 0) +
                " BRAM18K by the model's rules; energy is " +
                base::fixed(priced.device.powerWatt, 1) + " W (estimate) for the period\n";
    }
    return text + "Layers on chunks: " + priced.allocation + "\n";
}

std::string chunksText(const PricedNetwork& priced) {
    Table table(
        {"chunk", "layers", "cycles", "of the period %", "DSP", "BRAM18K", "PEs", "utilization %"});
    for (std::size_t c = 0; c < priced.cost.chunks.size(); ++c) {
        const auto& chunk = priced.cost.chunks[c];
        const double share =
            priced.cost.periodCycles > 0 ? chunk.cycles / priced.cost.periodCycles : 0;
        table.add({priced.accelerator.chunkName(c), std::to_string(chunk.layers),
                   base::fixed(chunk.cycles, 0), base::fixed(100 * share, 1),
                   base::fixed(chunk.dsp, 1), base::fixed(chunk.bram18k, 0),
                   base::grouped(chunk.pes), base::fixed(100 * chunk.utilization, 1)});
    }
    return table.text();
}

std::string layersText(const PricedNetwork& priced) {
    std::vector<std::string> header = {"layer", "chunk",     "MACs",      "cycles",
                                       "limit", "spatial %", "temporal %"};
    if (!priced.bits.empty()) header.push_back("bits in the model");
    Table table(header);
    for (std::size_t i = 0; i < priced.network.layers.size(); ++i) {
        const auto& layer = priced.network.layers[i];
        const auto& cost = priced.cost.layers[i];
        const auto coverage = priced.coverage.ofLayer(layer.name);
        std::vector<std::string> row = {
            layer.name,
            priced.accelerator.chunkName(static_cast<std::size_t>(cost.chunk)),
            sideText(coverage, Grows::Work) + base::grouped(model::macs(layer)),
            sideText(coverage, Grows::Cost) + base::fixed(cost.cycles, 0),
            model::limitText(cost),
            base::fixed(100 * cost.spatialUtilization, 1),
            base::fixed(100 * cost.temporalUtilization, 1)};
        if (!priced.bits.empty()) row.push_back(statedBitsText(priced.bits, layer.name));
        table.add(row);
    }
    return table.text();
}

std::string resourcesText(const PricedNetwork& priced) {
    if (priced.resources.empty()) return {};
    Table table({"resource", "used", "available", "placed", ""});
    for (const auto& line : priced.resources) {
        table.add({line.name, base::fixed(line.used, 0),
                   line.available > 0 ? base::fixed(line.available, 0) : "-",
                   base::fixed(line.placed, 0), line.estimate ? "estimate" : ""});
    }
    return "\nWhat counts on " + priced.fit.device +
           ", and what a synthesis tool would place (DSPs packed, small memories in LUTs):\n" +
           table.text();
}

/// Layers on chunks of fewer bits than their model states.
std::vector<std::string> narrowNotes(const PricedNetwork& priced,
                                     const std::vector<int>& chunkOfLayer) {
    std::vector<std::string> notes;
    for (std::size_t i = 0; i < priced.network.layers.size(); ++i) {
        const auto& name = priced.network.layers[i].name;
        const auto found = priced.bits.find(name);
        const int bits = priced.accelerator.chunkBits(static_cast<std::size_t>(chunkOfLayer[i]));
        if (found == priced.bits.end()) continue;
        if (std::max(found->second.inputs, found->second.weights) <= bits) continue;
        notes.push_back(name + ": the model states more bits (" +
                        statedBitsText(priced.bits, name) + ") than the " + std::to_string(bits) +
                        " of chunk '" +
                        priced.accelerator.chunkName(static_cast<std::size_t>(chunkOfLayer[i])) +
                        "', which are priced");
    }
    return notes;
}

/// Only what is priced of an incomplete network can be said to fit.
std::string fitText(const PricedNetwork& priced) {
    return fitText(priced.fit, priced.coverage.complete() ? "It" : "What is priced");
}

}  // namespace

Result<PricedNetwork> priceNetwork(const LayerList& list,
                                   const interop::AcceleratorDocument& document,
                                   const model::Device& device) {
    PricedNetwork priced{.name = list.name,
                         .network = {},
                         .coverage = {},
                         .accelerator = document.accelerator,
                         .device = device,
                         .allocation = {},
                         .cost = {},
                         .explanation = {},
                         .resources = {},
                         .fit = {},
                         .bits = list.bits};
    priced.coverage.unpriced = list.unread;
    priced.coverage.bounded = list.bounded;
    model::Network network;
    network.layers = list.layers;
    if (priced.accelerator.isPipeline())
        network = hardware::withAllLayersPriced(std::move(network));
    auto part = hardware::executablePart(std::move(network), priced.accelerator);
    priced.network = std::move(part.network);
    for (const auto& work : part.leftOut) hardware::leaveOut(priced.coverage.unpriced, work);
    auto chunkOfLayer = allocate(document, priced);
    if (!chunkOfLayer) return chunkOfLayer.error();
    leaveOutMisplaced(priced, *chunkOfLayer);
    hardware::dropUnpricedBounds(priced.coverage);
    if (priced.network.layers.empty()) return nothingPriced(list.name, priced.coverage);
    priced.coverage.pricedMacs = model::macs(priced.network);
    auto cost = hardware::evaluate(priced.network, priced.accelerator, *chunkOfLayer, device);
    if (!cost) return cost.error();
    priced.cost = std::move(*cost);
    priced.accelerator =
        hardware::fittedAccelerator(priced.network, priced.accelerator, *chunkOfLayer);
    judge(priced, *chunkOfLayer);
    priced.notes = narrowNotes(priced, *chunkOfLayer);
    return priced;
}

Json networkJson(const PricedNetwork& priced) {
    auto cost = interop::costJson(priced.network, priced.accelerator, priced.cost);
    addPipelineBounds(cost, priced.coverage);
    for (auto& layer : cost["layers"]) addStatedBits(layer, priced.bits, layer["layer"]);
    Json json = {{"network", priced.name},
                 {"model", priced.cost.model},
                 {"device", priced.device.name},
                 {"allocation", priced.allocation},
                 {"macs", priced.coverage.pricedMacs}};
    addCoverage(json, priced.coverage);
    json.update({{"cost", std::move(cost)},
                 {"explanation", explanationJson(priced.network, priced.explanation)},
                 {"fit", fitJson(priced.fit)}});
    addBounds(json, priced.coverage, {{"macs", Grows::Work}});
    addBounds(json["explanation"], priced.coverage, {{"utilization", Grows::Utilization}});
    if (priced.fit.placed.empty()) {
        addBounds(json["fit"], priced.coverage, {{"fits", Grows::Share}});
    } else {
        addBounds(
            json["fit"], priced.coverage,
            {{"fits", Grows::Share}, {"placed", Grows::Resource}, {"placed_fits", Grows::Share}});
    }
    if (!priced.resources.empty()) json["resources"] = interop::resourcesJson(priced.resources);
    json["accelerator"] = interop::chunkAcceleratorJson(priced.accelerator);
    return json;
}

std::string networkText(const PricedNetwork& priced) {
    return boundsText(priced.coverage) + figuresText(priced) + "\n" + chunksText(priced) + "\n" +
           layersText(priced) + resourcesText(priced) + "\n" +
           explanationText(priced.network, priced.accelerator, priced.explanation) + "\n" +
           fitText(priced) + unpricedText(priced.coverage);
}

}  // namespace cohelix::cli
