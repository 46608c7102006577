// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A space of multi-chunk FPGA pipelines: its choices, and the pipelines that they make. What
// Template asks (template/template.h), of this template.

#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/hardware/template/choice.h"
#include "core/hardware/template/space.h"

namespace cohelix::hardware {

std::size_t mostPipelineChunks(const AcceleratorSpace& space);
/// What a chunk may be.
const PipelineChunkSpace& pipelineChunk(const AcceleratorSpace& space, std::size_t chunk);
/// Whether the form of the model prices all that the space holds. Error: as model::checkTemplate.
base::Result<void> checkTemplate(const AcceleratorSpace& space);

std::vector<Choice> pipelineChoices(const AcceleratorSpace& space);
double log10Pipelines(const AcceleratorSpace& space);
void makeCanonicalPipeline(const AcceleratorSpace& space, std::span<int> choices);
void addPipelineChunks(const AcceleratorSpace& space, std::span<const int> choices,
                       model::Accelerator& accelerator);

}  // namespace cohelix::hardware
