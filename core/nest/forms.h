// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The closed forms of the loop-nest model for one mapping at a time. Private to the room.
//
// The forms are written in the *.inl files over a number that is called Count, here a 64-bit
// integer. They choose by value and not by branches, and take a loop of one trip as if it were not
// there.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "core/nest/loop_nest.h"
#include "core/nest/movement.h"
#include "core/nest/nest.h"
#include "core/nest/window.h"

namespace cohelix::nest::scalar {

using model::Dim;
using model::Tensor;

inline std::int64_t choose(bool condition, std::int64_t yes, std::int64_t no) {
    return condition ? yes : no;
}
inline double choose(bool condition, double yes, double no) { return condition ? yes : no; }
inline std::int64_t least(std::int64_t a, std::int64_t b) { return std::min(a, b); }
inline double least(double a, double b) { return std::min(a, b); }
inline std::int64_t most(std::int64_t a, std::int64_t b) { return std::max(a, b); }
inline double most(double a, double b) { return std::max(a, b); }
inline std::int64_t distance(std::int64_t a, std::int64_t b) { return a < b ? b - a : a - b; }
inline std::int64_t quotient(std::int64_t a, std::int64_t divisor) { return a / divisor; }
inline bool isMultiple(std::int64_t a, std::int64_t divisor) { return a % divisor == 0; }
inline double roundUp(double a) { return std::ceil(a); }
inline double real(std::int64_t a) { return static_cast<double>(a); }
inline bool any(bool condition) { return condition; }
inline bool all(bool condition) { return condition; }

#include "core/nest/window_forms.inl"

/// Walks over the places where their closed form does not hold.
void coverOneByOne(std::span<const Comb<std::int64_t>> combs, std::int64_t reach,
                   std::int64_t& positions, bool& known);

struct Numbers {
    using Count = std::int64_t;
    using Real = double;
    using Mask = bool;
    using Movement = nest::Movement;
    using Level = LevelResult;
    using Result = LoopNestResult;
};

// Each builds upon the one before.
// clang-format off
#include "core/nest/dividing_forms.inl"
#include "core/nest/box_forms.inl"
#include "core/nest/level_forms.inl"
// clang-format on

}  // namespace cohelix::nest::scalar
