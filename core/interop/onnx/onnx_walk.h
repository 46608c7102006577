// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A model's graph with its branches, bodies and functions, node by node. Private to the room.

#include <onnx/onnx_pb.h>

#include "core/interop/onnx/onnx_import.h"

namespace cohelix::interop {

/// Layers, what was passed over and notes, with no names of model and producer. Open sizes of the
/// model are filled in before.
OnnxNetwork walked(const onnx::ModelProto& model);

}  // namespace cohelix::interop
