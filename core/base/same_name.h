// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Names that people type: devices, accelerators, networks, spaces, presets, methods. Letter case
// says nothing in them.

#include <algorithm>
#include <string>
#include <string_view>

namespace cohelix::base {

/// Of ASCII letters, whatever the locale.
constexpr char lowerCase(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

inline std::string lowerCase(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) { return lowerCase(c); });
    return lower;
}

/// Whether two names differ in letter case at most.
constexpr bool sameName(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, {}, [](char c) { return lowerCase(c); }, [](char c) { return lowerCase(c); });
}

}  // namespace cohelix::base
