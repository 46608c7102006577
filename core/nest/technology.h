// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Energy and bandwidth tables of the loop-nest template, each with its source.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/nest/loop_nest.h"

namespace cohelix::nest {

/// Picojoule per 16-bit word moved, and words a cycle, between DRAM, global buffer, PE array and
/// register files.
struct Technology {
    std::string name;
    std::string source;
    bool estimate = false;  ///< a figure in it is scaled or guessed; said where it is shown
    double macPicojoule = 0;
    double dramPicojoule = 0;      ///< DRAM <-> buffer
    double bufferPicojoule = 0;    ///< buffer -> PE array, and partial sums back
    double arrayPicojoule = 0;     ///< PE array -> register file
    double registerPicojoule = 0;  ///< register file <-> multiplier
    double dramWordsPerCycle = 0;
    double bufferWordsPerCycle = 0;
    double registerFillWordsPerCycle = 0;
    Overlap overlap = Overlap::Full;
};

std::span<const Technology> technologies();
std::optional<Technology> findTechnology(std::string_view name);

/// DRAM, global buffer and register files of so many words, in this technology, for words of
/// `bits`.
Hierarchy hierarchyOf(const Technology& technology, double bufferWords, double registerWords,
                      int bits);

}  // namespace cohelix::nest
