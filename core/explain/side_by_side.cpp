// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/side_by_side.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/ceil_divide.h"
#include "core/base/units.h"
#include "core/hardware/pipeline/fpga_pipeline.h"
#include "core/nest/mapping_level.h"

namespace cohelix::explain {
namespace {

using model::Dim;
using model::FpgaModel;
using model::Layer;
using model::LoopKind;
using model::PipelineChunk;
using model::Tensor;

double portBits(const PipelineChunk& chunk) {
    return static_cast<double>(chunk.portWords) * model::kPortWordBits;
}

bool isDepthwise(const PipelineChunk& chunk) { return chunk.role == model::ChunkRole::Depthwise; }

std::string cycleText(double cycles) { return base::fixed(cycles, cycles < 100 ? 1 : 0); }
/// A trip count: whole as it is, broken with two digits.
std::string tripText(double trips) {
    return base::fixed(trips, trips == std::floor(trips) ? 0 : 2);
}

double readsOf(const hardware::PipelineTiming& t) {
    return t.outerTrips * t.innerTrips * (t.inputRead + t.weightRead);
}
double computeOf(const hardware::PipelineTiming& t) {
    return t.outerTrips * t.innerTrips * t.compute;
}
double writesOf(const hardware::PipelineTiming& t) { return t.outerTrips * t.writeBack; }

ModelView viewOf(const char* model, const hardware::PipelineTiming& timing) {
    return {model, timing.cycles(), computeOf(timing), readsOf(timing), writesOf(timing)};
}

ModelView viewOf(const nest::LoopNestResult& nest, double wordsPerCycle) {
    const auto& dram = nest.levels.front().tensors;
    double reads = 0;
    double writes = 0;
    for (const auto& tensor : dram) {
        reads += static_cast<double>(tensor.reads);
        writes += static_cast<double>(tensor.updates);
    }
    return {"loop nest, exact", nest.cycles, nest.computeCycles, std::ceil(reads / wordsPerCycle),
            std::ceil(writes / wordsPerCycle)};
}

/// Differences between neighbours of a chain of models, each of which changes one assumption.
class Chain {
public:
    explicit Chain(double cycles) : m_cycles(cycles) {}
    void to(double cycles, const char* term, const std::string& text) {
        if (cycles != m_cycles) m_differences.push_back({term, text, cycles - m_cycles});
        m_cycles = cycles;
    }
    std::vector<ModelDifference> take() { return std::move(m_differences); }

private:
    double m_cycles;
    std::vector<ModelDifference> m_differences;
};

std::string tileText(const model::Tile& tile) {
    return std::to_string(tile.rows) + " x " + std::to_string(tile.columns) + " x " +
           std::to_string(tile.outputs) + " x " + std::to_string(tile.inputs);
}

std::string patchText(const hardware::InputPatch& patch) {
    return base::fixed(patch.rows, 0) + " x " + base::fixed(patch.columns, 0);
}

/// "1.5 of rows as 2" for each dimension that its tile does not divide.
std::string brokenTrips(const PipelineChunk& clipped, const Layer& layer) {
    const bool depthwise = isDepthwise(clipped);
    struct Side {
        const char* name;
        std::int64_t size;
        int tile;
    };
    const std::int64_t groups = depthwise ? 1 : layer.groups;
    std::vector<Side> sides = {
        {"rows", layer.size(Dim::P), clipped.buffer.rows},
        {"columns", layer.size(Dim::Q), clipped.buffer.columns},
        {"output channels", layer.size(Dim::K) / groups, clipped.buffer.outputs}};
    if (!depthwise) {
        sides.push_back({"input channels", layer.size(Dim::C) / groups, clipped.buffer.inputs});
    }
    std::string text;
    for (const auto& side : sides) {
        if (side.size % side.tile == 0) continue;
        const double trips = static_cast<double>(side.size) / side.tile;
        text += (text.empty() ? "" : ", ") + tripText(trips) + " tiles of " + side.name + " as " +
                tripText(std::ceil(trips));
    }
    return text.empty() ? "tiles of the buffer that its lanes do not divide" : text;
}

std::vector<ModelDifference> differencesToCorrected(const Layer& layer, const PipelineChunk& chunk,
                                                    const hardware::PipelineTiming& published) {
    const auto within = model::withinTemplate(chunk);
    const auto corrected = hardware::pipelineTiming(within, layer, FpgaModel::Corrected);
    const auto clipped = hardware::chunkForLayer(within, layer, FpgaModel::Corrected);
    auto timing = hardware::pipelineTiming(clipped, layer, FpgaModel::AsPublished);
    Chain chain(published.cycles());
    chain.to(timing.cycles(), "tiles clipped",
             "tiles of " + tileText(chunk.buffer) + " are cut to the layer's " +
                 tileText(clipped.buffer) + " (rows, columns, output and input channels)");
    const auto before = hardware::inputPatch(clipped, layer, FpgaModel::AsPublished);
    const auto after = hardware::inputPatch(clipped, layer, FpgaModel::Corrected);
    timing.inputRead = corrected.inputRead;
    chain.to(timing.cycles(), "input patch",
             "a tile needs a patch of " + patchText(after) + " inputs with stride " +
                 perAxisText(layer.stride) + " and the kernel's edge, not " + patchText(before));
    chain.to(corrected.cycles(), "partial tiles rounded up",
             "a tile at the edge takes as long as a whole one: " + brokenTrips(clipped, layer));
    auto beyond = hardware::pipelineTiming(chunk, layer, FpgaModel::Corrected);
    const auto overlap = std::exchange(beyond.overlap, model::Overlap::None);
    chain.to(beyond.cycles(), "wider port",
             "a port of " + std::to_string(chunk.portWords) + " words a cycle, not the authors' " +
                 std::to_string(model::kAuthorsPortWords));
    beyond.overlap = overlap;
    chain.to(beyond.cycles(), "second buffers",
             "what overlaps compute beside inputs: " + std::string(word(overlap)));
    return chain.take();
}

/// Words of one step's reads and of one tile's write-back, as the pipeline moves them.
struct TileWords {
    double read = 0;
    double written = 0;
};
TileWords tileWordsOf(const PipelineChunk& clipped, const Layer& layer) {
    const auto patch = hardware::inputPatch(clipped, layer, FpgaModel::Corrected);
    const bool depthwise = isDepthwise(clipped);
    const auto& tile = clipped.buffer;
    const double k = static_cast<double>(layer.size(Dim::R) * layer.size(Dim::S));
    const double inputs = (depthwise ? tile.outputs : tile.inputs) * patch.rows * patch.columns;
    const double weights = static_cast<double>(tile.outputs) * (depthwise ? 1 : tile.inputs) * k;
    return {inputs + weights, static_cast<double>(tile.outputs) * tile.rows * tile.columns};
}

std::vector<ModelDifference> differencesToNest(const Layer& layer, const PipelineChunk& chunk,
                                               const hardware::PipelineTiming& corrected,
                                               const ModelView& nest) {
    const auto clipped = hardware::chunkForLayer(chunk, layer, FpgaModel::Corrected);
    const double rate = portBits(chunk) / chunk.bits;
    const double steps = corrected.outerTrips * corrected.innerTrips;
    const auto words = tileWordsOf(clipped, layer);
    const double read = steps * words.read / rate;
    const double written = corrected.outerTrips * words.written / rate;
    const double compute = computeOf(corrected);

    Chain chain(corrected.cycles());
    chain.to(std::max({compute, readsOf(corrected), writesOf(corrected)}), "transfers overlap",
             "the pipeline waits for weights (" + cycleText(steps * corrected.weightRead) +
                 " cycles) and write-back (" + cycleText(writesOf(corrected)) +
                 "); in the loop nest compute, reads and writes hide one another");
    chain.to(std::max({compute, read, written}), "transfer rate",
             "the loop nest moves " + tripText(rate) +
                 " words a cycle each way; the pipeline two 16-bit words to as many as its port "
                 "has, as its tile has lanes, and copies results out lane by lane");
    chain.to(std::max({nest.computeCycles, read, written}), "edge tiles at their size",
             "iterations at the edge that have no work are not made: " +
                 cycleText(nest.computeCycles) + " compute cycles, not " + cycleText(compute));
    chain.to(
        nest.cycles, "tiles that stay",
        "what the buffer still holds is not fetched again and edges are fetched at their size: " +
            cycleText(nest.readCycles) + " cycles of reads and " + cycleText(nest.writeCycles) +
            " of writes, not " + cycleText(read) + " and " + cycleText(written));
    return chain.take();
}

}  // namespace

model::Mapping chunkNest(const PipelineChunk& chunk, const Layer& layer) {
    using model::Parallelism;
    const auto used = hardware::chunkForLayer(chunk, layer, FpgaModel::Corrected);
    const bool depthwise = isDepthwise(chunk);
    const bool byRows = chunk.parallelism == Parallelism::OutputRows;
    const bool byInputs = chunk.parallelism == Parallelism::OutputAndInputChannels && !depthwise;
    const auto& buffer = used.buffer;
    const auto& loop = used.loop;
    const Dim channels = depthwise ? Dim::G : Dim::K;
    const auto outer = [&](Dim dim, int tile) {
        return base::ceilDivide(model::loopSize(layer, dim), tile);
    };
    const std::int64_t lanes = byRows ? 1 : loop.outputs;
    return {
        {nest::levelOf("DRAM", true,
                       {{Dim::G, depthwise ? 1 : layer.groups},
                        {channels, outer(channels, buffer.outputs)},
                        {Dim::P, outer(Dim::P, buffer.rows)},
                        {Dim::Q, outer(Dim::Q, buffer.columns)},
                        {Dim::C, outer(Dim::C, buffer.inputs)}}),
         nest::levelOf(
             "buffer", true,
             {{Dim::N, layer.size(Dim::N)},
              {Dim::R, layer.size(Dim::R)},
              {Dim::S, layer.size(Dim::S)},
              {Dim::P, byRows ? base::ceilDivide(buffer.rows, loop.rows) : buffer.rows},
              {Dim::Q, buffer.columns},
              {channels, base::ceilDivide(buffer.outputs, lanes)},
              {Dim::C, byInputs ? base::ceilDivide(buffer.inputs, loop.inputs) : buffer.inputs}}),
         nest::levelOf("PE array", false,
                       {{byRows ? Dim::P : channels, byRows ? loop.rows : lanes, LoopKind::Rows},
                        {Dim::C, byInputs ? loop.inputs : 1, LoopKind::Columns}})}};
}

nest::Hierarchy chunkHierarchy(const PipelineChunk& chunk) {
    const double rate = portBits(chunk) / chunk.bits;
    return {.name = chunk.name,
            .source = "a port of " + base::fixed(portBits(chunk), 0) +
                      " bits each way; the authors' DMA has 64",
            .levels = {{.name = "DRAM", .readWordsPerCycle = rate, .writeWordsPerCycle = rate},
                       {.name = "buffer"},
                       {.name = "PE array"}},
            .readsZeros = hardware::kPipelineReadsZeros};
}

base::Result<SideBySide> compareModels(const Layer& layer, const PipelineChunk& chunk) {
    SideBySide both;
    both.mapping = chunkNest(chunk, layer);
    auto nest = nest::evaluateLoopNest(layer, both.mapping, chunkHierarchy(chunk));
    if (!nest) return nest.error();
    both.nest = std::move(*nest);
    const auto published = hardware::pipelineTiming(chunk, layer, FpgaModel::AsPublished);
    const auto corrected = hardware::pipelineTiming(chunk, layer, FpgaModel::Corrected);
    both.published = viewOf("FPGA pipeline, as published", published);
    both.corrected = viewOf("FPGA pipeline, corrected", corrected);
    both.loopNest = viewOf(both.nest, portBits(chunk) / chunk.bits);
    both.toCorrected = differencesToCorrected(layer, chunk, published);
    both.toLoopNest = differencesToNest(layer, chunk, corrected, both.loopNest);
    return both;
}

}  // namespace cohelix::explain
