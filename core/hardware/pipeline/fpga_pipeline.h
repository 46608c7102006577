// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The authors' multi-chunk FPGA model (method.md 1B): latency of a layer on a chunk, and what a
// chunk needs of DSP slices and block RAM. Two forms of the one model: as published in the authors'
// repositories of 2020-21, and corrected (trip counts rounded up, tiles clipped to the layer,
// strides in the input patch, weights in block RAM, banks of 18,432 bits, DSP packing).
//
// Beyond the authors' template, and ours: wider ports and overlap of transfers
// (model::PipelineChunk). Forms that do not price them (model::pricesBeyond) take every chunk as
// within the template. With lanes L(t) = clamp(t, 2, port words) instead of clamp(t, 2, 4), c
// compute, i input read, w weight read, o write-back, of which x transfer, n steps a tile and m
// tiles, a layer takes
//
//     no overlap             m (o + n (max(c, i) + w))                         as published
//     weights                w + m (o + n max(c, i + w))
//     outputs                s + (m - 1) max(s, o, n (i + w) + x) + o,  s = n (max(c, i) + w)
//     weights and outputs    w + the same with                          s = n max(c, i + w)
//
// The port moves one way at a time, so that what goes on at once never passes its width. The first
// weights and the last write-back of a layer stay visible. Weights that are cheaper waited for are.
// In block RAM a hidden tensor has its banks twice; of the published formulas, which leave weights
// out, the second copy counts. The words of a port beyond the authors' four take 512 words of burst
// buffer each way (two bursts of 256, the longest of AXI4).

#include <array>
#include <cstdint>
#include <span>

#include "core/model/accelerator.h"
#include "core/model/figures.h"
#include "core/model/layer.h"
#include "core/model/mapping.h"

namespace cohelix::hardware {

/// The template's patches are whole: zeros around the inputs lie in DRAM and are read like words,
/// as the published formulas have it.
inline constexpr bool kPipelineReadsZeros = true;

/// Where the cycles of a layer go. A layer is `outerTrips` output tiles of `innerTrips`
/// input-channel steps each: outerTrips * (writeBack + innerTrips * (max(compute, inputRead) +
/// weightRead)), or as above where transfers overlap.
struct PipelineTiming {
    double compute = 0;        ///< cycles of one step
    double inputRead = 0;      ///< cycles of one step; overlaps compute (double-buffered inputs)
    double weightRead = 0;     ///< cycles of one step
    double writeBack = 0;      ///< cycles of one output tile: to the port, and over it
    double writeTransfer = 0;  ///< of these, over the port
    double innerTrips = 1;     ///< depthwise: 1
    double outerTrips = 1;
    model::Overlap overlap = model::Overlap::None;
    double cycles() const;
};

/// The chunk's tiles as this layer uses them: clipped to the layer in the corrected form.
model::PipelineChunk chunkForLayer(const model::PipelineChunk& chunk, const model::Layer& layer,
                                   model::FpgaModel form);

/// The chunk with its tiles clipped, side by side, to the widest of the layers that it executes,
/// where the form clips tiles: no layer costs anything else on it. A side may be wide for one layer
/// and another for a second one, so that its product can be more than any layer uses. A chunk
/// without layers stays as it is.
model::PipelineChunk fittedChunk(const model::PipelineChunk& chunk,
                                 std::span<const model::Layer> layers, model::FpgaModel form);

enum class TileSide : std::uint8_t { Rows, Columns, Outputs, Inputs };
/// What a chunk's parallelism makes of a loop tile. Where it is not used, one value is at least as
/// good as all others on every layer, in cycles, DSPs and block RAM, under every form.
enum class LoopTileUse : std::uint8_t {
    Used,
    Smallest,  ///< it only widens the input patch, or does nothing
    Largest    ///< it only widens the DMA's transfers
};
LoopTileUse loopTileUse(const model::PipelineChunk& chunk, TileSide side);

/// Cycles of one image. The layer must be depthwise exactly when the chunk is. The DMA moves up to
/// as many 16-bit values a cycle as the chunk's port has words, and `extraDmaWords` more.
PipelineTiming pipelineTiming(const model::PipelineChunk& chunk, const model::Layer& layer,
                              model::FpgaModel form, double extraDmaWords = 0);

/// What a chunk needs for one layer; the chunk's own need is the largest over its layers.
struct PipelineResources : model::Resources {
    double multipliers = 0;                                 ///< that work at once
    std::array<double, model::kTensors> bramOfTensor = {};  ///< by Tensor
    double bramOfPort = 0;  ///< burst buffers beyond those of the authors' port
};
PipelineResources pipelineResources(const model::PipelineChunk& chunk, const model::Layer& layer,
                                    model::FpgaModel form, bool doubleBufferedWeights);

/// Words of burst buffer each way, and their width in bits, that a port has beyond the authors'.
inline constexpr int kBurstWords = 512;
constexpr int extraPortBits(const model::PipelineChunk& chunk) {
    return (chunk.portWords - model::kAuthorsPortWords) * model::kPortWordBits;
}
/// How often the chunk's weight banks are there.
constexpr int weightCopies(const model::PipelineChunk& chunk, bool doubleBufferedWeights) {
    return doubleBufferedWeights || model::hidesWeights(chunk.overlap) ? 2 : 1;
}
constexpr int outputCopies(const model::PipelineChunk& chunk) {
    return model::hidesOutputs(chunk.overlap) ? 2 : 1;
}

/// Multipliers that work at once: the loops that the chunk unrolls.
double multipliersOf(const model::PipelineChunk& chunk);

/// DSP slices of so many multipliers: corrected, two each above 16 bits, one from 9 to 16, half
/// below, rounded up (B3); as published, bits / 16 each (B4).
double dspOf(double multipliers, int bits, model::FpgaModel form);

/// The loop nest that the chunk executes for the layer: DRAM, buffer and PE array.
model::Mapping pipelineMapping(const model::PipelineChunk& chunk, const model::Layer& layer,
                               model::FpgaModel form);

/// Rows and columns of the input patch that an output tile of the buffer needs.
struct InputPatch {
    double rows = 1;
    double columns = 1;
};
InputPatch inputPatch(const model::PipelineChunk& chunk, const model::Layer& layer,
                      model::FpgaModel form);

}  // namespace cohelix::hardware
