// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What to do with bytes of a project that cannot be read.

namespace cohelix::learn {

inline constexpr const char* kDamagedBytesAdvice =
    "They are damaged: go back to a copy of the project, or rescue what can still be read with: "
    "cohelix-cli rescue FILE NEW.cohelix";

}  // namespace cohelix::learn
