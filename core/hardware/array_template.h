// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The loop-nest template (method.md 1A): a layer on one of its chunks. Private to the room.

#include <string>

#include "core/base/result.h"
#include "core/model/accelerator.h"
#include "core/nest/loop_nest.h"

namespace cohelix::hardware {

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
