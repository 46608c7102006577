// SPDX-License-Identifier: GPL-3.0-or-later
//
// Operators that are more than one layer, each counted by a formula of its own.

#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "onnx_models.h"

namespace cohelix::interop {
namespace {

using model::Dim;
using models::layerText;
using models::macs;
using models::Model;
using models::ok;
using models::onlyLayer;
using models::Shape;

TEST(OnnxWork, RecurrentNodesAreTheProductsOfAllTheirSteps) {
    const std::map<std::string, std::int64_t> gates = {{"LSTM", 4}, {"GRU", 3}, {"RNN", 1}};
    for (const auto& [op, count] : gates) {
        for (const bool both : {false, true}) {
            for (const bool batchFirst : {false, true}) {
                const std::int64_t directions = both ? 2 : 1;
                Model model;
                model.input("x", batchFirst ? Shape{2, 10, 16} : Shape{10, 2, 16})
                    .weights("w", {directions, count * 32, 16})
                    .weights("r", {directions, count * 32, 32});
                auto& node = model.node(op, {"x", "w", "r"}, "y");
                Model::set(node, "hidden_size", 32);
                Model::set(node, "direction", std::string(both ? "bidirectional" : "reverse"));
                Model::set(node, "layout", batchFirst ? 1 : 0);
                const auto network = ok(model.read());
                EXPECT_EQ(macs(network), 10 * 2 * directions * count * 32 * (16 + 32));
                ASSERT_EQ(network.layers.size(), 2U);
                EXPECT_EQ(network.layers[0].name, "y." + op + ".input");
                EXPECT_EQ(network.layers[1].name, "y." + op + ".recurrent");
                EXPECT_EQ(words(network.layers[1], model::Tensor::Weights),
                          directions * count * 32 * 32);
                ASSERT_EQ(network.notes.size(), 1U);
                EXPECT_NE(network.notes[0].find("runs 10 steps, each waiting"), std::string::npos);
                ASSERT_EQ(network.asides.size(), 2U);
                EXPECT_TRUE(network.asides[0].bounds.empty()) << "no input waits for another";
                ASSERT_EQ(network.asides[1].bounds.size(), 1U);
                EXPECT_EQ(network.asides[1].bounds[0].op, op);
                EXPECT_TRUE(network.asides[1].bounds[0].slower);
                EXPECT_FALSE(network.asides[1].bounds[0].smaller);
            }
        }
    }
}

TEST(OnnxWork, WhatFollowsARecurrentNodeHasItsShape) {
    Model model;
    model.input("x", {-1, 1, 40}, {"time"}).weights("w", {1, 512, 40}).weights("r", {1, 512, 128});
    auto& lstm = model.node("LSTM", {"x", "w", "r"}, "y");
    lstm.add_output("h");
    Model::set(lstm, "hidden_size", 128);
    Model::set(model.node("Squeeze", {"h"}, "last"), "axes", Shape{0});
    model.weights("fc", {128, 12}).node("MatMul", {"last", "fc"}, "z");
    const auto network = ok(model.read({.named = {{"time", 100}}}));
    EXPECT_EQ(macs(network), 100 * 4 * 128 * (40 + 128) + 128 * 12);
}

TEST(OnnxWork, WeightsThatDoNotFitARecurrentNodeAreNoLayer) {
    Model model;
    model.input("x", {10, 1, 16}).weights("w", {1, 128, 15}).weights("r", {1, 128, 32});
    Model::set(model.node("LSTM", {"x", "w", "r"}, "y"), "hidden_size", 32);
    const auto network = ok(model.read());
    EXPECT_TRUE(network.layers.empty());
    ASSERT_EQ(network.passedOver.size(), 1U);
    EXPECT_NE(network.passedOver[0].reason.find("do not fit 1 directions of 32 states"),
              std::string::npos);
}

TEST(OnnxWork, ConvolutionsOverThreeAxesAreFoldedIntoTwo) {
    Model solid;
    solid.input("x", {1, 2, 6, 7, 8}).weights("w", {3, 2, 3, 3, 3});
    solid.node("Conv", {"x", "w"}, "y");
    EXPECT_EQ(onlyLayer(solid), "N1 K3 C6 P20 Q6 R3 S3 stride 1 dilation 1 groups 1");

    Model flat;  // no axis has more than one tap but the rows: nothing is read twice
    flat.input("x", {1, 4, 6, 7, 8}).weights("w", {8, 2, 1, 3, 1});
    Model::set(flat.node("Conv", {"x", "w"}, "y"), "group", 2);
    const auto network = ok(flat.read());
    ASSERT_EQ(network.layers.size(), 1U);
    EXPECT_EQ(macs(network), 8 * 2 * 3 * 6 * 5 * 8);
    EXPECT_EQ(words(network.layers[0], model::Tensor::Outputs), 8 * 6 * 5 * 8);
    EXPECT_EQ(words(network.layers[0], model::Tensor::Weights), 8 * 2 * 3);
}

/// Pairs of an input and a tap along an axis of a transposed convolution that reach its result.
std::int64_t reaching(std::int64_t inputs, std::int64_t outputs, std::int64_t kernel,
                      std::int64_t stride, std::int64_t dilation, std::int64_t begin) {
    std::int64_t count = 0;
    for (std::int64_t in = 0; in < inputs; ++in) {
        for (std::int64_t tap = 0; tap < kernel; ++tap) {
            const auto place = in * stride + tap * dilation - begin;
            count += place >= 0 && place < outputs ? 1 : 0;
        }
    }
    return count;
}

RC_GTEST_PROP(OnnxWork, TransposedConvolutionsMultiplyEachInputWithEachTap, ()) {
    const auto below = [](int least, int most) {
        return *rc::gen::inRange<std::int64_t>(least, most);
    };
    const auto axes = below(1, 4);
    const auto groups = below(1, 3), channels = groups * below(1, 4), each = below(1, 4);
    Shape x = {below(1, 3), channels}, w = {channels, each}, strides, dilations, begins, ends, more;
    std::int64_t least = x[0] * channels * each, most = least;
    for (std::int64_t axis = 0; axis < axes; ++axis) {
        const auto inputs = below(1, 8), kernel = below(1, 6), stride = below(1, 5);
        const auto dilation = below(1, 4), extent = (kernel - 1) * dilation + 1;
        const auto extra = below(0, static_cast<int>(stride));
        const auto full = (inputs - 1) * stride + extent + extra;
        const auto begin = below(0, static_cast<int>(std::min(full, extent)));
        const auto end = below(0, static_cast<int>(full - begin));
        x.push_back(inputs);
        w.push_back(kernel);
        strides.push_back(stride);
        dilations.push_back(dilation);
        begins.push_back(begin);
        ends.push_back(end);
        more.push_back(extra);
        least *= reaching(inputs, full - begin - end, kernel, stride, dilation, begin);
        most *= inputs * kernel;
    }
    begins.insert(begins.end(), ends.begin(), ends.end());
    Model model;
    model.input("x", x).weights("w", w);
    auto& node = model.node("ConvTranspose", {"x", "w"}, "y");
    Model::set(node, "strides", strides);
    Model::set(node, "dilations", dilations);
    Model::set(node, "pads", begins);
    Model::set(node, "output_padding", more);
    Model::set(node, "group", groups);
    const auto network = ok(model.read());
    RC_ASSERT(network.layers.size() <= 1U);
    RC_ASSERT(macs(network) <= most);
    RC_ASSERT(macs(network) >= least);
}

TEST(OnnxWork, TransposedConvolutionsOfOddKernels) {
    Model model;  // as PyTorch has it: kernel 3, stride 2, padding 1, output padding 1
    model.input("x", {1, 6, 5, 7}).weights("w", {6, 4, 3, 3});
    auto& node = model.node("ConvTranspose", {"x", "w"}, "y");
    Model::set(node, "strides", Shape{2, 2});
    Model::set(node, "pads", Shape{1, 1, 1, 1});
    Model::set(node, "output_padding", Shape{1, 1});
    EXPECT_EQ(onlyLayer(model), "N1 K36 C6 P5 Q7 R1 S1 stride 1 dilation 1 groups 1");

    Model first;  // from one pixel, as generators begin
    first.input("x", {1, 100, 1, 1}).weights("w", {100, 64, 4, 4});
    first.node("ConvTranspose", {"x", "w"}, "y");
    EXPECT_EQ(onlyLayer(first), "N1 K1024 C100 P1 Q1 R1 S1 stride 1 dilation 1 groups 1");
}

TEST(OnnxWork, EinsumsAreMatrixProducts) {
    const auto layers = [](const std::string& equation, const std::vector<Shape>& shapes) {
        Model model;
        std::vector<std::string> names;
        for (const auto& shape : shapes) {
            names.push_back("x" + std::to_string(names.size()));
            model.input(names.back(), shape);
        }
        Model::set(model.node("Einsum", names, "y"), "equation", equation);
        std::string text;
        const auto network = ok(model.read());
        for (const auto& layer : network.layers)
            text += (text.empty() ? "" : "; ") + layerText(layer);
        return text.empty() ? network.passedOver.at(0).reason : text;
    };
    const std::string rest = " Q1 R1 S1 stride 1 dilation 1 groups ";
    EXPECT_EQ(layers("bhid,bhjd->bhij", {{1, 8, 64, 32}, {1, 8, 64, 32}}),
              "N1 K512 C256 P64" + rest + "8");
    EXPECT_EQ(layers("ij, jk", {{4, 5}, {5, 6}}), "N1 K6 C5 P4" + rest + "1");
    EXPECT_EQ(layers("...ij,...jk->...ik", {{2, 3, 4, 5}, {3, 5, 6}}),
              "N1 K18 C15 P8" + rest + "3");
    EXPECT_EQ(layers("ij,jk,kl->il", {{4, 5}, {5, 6}, {6, 7}}),
              "N1 K6 C5 P4" + rest + "1; N1 K7 C6 P4" + rest + "1");
    EXPECT_EQ(layers("i,j->ij", {{4}, {5}}), "N1 K5 C1 P4" + rest + "1");
    EXPECT_EQ(layers("ij,ij->ij", {{4, 5}, {4, 5}}), "works element by element");
    EXPECT_EQ(layers("ij->ji", {{4, 5}}), "works element by element");
    EXPECT_EQ(layers("ij,kl->il", {{4, 5}, {6, 7}}), "N1 K7 C1 P4" + rest + "1");
    EXPECT_EQ(layers("ij,jk->ik", {{4, 5}, {4, 6}}),
              "its equation 'ij,jk->ik' does not fit its operands");
}

RC_GTEST_PROP(OnnxWork, AnEinsumOfTwoMultipliesOnceForAllItsLetters, ()) {
    std::string left = "z", right = "z", kept;
    std::map<char, std::int64_t> sizes = {{'z', *rc::gen::inRange<std::int64_t>(1, 6)}};
    std::int64_t expected = sizes['z'];
    for (char letter = 'a'; letter < 'h'; ++letter) {
        const int where = *rc::gen::inRange(0, 5);
        sizes[letter] = *rc::gen::inRange<std::int64_t>(1, 6);
        if (where != 1 && where != 3) left += letter;
        if (where != 0 && where != 2) right += letter;
        // Letters of one operand that are not kept are summed before anything is multiplied.
        if (where < 2 || (where == 4 && sizes[letter] > 2)) kept += letter;
        if (where < 2 || where == 4) expected *= sizes[letter];
    }
    const auto shapeOf = [&](const std::string& letters) {
        Shape shape;
        for (const char letter : letters) shape.push_back(sizes[letter]);
        return shape;
    };
    std::reverse(right.begin(), right.end());
    Model model;
    model.input("a", shapeOf(left)).input("b", shapeOf(right));
    Model::set(model.node("Einsum", {"a", "b"}, "y"), "equation", left + "," + right + "->" + kept);
    const auto network = ok(model.read());
    RC_ASSERT(network.layers.size() == 1U);
    RC_ASSERT(macs(network) == expected);
}

TEST(OnnxWork, AttentionsOfOnnxruntime) {
    Model packed;
    packed.input("x", {2, 16, 64}).weights("w", {64, 192});
    auto& node = packed.node("Attention", {"x", "w"}, "y");
    node.set_domain("com.microsoft");
    Model::set(node, "num_heads", 4);
    packed.weights("fc", {64, 10}).node("MatMul", {"y", "fc"}, "z");
    auto network = ok(packed.read());
    ASSERT_EQ(network.layers.size(), 4U);
    EXPECT_EQ(network.layers[0].name, "y.Attention.projection");
    EXPECT_EQ(macs(network), 2 * (16 * 64 * 192 + 2 * 16 * 16 * 64 + 16 * 64 * 10));

    Model grouped;  // eight heads of queries, two of keys and values; 7 tokens from before
    grouped.input("q", {1, 3, 8 * 16}).input("k", {1, 3, 2 * 16}).input("v", {1, 3, 2 * 16});
    grouped.input("pastK", {1, 2, 7, 16}).input("pastV", {1, 2, 7, 16});
    auto& group = grouped.node("GroupQueryAttention", {"q", "k", "v", "pastK", "pastV"}, "y");
    group.set_domain("com.microsoft");
    Model::set(group, "num_heads", 8);
    Model::set(group, "kv_num_heads", 2);
    EXPECT_EQ(macs(ok(grouped.read())), 8 * 3 * 10 * 16 * 2);

    Model cross;
    cross.input("q", {2, 5, 64}).input("k", {2, 9, 64}).input("v", {2, 9, 32});
    auto& multi = cross.node("MultiHeadAttention", {"q", "k", "v"}, "y");
    multi.set_domain("com.microsoft");
    Model::set(multi, "num_heads", 4);
    cross.weights("fc", {32, 3}).node("MatMul", {"y", "fc"}, "z");
    EXPECT_EQ(macs(ok(cross.read())), 2 * (5 * 9 * 64 + 5 * 9 * 32 + 5 * 32 * 3));

    Model standard;
    standard.input("q", {1, 8, 5, 16}).input("k", {1, 4, 9, 16}).input("v", {1, 4, 9, 24});
    standard.node("Attention", {"q", "k", "v"}, "y");
    EXPECT_EQ(macs(ok(standard.read())), 8 * 5 * 9 * (16 + 24));
}

TEST(OnnxWork, FusedAndQuantisedForms) {
    const auto product = [](const std::string& op, const std::vector<std::string>& inputs,
                            const std::map<std::string, std::int64_t>& attributes = {}) {
        Model model;
        model.input("x", {4, 20})
            .input("t", {20, 4})
            .weights("w", {20, 30})
            .weights("wt", {30, 20});
        model.weights("s", {}).weights("packed", {30, 1, 10});
        auto& node = model.node(op, inputs, "y");
        node.set_domain("com.microsoft");
        for (const auto& [name, value] : attributes) Model::set(node, name.c_str(), value);
        model.weights("fc", {30, 3}).node("MatMul", {"y", "fc"}, "z");
        return macs(ok(model.read()));
    };
    constexpr std::int64_t kMacs = 4 * 20 * 30 + 4 * 30 * 3;
    EXPECT_EQ(product("FusedGemm", {"x", "wt"}, {{"transB", 1}}), kMacs);
    EXPECT_EQ(product("FusedMatMul", {"t", "w"}, {{"transA", 1}}), kMacs);
    EXPECT_EQ(product("FusedMatMulActivation", {"x", "wt"}, {{"transB", 1}}), kMacs);
    EXPECT_EQ(product("TransposeMatMul", {"t", "wt"}, {{"transA", 1}, {"transB", 1}}), kMacs);
    EXPECT_EQ(product("DynamicQuantizeMatMul", {"x", "w", "s"}), kMacs);
    EXPECT_EQ(product("MatMulIntegerToFloat", {"x", "w", "s", "s"}), kMacs);
    EXPECT_EQ(product("QGemm", {"x", "s", "s", "w", "s", "s"}), kMacs);
    EXPECT_EQ(product("MatMulNBits", {"x", "packed", "s"}, {{"K", 20}, {"N", 30}, {"bits", 4}}),
              kMacs);

    Model batched;
    batched.input("a", {5, 2, 3, 20}).input("b", {2, 3, 20, 7});
    auto& node = batched.node("FusedMatMul", {"a", "b"}, "y");
    node.set_domain("com.microsoft");
    Model::set(node, "transBatchA", 1);
    EXPECT_EQ(onlyLayer(batched), "N1 K42 C120 P5 Q1 R1 S1 stride 1 dilation 1 groups 6");

    for (const char* op : {"FusedConv", "NhwcConv", "QLinearConv"}) {
        const bool quantised = std::string(op) == "QLinearConv";
        const bool last = std::string(op) == "NhwcConv";
        Model conv;
        conv.input("x", last ? Shape{1, 8, 8, 3} : Shape{1, 3, 8, 8}).weights("s", {});
        conv.weights("w", last ? Shape{16, 3, 3, 3} : Shape{16, 3, 3, 3});
        auto& made = conv.node(op,
                               quantised ? std::vector<std::string>{"x", "s", "s", "w"}
                                         : std::vector<std::string>{"x", "w"},
                               "y");
        made.set_domain("com.microsoft");
        EXPECT_EQ(onlyLayer(conv), "N1 K16 C3 P6 Q6 R3 S3 stride 1 dilation 1 groups 1") << op;
    }
}

TEST(OnnxWork, OperatorsThatKeepTheirShapeLetOthersBeCounted) {
    for (const auto& [domain, op] : {std::pair{"com.microsoft", "SkipLayerNormalization"},
                                     {"com.microsoft", "BiasGelu"},
                                     {"com.microsoft", "FastGelu"},
                                     {"com.microsoft", "QuickGelu"},
                                     {"", "LayerNormalization"},
                                     {"", "SimplifiedLayerNormalization"},
                                     {"com.microsoft", "RotaryEmbedding"},
                                     {"qonnx.custom_op.general", "Quant"},
                                     {"onnx.brevitas", "Quant"},
                                     {"qonnx.custom_op.general", "BipolarQuant"},
                                     {"qonnx.custom_op.general", "Trunc"},
                                     {"finn.custom_op.general", "MultiThreshold"}}) {
        Model model;
        model.input("x", {16, 64}).weights("w", {64, 64}).weights("s", {64});
        model.node("MatMul", {"x", "w"}, "a");
        model.node(op, {"a", "s", "s"}, "b").set_domain(domain);
        model.weights("v", {64, 10}).node("MatMul", {"b", "v"}, "c");
        const auto network = ok(model.read());
        EXPECT_EQ(macs(network), 16 * 64 * 64 + 16 * 64 * 10) << op;
        ASSERT_EQ(network.passedOver.size(), 1U);
        EXPECT_EQ(network.passedOver[0].macs, 0) << op;
    }
}

TEST(OnnxWork, ReadsQonnxWithItsBitsAndItsLayouts) {
    Model model;
    const std::string general = "qonnx.custom_op.general";
    model.input("x", {1, 32, 32, 3}).weights("w", {16, 3, 3, 3}).weights("v", {16, 1, 3, 3});
    model.reals("s", {0.1f}, true).reals("four", {4}, true).reals("eight", {8}, true);
    model.node("Quant", {"x", "s", "s", "eight"}, "xq").set_domain(general);
    model.node("Quant", {"w", "s", "s", "four"}, "wq").set_domain(general);
    auto& conv = model.node("Conv", {"xq", "wq"}, "y");
    conv.set_domain("qonnx.custom_op.channels_last");
    Model::set(conv, "pads", Shape{1, 1, 1, 1});
    auto& pool = model.node("MaxPool", {"y"}, "p");
    pool.set_domain("qonnx.custom_op.channels_last");
    Model::set(pool, "kernel_shape", Shape{2, 2});
    Model::set(pool, "strides", Shape{2, 2});
    auto& depthwise = model.node("Conv", {"p", "v"}, "z");
    depthwise.set_domain("qonnx.custom_op.channels_last");
    Model::set(depthwise, "group", 16);
    const auto network = ok(model.read());
    ASSERT_EQ(network.layers.size(), 2U);
    EXPECT_EQ(layerText(network.layers[0]), "N1 K16 C3 P32 Q32 R3 S3 stride 1 dilation 1 groups 1");
    EXPECT_EQ(layerText(network.layers[1]),
              "N1 K16 C16 P14 Q14 R3 S3 stride 1 dilation 1 groups 16");
    ASSERT_EQ(network.notes.size(), 1U);
    EXPECT_NE(network.notes[0].find("has inputs of 8 bits and weights of 4 bits"),
              std::string::npos);
    ASSERT_EQ(network.asides.size(), 2U);
    EXPECT_EQ(network.asides[0].bits, (OperandBits{8, 4}));
    EXPECT_FALSE(network.asides[1].bits.stated());
}

TEST(OnnxWork, ReadsFinnsProductsFromTheirAttributes) {
    Model model;
    model.input("x", {1, 8, 8, 24}).weights("w", {24, 16});
    auto& product = model.node("MVAU_hls", {"x", "w"}, "y");
    product.set_domain("finn.custom_op.fpgadataflow.hls");
    Model::set(product, "MW", 24);
    Model::set(product, "MH", 16);
    Model::set(product, "numInputVectors", Shape{1, 8, 8});
    auto& depthwise = model.node("VVAU_rtl", {"y"}, "z");
    depthwise.set_domain("finn.custom_op.fpgadataflow.rtl");
    Model::set(depthwise, "Channels", 16);
    Model::set(depthwise, "Kernel", Shape{3, 3});
    Model::set(depthwise, "Dim", Shape{6, 6});
    const auto network = ok(model.read());
    ASSERT_EQ(network.layers.size(), 2U);
    EXPECT_EQ(layerText(network.layers[0]), "N1 K16 C24 P64 Q1 R1 S1 stride 1 dilation 1 groups 1");
    EXPECT_EQ(macs(network), 64 * 24 * 16 + 36 * 16 * 9);
}

TEST(OnnxWork, LayoutsOfOnnxruntimeLeadToTheSameLayers) {
    Model blocked;
    blocked.input("x", {1, 3, 10, 10}).weights("w", {16, 3, 3, 3}).weights("v", {8, 16, 1, 1});
    const std::string nchwc = "com.microsoft.nchwc";
    blocked.node("Conv", {"x", "w"}, "a").set_domain(nchwc);
    blocked.node("Conv", {"a", "v"}, "b").set_domain(nchwc);
    auto& back = blocked.node("ReorderOutput", {"b"}, "c");
    back.set_domain(nchwc);
    Model::set(back, "channels", 5);
    blocked.node("Flatten", {"c"}, "d");
    blocked.weights("fc", {5 * 8 * 8, 4}).node("MatMul", {"d", "fc"}, "e");
    EXPECT_EQ(macs(ok(blocked.read())), 64 * (16 * 27 + 8 * 16) + 5 * 64 * 4);

    Model pooled;
    pooled.input("x", {1, 8, 8, 6}).weights("w", {6, 4});
    auto& pool = pooled.node("QLinearGlobalAveragePool", {"x"}, "a");
    pool.set_domain("com.microsoft");
    Model::set(pool, "channels_last", 1);
    pooled.node("Flatten", {"a"}, "b");
    pooled.node("MatMul", {"b", "w"}, "c");
    EXPECT_EQ(macs(ok(pooled.read())), 6 * 4);
}

/// Why the node has no layer.
std::string refusedNode(const Model& model, const std::string& op) {
    const auto network = ok(model.read());
    for (const auto& passed : network.passedOver) {
        if (passed.op != op) continue;
        EXPECT_EQ(passed.macs, std::nullopt) << op << ": " << passed.reason;
        return passed.reason;
    }
    return "priced";
}

TEST(OnnxWork, OperandsThatContradictEachOtherAreNoLayer) {
    const auto convolution = [](const char* op, const Shape& weights, const Shape& kernel,
                                std::int64_t groups, std::int64_t bias) {
        Model model;
        model.input("x", {1, 3, 8, 8}).weights("w", weights).weights("b", {bias});
        auto& node = model.node(op, {"x", "w", "b"}, "y");
        Model::set(node, "group", groups);
        if (!kernel.empty()) Model::set(node, "kernel_shape", kernel);
        return refusedNode(model, op);
    };
    EXPECT_EQ(convolution("Conv", {4, 3, 3, 3}, {3, 3}, 1, 4), "priced");
    EXPECT_EQ(convolution("ConvTranspose", {3, 4, 3, 3}, {3, 3}, 1, 4), "priced");
    EXPECT_EQ(convolution("Conv", {4, 5, 3, 3}, {}, 1, 4),
              "its weights (4 x 5 x 3 x 3) do not fit its input (1 x 3 x 8 x 8) in 1 group");
    EXPECT_EQ(convolution("Conv", {4, 3, 3, 3}, {5, 5}, 1, 4),
              "its kernel_shape (5 x 5) does not fit its weights (4 x 3 x 3 x 3)");
    EXPECT_EQ(convolution("ConvTranspose", {3, 4, 3, 3}, {5, 5}, 1, 4),
              "its kernel_shape (5 x 5) does not fit its weights (3 x 4 x 3 x 3)");
    EXPECT_EQ(convolution("Conv", {4, 3, 3, 3}, {}, 1, 5),
              "its bias (5) does not fit its 4 output channels");
    EXPECT_NE(convolution("Conv", {4, 1, 3, 3}, {}, 3, 4), "priced") << "3 groups of 4 channels";
    EXPECT_NE(convolution("ConvTranspose", {3, 4, 3, 3}, {}, 2, 8), "priced") << "2 groups of 3";

    Model gemm;
    gemm.input("a", {2, 6}).weights("b", {6, 5}).weights("c", {4});
    gemm.node("Gemm", {"a", "b", "c"}, "y");
    EXPECT_EQ(refusedNode(gemm, "Gemm"), "its bias (4) does not fit its result (2 x 5)");
}

TEST(OnnxWork, ValuesThatNoOperatorGivesPriceNothingBehindThem) {
    const auto behind = [](const char* op, const Shape& other, bool numbers,
                           std::int64_t axis = -1) {
        Model model;
        model.input("x", {5, 6});
        numbers ? model.wholes("o", other) : model.weights("o", other);
        auto& node = model.node(op, {"x", "o"}, "r");
        if (axis >= 0) Model::set(node, "axis", axis);
        model.weights("w", {6, 6}).node("MatMul", {"r", "w"}, "y");
        return refusedNode(model, "MatMul");
    };
    EXPECT_EQ(behind("Reshape", {5, 6}, true), "priced");
    EXPECT_EQ(behind("Concat", {7, 6}, false, 0), "priced");
    EXPECT_EQ(behind("Add", {1, 6}, false), "priced");
    EXPECT_EQ(behind("Reshape", {7, 6}, true),
              "there is no 'r': its input (5 x 6) does not fit into 7 x 6");
    EXPECT_EQ(behind("Reshape", {-1, 7}, true),
              "there is no 'r': its input (5 x 6) does not fit into ? x 7");
    EXPECT_EQ(behind("Concat", {5, 7}, false, 0),
              "there is no 'r': its parts (5 x 6 and 5 x 7) do not fit along axis 0");
    EXPECT_EQ(behind("Add", {5, 7}, false),
              "there is no 'r': its operands (5 x 6 and 5 x 7) do not fit");
    EXPECT_EQ(behind("Expand", {5, 7}, true),
              "there is no 'r': its operands (5 x 6 and 5 x 7) do not fit");
}

TEST(OnnxWork, PartsThatContradictWhatIsSplitPriceNothingBehindThem) {
    struct Said {
        Shape sizes = {};
        std::int64_t outputs = 0;
        std::int64_t axis = 1;
    };
    const auto behind = [](const Said& said, int outputs) {
        Model model;
        model.input("x", {5, 6}).weights("w", {2, 4});
        std::vector<std::string> inputs = {"x"};
        if (!said.sizes.empty()) {
            model.wholes("sizes", said.sizes);
            inputs.emplace_back("sizes");
        }
        auto& node = model.node("Split", inputs, "p0");
        for (int i = 1; i < outputs; ++i) node.add_output("p" + std::to_string(i));
        Model::set(node, "axis", said.axis);
        if (said.outputs > 0) Model::set(node, "num_outputs", said.outputs);
        model.node("MatMul", {"p0", "w"}, "y");
        return refusedNode(model, "MatMul");
    };
    EXPECT_EQ(behind({{2, 4}}, 2), "priced");
    EXPECT_EQ(behind({{2, 0, 4}}, 3), "priced");
    EXPECT_EQ(behind({}, 3), "priced");
    EXPECT_EQ(behind({{}, 3, -1}, 3), "priced");
    EXPECT_EQ(behind({{2, 3}}, 2),
              "there is no 'p0': its sizes (2, 3) do not add up to axis 1 of its input (5 x 6)");
    EXPECT_EQ(behind({{2, 5, -1}}, 3), "there is no 'p0': its sizes (2, 5, -1) are not all sizes");
    EXPECT_EQ(behind({{2, 4}}, 3), "there is no 'p0': its sizes (2, 4) are not those of 3 outputs");
    EXPECT_EQ(behind({{}, 3}, 4), "there is no 'p0': it says that it has 3 outputs, and has 4");
    EXPECT_EQ(behind({}, 4),
              "there is no 'p0': axis 1 of its input (5 x 6) cannot be split into 4 equal parts");
    EXPECT_EQ(behind({{}, 4}, 4), "priced") << "the last may be smaller";
    EXPECT_EQ(behind({{}, 5}, 5),
              "there is no 'p0': axis 1 of its input (5 x 6) cannot be split into 5 equal parts");
    EXPECT_EQ(behind({{2, 3}, 0, 2}, 2),
              "there is no 'p0': its axis 2 is none of its input (5 x 6)");
}

TEST(OnnxWork, MovesThatContradictTheirInputPriceNothingBehindThem) {
    const auto behind = [](const char* op, const char* attribute, const Shape& given,
                           bool isNumber = false) {
        Model model;
        model.input("x", {1, 5, 6, 6}).weights("w", {6, 4});
        auto& node = model.node(op, {"x"}, "r");
        if (isNumber) {
            Model::set(node, attribute, given.front());
        } else {
            Model::set(node, attribute, given);
        }
        model.node("MatMul", {"r", "w"}, "y");
        return refusedNode(model, "MatMul");
    };
    EXPECT_EQ(behind("Squeeze", "axes", {0}), "priced");
    EXPECT_EQ(behind("Transpose", "perm", {0, 2, 1, 3}), "priced");
    EXPECT_EQ(behind("Unsqueeze", "axes", {0, 1}), "priced");
    EXPECT_EQ(behind("Squeeze", "axes", {1}),
              "there is no 'r': axis 1 of its input (1 x 5 x 6 x 6) is not of size 1");
    EXPECT_EQ(behind("Squeeze", "axes", {4}), "there is no 'r': its axes (4) are none of 4");
    EXPECT_EQ(behind("Unsqueeze", "axes", {1, 1}),
              "there is no 'r': its axes (1, 1) are none of 6");
    EXPECT_EQ(behind("Transpose", "perm", {0, 1, 1, 3}),
              "there is no 'r': its perm (0, 1, 1, 3) is no order of the 4 axes of its input");
    EXPECT_EQ(behind("Flatten", "axis", {5}, true),
              "there is no 'r': its axis 5 is none of its input (1 x 5 x 6 x 6)");
    EXPECT_EQ(behind("DepthToSpace", "blocksize", {2}, true),
              "there is no 'r': its input (1 x 5 x 6 x 6) cannot be cut into blocks of 2");
    EXPECT_EQ(behind("SpaceToDepth", "blocksize", {4}, true),
              "there is no 'r': its input (1 x 5 x 6 x 6) cannot be cut into blocks of 4");
}

TEST(OnnxWork, BodiesOfLoopsAreCountedOnceForEachRun) {
    const auto body = [](const std::string& condition) {
        Model inner;
        inner.input("i", {}).input("go", {}).input("h", {1, 8});
        inner.node("MatMul", {"h", "w"}, "next");
        inner.node("Identity", {condition}, "goOn");
        inner.output("goOn").output("next").output("next");
        return inner.graph();
    };
    Model model;
    model.input("x", {1, 8})
        .weights("w", {8, 8})
        .wholes("ten", {10}, true)
        .wholes("yes", {1}, true);
    auto& node = model.node("Loop", {"ten", "yes", "x"}, "y");
    node.add_output("all");
    Model::set(node, "body", body("yes"));
    model.weights("v", {8, 3}).node("MatMul", {"all", "v"}, "z");
    auto network = ok(model.read());
    EXPECT_EQ(macs(network), 10 * 8 * 8 + 10 * 8 * 3);
    ASSERT_EQ(network.notes.size(), 1U);
    EXPECT_NE(network.notes[0].find("(Loop) runs 10 times"), std::string::npos);
    ASSERT_EQ(network.asides.size(), 2U);
    ASSERT_EQ(network.asides[0].bounds.size(), 1U);
    EXPECT_TRUE(network.asides[0].bounds[0].slower);
    EXPECT_FALSE(network.asides[0].bounds[0].smaller) << "nothing ends it";
    EXPECT_TRUE(network.asides[1].bounds.empty()) << "it stands behind the loop";

    Model ends;
    ends.input("x", {1, 8}).input("maybe", {}).weights("w", {8, 8}).wholes("ten", {10}, true);
    Model::set(ends.node("Loop", {"ten", "maybe", "x"}, "y"), "body", body("maybe"));
    network = ok(ends.read());
    ASSERT_EQ(network.asides.size(), 1U);
    ASSERT_EQ(network.asides[0].bounds.size(), 2U);
    EXPECT_TRUE(network.asides[0].bounds[0].smaller);
    EXPECT_EQ(network.asides[0].bounds[0].reason,
              "may end before its most, 10 runs, which are taken");
    EXPECT_TRUE(network.asides[0].bounds[1].slower);

    Model open;
    open.input("x", {1, 8}).input("n", {}).weights("w", {8, 8}).wholes("yes", {1}, true);
    Model::set(open.node("Loop", {"n", "yes", "x"}, "y"), "body", body("yes"));
    network = ok(open.read());
    EXPECT_TRUE(network.layers.empty());
    ASSERT_EQ(network.passedOver.size(), 1U);
    EXPECT_EQ(network.passedOver[0].reason,
              "its body runs a number of times that the file does not say, with 64 "
              "multiply-accumulates each time");
    EXPECT_EQ(network.passedOver[0].macs, std::nullopt);
}

TEST(OnnxWork, BodiesThatNeverRunHaveNoWork) {
    Model inner;
    inner.input("i", {}).input("go", {}).input("h", {1, 8});
    inner.node("MatMul", {"h", "w"}, "next");
    inner.node("Identity", {"go"}, "goOn");
    inner.output("goOn").output("next");
    const auto loop = [&](std::int64_t runs, std::int64_t starts) {
        Model model;
        model.input("x", {1, 8}).weights("w", {8, 8}).weights("v", {8, 3});
        model.wholes("runs", {runs}, true).wholes("starts", {starts}, true);
        Model::set(model.node("Loop", {"runs", "starts", "x"}, "y"), "body", inner.graph());
        model.node("MatMul", {"y", "v"}, "z");
        return ok(model.read());
    };
    for (const auto& [runs, starts] : {std::pair{10, 0}, {0, 1}, {-3, 1}}) {
        const auto network = loop(runs, starts);
        EXPECT_EQ(macs(network), 8 * 3) << runs << ", " << starts;
        ASSERT_EQ(network.asides.size(), 1U);
        EXPECT_TRUE(network.asides[0].bounds.empty());
        EXPECT_EQ(network.passedOver.at(0).reason, "runs its body not once");
        EXPECT_EQ(network.passedOver.at(0).macs, 0);
    }
    const auto huge = loop(std::int64_t{1} << 62, 1);
    EXPECT_NE(huge.passedOver.at(0).reason.find("runs its body 4,611,686,018,427,387,904 times"),
              std::string::npos)
        << huge.passedOver.at(0).reason;
    EXPECT_EQ(huge.passedOver.at(0).macs, std::nullopt);
}

TEST(OnnxWork, AttentionOverWindowsIsCountedAsFarAsTheyReach) {
    const auto network = [](std::int64_t window) {
        Model model;
        model.input("q", {1, 30, 32}).input("k", {1, 30, 16}).input("v", {1, 30, 16});
        auto& node = model.node("GroupQueryAttention", {"q", "k", "v"}, "y");
        node.set_domain("com.microsoft");
        Model::set(node, "num_heads", 4);
        Model::set(node, "kv_num_heads", 2);
        Model::set(node, "local_window_size", window);
        return ok(model.read());
    };
    const auto windows = network(4);
    EXPECT_EQ(macs(windows), 2 * 4 * 30 * 4 * 8);
    ASSERT_EQ(windows.asides.size(), 2U);
    EXPECT_TRUE(windows.asides[0].bounds.at(0).slower);
    EXPECT_EQ(windows.notes.size(), 1U);
    for (const std::int64_t all : {-1, 30, 31}) {
        EXPECT_EQ(macs(network(all)), 2 * 4 * 30 * 30 * 8) << all;
        EXPECT_TRUE(network(all).notes.empty());
    }
}

TEST(OnnxWork, BodiesOfScansRunForEachSlice) {
    Model inner;
    inner.input("h", {1, 8}).input("slice", {1, 4});
    inner.node("MatMul", {"slice", "w"}, "in");
    inner.node("Add", {"in", "h"}, "next");
    inner.output("next").output("in");
    Model model;
    model.input("h0", {1, 8}).input("x", {12, 1, 4}).weights("w", {4, 8});
    auto& node = model.node("Scan", {"h0", "x"}, "last");
    node.add_output("all");
    Model::set(node, "num_scan_inputs", 1);
    Model::set(node, "body", inner.graph());
    model.weights("v", {8, 3}).node("MatMul", {"all", "v"}, "z");
    EXPECT_EQ(macs(ok(model.read())), 12 * 4 * 8 + 12 * 8 * 3);
}

TEST(OnnxWork, FunctionsOfTheModelAreLookedInto) {
    Model model;
    auto& function = *model.proto().add_functions();
    function.set_name("Linear");
    function.set_domain("own");
    function.add_input("in");
    function.add_input("matrix");
    function.add_output("out");
    auto& inner = *function.add_node();
    inner.set_op_type("Gemm");
    inner.set_name("product");
    inner.add_input("in");
    inner.add_input("matrix");
    inner.add_output("out");
    auto& turned = *inner.add_attribute();
    turned.set_name("transB");
    turned.set_ref_attr_name("turned");
    turned.set_type(onnx::AttributeProto::INT);
    model.input("x", {4, 20}).weights("w", {30, 20}).weights("v", {30, 10});
    auto& first = model.node("Linear", {"x", "w"}, "y");
    first.set_domain("own");
    Model::set(first, "turned", 1);
    model.node("Linear", {"y", "v"}, "z").set_domain("own");
    const auto network = ok(model.read());
    ASSERT_EQ(network.layers.size(), 2U);
    EXPECT_EQ(network.layers[0].name, "y.Linear/product");
    EXPECT_EQ(macs(network), 4 * 20 * 30 + 4 * 30 * 10);
}

}  // namespace
}  // namespace cohelix::interop
