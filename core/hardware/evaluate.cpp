// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/evaluate.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "core/hardware/templates.h"

namespace cohelix::hardware {
namespace {

using base::Result;
using model::Accelerator;
using model::Layer;
using model::Network;
using model::Tensor;

double periodOf(const std::vector<double>& chunkCycles, double dramCycles) {
    double period = dramCycles;
    for (const double cycles : chunkCycles) period = std::max(period, cycles);
    return period;
}

/// Multipliers of each chunk: the most that any of its layers uses.
std::vector<double> multipliersOfChunks(const Network& priced, const Accelerator& accelerator,
                                        std::span<const int> chunkOfLayer) {
    const auto& hardware = templateOf(accelerator.kind);
    std::vector<double> most(accelerator.chunkCount(), 0);
    for (std::size_t i = 0; i < priced.layers.size(); ++i) {
        const auto c = static_cast<std::size_t>(chunkOfLayer[i]);
        most[c] = std::max(most[c], hardware.multipliers(priced.layers[i], accelerator, c));
    }
    return most;
}

/// Spatial and temporal utilization from cycles: compute cycles at full array use would be
/// macs / pes.
void setUtilization(model::LayerCost& cost, const Layer& layer, double pes) {
    if (cost.cycles <= 0 || cost.computeCycles <= 0 || pes <= 0) return;
    const double ideal = static_cast<double>(model::macs(layer)) / pes;
    cost.spatialUtilization = std::min(1.0, ideal / cost.computeCycles);
    cost.temporalUtilization = std::min(1.0, cost.computeCycles / cost.cycles);
}

void addChunkFigures(model::DesignCost& cost, const Network& priced, const Accelerator& accelerator,
                     const std::vector<double>& pes) {
    const auto& hardware = templateOf(accelerator.kind);
    cost.chunks.resize(accelerator.chunkCount());
    std::vector<double> macs(accelerator.chunkCount(), 0);
    for (std::size_t i = 0; i < priced.layers.size(); ++i) {
        const auto& layer = priced.layers[i];
        if (hardware.costsNothing(layer, accelerator)) continue;
        const auto c = static_cast<std::size_t>(cost.layers[i].chunk);
        auto& chunk = cost.chunks[c];
        ++chunk.layers;
        chunk.cycles += cost.layers[i].cycles;
        macs[c] += static_cast<double>(model::macs(layer));
        chunk.raise(hardware.needs(layer, accelerator, c));
    }
    for (std::size_t c = 0; c < cost.chunks.size(); ++c) {
        auto& chunk = cost.chunks[c];
        chunk.pes = static_cast<std::int64_t>(pes[c]);
        const double slots = pes[c] * cost.periodCycles;
        chunk.utilization = slots > 0 ? std::min(1.0, macs[c] / slots) : 0;
        cost.add(chunk);
    }
}

Result<Totals> totalsAsPriced(std::span<const Layer> layers, const Accelerator& accelerator,
                              std::span<const int> chunkOfLayer, double extraDramWords) {
    Totals totals;
    std::vector<LayerPrice> chunks(accelerator.chunkCount());
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto price = priceLayer(layers[i], accelerator, chunkOfLayer[i], extraDramWords);
        if (!price) return price.error();
        chunks[static_cast<std::size_t>(chunkOfLayer[i])].add(*price);
        totals.layerCycles.push_back(price->cycles);
        totals.energyPicojoule += price->energyPicojoule;
        totals.dramBytes += price->dramBytes;
    }
    for (const auto& chunk : chunks) {
        totals.chunkCycles.push_back(chunk.cycles);
        totals.add(chunk);
    }
    totals.periodCycles =
        periodOf(totals.chunkCycles, sharedDramCycles(accelerator, totals.dramBytes));
    totals.latencyCycles =
        std::accumulate(totals.layerCycles.begin(), totals.layerCycles.end(), 0.0);
    return totals;
}

}  // namespace

Network asPriced(const Network& network, const Accelerator& accelerator) {
    Network priced = network;
    priced.layers =
        templateOf(accelerator.kind).layersAsPriced(network.layers, accelerator.fpgaModel);
    return priced;
}

std::vector<Layer> layersOfChunk(const Network& network, std::span<const int> chunkOfLayer,
                                 std::size_t chunk) {
    std::vector<Layer> layers;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        if (chunkOfLayer[i] == static_cast<int>(chunk)) layers.push_back(network.layers[i]);
    }
    return layers;
}

Accelerator fittedAccelerator(const Network& network, const Accelerator& accelerator,
                              std::span<const int> chunkOfLayer) {
    Accelerator fitted = accelerator;
    const auto priced = asPriced(network, accelerator);
    for (std::size_t c = 0; c < fitted.chunkCount(); ++c) {
        auto layers = layersOfChunk(network, chunkOfLayer, c);
        std::ranges::move(layersOfChunk(priced, chunkOfLayer, c), std::back_inserter(layers));
        templateOf(accelerator.kind).fitChunk(fitted, c, layers);
    }
    return fitted;
}

double sharedDramCycles(const Accelerator& accelerator, double bytes) {
    if (accelerator.dramGigabytesPerSecond <= 0) return 0;
    const double bytesPerCycle =
        accelerator.dramGigabytesPerSecond * 1e9 / (accelerator.clockMhz * 1e6);
    return bytes / bytesPerCycle;
}

CountedWays countedWays(const Accelerator& accelerator, std::size_t memory, Tensor tensor) {
    return templateOf(accelerator.kind).countedWays(memory, tensor);
}

double dramBytesOf(const model::LayerCost& layer, const Accelerator& accelerator) {
    if (layer.traffic.empty()) return 0;
    const auto& dram = layer.traffic.front();
    double words = 0;
    for (std::size_t t = 0; t < dram.reads.size(); ++t) words += dram.reads[t] + dram.writes[t];
    const auto chunk = static_cast<std::size_t>(layer.chunk);
    return words * accelerator.chunkBits(chunk) / 8;
}

double energyMjOf(model::Template kind, double picojoule, double periodCycles, double hertz,
                  const model::Device& device) {
    return templateOf(kind).energyMj(picojoule, periodCycles, hertz, device);
}

bool costsNothing(const Layer& layer, const Accelerator& accelerator) {
    return templateOf(accelerator.kind).costsNothing(layer, accelerator);
}

Result<LayerPrice> priceLayer(const Layer& layer, const Accelerator& accelerator, int chunk,
                              double extraDramWords) {
    return templateOf(accelerator.kind)
        .price(layer, accelerator, static_cast<std::size_t>(chunk), extraDramWords);
}

Result<Totals> totals(const Network& network, const Accelerator& accelerator,
                      std::span<const int> chunkOfLayer, double extraDramWords) {
    const auto& hardware = templateOf(accelerator.kind);
    if (hardware.resizesLayers(accelerator.fpgaModel)) {
        return totalsAsPriced(hardware.layersAsPriced(network.layers, accelerator.fpgaModel),
                              accelerator, chunkOfLayer, extraDramWords);
    }
    return totalsAsPriced(network.layers, accelerator, chunkOfLayer, extraDramWords);
}

Result<model::DesignCost> evaluate(const Network& network, const Accelerator& accelerator,
                                   std::span<const int> chunkOfLayer, const model::Device& device) {
    const Network priced = asPriced(network, accelerator);
    const auto pes = multipliersOfChunks(priced, accelerator, chunkOfLayer);
    model::DesignCost cost;
    cost.model =
        model::costModelName(accelerator.kind, accelerator.fpgaModel, accelerator.technology);
    std::vector<double> chunkCycles(accelerator.chunkCount(), 0);
    double energyPicojoule = 0;
    double dramBytes = 0;
    for (std::size_t i = 0; i < priced.layers.size(); ++i) {
        const auto c = static_cast<std::size_t>(chunkOfLayer[i]);
        auto layer = templateOf(accelerator.kind).cost(priced.layers[i], accelerator, c);
        if (!layer) return layer.error();
        layer->chunk = chunkOfLayer[i];
        setUtilization(*layer, priced.layers[i], pes[c]);
        cost.latencyCycles += layer->cycles;
        energyPicojoule += layer->energyPicojoule;
        chunkCycles[c] += layer->cycles;
        dramBytes += dramBytesOf(*layer, accelerator);
        cost.layers.push_back(std::move(*layer));
    }
    cost.periodCycles = periodOf(chunkCycles, sharedDramCycles(accelerator, dramBytes));
    addChunkFigures(cost, priced, accelerator, pes);
    const double hertz = accelerator.clockMhz * 1e6;
    cost.fps = cost.periodCycles > 0 ? hertz / cost.periodCycles : 0;
    cost.latencyMs = cost.latencyCycles / hertz * 1e3;
    cost.energyMj = energyMjOf(accelerator.kind, energyPicojoule, cost.periodCycles, hertz, device);
    cost.edp = cost.energyMj * cost.latencyMs;
    return cost;
}

}  // namespace cohelix::hardware
