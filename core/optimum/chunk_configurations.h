// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// All configurations of one chunk of the multi-chunk FPGA template that can be of use, and back
// from a configuration to the choices that make it.

#include <vector>

#include "core/hardware/accelerator_space.h"
#include "core/model/accelerator.h"

namespace cohelix::optimum {

/// Every configuration of the chunk but those that another one makes superfluous whatever the
/// layers: of a loop tile that its parallelism does not use, one value is enough
/// (hardware::loopTileUse), and no port is wider than one that takes all its lanes. Without names;
/// in the order of the choices, the same every time.
std::vector<model::PipelineChunk> usefulConfigurations(const hardware::PipelineChunkSpace& space);

/// The chunk's part of the design's choices; the configuration is one of the space.
std::vector<int> choicesOf(const hardware::PipelineChunkSpace& space,
                           const model::PipelineChunk& configuration);

}  // namespace cohelix::optimum
