// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One layer on a chunk of the loop-nest array (method.md 1A).

#include <string>

#include "core/base/result.h"
#include "core/model/accelerator.h"
#include "core/nest/loop_nest.h"

namespace cohelix::hardware {

/// The loop nest of a layer on a chunk: the layer's own where the chunk has one, else the chunk's
/// tiles, clipped to the layer (method.md 1A step 3).
model::Mapping arrayMapping(const model::ArrayChunk& chunk, const model::Layer& layer);

/// The memories of a chunk in a technology. Error: a technology that is not known.
base::Result<nest::Hierarchy> arrayHierarchy(const model::ArrayChunk& chunk,
                                             const std::string& technologyName);

struct ArrayLayer {
    model::Mapping mapping;
    nest::Hierarchy hierarchy;
    nest::LoopNestResult result;
};

/// `extraDramWords`: more words a cycle each way than the technology has.
base::Result<ArrayLayer> evaluateOnArray(const model::Layer& layer, const model::ArrayChunk& chunk,
                                         const std::string& technologyName,
                                         double extraDramWords = 0);

}  // namespace cohelix::hardware
