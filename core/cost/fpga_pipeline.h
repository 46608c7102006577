// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The authors' multi-chunk FPGA model (method.md 1B): latency of a layer on a chunk, and what a
// chunk needs of DSP slices and block RAM. Two forms of the one model: as published in the authors'
// repositories of 2020-21, and corrected (trip counts rounded up, tiles clipped to the layer,
// strides in the input patch, weights in block RAM, banks of 18,432 bits, DSP packing).

#include <array>
#include <cstdint>

#include "core/model/accelerator.h"
#include "core/model/layer.h"
#include "core/model/mapping.h"

namespace cohelix::cost {

/// Where the cycles of a layer go. A layer is `outerTrips` output tiles of `innerTrips` input-channel
/// steps each: outerTrips * (writeBack + innerTrips * (max(compute, inputRead) + weightRead)).
struct PipelineTiming {
    double compute = 0;     ///< cycles of one step
    double inputRead = 0;   ///< cycles of one step; overlaps compute (double-buffered inputs)
    double weightRead = 0;  ///< cycles of one step; does not overlap
    double writeBack = 0;   ///< cycles of one output tile; does not overlap
    double innerTrips = 1;  ///< depthwise: 1
    double outerTrips = 1;
    double cycles() const;
};

/// The chunk's tiles as this layer uses them: clipped to the layer in the corrected form.
model::PipelineChunk chunkForLayer(const model::PipelineChunk& chunk, const model::Layer& layer,
                                   model::FpgaModel form);

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
/// four 16-bit values a cycle, and `extraDmaWords` more.
PipelineTiming pipelineTiming(const model::PipelineChunk& chunk, const model::Layer& layer,
                              model::FpgaModel form, double extraDmaWords = 0);

/// What a chunk needs for one layer; the chunk's own need is the largest over its layers.
struct PipelineResources {
    double dsp = 0;
    double bram18k = 0;
    double multipliers = 0;  ///< that work at once
    std::array<double, model::kTensors> bramOfTensor = {};  ///< bram18k by Tensor
};
PipelineResources pipelineResources(const model::PipelineChunk& chunk, const model::Layer& layer,
                                    model::FpgaModel form, bool doubleBufferedWeights);

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

}  // namespace cohelix::cost
