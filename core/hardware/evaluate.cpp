// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/evaluate.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "core/hardware/array_template.h"
#include "core/hardware/chunk_price.h"
#include "core/hardware/pipeline/fpga_pipeline.h"
#include "core/model/priced_layers.h"

namespace cohelix::hardware {
namespace {

using base::Result;
using model::Accelerator;
using model::Dim;
using model::FpgaModel;
using model::Layer;
using model::LayerRole;
using model::Network;
using model::Tensor;

int bitsOf(const Accelerator& accelerator, int chunk) {
    const auto c = static_cast<std::size_t>(chunk);
    return accelerator.isPipeline() ? accelerator.pipeline[c].bits : accelerator.arrays[c].bits;
}

double periodOf(const std::vector<double>& chunkCycles, double dramCycles) {
    double period = dramCycles;
    for (const double cycles : chunkCycles) period = std::max(period, cycles);
    return period;
}

void addUp(Totals& totals, const Accelerator& accelerator) {
    totals.periodCycles =
        periodOf(totals.chunkCycles, sharedDramCycles(accelerator, totals.dramBytes));
    totals.latencyCycles =
        std::accumulate(totals.layerCycles.begin(), totals.layerCycles.end(), 0.0);
}

/// Words between DRAM and a chunk, as the timing counts its steps.
struct PipelineWords {
    std::array<double, model::kTensors> tile = {};  ///< in the buffer, by Tensor
    std::array<double, model::kTensors> moved = {};
    double sum() const { return moved[0] + moved[1] + moved[2]; }
};
PipelineWords pipelineWords(const model::PipelineChunk& chunk, const Layer& layer, FpgaModel form,
                            const PipelineTiming& timing) {
    const auto used = chunkForLayer(chunk, layer, form);
    const auto patch = inputPatch(used, layer, form);
    const bool depthwise = chunk.role == model::ChunkRole::Depthwise;
    const double k = static_cast<double>(layer.size(Dim::R));
    const double inputs = depthwise ? used.buffer.outputs : used.buffer.inputs;
    PipelineWords words;
    words.tile[model::indexOf(Tensor::Inputs)] = inputs * patch.rows * patch.columns;
    words.tile[model::indexOf(Tensor::Weights)] =
        (depthwise ? 1.0 : used.buffer.inputs) * used.buffer.outputs * k * k;
    words.tile[model::indexOf(Tensor::Outputs)] =
        static_cast<double>(used.buffer.outputs) * used.buffer.rows * used.buffer.columns;
    const double steps = timing.outerTrips * timing.innerTrips;
    for (const Tensor tensor : model::kAllTensors) {
        words.moved[model::indexOf(tensor)] =
            words.tile[model::indexOf(tensor)] *
            (tensor == Tensor::Outputs ? timing.outerTrips : steps);
    }
    return words;
}

Totals pipelineTotals(const Network& network, const Accelerator& accelerator,
                      std::span<const int> chunkOfLayer, double extraDramWords) {
    Totals totals;
    totals.layerCycles.assign(network.layers.size(), 0);
    const auto form = pricingFormOf(accelerator);
    std::vector<ChunkPrice> chunks(accelerator.pipeline.size());
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto c = static_cast<std::size_t>(chunkOfLayer[i]);
        const auto price =
            priceOnChunk(accelerator.pipeline[c], network.layers[i], form, extraDramWords);
        chunks[c].add(price);
        totals.layerCycles[i] = price.cycles;
        totals.dramBytes += price.dramBytes;
    }
    for (const auto& chunk : chunks) {
        totals.chunkCycles.push_back(chunk.cycles);
        totals.add(chunk);
    }
    addUp(totals, accelerator);
    return totals;
}

Result<Totals> arrayTotals(const Network& network, const Accelerator& accelerator,
                           std::span<const int> chunkOfLayer, double extraDramWords) {
    Totals totals;
    totals.chunkCycles.assign(accelerator.arrays.size(), 0);
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto price =
            priceLayer(network.layers[i], accelerator, chunkOfLayer[i], extraDramWords);
        if (!price) return price.error();
        totals.layerCycles.push_back(price->cycles);
        totals.chunkCycles[static_cast<std::size_t>(chunkOfLayer[i])] += price->cycles;
        totals.energyPicojoule += price->energyPicojoule;
        totals.dramBytes += price->dramBytes;
    }
    addUp(totals, accelerator);
    return totals;
}

/// The part of a layer's time that is largest, of those that others do not hide.
model::TimeLimit limitOf(const PipelineTiming& timing) {
    using Kind = model::TimeLimit::Kind;
    const bool weightsHide = model::hidesWeights(timing.overlap);
    const double reads = timing.inputRead + (weightsHide ? timing.weightRead : 0);
    const bool computes = timing.compute >= reads;
    const double step = computes ? timing.compute : timing.inputRead;
    const double steps = step * timing.innerTrips;
    const double weights = weightsHide && computes ? 0 : timing.weightRead * timing.innerTrips;
    const bool outputsHide =
        model::hidesOutputs(timing.overlap) && timing.writeBack < steps + weights;
    if (!outputsHide && timing.writeBack >= steps && timing.writeBack >= weights) {
        return {Kind::WriteBack};
    }
    if (weights >= steps) return {Kind::WeightRead};
    return {computes ? Kind::Compute : Kind::InputRead};
}

model::MemoryTraffic traffic(const std::string& memory, double capacity) {
    model::MemoryTraffic out;
    out.memory = memory;
    out.capacityWords = capacity;
    return out;
}

std::vector<model::MemoryTraffic> pipelineTraffic(const model::PipelineChunk& chunk,
                                                  const Layer& layer, FpgaModel form,
                                                  const PipelineTiming& timing) {
    const auto words = pipelineWords(chunk, layer, form, timing);
    auto buffer = traffic("buffer", 0);
    buffer.tileWords = words.tile;
    auto dram = traffic("DRAM", 0);
    const Layer stored = kPipelineReadsZeros ? model::withZerosAsWords(layer) : layer;
    for (const Tensor tensor : model::kAllTensors) {
        dram.tileWords[model::indexOf(tensor)] = static_cast<double>(model::words(stored, tensor));
    }
    for (const Tensor tensor : {Tensor::Inputs, Tensor::Weights}) {
        dram.reads[model::indexOf(tensor)] = buffer.writes[model::indexOf(tensor)] =
            words.moved[model::indexOf(tensor)];
    }
    const double written = words.moved[model::indexOf(Tensor::Outputs)];
    buffer.reads[model::indexOf(Tensor::Outputs)] = dram.writes[model::indexOf(Tensor::Outputs)] =
        written;
    return {dram, buffer};
}

/// Multipliers of each chunk: the most that any of its layers uses.
std::vector<double> multipliersOfChunks(const Network& network, const Accelerator& accelerator,
                                        std::span<const int> chunkOfLayer) {
    std::vector<double> most(accelerator.chunkCount(), 0);
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto c = static_cast<std::size_t>(chunkOfLayer[i]);
        if (!accelerator.isPipeline()) {
            most[c] = static_cast<double>(accelerator.arrays[c].peCount);
        } else if (!costsNothing(network.layers[i], accelerator)) {
            const auto need = pipelineResources(accelerator.pipeline[c], network.layers[i],
                                                accelerator.fpgaModel, false);
            most[c] = std::max(most[c], need.multipliers);
        }
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

model::LayerCost pipelineLayer(const Layer& layer, const Accelerator& accelerator, int chunkIndex,
                               double pes) {
    model::LayerCost cost;
    cost.chunk = chunkIndex;
    const auto& chunk = accelerator.pipeline[static_cast<std::size_t>(chunkIndex)];
    cost.mapping = pipelineMapping(chunk, layer, accelerator.fpgaModel);
    if (costsNothing(layer, accelerator)) return cost;
    const auto timing = pipelineTiming(chunk, layer, accelerator.fpgaModel);
    cost.cycles = timing.cycles();
    cost.computeCycles = timing.outerTrips * timing.innerTrips * timing.compute;
    cost.limit = limitOf(timing);
    cost.traffic = pipelineTraffic(chunk, layer, accelerator.fpgaModel, timing);
    setUtilization(cost, layer, pes);
    return cost;
}

Result<model::LayerCost> arrayLayer(const Layer& layer, const Accelerator& accelerator,
                                    int chunkIndex, double pes) {
    const auto& chunk = accelerator.arrays[static_cast<std::size_t>(chunkIndex)];
    auto array = evaluateOnArray(layer, chunk, accelerator.technology);
    if (!array) return array.error();
    model::LayerCost cost;
    cost.chunk = chunkIndex;
    cost.mapping = array->mapping;
    const auto& result = array->result;
    cost.cycles = result.cycles;
    cost.computeCycles = result.computeCycles;
    cost.energyPicojoule = result.energyPicojoule;
    const auto& memories = array->hierarchy.levels;
    cost.limit = nest::limitOf(result);
    for (std::size_t l = 0; l < result.levels.size(); ++l) {
        const auto& level = result.levels[l];
        auto moved = traffic(memories[l].name, memories[l].capacityWords);
        for (std::size_t t = 0; t < level.tensors.size(); ++t) {
            const auto& tensor = level.tensors[t];
            moved.reads[t] = static_cast<double>(tensor.reads + tensor.drains);
            moved.writes[t] = static_cast<double>(tensor.fills + tensor.updates);
            moved.tileWords[t] = static_cast<double>(tensor.tile);
            moved.energyPicojoule += level.energyPicojoule[t];
        }
        cost.traffic.push_back(std::move(moved));
    }
    setUtilization(cost, layer, pes);
    return cost;
}

double arrayDramBytes(const nest::LoopNestResult& result, const Accelerator& accelerator,
                      int chunk) {
    if (accelerator.dramGigabytesPerSecond <= 0) return 0;
    std::int64_t words = 0;
    for (const auto& tensor : result.levels.front().tensors) {
        words += tensor.reads + tensor.drains + tensor.fills + tensor.updates;
    }
    return static_cast<double>(words) * bitsOf(accelerator, chunk) / 8;
}

void addChunkFigures(model::DesignCost& cost, const Network& network,
                     const Accelerator& accelerator, const std::vector<double>& pes) {
    cost.chunks.resize(accelerator.chunkCount());
    std::vector<double> macs(accelerator.chunkCount(), 0);
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto& layer = cost.layers[i];
        const auto c = static_cast<std::size_t>(layer.chunk);
        auto& chunk = cost.chunks[c];
        if (costsNothing(network.layers[i], accelerator)) continue;
        ++chunk.layers;
        chunk.cycles += layer.cycles;
        macs[c] += static_cast<double>(model::macs(network.layers[i]));
        if (!accelerator.isPipeline()) continue;
        const auto need =
            pipelineResources(accelerator.pipeline[c], network.layers[i], accelerator.fpgaModel,
                              accelerator.doubleBufferedWeights);
        chunk.raise(need);
    }
    for (std::size_t c = 0; c < cost.chunks.size(); ++c) {
        auto& chunk = cost.chunks[c];
        chunk.pes = static_cast<std::int64_t>(pes[c]);
        const double slots = pes[c] * cost.periodCycles;
        chunk.utilization = slots > 0 ? std::min(1.0, macs[c] / slots) : 0;
        cost.add(chunk);
    }
}

}  // namespace

Network asPriced(const Network& network, const Accelerator& accelerator) {
    Network priced = network;
    if (accelerator.isPipeline()) {
        priced.layers = model::layersAsPriced(network.layers, accelerator.fpgaModel);
    }
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
    for (std::size_t c = 0; c < fitted.pipeline.size(); ++c) {
        auto layers = layersOfChunk(network, chunkOfLayer, c);
        std::ranges::move(layersOfChunk(priced, chunkOfLayer, c), std::back_inserter(layers));
        fitted.pipeline[c] = fittedChunk(fitted.pipeline[c], layers, accelerator.fpgaModel);
    }
    return fitted;
}

double sharedDramCycles(const Accelerator& accelerator, double bytes) {
    if (accelerator.dramGigabytesPerSecond <= 0) return 0;
    const double bytesPerCycle =
        accelerator.dramGigabytesPerSecond * 1e9 / (accelerator.clockMhz * 1e6);
    return bytes / bytesPerCycle;
}

double pipelineDramBytes(const model::PipelineChunk& chunk, const Layer& layer, FpgaModel form) {
    const auto timing = pipelineTiming(chunk, layer, form);
    return pipelineWords(chunk, layer, form, timing).sum() * chunk.bits / 8;
}

CountedWays countedWays(const Accelerator& accelerator, std::size_t memory, Tensor tensor) {
    if (!accelerator.isPipeline() || memory == 0) return {};
    return {.reads = tensor == Tensor::Outputs, .writes = tensor != Tensor::Outputs};
}

double dramBytesOf(const model::LayerCost& layer, const Accelerator& accelerator) {
    if (layer.traffic.empty()) return 0;
    const auto& dram = layer.traffic.front();
    double words = 0;
    for (std::size_t t = 0; t < dram.reads.size(); ++t) words += dram.reads[t] + dram.writes[t];
    return words * bitsOf(accelerator, layer.chunk) / 8;
}

bool costsNothing(const Layer& layer, const Accelerator& accelerator) {
    return accelerator.isPipeline() && model::costsNothing(layer, accelerator.fpgaModel);
}

Result<LayerPrice> priceLayer(const Layer& layer, const Accelerator& accelerator, int chunk,
                              double extraDramWords) {
    const auto c = static_cast<std::size_t>(chunk);
    if (accelerator.isPipeline()) {
        const auto price = priceOnChunk(accelerator.pipeline[c], layer, pricingFormOf(accelerator),
                                        extraDramWords);
        return LayerPrice{price.cycles, 0, price.dramBytes};
    }
    const auto array =
        evaluateOnArray(layer, accelerator.arrays[c], accelerator.technology, extraDramWords);
    if (!array) return array.error();
    return LayerPrice{array->result.cycles, array->result.energyPicojoule,
                      arrayDramBytes(array->result, accelerator, chunk)};
}

Result<Totals> totals(const Network& network, const Accelerator& accelerator,
                      std::span<const int> chunkOfLayer, double extraDramWords) {
    if (!accelerator.isPipeline()) {
        return arrayTotals(network, accelerator, chunkOfLayer, extraDramWords);
    }
    if (!model::publishedLayers(accelerator.fpgaModel)) {
        return pipelineTotals(network, accelerator, chunkOfLayer, extraDramWords);
    }
    return pipelineTotals(asPriced(network, accelerator), accelerator, chunkOfLayer,
                          extraDramWords);
}

Result<model::DesignCost> evaluate(const Network& network, const Accelerator& accelerator,
                                   std::span<const int> chunkOfLayer, const model::Device& device) {
    const Network priced = asPriced(network, accelerator);
    const auto pes = multipliersOfChunks(priced, accelerator, chunkOfLayer);
    model::DesignCost cost;
    cost.model =
        model::costModelName(accelerator.kind, accelerator.fpgaModel, accelerator.technology);
    double energyPicojoule = 0;
    for (std::size_t i = 0; i < priced.layers.size(); ++i) {
        const double chunkPes = pes[static_cast<std::size_t>(chunkOfLayer[i])];
        if (accelerator.isPipeline()) {
            cost.layers.push_back(
                pipelineLayer(priced.layers[i], accelerator, chunkOfLayer[i], chunkPes));
        } else {
            auto layer = arrayLayer(priced.layers[i], accelerator, chunkOfLayer[i], chunkPes);
            if (!layer) return layer.error();
            cost.layers.push_back(std::move(*layer));
        }
        cost.latencyCycles += cost.layers.back().cycles;
        energyPicojoule += cost.layers.back().energyPicojoule;
    }
    std::vector<double> chunkCycles(accelerator.chunkCount(), 0);
    double dramBytes = 0;
    for (const auto& layer : cost.layers) {
        chunkCycles[static_cast<std::size_t>(layer.chunk)] += layer.cycles;
        dramBytes += dramBytesOf(layer, accelerator);
    }
    cost.periodCycles = periodOf(chunkCycles, sharedDramCycles(accelerator, dramBytes));
    addChunkFigures(cost, priced, accelerator, pes);
    const double hertz = accelerator.clockMhz * 1e6;
    cost.fps = cost.periodCycles > 0 ? hertz / cost.periodCycles : 0;
    cost.latencyMs = cost.latencyCycles / hertz * 1e3;
    cost.energyMj = accelerator.isPipeline() ? device.powerWatt * cost.periodCycles / hertz * 1e3
                                             : energyPicojoule * 1e-9;
    cost.edp = cost.energyMj * cost.latencyMs;
    return cost;
}

}  // namespace cohelix::hardware
