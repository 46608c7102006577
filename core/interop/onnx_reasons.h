// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Why operators of ONNX that are no layers are none. Private to core/interop.

#include <string>
#include <string_view>

namespace cohelix::interop {

/// "pools or reduces: no multiply-accumulates", "is an operator of com.microsoft, …".
std::string onnxReason(std::string_view domain, std::string_view op);

}  // namespace cohelix::interop
