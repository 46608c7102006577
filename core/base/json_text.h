// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// JSON as text that can be shown and never fails to be written, whatever its strings hold.

#include <string>

#include "core/base/json.h"

namespace cohelix::base {

/// In one line, or with `indent` spaces a level. Bytes that are no UTF-8 become U+FFFD; what a
/// terminal would obey is escaped.
std::string jsonText(const Json& json, int indent = -1);

}  // namespace cohelix::base
