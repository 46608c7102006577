// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Why operators of ONNX that are no layers are none. Private to the room.

#include <string>
#include <string_view>

namespace cohelix::interop {

struct OnnxReason {
    std::string text;        ///< "pools or reduces", "is an operator of com.example, …"
    bool multiplies = true;  ///< it may hold multiply-accumulates, nobody knows how many
};
OnnxReason onnxReason(std::string_view domain, std::string_view op);

}  // namespace cohelix::interop
