// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Any bytes as text of an XML document. Private to the room.

#include <string>
#include <string_view>

namespace cohelix::chart {

/// Escapes what XML reserves. What no XML document may hold becomes U+FFFD: control characters and
/// bytes that are not UTF-8.
std::string xmlText(std::string_view text);

/// Characters of UTF-8 text, for estimates of its width.
std::size_t characters(std::string_view text);

}  // namespace cohelix::chart
