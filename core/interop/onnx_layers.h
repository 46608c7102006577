// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One node of an ONNX graph as a layer, or the reason why it is none. Private to core/interop.

#include <variant>

#include "core/interop/onnx_shapes.h"

namespace cohelix::interop {

/// Its node and op are still empty.
using LayerOrReason = std::variant<model::Layer, OnnxPassedOver>;

/// The layer's name is left empty.
LayerOrReason layerOf(const onnx::NodeProto& node, const OnnxScope& scope);

}  // namespace cohelix::interop
