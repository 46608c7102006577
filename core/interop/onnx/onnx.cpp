// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx.h"

#include <cmath>
#include <numeric>
#include <unordered_map>

#include <onnx/checker.h>
#include <onnx/onnx_pb.h>

#include "core/base/units.h"
#include "core/interop/onnx/onnx_values.h"

namespace cohelix::interop {
namespace {

using Shape = OnnxShape;
using model::Dim;
using model::Layer;
constexpr int kIrVersion = 7;
constexpr int kOperatorSet = 13;

/// Ends the writing of a model; caught at its entrance.
struct Unwritable {
    base::Error error;
};

class GraphWriter {
public:
    GraphWriter(const model::Network& network, const learn::TrainedWeights& weights,
                onnx::GraphProto& graph)
        : m_network(network), m_weights(weights), m_graph(graph) {
        for (const auto& tensor : weights.tensors) m_tensors.emplace(tensor.name, &tensor);
    }

    void write() {
        if (m_network.layers.empty()) {
            throw Unwritable{{{}, "the network has no layers", {}}};
        }
        const auto& input = m_network.input;
        describe(*m_graph.add_input(), "image", {input.channels, input.height, input.width});
        normalise();
        for (std::size_t i = 0; i < m_network.layers.size(); ++i) writeLayer(i);
        describe(*m_graph.add_output(), "logits", {m_network.classes});
        node("Identity", {m_values.back()}, "logits");
    }

private:
    /// A float value with a free first dimension.
    static void describe(onnx::ValueInfoProto& value, const std::string& name, const Shape& shape) {
        value.set_name(name);
        auto& type = *value.mutable_type()->mutable_tensor_type();
        type.set_elem_type(onnx::TensorProto::FLOAT);
        type.mutable_shape()->add_dim()->set_dim_param("N");
        for (const auto size : shape) type.mutable_shape()->add_dim()->set_dim_value(size);
    }

    onnx::NodeProto& node(const char* type, const std::vector<std::string>& inputs,
                          const std::string& output) {
        auto& added = *m_graph.add_node();
        added.set_op_type(type);
        added.set_name(output + ":" + type);
        for (const auto& input : inputs) added.add_input(input);
        added.add_output(output);
        return added;
    }

    static void attribute(onnx::NodeProto& node, const char* name, const Shape& values) {
        auto& added = *node.add_attribute();
        added.set_name(name);
        added.set_type(onnx::AttributeProto::INTS);
        for (const auto value : values) added.add_ints(value);
    }

    static void attribute(onnx::NodeProto& node, const char* name, std::int64_t value) {
        auto& added = *node.add_attribute();
        added.set_name(name);
        added.set_type(onnx::AttributeProto::INT);
        added.set_i(value);
    }

    std::string constant(const std::string& name, const Shape& shape,
                         const std::vector<float>& values) {
        auto& tensor = *m_graph.add_initializer();
        tensor.set_name(name);
        tensor.set_data_type(onnx::TensorProto::FLOAT);
        for (const auto size : shape) tensor.add_dims(size);
        tensor.mutable_float_data()->Add(values.begin(), values.end());
        return name;
    }

    std::string shapeConstant(const std::string& name, const Shape& shape) {
        auto& tensor = *m_graph.add_initializer();
        tensor.set_name(name);
        tensor.set_data_type(onnx::TensorProto::INT64);
        tensor.add_dims(static_cast<std::int64_t>(shape.size()));
        tensor.mutable_int64_data()->Add(shape.begin(), shape.end());
        return name;
    }

    static void requireFinite(const std::string& name, const std::vector<float>& values) {
        for (const float value : values) {
            if (!std::isfinite(value)) {
                throw Unwritable{
                    {name, "holds a value that is not a finite number", "Train the design again"}};
            }
        }
    }

    /// The layer's tensor as a constant of the graph.
    std::string weight(const std::string& name, const Shape& shape) {
        const auto found = m_tensors.find(name);
        if (found == m_tensors.end()) {
            throw Unwritable{{name, "is missing from the trained weights",
                              "Export the design that these weights were trained for"}};
        }
        const auto& tensor = *found->second;
        const auto count =
            std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
        if (tensor.shape != shape || static_cast<std::int64_t>(tensor.values.size()) != count) {
            throw Unwritable{{name,
                              "has the shape " + textOf(tensor.shape) + " (" +
                                  std::to_string(tensor.values.size()) +
                                  " values); the network needs " + textOf(shape),
                              "Export the design that these weights were trained for"}};
        }
        requireFinite(name, tensor.values);
        return constant(name, shape, tensor.values);
    }

    void normalise() {
        const auto channels = static_cast<std::size_t>(m_network.input.channels);
        if (m_weights.mean.size() != channels || m_weights.deviation.size() != channels) {
            throw Unwritable{{"mean, deviation",
                              "there are not as many of them as the image has channels",
                              "Train the design again"}};
        }
        requireFinite("mean", m_weights.mean);
        requireFinite("deviation", m_weights.deviation);
        for (const float deviation : m_weights.deviation) {
            if (deviation <= 0) {
                throw Unwritable{{"deviation", "is not positive", "Train the design again"}};
            }
        }
        const Shape shape = {1, m_network.input.channels, 1, 1};
        node("Sub", {"image", constant("image.mean", shape, m_weights.mean)}, "image.centred");
        node("Div", {"image.centred", constant("image.deviation", shape, m_weights.deviation)},
             "image.normalised");
    }

    /// Output of a layer before the index-th, or the image.
    const std::string& valueOf(int layer, std::size_t index, const Layer& user) const {
        if (layer < 0) return m_image;
        if (static_cast<std::size_t>(layer) >= index) {
            throw Unwritable{{user.name, "is fed by a layer that comes after it", {}}};
        }
        return m_values[static_cast<std::size_t>(layer)];
    }

    void writeLayer(std::size_t index) {
        const Layer& layer = m_network.layers[index];
        if (layer.groups < 1 || layer.shuffleGroups < 1 || layer.size(Dim::C) % layer.groups != 0 ||
            layer.size(Dim::K) % layer.shuffleGroups != 0) {
            throw Unwritable{{layer.name, "has groups that do not divide its channels", {}}};
        }
        const bool linear = layer.role == model::LayerRole::Classifier;
        const std::string& input = valueOf(layer.input, index, layer);
        std::vector<std::string> steps = {linear ? "linear" : "convolution"};
        if (layer.addedTo >= 0) steps.push_back("sum");
        if (layer.relu) steps.push_back("relu");
        if (layer.shuffleGroups > 1) steps.push_back("shuffle");
        // The last step's value bears the layer's name.
        const auto nameOf = [&](const std::string& step) {
            return step == steps.back() ? layer.name : layer.name + "." + step;
        };
        std::string value = nameOf(steps.front());
        if (linear) {
            writeLinear(layer, input, value);
        } else {
            writeConvolution(layer, input, value);
        }
        for (std::size_t s = 1; s < steps.size(); ++s) {
            const std::string next = nameOf(steps[s]);
            if (steps[s] == "sum") node("Add", {value, valueOf(layer.addedTo, index, layer)}, next);
            if (steps[s] == "relu") node("Relu", {value}, next);
            if (steps[s] == "shuffle") writeShuffle(layer, value, next);
            value = next;
        }
        m_values.push_back(value);
    }

    void writeConvolution(const Layer& layer, const std::string& input, const std::string& output) {
        const auto k = layer.size(Dim::K), r = layer.size(Dim::R), s = layer.size(Dim::S);
        const auto w = weight(layer.name + ".weight", {k, layer.size(Dim::C) / layer.groups, r, s});
        const auto b = weight(layer.name + ".bias", {k});
        auto& added = node("Conv", {input, w, b}, output);
        added.set_name(layer.name);  // by which the accelerator's chunks name it
        const std::int64_t down = layer.dilation.rows * (r - 1) / 2;
        const std::int64_t across = layer.dilation.columns * (s - 1) / 2;
        attribute(added, "kernel_shape", Shape{r, s});
        attribute(added, "strides", Shape{layer.stride.rows, layer.stride.columns});
        attribute(added, "dilations", Shape{layer.dilation.rows, layer.dilation.columns});
        attribute(added, "pads", Shape{down, across, down, across});
        attribute(added, "group", layer.groups);
    }

    void writeLinear(const Layer& layer, const std::string& input, const std::string& output) {
        const std::string pooled = layer.name + ".pooled";
        node("GlobalAveragePool", {input}, pooled);
        attribute(node("Flatten", {pooled}, layer.name + ".features"), "axis", 1);
        const auto w = weight(layer.name + ".weight", {layer.size(Dim::K), layer.size(Dim::C)});
        const auto b = weight(layer.name + ".bias", {layer.size(Dim::K)});
        auto& added = node("Gemm", {layer.name + ".features", w, b}, output);
        added.set_name(layer.name);
        attribute(added, "transB", 1);
    }

    /// Channel g * (K / groups) + i becomes channel i * groups + g; 0 keeps a dimension.
    void writeShuffle(const Layer& layer, const std::string& input, const std::string& output) {
        const auto k = layer.size(Dim::K), p = layer.size(Dim::P), q = layer.size(Dim::Q);
        const std::int64_t groups = layer.shuffleGroups;
        const std::string split = shapeConstant(output + ".split", {0, groups, k / groups, p, q});
        const std::string join = shapeConstant(output + ".join", {0, k, p, q});
        node("Reshape", {input, split}, output + ".groups");
        attribute(node("Transpose", {output + ".groups"}, output + ".swapped"), "perm",
                  Shape{0, 2, 1, 3, 4});
        node("Reshape", {output + ".swapped", join}, output);
    }

    const model::Network& m_network;
    const learn::TrainedWeights& m_weights;
    onnx::GraphProto& m_graph;
    std::unordered_map<std::string, const learn::NamedTensor*> m_tensors;
    std::string m_image = "image.normalised";
    std::vector<std::string> m_values;  ///< output of each layer written so far
};

/// What the accuracy was evaluated with, as metadata: the graph itself computes in floating point.
void describePrecision(const model::Network& network, const learn::TrainedWeights& weights,
                       onnx::ModelProto& model) {
    const auto property = [&](const std::string& key, const std::string& value) {
        auto& added = *model.add_metadata_props();
        added.set_key(key);
        added.set_value(value);
    };
    const bool fixed = !weights.precision.empty();
    property("cohelix.precision", fixed ? "fixed point" : "floating point");
    if (!fixed) return;
    if (weights.precision.size() != network.layers.size()) {
        throw Unwritable{{"precision", "is that of another number of layers",
                          "Export the design that these weights were trained for"}};
    }
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto& layer = weights.precision[i];
        std::string text = std::to_string(layer.bits) + " bit";
        if (layer.bits < learn::kFloatingBits) {
            text += ", input " + base::exact(static_cast<double>(layer.least)) + " to " +
                    base::exact(static_cast<double>(layer.most));
        }
        property("cohelix.precision." + network.layers[i].name, text);
    }
}

}  // namespace

base::Result<std::string> onnxModel(const model::Network& network,
                                    const learn::TrainedWeights& weights, const std::string& name) {
    try {
        onnx::ModelProto model;
        model.set_ir_version(kIrVersion);
        model.set_producer_name("Cohelix");
        model.set_producer_version(base::programVersion());
        auto& operators = *model.add_opset_import();
        operators.set_domain("");
        operators.set_version(kOperatorSet);
        model.mutable_graph()->set_name(name.empty() ? "network" : name);
        GraphWriter(network, weights, *model.mutable_graph()).write();
        describePrecision(network, weights, model);
        onnx::checker::check_model(model);
        std::string bytes;
        if (!model.SerializeToString(&bytes)) {
            return base::Error{name, "the model is larger than ONNX files can be (2 GB)", {}};
        }
        return bytes;
    } catch (const Unwritable& problem) {
        return problem.error;
    } catch (const std::exception& problem) {
        return base::Error{name, std::string("the ONNX model is not valid: ") + problem.what(), {}};
    }
}

}  // namespace cohelix::interop
