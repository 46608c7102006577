// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Graphs that nodes have within them. Private to the room.

#include <cstdint>
#include <string_view>

#include <onnx/onnx_pb.h>

namespace cohelix::interop {

/// Nodes of all graphs in it counted; of a null one none.
std::int64_t countNodes(const onnx::GraphProto* graph);

/// The node's attribute of that name; null where there is none.
const onnx::GraphProto* graphOf(const onnx::NodeProto& node, std::string_view name);

/// The function's nodes, with attributes of the call in the place of those that refer to them.
onnx::GraphProto bodyOf(const onnx::NodeProto& call, const onnx::FunctionProto& function);

}  // namespace cohelix::interop
