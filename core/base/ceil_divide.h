// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How many parts of size b it takes to cover a. Internal to the room.

#include <cstdint>

namespace cohelix::base {

/// For a and b from 1, whatever their sum.
constexpr std::int64_t ceilDivide(std::int64_t a, std::int64_t b) { return (a - 1) / b + 1; }

/// As a double: no product of such numbers can wrap.
constexpr double ceilDivided(std::int64_t a, std::int64_t b) {
    return static_cast<double>(ceilDivide(a, b));
}

}  // namespace cohelix::base
