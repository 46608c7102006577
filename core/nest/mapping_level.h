// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Internal to the room.

#include <algorithm>
#include <initializer_list>
#include <iterator>

#include "core/model/mapping.h"

namespace cohelix::nest {

/// A level that keeps all tensors or none, without the loops of one trip.
inline model::MappingLevel levelOf(const char* memory, bool keeps,
                                   std::initializer_list<model::Loop> loops) {
    model::MappingLevel level{memory, {}, {keeps, keeps, keeps}};
    std::copy_if(loops.begin(), loops.end(), std::back_inserter(level.loops),
                 [](const model::Loop& loop) { return loop.trips > 1; });
    return level;
}

}  // namespace cohelix::nest
