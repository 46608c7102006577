// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One layer under all models: the FPGA pipeline as published and corrected, and the same tiles as
// a loop nest, with what makes them differ.

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/accelerator.h"
#include "core/nest/loop_nest.h"

namespace cohelix::explain {

/// A layer as one model sees it, cycles of one image.
struct ModelView {
    std::string model;  ///< "FPGA pipeline, as published", …
    double cycles = 0;
    double computeCycles = 0;  ///< of the multipliers
    double readCycles = 0;     ///< of the transfers from DRAM
    double writeCycles = 0;    ///< of those to DRAM
};

/// What one assumption changes when one model's assumptions become the next one's, one by one.
struct ModelDifference {
    std::string term;   ///< "tiles clipped", "transfers overlap", …
    std::string text;   ///< a sentence with the figures behind it
    double cycles = 0;  ///< that it adds; negative: takes away
};

struct SideBySide {
    ModelView published;
    ModelView corrected;
    ModelView loopNest;
    std::vector<ModelDifference> toCorrected;  ///< from published; they add up to the difference
    std::vector<ModelDifference> toLoopNest;   ///< from corrected; likewise
    model::Mapping mapping;                    ///< of the loop nest
    nest::LoopNestResult nest;                 ///< the loop nest in full
};

/// The loop nest that a chunk executes for a layer, with edge tiles clipped: DRAM, buffer, PE
/// array. Groups run one after the other; in a depthwise layer they are the channels.
model::Mapping chunkNest(const model::PipelineChunk& chunk, const model::Layer& layer);

/// DRAM with a port of the chunk's width each way, an unbounded buffer, the PE array.
/// Everything overlaps.
nest::Hierarchy chunkHierarchy(const model::PipelineChunk& chunk);

/// The error is that of the loop-nest model.
base::Result<SideBySide> compareModels(const model::Layer& layer,
                                       const model::PipelineChunk& chunk);

}  // namespace cohelix::explain
