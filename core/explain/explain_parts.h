// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What both halves of explain.h need. Internal to the room.

#include <cmath>
#include <optional>
#include <string>

#include "core/base/units.h"

namespace cohelix::explain {

/// "1,234", or "1,234.5" where it is no whole number.
inline std::string number(double value) {
    return base::fixed(value, value == std::floor(value) ? 0 : 1);
}

inline bool fits(double need, std::optional<double> limit) { return !limit || need <= *limit; }

}  // namespace cohelix::explain
