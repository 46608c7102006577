// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The accelerator spaces by name: the authors' choice lists of the multi-chunk FPGA template
// (method.md 1B) and wider ones. Which layers a chunk executes is part of the space.

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/hardware/accelerator_space.h"

namespace cohelix::spec {

struct AcceleratorPreset {
    std::string_view name;
    std::string_view summary;
};
/// "r1", "r2", "wide", "r2-wide" for 32-pixel inputs; "r1-28" for 28-pixel ones; "r1-imagenet",
/// "r2-imagenet" for 224-pixel ones; "r1-beyond", "r2-beyond", "wide-beyond", "r2-wide-beyond": the
/// same lists with wider ports and overlap, which are ours and not the authors'; "searched" and
/// "searched-beyond": groups of a 22-block network, to be given another number of blocks elsewhere.
const std::vector<AcceleratorPreset>& acceleratorPresets();

/// 16 bit, corrected form, 200 MHz. Error: another name.
base::Result<hardware::AcceleratorSpace> acceleratorPreset(std::string_view name);

}  // namespace cohelix::spec
