// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The silicon area of a loop-nest array, an estimate.

#include <optional>
#include <span>
#include <string_view>

#include "core/model/accelerator.h"

namespace cohelix::hardware {

/// Unit areas of a process node.
struct AsicNode {
    int nm = 0;
    double gateSquareMicron = 0;  ///< a two-input NAND
    double sramSquareMicron = 0;  ///< a bit cell of six transistors
    std::string_view source;
};
std::span<const AsicNode> asicNodes();
std::optional<AsicNode> findAsicNode(int nm);

/// What is counted of an ASIC.
struct AsicParts {
    double pes = 0;
    int bits = 16;            ///< of a weight and of an input
    int sumBits = 32;         ///< of an accumulator
    double registerBits = 0;  ///< of one PE
    double bufferBits = 0;
};
AsicParts asicParts(const model::ArrayChunk& chunk);

/// Core area in mm2, an estimate: multipliers of 8 gates a bit pair and adders of 8 a bit; register
/// files of 6 gates a bit; buffers of bit cells that fill half of their arrays; and for control,
/// network and wiring the factor that gives Eyeriss its 12.25 mm2 at 65 nm (JSSC 2017).
double areaMm2(const AsicParts& parts, const AsicNode& node);

}  // namespace cohelix::hardware
