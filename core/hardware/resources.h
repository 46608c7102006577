// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a design takes of a device, from its parts (pipeline/fpga_parts, array/area).
//
// DSPs and block RAM of a design are those of the authors' model (fpga_pipeline), by which it keeps
// its limits and fits a device or not. This is the finer count of what a synthesis tool would
// place.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/hardware/array/area.h"
#include "core/hardware/pipeline/fpga_parts.h"
#include "core/model/design.h"
#include "core/model/device.h"
#include "core/model/network.h"

namespace cohelix::hardware {

/// What a design takes. Tables, flip-flops and area are estimates.
struct ResourceUse : model::Resources {
    double uram = 0;
    double lut = 0;
    double flipFlops = 0;
    double areaMm2 = 0;  ///< 0 on an FPGA
};

/// A pipeline on an FPGA, each chunk as one fixed array of its tiles, fitted to its layers
/// (fittedAccelerator); chunks that execute nothing are not built. Tables are those of the logic
/// and those used as RAM.
ResourceUse fpgaResources(const model::Network& network, const model::Accelerator& accelerator,
                          std::span<const int> chunkOfLayer, const model::Device& device);

/// A loop-nest accelerator: its chunks added up. Nothing where the node is not known.
std::optional<ResourceUse> asicResources(const model::Accelerator& accelerator,
                                         const model::Device& device);

/// One resource of a device beside what a design takes of it.
struct ResourceLine {
    std::string name;      ///< "DSP", "BRAM18K", "URAM", "LUT", "FF", "area (mm2)"
    double used = 0;       ///< that decides whether the design fits: the model's, where it has it
    double placed = 0;     ///< by a synthesis tool
    double available = 0;  ///< 0: not bounded, or not known
    bool estimate = false;
    bool over() const { return available > 0 && used > available; }
};
/// Those that the kind of device has. DSPs and block RAM used are those of the design's cost.
std::vector<ResourceLine> resourceLines(const model::DesignCost& cost, const ResourceUse& placed,
                                        const model::Device& device);

}  // namespace cohelix::hardware
