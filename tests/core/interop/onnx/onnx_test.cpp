// SPDX-License-Identifier: GPL-3.0-or-later
//
// The exported model is checked by ONNX's own checker and shape inference, and evaluated: a small
// interpreter of ONNX operators runs the file, and its logits are compared with those of a direct
// computation from the layers and the trained weights.

#ifndef ONNX_NAMESPACE
#define ONNX_NAMESPACE onnx
#define ONNX_ML 1
#endif
#include "core/interop/onnx/onnx.h"

#include <cmath>
#include <limits>
#include <map>

#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include "core/base/random.h"

#include "tests/core/interop/designs/samples.h"

namespace cohelix::interop {
namespace {

using namespace samples;
using model::Dim;
using Shape = std::vector<std::int64_t>;

struct Array {
    Shape shape;
    std::vector<double> values;
    double& at(std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) {
        return values[static_cast<std::size_t>(((n * shape[1] + c) * shape[2] + y) * shape[3] + x)];
    }
    double at(std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) const {
        return const_cast<Array*>(this)->at(n, c, y, x);
    }
};

Array zeros(const Shape& shape) {
    std::size_t count = 1;
    for (const auto size : shape) count *= static_cast<std::size_t>(size);
    return {shape, std::vector<double>(count)};
}

// ---- an interpreter of the operators that the exporter uses -----------------------------------

Shape ints(const onnx::NodeProto& node, const std::string& name) {
    for (const auto& attribute : node.attribute()) {
        if (attribute.name() == name) return {attribute.ints().begin(), attribute.ints().end()};
    }
    ADD_FAILURE() << node.name() << " has no " << name;
    return {1, 1, 1, 1};
}

std::int64_t integer(const onnx::NodeProto& node, const std::string& name) {
    for (const auto& attribute : node.attribute()) {
        if (attribute.name() == name) return attribute.i();
    }
    ADD_FAILURE() << node.name() << " has no " << name;
    return 1;
}

Array convolution(const onnx::NodeProto& node, const Array& in, const Array& w, const Array& b) {
    const auto pads = ints(node, "pads"), strides = ints(node, "strides");
    const auto dilations = ints(node, "dilations");
    const auto groups = integer(node, "group");
    const auto extent = [&](std::size_t axis) {
        return (in.shape[2 + axis] + pads[axis] + pads[axis + 2] -
                dilations[axis] * (w.shape[2 + axis] - 1) - 1) /
                   strides[axis] +
               1;
    };
    Array out = zeros({in.shape[0], w.shape[0], extent(0), extent(1)});
    const auto perGroup = w.shape[0] / groups;
    for (std::int64_t n = 0; n < out.shape[0]; ++n)
        for (std::int64_t k = 0; k < out.shape[1]; ++k)
            for (std::int64_t y = 0; y < out.shape[2]; ++y)
                for (std::int64_t x = 0; x < out.shape[3]; ++x) {
                    double sum = b.values[static_cast<std::size_t>(k)];
                    for (std::int64_t c = 0; c < w.shape[1]; ++c)
                        for (std::int64_t r = 0; r < w.shape[2]; ++r)
                            for (std::int64_t s = 0; s < w.shape[3]; ++s) {
                                const auto row = y * strides[0] - pads[0] + r * dilations[0];
                                const auto column = x * strides[1] - pads[1] + s * dilations[1];
                                if (row < 0 || column < 0 || row >= in.shape[2] ||
                                    column >= in.shape[3])
                                    continue;
                                sum += in.at(n, k / perGroup * w.shape[1] + c, row, column) *
                                       w.at(k, c, r, s);
                            }
                    out.at(n, k, y, x) = sum;
                }
    return out;
}

Array pooled(const Array& in) {
    Array out = zeros({in.shape[0], in.shape[1], 1, 1});
    for (std::int64_t n = 0; n < in.shape[0]; ++n)
        for (std::int64_t c = 0; c < in.shape[1]; ++c) {
            double sum = 0;
            for (std::int64_t y = 0; y < in.shape[2]; ++y)
                for (std::int64_t x = 0; x < in.shape[3]; ++x) sum += in.at(n, c, y, x);
            out.at(n, c, 0, 0) = sum / static_cast<double>(in.shape[2] * in.shape[3]);
        }
    return out;
}

Array gemm(const onnx::NodeProto& node, const Array& a, const Array& b, const Array& bias) {
    EXPECT_EQ(integer(node, "transB"), 1);
    Array out = zeros({a.shape[0], b.shape[0]});
    for (std::int64_t n = 0; n < a.shape[0]; ++n)
        for (std::int64_t k = 0; k < b.shape[0]; ++k) {
            double sum = bias.values[static_cast<std::size_t>(k)];
            for (std::int64_t c = 0; c < a.shape[1]; ++c) {
                sum += a.values[static_cast<std::size_t>(n * a.shape[1] + c)] *
                       b.values[static_cast<std::size_t>(k * b.shape[1] + c)];
            }
            out.values[static_cast<std::size_t>(n * b.shape[0] + k)] = sum;
        }
    return out;
}

Array transposed(const onnx::NodeProto& node, const Array& in) {
    const auto order = ints(node, "perm");
    Shape shape;
    for (const auto axis : order) shape.push_back(in.shape[static_cast<std::size_t>(axis)]);
    Array out = zeros(shape);
    Shape at(shape.size(), 0);
    for (double& value : out.values) {
        Shape source(at.size());
        for (std::size_t i = 0; i < at.size(); ++i) {
            source[static_cast<std::size_t>(order[i])] = at[i];
        }
        std::int64_t offset = 0;
        for (std::size_t i = 0; i < at.size(); ++i) offset = offset * in.shape[i] + source[i];
        value = in.values[static_cast<std::size_t>(offset)];
        for (std::size_t i = at.size(); i-- > 0 && ++at[i] == shape[i];) at[i] = 0;
    }
    return out;
}

template <typename Operation>
Array perChannel(Array in, const Array& other, Operation operation) {
    for (std::size_t i = 0; i < in.values.size(); ++i) {
        const bool same = other.values.size() == in.values.size();
        const auto plane = static_cast<std::size_t>(in.shape[2] * in.shape[3]);
        const auto channel = i / plane % static_cast<std::size_t>(in.shape[1]);
        in.values[i] = operation(in.values[i], other.values[same ? i : channel]);
    }
    return in;
}

Array evaluate(const onnx::NodeProto& node, const std::vector<Array>& in) {
    const auto& type = node.op_type();
    if (type == "Conv") return convolution(node, in[0], in[1], in[2]);
    if (type == "Gemm") return gemm(node, in[0], in[1], in[2]);
    if (type == "Add") return perChannel(in[0], in[1], std::plus<>());
    if (type == "Sub") return perChannel(in[0], in[1], std::minus<>());
    if (type == "Div") return perChannel(in[0], in[1], std::divides<>());
    if (type == "GlobalAveragePool") return pooled(in[0]);
    if (type == "Transpose") return transposed(node, in[0]);
    Array out = in[0];
    if (type == "Relu") {
        for (double& value : out.values) value = std::max(value, 0.0);
    } else if (type == "Flatten") {
        out.shape = {out.shape[0], static_cast<std::int64_t>(out.values.size()) / out.shape[0]};
    } else if (type == "Reshape") {
        out.shape.clear();
        for (std::size_t i = 0; i < in[1].values.size(); ++i) {
            const auto size = static_cast<std::int64_t>(in[1].values[i]);
            out.shape.push_back(size == 0 ? in[0].shape[i] : size);
        }
    } else {
        EXPECT_EQ(type, "Identity");
    }
    return out;
}

/// Runs the model; every value of the graph by name.
std::map<std::string, Array> interpret(const onnx::ModelProto& model, const Array& image) {
    std::map<std::string, Array> values = {{"image", image}};
    for (const auto& tensor : model.graph().initializer()) {
        Array array{{tensor.dims().begin(), tensor.dims().end()}, {}};
        array.values.assign(tensor.float_data().begin(), tensor.float_data().end());
        for (const auto value : tensor.int64_data()) {
            array.values.push_back(static_cast<double>(value));
        }
        values[tensor.name()] = std::move(array);
    }
    for (const auto& node : model.graph().node()) {
        std::vector<Array> inputs;
        for (const auto& name : node.input()) {
            EXPECT_TRUE(values.contains(name)) << name << " is used before it is computed";
            inputs.push_back(values[name]);
        }
        values[node.output(0)] = evaluate(node, inputs);
    }
    return values;
}

// ---- the same network, computed from its layers -----------------------------------------------

const std::vector<float>& tensor(const learn::TrainedWeights& weights, const std::string& name) {
    for (const auto& each : weights.tensors) {
        if (each.name == name) return each.values;
    }
    throw std::runtime_error(name);
}

/// One layer straight from its definition: outputs N x K x P x Q.
Array layerOutput(const model::Layer& layer, const learn::TrainedWeights& weights, Array in,
                  const Array* added) {
    const auto& w = tensor(weights, layer.name + ".weight");
    const auto& b = tensor(weights, layer.name + ".bias");
    if (layer.role == model::LayerRole::Classifier) in = pooled(in);
    const auto k = layer.size(Dim::K), c = layer.size(Dim::C) / layer.groups;
    const auto r = layer.size(Dim::R), s = layer.size(Dim::S);
    Array out = zeros({in.shape[0], k, layer.size(Dim::P), layer.size(Dim::Q)});
    const auto weightAt = [&](std::int64_t ik, std::int64_t ic, std::int64_t ir, std::int64_t is) {
        return static_cast<double>(w[static_cast<std::size_t>(((ik * c + ic) * r + ir) * s + is)]);
    };
    for (std::int64_t n = 0; n < in.shape[0]; ++n)
        for (std::int64_t ik = 0; ik < k; ++ik)
            for (std::int64_t p = 0; p < out.shape[2]; ++p)
                for (std::int64_t q = 0; q < out.shape[3]; ++q) {
                    double sum = b[static_cast<std::size_t>(ik)];
                    for (std::int64_t ic = 0; ic < c; ++ic)
                        for (std::int64_t ir = -(r / 2); ir <= r / 2; ++ir)
                            for (std::int64_t is = -(s / 2); is <= s / 2; ++is) {
                                const auto y = p * layer.stride.rows + ir,
                                           x = q * layer.stride.columns + is;
                                if (y < 0 || x < 0 || y >= in.shape[2] || x >= in.shape[3])
                                    continue;
                                sum += in.at(n, ik / (k / layer.groups) * c + ic, y, x) *
                                       weightAt(ik, ic, ir + r / 2, is + s / 2);
                            }
                    if (added) sum += added->at(n, ik, p, q);
                    if (layer.relu) sum = std::max(sum, 0.0);
                    const auto perGroup = k / layer.shuffleGroups;
                    out.at(n, ik % perGroup * layer.shuffleGroups + ik / perGroup, p, q) = sum;
                }
    return out;
}

std::vector<Array> direct(const model::Network& network, const learn::TrainedWeights& weights,
                          Array image) {
    for (std::int64_t n = 0; n < image.shape[0]; ++n)
        for (std::int64_t c = 0; c < image.shape[1]; ++c)
            for (std::int64_t y = 0; y < image.shape[2]; ++y)
                for (std::int64_t x = 0; x < image.shape[3]; ++x) {
                    const auto channel = static_cast<std::size_t>(c);
                    image.at(n, c, y, x) =
                        (image.at(n, c, y, x) - weights.mean[channel]) / weights.deviation[channel];
                }
    std::vector<Array> outputs;
    for (const auto& layer : network.layers) {
        const auto& in = layer.input < 0 ? image : outputs[static_cast<std::size_t>(layer.input)];
        const Array* added =
            layer.addedTo < 0 ? nullptr : &outputs[static_cast<std::size_t>(layer.addedTo)];
        outputs.push_back(layerOutput(layer, weights, in, added));
    }
    return outputs;
}

// ---- tests ------------------------------------------------------------------------------------

learn::TrainedWeights weightsFor(const model::Network& network) {
    base::Random random(5, "weights");
    learn::TrainedWeights weights;
    const auto add = [&](const std::string& name, const Shape& shape) {
        learn::NamedTensor added{name, shape, {}};
        double fan = 1;
        for (std::size_t i = 1; i < shape.size(); ++i) fan *= static_cast<double>(shape[i]);
        std::size_t count = 1;
        for (const auto size : shape) count *= static_cast<std::size_t>(size);
        for (std::size_t i = 0; i < count; ++i) {
            added.values.push_back(static_cast<float>(random.normal() / std::sqrt(fan)));
        }
        weights.tensors.push_back(std::move(added));
    };
    for (const auto& layer : network.layers) {
        const auto k = layer.size(Dim::K), c = layer.size(Dim::C);
        if (layer.role == model::LayerRole::Classifier) {
            add(layer.name + ".weight", {k, c});
        } else {
            add(layer.name + ".weight",
                {k, c / layer.groups, layer.size(Dim::R), layer.size(Dim::S)});
        }
        add(layer.name + ".bias", {k});
    }
    for (int channel = 0; channel < network.input.channels; ++channel) {
        weights.mean.push_back(0.3f + 0.1f * static_cast<float>(channel));
        weights.deviation.push_back(0.2f + 0.05f * static_cast<float>(channel));
    }
    return weights;
}

onnx::ModelProto parsed(const std::string& bytes) {
    onnx::ModelProto model;
    EXPECT_TRUE(model.ParseFromString(bytes));
    return model;
}

class OnnxOfNetworks : public testing::TestWithParam<std::vector<int>> {};

TEST_P(OnnxOfNetworks, ComputesWhatTheNetworkComputes) {
    const auto network = spec::buildNetwork(specification().network, GetParam());
    const auto weights = weightsFor(network);
    const auto bytes = onnxModel(network, weights, "design 12");
    ASSERT_TRUE(bytes) << toText(bytes.error());
    const auto model = parsed(*bytes);

    Array image = zeros({2, 3, 13, 11});
    base::Random random(6, "image");
    for (double& value : image.values) value = static_cast<float>(random.uniform());
    auto values = interpret(model, image);
    const auto expected = direct(network, weights, image);
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto& found = values[network.layers[i].name];
        ASSERT_EQ(found.values.size(), expected[i].values.size()) << network.layers[i].name;
        for (std::size_t v = 0; v < found.values.size(); ++v) {
            ASSERT_NEAR(found.values[v], expected[i].values[v], 1e-9) << network.layers[i].name;
        }
    }
    EXPECT_EQ(values["logits"].shape, (Shape{2, 5}));
    EXPECT_EQ(values["logits"].values, values["classifier"].values);
}

TEST_P(OnnxOfNetworks, PassesTheCheckerAndShapesAreInferredAsTheLayersSay) {
    const auto network = spec::buildNetwork(specification().network, GetParam());
    auto model = parsed(onnxModel(network, weightsFor(network), "design 12").value());
    EXPECT_NO_THROW(onnx::checker::check_model(model));
    ASSERT_NO_THROW(onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(),
                                                       onnx::ShapeInferenceOptions{true, 1, true}));
    std::map<std::string, onnx::TensorShapeProto> shapes;
    for (const auto& value : model.graph().value_info()) {
        shapes[value.name()] = value.type().tensor_type().shape();
    }
    for (const auto& layer : network.layers) {
        ASSERT_TRUE(shapes.contains(layer.name)) << layer.name;
        const auto& shape = shapes[layer.name];
        EXPECT_EQ(shape.dim(0).dim_param(), "N") << layer.name;
        EXPECT_EQ(shape.dim(1).dim_value(), layer.size(Dim::K)) << layer.name;
        if (layer.role == model::LayerRole::Classifier) continue;
        EXPECT_EQ(shape.dim(2).dim_value(), layer.size(Dim::P)) << layer.name;
        EXPECT_EQ(shape.dim(3).dim_value(), layer.size(Dim::Q)) << layer.name;
    }
    EXPECT_EQ(model.ir_version(), 7);
    EXPECT_EQ(model.opset_import(0).version(), 13);
    EXPECT_EQ(model.graph().input_size(), 1);
    EXPECT_EQ(model.graph().input(0).name(), "image");
    EXPECT_EQ(model.graph().output(0).name(), "logits");
}

INSTANTIATE_TEST_SUITE_P(Operators, OnnxOfNetworks,
                         testing::Values(std::vector{1, 3, 2, 0}, std::vector{0, 0, 0, 0},
                                         std::vector{2, 2, 2, 2}, std::vector{3, 1, 1, 3}));

class OnnxErrors : public testing::Test {
protected:
    model::Network network = spec::buildNetwork(specification().network, std::vector{1, 3, 2, 0});
    learn::TrainedWeights weights = weightsFor(network);

    void expectRefused(const std::string& text) {
        const auto bytes = onnxModel(network, weights, "x");
        ASSERT_FALSE(bytes);
        EXPECT_NE(toText(bytes.error()).find(text), std::string::npos) << toText(bytes.error());
    }
};

std::string property(const onnx::ModelProto& model, const std::string& key) {
    for (const auto& entry : model.metadata_props()) {
        if (entry.key() == key) return entry.value();
    }
    return "absent";
}

TEST_F(OnnxErrors, PrecisionOfAnotherNumberOfLayers) {
    weights.precision.assign(2, {8, 0, 1});
    expectRefused("precision: is that of another number of layers");
}

TEST_F(OnnxErrors, PrecisionIsSaidInTheMetadata) {
    EXPECT_EQ(property(parsed(onnxModel(network, weights, "x").value()), "cohelix.precision"),
              "floating point");
    weights.precision.assign(network.layers.size(), {16, 0, 0});
    weights.precision[0] = {8, -1.5F, 3.25F};
    const auto model = parsed(onnxModel(network, weights, "x").value());
    EXPECT_EQ(property(model, "cohelix.precision"), "fixed point");
    EXPECT_EQ(property(model, "cohelix.precision.stem"), "8 bit, input -1.5 to 3.25");
    EXPECT_EQ(property(model, "cohelix.precision.classifier"), "16 bit");
}

TEST_F(OnnxErrors, MissingWeights) {
    weights.tensors.erase(weights.tensors.begin() + 4);
    expectRefused("is missing from the trained weights");
    weights.tensors.clear();
    expectRefused("stem.weight: is missing");
}

TEST_F(OnnxErrors, WeightsOfAnotherShape) {
    network.layers[0].size(Dim::K) += 1;
    expectRefused("stem.weight: has the shape 8 x 3 x 3 x 3");
}

TEST_F(OnnxErrors, FewerValuesThanTheShapeSays) {
    weights.tensors[0].values.pop_back();
    expectRefused("stem.weight");
}

TEST_F(OnnxErrors, ValuesThatAreNotNumbers) {
    weights.tensors[3].values[0] = std::numeric_limits<float>::quiet_NaN();
    expectRefused(weights.tensors[3].name);
}

TEST_F(OnnxErrors, NormalisationThatDoesNotFit) {
    weights.deviation[1] = 0;
    expectRefused("deviation: is not positive");
    weights.mean.pop_back();
    expectRefused("channels");
}

TEST_F(OnnxErrors, LayersThatDoNotFitTogether) {
    network.layers[1].input = static_cast<int>(network.layers.size()) - 1;
    expectRefused("comes after it");
    network.layers.clear();
    expectRefused("no layers");
}

}  // namespace
}  // namespace cohelix::interop
