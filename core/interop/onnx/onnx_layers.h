// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One node of an ONNX graph as layers, or the reason why it is none. Private to the room.

#include <optional>

#include "core/interop/onnx/onnx_import.h"
#include "core/interop/onnx/onnx_node.h"

namespace cohelix::interop {

struct OnnxWork {
    /// Named by their part of the node ("scores"), or not at all where the node is one layer.
    std::vector<model::Layer> layers = {};
    std::vector<OnnxAside> asides = {};             ///< of the layers
    std::vector<std::string> notes = {};            ///< what the layers do not say
    std::optional<OnnxPassedOver> passedOver = {};  ///< without node and op; then no layers
};

/// `outputs`: what is known of the node's results.
OnnxWork workOf(const OnnxNode& node, const std::vector<OnnxValue>& outputs);

}  // namespace cohelix::interop
