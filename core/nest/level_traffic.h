// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Tiles and traffic of each level. Private to the room.

#include "core/nest/mapped_nest.h"

namespace cohelix::nest {

/// Works out tiles, traffic and instances of a result whose levels are there, each of them zero.
void countTraffic(const MappedNest& mapped, LoopNestResult& result);

/// Words that a level holds; twice where it is double-buffered.
double wordsHeld(const MemoryLevel& memory, const LevelResult& level);

}  // namespace cohelix::nest
