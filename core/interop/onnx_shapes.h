// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// An ONNX model from outside, with the shape of every value as far as it can be known. Private to
// core/interop.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <onnx/onnx_pb.h>

#include "core/base/result.h"
#include "core/interop/onnx_import.h"

namespace cohelix::interop {

/// -1 along an axis of unknown size.
using OnnxShape = std::vector<std::int64_t>;

/// The values that a graph sees: its own, then those of the graph around it.
class OnnxScope {
public:
    OnnxScope(const onnx::GraphProto& graph, const OnnxScope* outer);
    /// Null where nothing is known of it.
    const OnnxShape* find(const std::string& value) const;
    /// The error of a shape with more than 2^62 elements, by which inference may have been misled.
    base::Result<void> check(const std::string& where) const;

private:
    void add(const onnx::ValueInfoProto& value);
    void add(const onnx::TensorProto& tensor, const std::string& name);

    const OnnxScope* m_outer;
    std::unordered_map<std::string, OnnxShape> m_shapes;
};

struct OnnxModel {
    onnx::ModelProto proto;
    std::vector<std::string> notes;  ///< sizes that were filled in
};

/// Parses, fills in open sizes, infers shapes.
base::Result<OnnxModel> loadOnnx(std::string_view bytes, const std::string& where,
                                 const OnnxSizes& sizes);

}  // namespace cohelix::interop
