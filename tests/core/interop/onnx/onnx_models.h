// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// ONNX models made node by node, and what is read of them.

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include "core/interop/onnx/onnx_import.h"

namespace cohelix::interop::models {

using model::Dim;
using Shape = std::vector<std::int64_t>;

/// A graph, node by node.
class Model {
public:
    Model() {
        m_model.set_ir_version(8);
        m_model.add_opset_import()->set_version(13);
        m_model.mutable_graph()->set_name("made");
    }

    onnx::GraphProto& graph() { return *m_model.mutable_graph(); }

    /// A text is a named dimension, a number below 0 an unnamed one.
    Model& input(const std::string& name, const Shape& shape,
                 const std::vector<std::string>& names = {}) {
        auto& value = *graph().add_input();
        value.set_name(name);
        auto& type = *value.mutable_type()->mutable_tensor_type();
        type.set_elem_type(onnx::TensorProto::FLOAT);
        type.mutable_shape();
        for (std::size_t i = 0; i < shape.size(); ++i) {
            auto& dim = *type.mutable_shape()->add_dim();
            if (i < names.size() && !names[i].empty()) {
                dim.set_dim_param(names[i]);
            } else if (shape[i] >= -1) {
                dim.set_dim_value(shape[i]);
            }
        }
        return *this;
    }
    Model& weights(const std::string& name, const Shape& shape) {
        auto& tensor = *graph().add_initializer();
        fill(tensor, shape);
        tensor.set_name(name);
        return *this;
    }
    Model& constantNode(const std::string& name, const Shape& shape) {
        auto& added = node("Constant", {}, name);
        auto& attribute = *added.add_attribute();
        attribute.set_name("value");
        attribute.set_type(onnx::AttributeProto::TENSOR);
        fill(*attribute.mutable_t(), shape);
        return *this;
    }
    onnx::NodeProto& node(const std::string& op, const std::vector<std::string>& inputs,
                          const std::string& output) {
        auto& added = *graph().add_node();
        added.set_op_type(op);
        added.set_name(output + "." + op);
        for (const auto& each : inputs) added.add_input(each);
        added.add_output(output);
        return added;
    }
    static void set(onnx::NodeProto& node, const char* name, const Shape& values) {
        auto& added = *node.add_attribute();
        added.set_name(name);
        added.set_type(onnx::AttributeProto::INTS);
        for (const auto value : values) added.add_ints(value);
    }
    static void set(onnx::NodeProto& node, const char* name, std::int64_t value) {
        auto& added = *node.add_attribute();
        added.set_name(name);
        added.set_type(onnx::AttributeProto::INT);
        added.set_i(value);
    }
    static void fill(onnx::TensorProto& tensor, const Shape& shape) {
        tensor.set_data_type(onnx::TensorProto::FLOAT);
        std::int64_t count = 1;
        for (const auto size : shape) {
            tensor.add_dims(size);
            count *= size;
        }
        for (std::int64_t i = 0; i < count; ++i) tensor.add_float_data(0);
    }
    static void set(onnx::NodeProto& node, const char* name, const std::string& text) {
        auto& added = *node.add_attribute();
        added.set_name(name);
        added.set_type(onnx::AttributeProto::STRING);
        added.set_s(text);
    }
    static void set(onnx::NodeProto& node, const char* name, const onnx::GraphProto& body) {
        auto& added = *node.add_attribute();
        added.set_name(name);
        added.set_type(onnx::AttributeProto::GRAPH);
        *added.mutable_g() = body;
    }
    /// A list, or a scalar where there is no axis.
    Model& wholes(const std::string& name, const Shape& values, bool scalar = false) {
        auto& tensor = *graph().add_initializer();
        tensor.set_name(name);
        tensor.set_data_type(onnx::TensorProto::INT64);
        if (!scalar) tensor.add_dims(static_cast<std::int64_t>(values.size()));
        tensor.mutable_int64_data()->Add(values.begin(), values.end());
        return *this;
    }
    Model& reals(const std::string& name, const std::vector<float>& values, bool scalar = false) {
        auto& tensor = *graph().add_initializer();
        tensor.set_name(name);
        tensor.set_data_type(onnx::TensorProto::FLOAT);
        if (!scalar) tensor.add_dims(static_cast<std::int64_t>(values.size()));
        tensor.mutable_float_data()->Add(values.begin(), values.end());
        return *this;
    }
    /// What the file says of an inner value.
    Model& stated(const std::string& name, const Shape& shape) {
        input(name, shape);
        *graph().add_value_info() = graph().input(graph().input_size() - 1);
        graph().mutable_input()->RemoveLast();
        return *this;
    }
    Model& output(const std::string& name) {
        graph().add_output()->set_name(name);
        return *this;
    }
    onnx::ModelProto& proto() { return m_model; }
    std::string bytes() const { return m_model.SerializeAsString(); }
    base::Result<OnnxNetwork> read(const OnnxSizes& sizes = {}) const {
        return onnxNetwork(bytes(), "made.onnx", sizes);
    }

private:
    onnx::ModelProto m_model;
};

inline OnnxNetwork ok(const base::Result<OnnxNetwork>& network) {
    EXPECT_TRUE(network.ok()) << (network.ok() ? "" : base::toText(network.error()));
    return network.ok() ? *network : OnnxNetwork{};
}

inline std::string refusal(const base::Result<OnnxNetwork>& network) {
    EXPECT_FALSE(network.ok());
    return network.ok() ? "" : base::toText(network.error());
}

/// "N1 K8 C3 P4 Q4 R3 S3 stride 2 dilation 1 groups 1"
inline std::string layerText(const model::Layer& layer) {
    std::string text;
    for (const Dim dim : model::kAllDims) {
        text += std::string(word(dim)) + std::to_string(layer.size(dim)) + " ";
    }
    return text + "stride " + perAxisText(layer.stride) + " dilation " +
           perAxisText(layer.dilation) + " groups " + std::to_string(layer.groups);
}

inline std::string onlyLayer(const Model& model, const OnnxSizes& sizes = {}) {
    const auto network = ok(model.read(sizes));
    EXPECT_EQ(network.layers.size(), 1U);
    if (network.layers.empty()) {
        return network.passedOver.empty() ? "" : network.passedOver.back().reason;
    }
    return layerText(network.layers.front());
}

inline std::int64_t macs(const OnnxNetwork& network) {
    std::int64_t sum = 0;
    for (const auto& layer : network.layers) sum += model::macs(layer);
    return sum;
}

}  // namespace cohelix::interop::models
