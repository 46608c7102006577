// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What ONNX's inference does not see through: sizes that a graph computes from other sizes, and
// branches that depend on them. Private to core/interop.

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/interop/onnx_shapes.h"

namespace cohelix::interop {

/// How a graph was changed, by the first output of its nodes.
struct OnnxChanges {
    std::unordered_map<std::string, std::string> operators;  ///< of nodes that became constants
    std::unordered_set<std::string> made;                    ///< nodes that the file does not have
    std::vector<OnnxPassedOver> branches;                    ///< every If that was replaced
    std::vector<std::string> notes;
};

/// Replaces nodes that compute small whole numbers from known ones and known shapes by constants,
/// and every If of known condition by its branch. True when anything was changed.
bool foldSizes(onnx::GraphProto& graph, const OnnxScope& scope, OnnxChanges& changes);
/// Puts a branch of an If at the end of `nodes`: the then branch where the condition is not known.
void replaceIf(const onnx::NodeProto& node, std::optional<bool> condition, onnx::GraphProto& graph,
               google::protobuf::RepeatedPtrField<onnx::NodeProto>& nodes, OnnxChanges& changes);
/// Replaces every If by its then branch, whatever its condition. True when there was one.
bool takeThenBranches(onnx::GraphProto& graph, OnnxChanges& changes);

}  // namespace cohelix::interop
