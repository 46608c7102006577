// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a device must have for a chunk pipeline.

#include <string>

#include "core/base/result.h"
#include "core/model/device.h"

namespace cohelix::model {

/// DSP slices, and the power of a board, which its energy comes from. Error at `where`: an ASIC,
/// which has neither.
base::Result<void> checkPipelineDevice(const Device& device, const std::string& where);

}  // namespace cohelix::model
