// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Sizes that a graph computes from other sizes: the numbers of small tensors, as far as they follow
// from known ones. Private to the room.

#include "core/interop/onnx/onnx_rules.h"

namespace cohelix::interop {

/// Adds numbers to outputs whose shapes are known; and the shape where it follows from numbers.
void addNumbers(const OnnxNode& node, OnnxOutputs& outputs);

}  // namespace cohelix::interop
