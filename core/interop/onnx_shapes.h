// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// An ONNX model from outside, with the shape of every value as far as it can be known. Private to
// core/interop.

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <onnx/onnx_pb.h>

#include "core/base/result.h"
#include "core/interop/onnx_import.h"

namespace cohelix::interop {

/// -1 along an axis of unknown size.
using OnnxShape = std::vector<std::int64_t>;
/// "8 x 3 x 3 x 3", with ? along axes of unknown size, or "a scalar".
std::string textOf(const OnnxShape& shape);

/// The node's name, or what stands for it: its first output, or its operator.
std::string nodeName(const onnx::NodeProto& node);

/// The shapes of a graph's values.
class OnnxScope {
public:
    OnnxScope() = default;
    explicit OnnxScope(const onnx::GraphProto& graph);
    /// Null where nothing is known of it.
    const OnnxShape* find(const std::string& value) const;
    /// The error of a shape with more than 2^62 elements, by which inference may have been misled.
    base::Result<void> check(const std::string& where) const;

private:
    void add(const onnx::ValueInfoProto& value);
    void add(const onnx::TensorProto& tensor, const std::string& name);

    std::unordered_map<std::string, OnnxShape> m_shapes;
};

/// A graph without branches: those that were not taken are gone.
struct OnnxModel {
    onnx::ModelProto proto;
    OnnxScope shapes;
    std::unordered_map<std::string, std::string> operators;  ///< of folded nodes, by output
    std::unordered_set<std::string> made;  ///< outputs of nodes that are not in the file
    std::vector<OnnxPassedOver> branches;
    std::vector<std::string> notes;  ///< sizes that were filled in, branches that were taken
};

/// Parses, fills in open sizes, infers shapes as far as they go.
base::Result<OnnxModel> loadOnnx(std::string_view bytes, const std::string& where,
                                 const OnnxSizes& sizes);

}  // namespace cohelix::interop
