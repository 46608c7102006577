// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The words of the file for states and grades, back as values.

#include <string>

#include "core/base/words.h"
#include "core/store/sql.h"

namespace cohelix::store {

/// Why a run is over that no process holds.
inline constexpr const char* kEndedEarly = "the program ended before the run did";

/// Throws a Refusal for a word that is none of the enum's: that is damage.
template <base::Worded E>
E valueFrom(const std::string& text) {
    if (const auto value = base::valueOf<E>(text)) return *value;
    throw Refusal{damagedError({}, "unknown word '" + text.substr(0, 40) + "'")};
}

}  // namespace cohelix::store
