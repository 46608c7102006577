// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a file is that is neither an ONNX model nor text of ours, told by its first bytes. Private
// to the room.

#include <optional>
#include <string>
#include <string_view>

namespace cohelix::interop {

struct ForeignForm {
    std::string name;    ///< "a picture"
    std::string advice;  ///< what to do with it
};

/// Nothing where the bytes are of no form that is known here.
std::optional<ForeignForm> foreignForm(std::string_view bytes);

}  // namespace cohelix::interop
