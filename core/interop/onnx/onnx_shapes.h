// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What follows of a node's outputs from its inputs: shapes, numbers, bits. Private to the room.

#include "core/interop/onnx/onnx_rules.h"

namespace cohelix::interop {

/// One for each output; nothing is known of those of operators that are not known.
OnnxOutputs outputsOf(const OnnxNode& node);

}  // namespace cohelix::interop
