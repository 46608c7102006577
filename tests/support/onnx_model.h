// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// An ONNX model as small as can be, with open sizes and, where it is asked for, work that nobody
// can count.

#include <string>
#include <vector>

#ifndef ONNX_NAMESPACE
#define ONNX_NAMESPACE onnx
#define ONNX_ML 1
#endif
#include <onnx/onnx_pb.h>

namespace cohelix::test {

/// A convolution of 8 to 8 channels, 3 x 3, on an image of N x 8 x H x W with a Relu behind it, and
/// an operator that nobody knows.
inline std::string onnxModel(bool unknown, bool convolution = true) {
    onnx::ModelProto model;
    model.set_ir_version(8);
    auto& standard = *model.add_opset_import();
    standard.set_domain("");
    standard.set_version(17);
    auto& theirs = *model.add_opset_import();
    theirs.set_domain("com.example");
    theirs.set_version(1);
    auto& graph = *model.mutable_graph();
    graph.set_name("small");
    auto& image = *graph.add_input();
    image.set_name("image");
    auto& type = *image.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    for (const char* name : {"N", "", "H", "W"}) {
        auto& dim = *type.mutable_shape()->add_dim();
        if (*name == 0) {
            dim.set_dim_value(8);
        } else {
            dim.set_dim_param(name);
        }
    }
    const auto add = [&](const char* op, const std::vector<std::string>& inputs,
                         const std::string& output, const char* domain = "") {
        auto& node = *graph.add_node();
        node.set_op_type(op);
        node.set_domain(domain);
        node.set_name(output + "." + op);
        for (const auto& input : inputs) node.add_input(input);
        node.add_output(output);
        graph.add_output()->set_name(output);
    };
    if (convolution) {
        auto& weights = *graph.add_initializer();
        weights.set_name("weights");
        weights.set_data_type(onnx::TensorProto::FLOAT);
        for (const int size : {8, 8, 3, 3}) weights.add_dims(size);
        for (int i = 0; i < 8 * 8 * 3 * 3; ++i) weights.add_float_data(0);
        add("Conv", {"image", "weights"}, "y");
        add("Relu", {"y"}, "z");
    }
    if (unknown) add("Mystery", {"image"}, "m", "com.example");
    return model.SerializeAsString();
}

/// A convolution of 3 x 3 whose weights QONNX quantises to so many bits.
inline std::string quantisedModel(float bits) {
    onnx::ModelProto model;
    model.set_ir_version(8);
    model.add_opset_import()->set_version(14);
    auto& graph = *model.mutable_graph();
    graph.set_name("quantised");
    const auto tensor = [&](const char* name, const std::vector<int>& sizes, float value) {
        auto& added = *graph.add_initializer();
        added.set_name(name);
        added.set_data_type(onnx::TensorProto::FLOAT);
        int count = 1;
        for (const int size : sizes) {
            added.add_dims(size);
            count *= size;
        }
        for (int i = 0; i < count; ++i) added.add_float_data(value);
    };
    tensor("x", {1, 8, 8, 8}, 0);
    tensor("w", {8, 8, 3, 3}, 0);
    tensor("one", {}, 1);
    tensor("bits", {}, bits);
    const auto add = [&](const char* op, const std::vector<std::string>& inputs,
                         const std::string& output, const char* domain) {
        auto& node = *graph.add_node();
        node.set_op_type(op);
        node.set_domain(domain);
        node.set_name(output);
        for (const auto& input : inputs) node.add_input(input);
        node.add_output(output);
    };
    add("Quant", {"w", "one", "one", "bits"}, "wq", "qonnx.custom_op.general");
    add("Conv", {"x", "wq"}, "conv", "");
    graph.add_output()->set_name("conv");
    return model.SerializeAsString();
}

/// An LSTM of 16 to 32 over 10 steps, and a product of 32 to 4 with its last state.
inline std::string lstmModel() {
    onnx::ModelProto model;
    model.set_ir_version(8);
    model.add_opset_import()->set_version(14);
    auto& graph = *model.mutable_graph();
    graph.set_name("steps");
    const auto value = [](onnx::ValueInfoProto& info, const char* name,
                          const std::vector<int>& sizes) {
        info.set_name(name);
        auto& type = *info.mutable_type()->mutable_tensor_type();
        type.set_elem_type(onnx::TensorProto::FLOAT);
        for (const int size : sizes) type.mutable_shape()->add_dim()->set_dim_value(size);
    };
    value(*graph.add_input(), "x", {10, 1, 16});
    value(*graph.add_input(), "w", {1, 128, 16});
    value(*graph.add_input(), "r", {1, 128, 32});
    value(*graph.add_input(), "fc", {32, 4});
    auto& lstm = *graph.add_node();
    lstm.set_op_type("LSTM");
    lstm.set_name("lstm");
    for (const char* input : {"x", "w", "r"}) lstm.add_input(input);
    for (const char* output : {"y", "h"}) lstm.add_output(output);
    auto& hidden = *lstm.add_attribute();
    hidden.set_name("hidden_size");
    hidden.set_type(onnx::AttributeProto::INT);
    hidden.set_i(32);
    auto& product = *graph.add_node();
    product.set_op_type("MatMul");
    product.set_name("fc");
    product.add_input("h");
    product.add_input("fc");
    product.add_output("z");
    graph.add_output()->set_name("z");
    return model.SerializeAsString();
}

}  // namespace cohelix::test
