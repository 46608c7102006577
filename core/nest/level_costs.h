// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Cycles and energy of each level, from its traffic. Private to the room.

#include <cstdint>

#include "core/nest/mapped_nest.h"

namespace cohelix::nest {

/// Sets cycles and energies of the levels; their traffic and the compute cycles are known.
void priceLevels(const MappedNest& mapped, LoopNestResult& result);

inline double real(std::int64_t count) { return static_cast<double>(count); }

/// Cycles, not rounded, that so many words take; none where the bandwidth is unlimited.
inline double cyclesOver(double words, double wordsPerCycle) {
    return wordsPerCycle > 0 ? words / wordsPerCycle : 0;
}

}  // namespace cohelix::nest
