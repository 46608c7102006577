// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The order in which a graph's nodes can be looked at. Private to the room.

#include <vector>

#include <onnx/onnx_pb.h>

namespace cohelix::interop {

struct OnnxOrder {
    std::vector<int> nodes;     ///< each after those that make its inputs; else as in the file
    std::vector<int> circular;  ///< which wait for their own results
};
OnnxOrder orderOf(const onnx::GraphProto& graph);

}  // namespace cohelix::interop
