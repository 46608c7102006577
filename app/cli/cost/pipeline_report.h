// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One layer on one chunk of the FPGA pipeline: under the FPGA model, or under all models side by
// side.

#include <string>

#include "core/base/json.h"
#include "core/explain/side_by_side.h"
#include "core/hardware/pipeline/fpga_pipeline.h"
#include "core/model/device.h"

namespace cohelix::cli {

/// A layer as one form of the FPGA model prices it.
struct PipelineLayer {
    model::Layer layer;
    model::PipelineChunk chunk;
    model::FpgaModel form = model::FpgaModel::Corrected;
    double clockMhz = 200;
    hardware::PipelineTiming timing;
    hardware::PipelineResources resources;
};

/// Prices a layer that checkForPipeline has passed, on a chunk of its role.
PipelineLayer pipelineLayer(const model::Layer& layer, const model::Accelerator& accelerator,
                            std::size_t chunk, model::FpgaModel form);

base::Json pipelineJson(const PipelineLayer& priced);
/// The figures, where the cycles go, and the loop nest.
std::string pipelineText(const PipelineLayer& priced, const model::Device& device);

base::Json sideBySideJson(const model::Layer& layer, const model::PipelineChunk& chunk,
                          const explain::SideBySide& both);
/// A table of the models, then the differences, each with its cycles.
std::string sideBySideText(const model::Layer& layer, const model::PipelineChunk& chunk,
                           const explain::SideBySide& both);

}  // namespace cohelix::cli
