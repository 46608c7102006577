// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Published accelerators as data for the loop-nest model, each with the source of its figures.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/nest/dataflow.h"
#include "core/nest/hierarchy.h"

namespace cohelix::nest {

/// The Gemmini-like accelerator of Timeloop's table of 2022 (timeloop-table.md): DRAM [W I O],
/// scratchpad [W I], one accumulator [O] a column, one weight register a PE. Sizes: PEs on a side,
/// bytes (8-bit words), 32-bit words.
Hierarchy gemminiOf2022(std::int64_t peDim, std::int64_t scratchpadBytes,
                        std::int64_t accumulatorWordsPerColumn);

/// An accelerator by name: its memories and array, and what its dataflow allows.
struct Preset {
    std::string summary = {};
    Hierarchy hierarchy = {};  ///< with the name, the source, and whether figures are estimates
    Dataflow dataflow = {};    ///< of as many levels
    int bits = 16;             ///< of a weight and of an input
    int sumBits = 16;          ///< of a partial sum
    double clockMhz = 0;       ///< as published; 0: none stated

    const std::string& name() const { return hierarchy.name; }
};

/// gemmini, eyeriss, nvdla-like, shidiannao-like, tpu-like, authors-asic, and A0, A1 and A2, the
/// architectures of the reference results of Timeloop (cost-peers.md 3.1).
std::span<const Preset> presets();
/// By name, letter case as listed.
std::optional<Preset> findPreset(std::string_view name);

}  // namespace cohelix::nest
