// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One layer on a chunk of the pipeline, with everything a person may ask about.

#include "core/model/accelerator.h"
#include "core/model/design.h"

namespace cohelix::hardware {

/// Bytes that a layer moves between DRAM and a chunk.
double pipelineDramBytes(const model::PipelineChunk& chunk, const model::Layer& layer,
                         model::FpgaModel form);

/// Without its chunk's number and utilization.
model::LayerCost pipelineLayerCost(const model::PipelineChunk& chunk, const model::Layer& layer,
                                   model::FpgaModel form);

}  // namespace cohelix::hardware
