// SPDX-License-Identifier: GPL-3.0-or-later
//
// Models with wrong bytes, wrong sizes and wrong graphs: read or refused, never more.

#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/base/random.h"
#include "core/interop/documents/layer_check.h"

#include "onnx_models.h"

namespace cohelix::interop {
namespace {

using models::layerText;
using models::Model;
using models::ok;
using models::refusal;
using models::Shape;

TEST(OnnxDamage, DamagedFilesNeverCrashAndNeverGiveALayerThatCannotBe) {
    Model small;
    small.input("x", {1, 6, 17, 19}).weights("w", {4, 3, 3, 3}).weights("v", {4, 4, 2, 2});
    auto& first = small.node("Conv", {"x", "w"}, "a");
    Model::set(first, "group", 2);
    Model::set(first, "strides", Shape{2, 2});
    Model::set(first, "pads", Shape{1, 1, 1, 1});
    small.node("MaxPool", {"a"}, "b");
    Model::set(small.graph().mutable_node()->at(1), "kernel_shape", Shape{2, 2});
    Model::set(small.node("ConvTranspose", {"b", "v"}, "c"), "strides", Shape{2, 2});
    Model::set(small.node("Flatten", {"c"}, "d"), "axis", 2);
    small.weights("m", {1, 7}).node("MatMul", {"d", "m"}, "e");
    const std::string whole = small.bytes();
    base::Random random(11, "damage");
    int readable = 0;
    for (int round = 0; round < 1000; ++round) {
        std::string bytes = whole;
        for (int flips = 1 + static_cast<int>(random.below(3)); flips > 0; --flips) {
            bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
        }
        const auto network = onnxNetwork(bytes, "damaged");
        if (!network) {
            EXPECT_EQ(network.error().where, "damaged");
            continue;
        }
        ++readable;
        for (const auto& layer : network->layers) {
            ASSERT_TRUE(checkLayer(layer).ok()) << layerText(layer);
        }
    }
    EXPECT_GT(readable, 30);
}

/// A model with every kind of operator that is more than a shape.
Model everything() {
    Model model;
    model.input("x", {1, 6, 9, 9, 9}).weights("w", {4, 3, 3, 3, 3}).weights("v", {4, 4, 3, 3, 3});
    auto& conv = model.node("Conv", {"x", "w"}, "a");
    Model::set(conv, "group", 2);
    Model::set(conv, "strides", Shape{2, 1, 2});
    auto& back = model.node("ConvTranspose", {"a", "v"}, "b");
    Model::set(back, "strides", Shape{2, 3, 2});
    Model::set(back, "output_padding", Shape{1, 1, 0});
    auto& pool = model.node("MaxPool", {"b"}, "c");
    Model::set(pool, "kernel_shape", Shape{2, 2, 2});
    Model::set(pool, "ceil_mode", 1);
    model.wholes("shape", {-1, 2, 4}).node("Reshape", {"c", "shape"}, "d");
    model.weights("i", {2, 12, 4}).weights("r", {2, 12, 3});
    auto& gru = model.node("GRU", {"d", "i", "r"}, "e");
    Model::set(gru, "hidden_size", 4);
    Model::set(gru, "direction", std::string("bidirectional"));
    Model::set(model.node("Transpose", {"e"}, "f"), "perm", Shape{0, 2, 1, 3});
    Model::set(model.node("Einsum", {"f", "f"}, "g"), "equation",
               std::string("...ij,...kj->...ik"));
    model.wholes("starts", {0, 1}).wholes("ends", {9, 9}).wholes("axes", {0, 1});
    model.node("Slice", {"g", "starts", "ends", "axes"}, "h");
    model.reals("scales", {1, 1, 2, 2})
        .reals("roi", {})
        .node("Resize", {"h", "roi", "scales"}, "k");
    Model::set(model.node("Concat", {"k", "k"}, "l"), "axis", -1);
    auto& split = model.node("Split", {"l"}, "m");
    split.add_output("n");
    model.node("Shape", {"m"}, "o");
    model.wholes("one", {1}, true).node("Gather", {"o", "one"}, "p");
    Model::set(model.node("Unsqueeze", {"p"}, "q"), "axes", Shape{0});
    model.node("Expand", {"m", "q"}, "s");
    Model inner;
    inner.input("t", {}).input("go", {}).input("u", {8, 8});
    inner.node("MatMul", {"u", "u"}, "next").set_name("square");
    inner.node("Identity", {"go"}, "on");
    inner.output("on").output("next");
    model.weights("start", {8, 8}).wholes("five", {5}, true);
    Model::set(model.node("Loop", {"five", "one", "start"}, "z"), "body", inner.graph());
    model.input("tokens", {1, 5, 64}).weights("qkv", {64, 192});
    auto& attention = model.node("Attention", {"tokens", "qkv"}, "zz");
    attention.set_domain("com.microsoft");
    Model::set(attention, "num_heads", 4);
    return model;
}

void expectSound(const OnnxNetwork& network) {
    for (const auto& layer : network.layers) {
        EXPECT_TRUE(checkLayer(layer).ok()) << layerText(layer);
    }
}

TEST(OnnxDamage, TheModelOfAllKindsIsWhole) {
    const auto network = ok(everything().read());
    EXPECT_GT(network.layers.size(), 8U);
    for (const auto& passed : network.passedOver)
        EXPECT_EQ(passed.macs, 0) << passed.node << passed.reason;
}

TEST(OnnxDamage, WrongBytesAnywhereNeverCrash) {
    const std::string whole = everything().bytes();
    base::Random random(12, "damage");
    int readable = 0;
    for (int round = 0; round < 2000; ++round) {
        std::string bytes = whole;
        for (int flips = 1 + static_cast<int>(random.below(4)); flips > 0; --flips) {
            bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
        }
        const auto network = onnxNetwork(bytes, "damaged");
        if (!network) continue;
        ++readable;
        expectSound(*network);
    }
    EXPECT_GT(readable, 250);
}

/// Any number: small, at the edges of a type, anything.
std::int64_t wild() {
    const auto edge = *rc::gen::element<std::int64_t>(
        0, 1, -1, 2, std::numeric_limits<std::int64_t>::max(),
        std::numeric_limits<std::int64_t>::min(), std::int64_t{1} << 62, std::int64_t{1} << 31,
        -(std::int64_t{1} << 31), 4'000'000'000, 2'000'000'000, 65'536, 7);
    return *rc::gen::weightedOneOf<std::int64_t>({{3, rc::gen::just(edge)},
                                                  {1, rc::gen::inRange<std::int64_t>(-9, 30)},
                                                  {1, rc::gen::arbitrary<std::int64_t>()}});
}

/// Changes one number, name or link of the graph.
void disturb(onnx::GraphProto& graph) {
    const auto pick = [](int count) { return *rc::gen::inRange(0, std::max(count, 1)); };
    auto& node = *graph.mutable_node(pick(graph.node_size()));
    switch (*rc::gen::inRange(0, 6)) {
        case 0:
            if (node.attribute_size() > 0) {
                auto& attribute = *node.mutable_attribute(pick(node.attribute_size()));
                if (attribute.ints_size() > 0)
                    attribute.set_ints(pick(attribute.ints_size()), wild());
                if (attribute.has_i()) attribute.set_i(wild());
            }
            break;
        case 1: {
            auto& tensor = *graph.mutable_initializer(pick(graph.initializer_size()));
            if (tensor.dims_size() > 0) tensor.set_dims(pick(tensor.dims_size()), wild());
            if (tensor.int64_data_size() > 0) {
                tensor.set_int64_data(pick(tensor.int64_data_size()), wild());
            }
            break;
        }
        case 2: {
            auto& type = *graph.mutable_input(pick(graph.input_size()))->mutable_type();
            auto& shape = *type.mutable_tensor_type()->mutable_shape();
            if (shape.dim_size() > 0)
                shape.mutable_dim(pick(shape.dim_size()))->set_dim_value(wild());
            break;
        }
        case 3:
            if (node.input_size() > 0) {
                const auto& other = graph.node(pick(graph.node_size()));
                node.set_input(pick(node.input_size()), other.output(0));
            }
            break;
        case 4: node.set_op_type(graph.node(pick(graph.node_size())).op_type()); break;
        default:
            if (node.attribute_size() > 0) node.mutable_attribute()->RemoveLast();
    }
}

RC_GTEST_PROP(OnnxDamage, WrongNumbersAndLinksNeverCrash, ()) {
    auto model = everything();
    for (int changes = *rc::gen::inRange(1, 6); changes > 0; --changes) disturb(model.graph());
    const auto network = model.read();
    if (!network) {
        RC_ASSERT(network.error().where == "made.onnx");
        return;
    }
    for (const auto& layer : network->layers) RC_ASSERT(checkLayer(layer).ok());
}

TEST(OnnxDamage, ManyNodesAreReadInLinearTime) {
    Model model;
    model.input("x0", {1, 4, 8, 8});
    constexpr int kNodes = 50'000;
    for (int i = 0; i < kNodes; ++i) {
        model.node("Relu", {"x" + std::to_string(i)}, "x" + std::to_string(i + 1));
    }
    model.weights("w", {4, 4, 3, 3}).node("Conv", {"x" + std::to_string(kNodes), "w"}, "y");
    const auto network = ok(model.read());
    EXPECT_EQ(network.layers.size(), 1U);
    EXPECT_EQ(network.passedOver.size(), static_cast<std::size_t>(kNodes));
}

TEST(OnnxDamage, FunctionsThatMultiplyOrCallThemselvesEnd) {
    Model model;
    for (int i = 0; i < 40; ++i) {
        auto& function = *model.proto().add_functions();
        function.set_name("f" + std::to_string(i));
        function.set_domain("own");
        function.add_input("x");
        function.add_output("y");
        for (const char* output : {"y", "z"}) {
            auto& inner = *function.add_node();
            inner.set_op_type("f" + std::to_string((i + 1) % 40));
            inner.set_domain("own");
            inner.add_input("x");
            inner.add_output(output);
        }
    }
    model.input("x", {2, 20}).weights("w", {20, 3});
    model.node("f0", {"x"}, "y").set_domain("own");
    model.node("MatMul", {"x", "w"}, "z");
    const auto network = ok(model.read());
    EXPECT_EQ(network.layers.size(), 1U);
    EXPECT_FALSE(network.passedOver.empty());
}

TEST(OnnxDamage, OtherFormsAreCalledByTheirNames) {
    const auto told = [](const std::string& bytes) {
        return refusal(onnxNetwork(bytes, "x.onnx"));
    };
    EXPECT_NE(told(std::string("\x1c\0\0\0TFL3", 8)).find("but a TensorFlow Lite model"),
              std::string::npos);
    EXPECT_NE(told("version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 9\n")
                  .find("a pointer of Git LFS in place of the file. Fetch the file itself"),
              std::string::npos);
    EXPECT_NE(told("PK\x03\x04 and more").find("a zip archive"), std::string::npos);
    EXPECT_NE(told("<!DOCTYPE html><html>").find("a page of the web"), std::string::npos);
}

}  // namespace
}  // namespace cohelix::interop
