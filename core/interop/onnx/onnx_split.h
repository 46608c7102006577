// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The shapes of the parts into which a tensor is split along one axis. Private to the room.

#include "core/interop/onnx/onnx_rules.h"

namespace cohelix::interop {

/// All parts are impossible where their sizes and their number contradict the axis.
OnnxOutputs splitRule(const OnnxNode& node);
/// A sequence has the shape of its elements; -1 where they differ.
OnnxOutputs splitToSequenceRule(const OnnxNode& node);

}  // namespace cohelix::interop
