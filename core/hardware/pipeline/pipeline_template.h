// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/hardware/template/template.h"

namespace cohelix::hardware {

/// The authors' multi-chunk FPGA pipeline (method.md 1B).
const Template& pipelineTemplate();

}  // namespace cohelix::hardware
