// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a file is that is no ONNX model, told by its first bytes. Private to the room.

#include <optional>
#include <string_view>

#include "core/base/result.h"

namespace cohelix::interop {

/// Without a place; nothing where the bytes are of no form that is known here.
std::optional<base::Error> foreignForm(std::string_view bytes);

}  // namespace cohelix::interop
