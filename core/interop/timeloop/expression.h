// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Arithmetic in the place of a number, as Timeloop's files have it. Private to the room.

#include <functional>
#include <optional>
#include <string_view>

namespace cohelix::interop {

/// "(64 + 8) * 1024 / 2", "2**10", "max(1, ceil(log2(depth)))": + - * / // % **, parentheses, names
/// that `names` knows, and the functions min, max, ceil, floor, round, int, abs, log2, sqrt, pow.
/// Nothing where the text is none of these or its value is not finite.
std::optional<double> valueOfExpression(
    std::string_view text, const std::function<std::optional<double>(std::string_view)>& names);

}  // namespace cohelix::interop
