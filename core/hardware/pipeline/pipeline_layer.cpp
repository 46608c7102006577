// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/pipeline/pipeline_layer.h"

#include <array>
#include <string>
#include <vector>

#include "core/hardware/pipeline/fpga_pipeline.h"
#include "core/model/priced_layers.h"

namespace cohelix::hardware {
namespace {

using model::Dim;
using model::FpgaModel;
using model::Layer;
using model::Tensor;

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

model::MemoryTraffic memoryNamed(const std::string& memory) {
    model::MemoryTraffic out;
    out.memory = memory;
    return out;
}

std::vector<model::MemoryTraffic> pipelineTraffic(const model::PipelineChunk& chunk,
                                                  const Layer& layer, FpgaModel form,
                                                  const PipelineTiming& timing) {
    const auto words = pipelineWords(chunk, layer, form, timing);
    auto buffer = memoryNamed("buffer");
    buffer.tileWords = words.tile;
    auto dram = memoryNamed("DRAM");
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

}  // namespace

double pipelineDramBytes(const model::PipelineChunk& chunk, const Layer& layer, FpgaModel form) {
    const auto timing = pipelineTiming(chunk, layer, form);
    return pipelineWords(chunk, layer, form, timing).sum() * chunk.bits / 8;
}

model::LayerCost pipelineLayerCost(const model::PipelineChunk& chunk, const Layer& layer,
                                   FpgaModel form) {
    model::LayerCost cost;
    cost.mapping = pipelineMapping(chunk, layer, form);
    if (model::costsNothing(layer, form)) return cost;
    const auto timing = pipelineTiming(chunk, layer, form);
    cost.cycles = timing.cycles();
    cost.computeCycles = timing.outerTrips * timing.innerTrips * timing.compute;
    cost.limit = limitOf(timing);
    cost.traffic = pipelineTraffic(chunk, layer, form, timing);
    return cost;
}

}  // namespace cohelix::hardware
