// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How a layer is laid out in time and space: a loop nest cut into memory levels.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/model/layer.h"

namespace cohelix::model {

enum class LoopKind : std::uint8_t {
    Temporal,  ///< one iteration after the other
    Rows,      ///< unrolled over the rows of the PE array
    Columns    ///< unrolled over the columns of the PE array
};
constexpr std::string_view word(LoopKind kind) {
    switch (kind) {
        case LoopKind::Temporal: return "temporal";
        case LoopKind::Rows: return "rows";
        case LoopKind::Columns: return "columns";
    }
    return {};
}

struct Loop {
    Dim dim = Dim::N;
    std::int64_t trips = 1;
    LoopKind kind = LoopKind::Temporal;
    std::uint8_t fanOut = 0;  ///< of those of its level, from outside, the one that unrolls it
    friend bool operator==(const Loop&, const Loop&) = default;
};

/// The loops whose iterations refresh what the memories inside this level hold.
struct MappingLevel {
    std::string memory;       ///< "DRAM", "buffer", "PE array", "register file"
    std::vector<Loop> loops;  ///< outermost first; loops of one trip are left out
    std::array<bool, kTensors> keeps = {true, true, true};  ///< indexed by Tensor
    friend bool operator==(const MappingLevel&, const MappingLevel&) = default;
};

struct Mapping {
    std::vector<MappingLevel> levels;  ///< outermost (DRAM) first
    friend bool operator==(const Mapping&, const Mapping&) = default;
};

/// PE-array shape in use: product of the row loops and of the column loops.
struct SpatialExtent {
    std::int64_t rows = 1;
    std::int64_t columns = 1;
    friend bool operator==(const SpatialExtent&, const SpatialExtent&) = default;
};
SpatialExtent spatialExtent(const Mapping& mapping);

/// One line a loop, indented by depth, a comment naming each memory:
/// "for k in 0..4   // DRAM" … "parallel-for c in 0..8   // rows".
std::string loopNestText(const Mapping& mapping);

/// "K16", "K2:rows"; "S3:rows/1" where it is unrolled by the second fan-out of its level.
std::string loopText(const Loop& loop);

/// "DRAM[K16 C4] buffer[K2:rows P7 Q7]": one line, for tables and keys.
std::string compactText(const Mapping& mapping);

}  // namespace cohelix::model
