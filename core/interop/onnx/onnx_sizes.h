// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Sizes for what a model leaves open. Private to the room.

#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

#include "core/base/result.h"
#include "core/interop/onnx/onnx_import.h"

namespace cohelix::interop {

/// Gives open dimensions of the inputs a size, and the same to those of the same name elsewhere.
/// What was filled in is the result, a sentence a dimension. Errors: a size out of range, a name
/// that no open dimension has.
base::Result<std::vector<std::string>> fillSizes(onnx::GraphProto& graph, const OnnxSizes& sizes,
                                                 const std::string& where);

}  // namespace cohelix::interop
