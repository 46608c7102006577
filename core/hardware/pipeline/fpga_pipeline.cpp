// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/pipeline/fpga_pipeline.h"

#include <algorithm>
#include <cmath>

#include "core/base/ceil_divide.h"
#include "core/nest/mapping_level.h"

namespace cohelix::hardware {
namespace {

using model::Dim;
using model::FpgaModel;
using model::Layer;
using model::Parallelism;
using model::PipelineChunk;

constexpr double kPublishedBankBits = 18000;        // 1125 x 16, as the authors count
constexpr double kBankBits = 18432;                 // a BRAM18K
constexpr double kWordBits = model::kPortWordBits;  // one value of the 64-bit DMA word

double size(const Layer& layer, Dim dim) { return static_cast<double>(layer.size(dim)); }

/// The DMA moves two to so many 16-bit values a cycle, as many as the tile has lanes.
struct Dma {
    double mostWords;
    double operator()(double tile) const { return std::clamp(tile, 2.0, mostWords); }
};

/// A quotient as the form of the model takes it: rounded up, or as it is.
struct Division {
    FpgaModel form;
    double operator()(double a, double b) const {
        return publishedFormulas(form) ? a / b : std::ceil(a / b);
    }
};

/// The layer's channels of one group as a standard chunk sees them.
double outputsPerGroup(const Layer& layer) { return size(layer, Dim::K) / layer.groups; }
double inputsPerGroup(const Layer& layer) { return size(layer, Dim::C) / layer.groups; }

struct Tiles {
    double rows, columns, outputs, inputs;
    explicit Tiles(const model::Tile& tile)
        : rows(tile.rows), columns(tile.columns), outputs(tile.outputs), inputs(tile.inputs) {}
};

/// What the times of a layer on a chunk are made of.
struct Terms {
    const PipelineChunk& chunk;
    const Layer& layer;
    Division divide;
    Dma lanes;
    InputPatch patch;
    Tiles buffer{chunk.buffer};
    Tiles loop{chunk.loop};
    double kernel = size(layer, Dim::R);
    double words = chunk.bits / kWordBits;  ///< of the port, that a value takes
    bool byRows = chunk.parallelism == Parallelism::OutputRows;

    /// Tiles of the layer's outputs, of which there are so many channels.
    double outputTiles(double channels) const {
        return divide(size(layer, Dim::P), buffer.rows) *
               divide(size(layer, Dim::Q), buffer.columns) * divide(channels, buffer.outputs);
    }
};

void timeStandard(const Terms& x, PipelineTiming& t) {
    const double work = x.buffer.columns * x.kernel * x.kernel;
    const double weights = x.buffer.outputs * x.buffer.inputs * x.kernel;
    const double outputSteps = x.divide(x.buffer.outputs, x.loop.outputs);
    switch (x.chunk.parallelism) {
        case Parallelism::OutputChannels:
            t.compute = outputSteps * x.buffer.inputs * x.buffer.rows * work;
            break;
        case Parallelism::OutputAndInputChannels:
            t.compute =
                outputSteps * x.divide(x.buffer.inputs, x.loop.inputs) * x.buffer.rows * work;
            break;
        case Parallelism::OutputRows:
            t.compute =
                x.buffer.outputs * x.buffer.inputs * x.divide(x.buffer.rows, x.loop.rows) * work;
            break;
    }
    const double inputLanes = x.lanes(x.byRows ? x.patch.rows : x.loop.inputs);
    t.inputRead =
        std::ceil(x.buffer.inputs * x.patch.rows * x.patch.columns / inputLanes) * x.words;
    t.weightRead =
        (x.byRows ? weights : std::ceil(weights * x.kernel / x.lanes(x.loop.outputs))) * x.words;
    t.innerTrips = x.divide(inputsPerGroup(x.layer), x.buffer.inputs);
    t.outerTrips = x.outputTiles(outputsPerGroup(x.layer)) * x.layer.groups;
}

void timeDepthwise(const Terms& x, PipelineTiming& t) {
    const double weights = x.buffer.outputs * x.kernel;
    const double channelLanes = x.lanes(x.loop.outputs);
    t.compute = (x.byRows ? x.buffer.outputs * x.divide(x.buffer.rows, x.loop.rows)
                          : x.divide(x.buffer.outputs, x.loop.outputs) * x.buffer.rows) *
                x.buffer.columns * x.kernel * x.kernel;
    t.inputRead =
        std::ceil(x.buffer.outputs * x.patch.rows * x.patch.columns / channelLanes) * x.words;
    t.weightRead = (x.byRows ? weights : std::ceil(weights * x.kernel / channelLanes)) * x.words;
    t.outerTrips = x.outputTiles(size(x.layer, Dim::K));
}

/// Results are copied lane by lane to the port and moved over it.
void timeWriteBack(const Terms& x, PipelineTiming& t) {
    const double outputWords = x.buffer.outputs * x.buffer.rows * x.buffer.columns;
    const double across = x.byRows ? x.loop.rows : x.loop.outputs;
    const double transfer = std::ceil(outputWords / x.lanes(across));
    t.writeBack = (transfer + x.divide(outputWords, across)) * x.words;
    t.writeTransfer = transfer * x.words;
}

/// Blocks of memories under a form of the model.
struct BankRule {
    double bankBits;
    explicit BankRule(FpgaModel form)
        : bankBits(publishedFormulas(form) ? kPublishedBankBits : kBankBits) {}
    double operator()(double words, double bits) const {
        return std::ceil(words * bits / bankBits);
    }
};

/// Block RAM by tensor, of a chunk as the form prices it.
std::array<double, model::kTensors> bramOf(const PipelineChunk& chunk, const Layer& layer,
                                           FpgaModel form, bool doubleBufferedWeights) {
    const Division divide{form};
    const bool corrected = !publishedFormulas(form);
    const Tiles buffer(chunk.buffer);
    const Tiles loop(chunk.loop);
    const auto patch = inputPatch(chunk, layer, form);
    const double k = size(layer, Dim::R);
    const bool depthwise = chunk.role == model::ChunkRole::Depthwise;
    const BankRule rule(form);
    const auto banks = [&](double words) { return rule(words, chunk.bits); };
    double copies = weightCopies(chunk, corrected && doubleBufferedWeights);
    if (chunk.parallelism == Parallelism::OutputRows) {
        const double inputs = depthwise ? 1 : buffer.inputs;
        return {k * banks(k * buffer.outputs * inputs) * copies,
                2 * patch.rows * banks(patch.columns * inputs),
                loop.rows * banks(buffer.columns * buffer.outputs) * outputCopies(chunk)};
    }
    const double perOutput = divide(buffer.outputs, loop.outputs);
    const double perInput = depthwise ? 1 : divide(buffer.inputs, loop.inputs);
    const double inputLanes = depthwise ? loop.outputs : loop.inputs;
    // As published, weights live in LUT RAM and registers: the one copy there is not counted.
    if (!corrected) copies -= 1;
    const double weights =
        loop.outputs * (depthwise ? 1 : loop.inputs) * banks(k * k * perOutput * perInput) * copies;
    return {weights,
            2 * inputLanes * banks(patch.rows * patch.columns * (depthwise ? perOutput : perInput)),
            loop.outputs * banks(buffer.rows * buffer.columns * perOutput) * outputCopies(chunk)};
}

/// Makes each side of a tile at least as long as another's.
void widen(model::Tile& tile, const model::Tile& other) {
    tile.rows = std::max(tile.rows, other.rows);
    tile.columns = std::max(tile.columns, other.columns);
    tile.outputs = std::max(tile.outputs, other.outputs);
    tile.inputs = std::max(tile.inputs, other.inputs);
}

/// A layer's cycles with these transfers hidden; see the header.
double cyclesHiding(const PipelineTiming& t, bool weights, bool outputs) {
    const double step = weights ? std::max(t.compute, t.inputRead + t.weightRead)
                                : std::max(t.compute, t.inputRead) + t.weightRead;
    const double steps = t.innerTrips * step;
    const double fill = weights ? t.weightRead : 0;
    if (!outputs) return fill + t.outerTrips * (t.writeBack + steps);
    const double port = t.innerTrips * (t.inputRead + t.weightRead) + t.writeTransfer;
    return fill + steps + (t.outerTrips - 1) * std::max({steps, t.writeBack, port}) + t.writeBack;
}

}  // namespace

double multipliersOf(const PipelineChunk& chunk) {
    switch (chunk.parallelism) {
        case Parallelism::OutputChannels: return chunk.loop.outputs;
        case Parallelism::OutputAndInputChannels:
            return static_cast<double>(chunk.loop.outputs) * chunk.loop.inputs;
        case Parallelism::OutputRows: return chunk.loop.rows;
    }
    return 0;
}

double PipelineTiming::cycles() const {
    const bool outputs = model::hidesOutputs(overlap);
    const double waiting = cyclesHiding(*this, false, outputs);
    if (!model::hidesWeights(overlap)) return waiting;
    return std::min(waiting, cyclesHiding(*this, true, outputs));
}

PipelineChunk chunkForLayer(const PipelineChunk& chunk, const Layer& layer, FpgaModel form) {
    PipelineChunk used = pricesBeyond(form) ? chunk : model::withinTemplate(chunk);
    if (!clipsTiles(form)) return used;
    const bool depthwise = chunk.role == model::ChunkRole::Depthwise;
    const auto clip = [](int& tile, std::int64_t most) {
        tile = static_cast<int>(std::min<std::int64_t>(tile, most));
    };
    for (model::Tile* tile : {&used.buffer, &used.loop}) {
        clip(tile->rows, layer.size(Dim::P));
        clip(tile->columns, layer.size(Dim::Q));
        clip(tile->outputs, depthwise ? layer.size(Dim::K) : layer.size(Dim::K) / layer.groups);
        clip(tile->inputs, depthwise ? 1 : layer.size(Dim::C) / layer.groups);
    }
    return used;
}

PipelineChunk fittedChunk(const PipelineChunk& chunk, std::span<const Layer> layers,
                          FpgaModel form) {
    if (layers.empty() || !clipsTiles(form)) return chunk;
    PipelineChunk fitted = chunk;
    fitted.buffer = fitted.loop = {};
    for (const auto& layer : layers) {
        const auto used = chunkForLayer(chunk, layer, form);
        widen(fitted.buffer, used.buffer);
        widen(fitted.loop, used.loop);
    }
    return fitted;
}

LoopTileUse loopTileUse(const PipelineChunk& chunk, TileSide side) {
    const bool byRows = chunk.parallelism == Parallelism::OutputRows;
    switch (side) {
        case TileSide::Rows: return byRows ? LoopTileUse::Used : LoopTileUse::Smallest;
        case TileSide::Columns: return LoopTileUse::Smallest;
        case TileSide::Outputs:
            // A depthwise chunk that is parallel over rows still moves so many channels at once.
            if (!byRows) return LoopTileUse::Used;
            return chunk.role == model::ChunkRole::Depthwise ? LoopTileUse::Largest
                                                             : LoopTileUse::Smallest;
        case TileSide::Inputs: return byRows ? LoopTileUse::Smallest : LoopTileUse::Used;
    }
    return LoopTileUse::Used;
}

InputPatch inputPatch(const PipelineChunk& chunk, const Layer& layer, FpgaModel form) {
    const double kernelRows = size(layer, Dim::R);
    const double kernelColumns = size(layer, Dim::S);
    if (publishedFormulas(form)) {
        return {std::max<double>(chunk.loop.rows + kernelRows - 1, chunk.buffer.rows),
                std::max<double>(chunk.loop.columns + kernelColumns - 1, chunk.buffer.columns)};
    }
    // The buffer's tile is at least the loop's, so its patch is the larger of the two.
    return {
        (chunk.buffer.rows - 1.0) * layer.stride.rows + (kernelRows - 1) * layer.dilation.rows + 1,
        (chunk.buffer.columns - 1.0) * layer.stride.columns +
            (kernelColumns - 1) * layer.dilation.columns + 1};
}

PipelineTiming pipelineTiming(const PipelineChunk& chunk, const Layer& layer, FpgaModel form,
                              double extraDmaWords) {
    const auto used = chunkForLayer(chunk, layer, form);
    const Terms terms{
        used, layer, {form}, {used.portWords + extraDmaWords}, inputPatch(used, layer, form)};
    PipelineTiming timing;
    if (chunk.role == model::ChunkRole::Depthwise) {
        timeDepthwise(terms, timing);
    } else {
        timeStandard(terms, timing);
    }
    timeWriteBack(terms, timing);
    timing.overlap = used.overlap;
    return timing;
}

double dspOf(double multipliers, int bits, FpgaModel form) {
    if (publishedFormulas(form)) return multipliers * bits / 16;
    const double each = bits > 16 ? 2 : bits > 8 ? 1 : 0.5;
    return std::ceil(multipliers * each);
}

PipelineResources pipelineResources(const PipelineChunk& chunk, const Layer& layer, FpgaModel form,
                                    bool doubleBufferedWeights) {
    const auto used = chunkForLayer(chunk, layer, form);
    const double multipliers = multipliersOf(used);
    const auto bram = bramOf(used, layer, form, doubleBufferedWeights);
    const double port = 2 * BankRule(form)(kBurstWords, extraPortBits(used));
    return {dspOf(multipliers, chunk.bits, form), bram[0] + bram[1] + bram[2] + port, multipliers,
            bram, port};
}

model::Mapping pipelineMapping(const PipelineChunk& chunk, const Layer& layer, FpgaModel form) {
    using model::LoopKind;
    const auto used = chunkForLayer(chunk, layer, form);
    const bool depthwise = chunk.role == model::ChunkRole::Depthwise;
    const bool byRows = chunk.parallelism == Parallelism::OutputRows;
    const bool byInputs = chunk.parallelism == Parallelism::OutputAndInputChannels && !depthwise;
    const auto& buffer = used.buffer;
    const auto& loop = used.loop;
    const std::int64_t inputs = depthwise ? 1 : layer.size(Dim::C) / layer.groups;

    model::Mapping mapping;
    mapping.levels.push_back(
        nest::levelOf("DRAM", true,
                      {{Dim::K, base::ceilDivide(layer.size(Dim::K), buffer.outputs)},
                       {Dim::P, base::ceilDivide(layer.size(Dim::P), buffer.rows)},
                       {Dim::Q, base::ceilDivide(layer.size(Dim::Q), buffer.columns)},
                       {Dim::C, base::ceilDivide(inputs, buffer.inputs)}}));
    mapping.levels.push_back(nest::levelOf(
        "buffer", true,
        {{Dim::R, layer.size(Dim::R)},
         {Dim::S, layer.size(Dim::S)},
         {Dim::P, byRows ? base::ceilDivide(buffer.rows, loop.rows) : buffer.rows},
         {Dim::Q, buffer.columns},
         {Dim::K, byRows ? buffer.outputs : base::ceilDivide(buffer.outputs, loop.outputs)},
         {Dim::C, byInputs ? base::ceilDivide(buffer.inputs, loop.inputs) : buffer.inputs}}));
    mapping.levels.push_back(
        byRows ? nest::levelOf("PE array", false, {{Dim::P, loop.rows, LoopKind::Rows}})
               : nest::levelOf("PE array", false,
                               {{Dim::K, loop.outputs, LoopKind::Rows},
                                {Dim::C, byInputs ? loop.inputs : 1, LoopKind::Columns}}));
    return mapping;
}

}  // namespace cohelix::hardware
