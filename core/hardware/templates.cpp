// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/templates.h"

#include "core/hardware/array/array_template.h"
#include "core/hardware/pipeline/pipeline_template.h"

namespace cohelix::hardware {

const Template& templateOf(model::Template kind) {
    switch (kind) {
        case model::Template::ChunkPipeline: return pipelineTemplate();
        case model::Template::LoopNest: break;
    }
    return arrayTemplate();
}

}  // namespace cohelix::hardware
