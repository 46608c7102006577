// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/pipeline_device.h"

namespace cohelix::model {

base::Result<void> checkPipelineDevice(const Device& device, const std::string& where) {
    if (device.kind == DeviceKind::Fpga) return {};
    return base::Error{where, "the chunk pipeline is made of DSP slices, an ASIC has none",
                       "Choose an FPGA, or the loop-nest template"};
}

}  // namespace cohelix::model
