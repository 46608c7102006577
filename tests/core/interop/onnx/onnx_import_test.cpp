// SPDX-License-Identifier: GPL-3.0-or-later
//
// Models written by the project itself and node by node, damaged in many ways, and the test models
// of libonnx-testdata where they are installed.

#include "core/interop/onnx/onnx_import.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/base/unicode.h"
#include "core/interop/documents/layer_check.h"
#include "core/interop/onnx/onnx.h"

#include "onnx_models.h"
#include "tests/core/interop/designs/samples.h"

namespace cohelix::interop {
namespace {

namespace fs = std::filesystem;
using model::Dim;
using models::layerText;
using models::Model;
using models::ok;
using models::onlyLayer;
using models::refusal;
using models::Shape;

learn::TrainedWeights someWeights(const model::Network& network) {
    learn::TrainedWeights weights;
    const auto add = [&](const std::string& name, const Shape& shape) {
        std::int64_t count = 1;
        for (const auto size : shape) count *= size;
        weights.tensors.push_back(
            {name, shape, std::vector<float>(static_cast<std::size_t>(count), 0.5f)});
    };
    for (const auto& layer : network.layers) {
        const auto k = layer.size(Dim::K), c = layer.size(Dim::C) / layer.groups;
        const bool linear = layer.role == model::LayerRole::Classifier;
        add(layer.name + ".weight",
            linear ? Shape{k, c} : Shape{k, c, layer.size(Dim::R), layer.size(Dim::S)});
        add(layer.name + ".bias", {k});
    }
    weights.mean.assign(static_cast<std::size_t>(network.input.channels), 0.5f);
    weights.deviation = weights.mean;
    return weights;
}

std::string ownModel(const std::vector<int>& operators = {1, 3, 2, 0}) {
    const auto network = spec::buildNetwork(samples::specification().network, operators);
    return *onnxModel(network, someWeights(network), "own");
}

TEST(OnnxImport, ReadsWhatTheProjectWrites) {
    for (const std::vector<int>& operators :
         {std::vector{1, 3, 2, 0}, {0, 0, 0, 0}, {2, 2, 2, 2}, {3, 1, 1, 3}}) {
        const auto network = spec::buildNetwork(samples::specification().network, operators);
        const auto read = ok(onnxNetwork(ownModel(operators), "own.onnx"));
        EXPECT_EQ(read.name, "own");
        ASSERT_EQ(read.layers.size(), network.layers.size());
        for (std::size_t i = 0; i < network.layers.size(); ++i) {
            EXPECT_EQ(layerText(read.layers[i]), layerText(network.layers[i]))
                << network.layers[i].name;
            EXPECT_EQ(read.layers[i].name.rfind(network.layers[i].name, 0), 0U);
        }
        ASSERT_EQ(read.notes.size(), 1U);
        EXPECT_EQ(read.notes[0], "image[0] (N) is open in the model; taken as 1");
        for (const auto& passed : read.passedOver) {
            EXPECT_FALSE(passed.node.empty());
            EXPECT_FALSE(passed.op.empty());
            EXPECT_FALSE(passed.reason.empty());
        }
    }
}

TEST(OnnxImport, ConvolutionsOfAllKinds) {
    Model strided;
    strided.input("x", {2, 3, 32, 20}).weights("w", {8, 3, 5, 3});
    auto& node = strided.node("Conv", {"x", "w"}, "y");
    Model::set(node, "strides", Shape{2, 2});
    Model::set(node, "pads", Shape{2, 1, 2, 1});
    EXPECT_EQ(onlyLayer(strided), "N2 K8 C3 P16 Q10 R5 S3 stride 2 dilation 1 groups 1");

    Model depthwise;
    depthwise.input("x", {1, 6, 9, 9}).constantNode("w", {6, 1, 3, 3});
    auto& each = depthwise.node("Conv", {"x", "w"}, "y");
    Model::set(each, "group", 6);
    Model::set(each, "dilations", Shape{2, 2});
    const auto network = ok(depthwise.read());
    ASSERT_EQ(network.layers.size(), 1U);
    EXPECT_EQ(layerText(network.layers[0]), "N1 K6 C6 P5 Q5 R3 S3 stride 1 dilation 2 groups 6");
    EXPECT_EQ(network.layers[0].role, model::LayerRole::Depthwise);
    EXPECT_EQ(network.layers[0].name, "y.Conv");
    ASSERT_EQ(network.passedOver.size(), 1U);
    EXPECT_EQ(network.passedOver[0].op, "Constant");

    Model sequence;
    sequence.input("x", {1, 4, 100}).weights("w", {10, 2, 7});
    auto& oneAxis = sequence.node("Conv", {"x", "w"}, "y");
    Model::set(oneAxis, "group", 2);
    Model::set(oneAxis, "strides", Shape{3});
    EXPECT_EQ(onlyLayer(sequence), "N1 K10 C4 P32 Q1 R7 S1 stride 3 dilation 1 groups 2");

    Model row;  // along an axis with one output there is no stride
    row.input("x", {1, 4, 3, 9}).weights("w", {4, 4, 3, 1});
    Model::set(row.node("Conv", {"x", "w"}, "y"), "strides", Shape{5, 2});
    EXPECT_EQ(onlyLayer(row), "N1 K4 C4 P1 Q5 R3 S1 stride 2 dilation 1 groups 1");

    Model uneven;
    uneven.input("x", {1, 4, 9, 9}).weights("w", {4, 4, 3, 3});
    auto& steps = uneven.node("Conv", {"x", "w"}, "y");
    Model::set(steps, "strides", Shape{2, 1});
    Model::set(steps, "dilations", Shape{1, 3});
    EXPECT_EQ(onlyLayer(uneven), "N1 K4 C4 P4 Q3 R3 S3 stride 2 x 1 dilation 1 x 3 groups 1");
}

TEST(OnnxImport, ZerosAroundTheInputsAreNoWords) {
    const auto borderOf = [](const char* padding, const Shape& pads, Shape strides, Shape sizes) {
        Model model;
        model.input("x", {1, 4, sizes[0], sizes[1]}).weights("w", {4, 4, 3, 3});
        auto& node = model.node("Conv", {"x", "w"}, "y");
        Model::set(node, "strides", std::move(strides));
        if (!pads.empty()) Model::set(node, "pads", pads);
        if (*padding != '\0') {
            auto& rule = *node.add_attribute();
            rule.set_name("auto_pad");
            rule.set_type(onnx::AttributeProto::STRING);
            rule.set_s(padding);
        }
        const auto network = ok(model.read());
        EXPECT_EQ(network.layers.size(), 1U);
        const auto& layer = network.layers.at(0);
        EXPECT_LE(words(layer, model::Tensor::Inputs), 4 * sizes[0] * sizes[1]);
        return layer.border;
    };
    using model::Border;
    EXPECT_EQ(borderOf("", {}, {1, 1}, {8, 8}), Border{});
    EXPECT_EQ(borderOf("", {1, 1, 1, 1}, {1, 1}, {8, 8}), (Border{1, 1}));
    EXPECT_EQ(borderOf("", {2, 0, 1, 3}, {1, 1}, {8, 8}), (Border{{2, 0}, {1, 3}}));
    EXPECT_EQ(borderOf("", {1, 1, 1, 1}, {2, 2}, {8, 8}), (Border{1, 0}));
    EXPECT_EQ(borderOf("VALID", {}, {1, 1}, {8, 8}), Border{});
    EXPECT_EQ(borderOf("SAME_UPPER", {}, {2, 1}, {8, 8}), (Border{{0, 1}, 1}));
}

TEST(OnnxImport, SaysWhyAConvolutionIsNoLayer) {
    Model unfit;
    unfit.input("x", {1, 4, 9, 9}).weights("w", {4, 3, 3, 3});
    unfit.node("Conv", {"x", "w"}, "y");
    auto network = ok(unfit.read());
    EXPECT_TRUE(network.layers.empty());
    ASSERT_EQ(network.passedOver.size(), 1U);
    EXPECT_EQ(network.passedOver[0],
              (OnnxPassedOver{"y.Conv",
                              "Conv",
                              "its weights (4 x 3 x 3 x 3) do not fit its input (1 x 4 x 9 x 9) in "
                              "1 group",
                              {}}));

    Model unknown;
    unknown.input("x", {1, 4, 9, 9}).weights("w", {4, 4, 3, 3});
    unknown.node("Mystery", {"x"}, "z").set_domain("com.example");
    unknown.node("Conv", {"z", "w"}, "y");
    network = ok(unknown.read());
    ASSERT_EQ(network.passedOver.size(), 2U);
    EXPECT_EQ(network.passedOver[0].reason,
              "is an operator of com.example, which is not known here");
    EXPECT_EQ(network.passedOver[0].macs, std::nullopt);
    EXPECT_EQ(network.passedOver[1].reason, "the shape of 'z' is not known");
}

TEST(OnnxImport, TransposedConvolutionsOfEqualWork) {
    Model doubling;  // each input pixel becomes a patch of its own
    doubling.input("x", {1, 6, 5, 7}).weights("w", {6, 4, 2, 2});
    Model::set(doubling.node("ConvTranspose", {"x", "w"}, "y"), "strides", Shape{2, 2});
    EXPECT_EQ(onlyLayer(doubling), "N1 K16 C6 P5 Q7 R1 S1 stride 1 dilation 1 groups 1");

    Model smooth;  // kernel 4, stride 2: four phases of 2 x 2
    smooth.input("x", {1, 6, 5, 7}).weights("w", {6, 4, 4, 4});
    auto& node = smooth.node("ConvTranspose", {"x", "w"}, "y");
    Model::set(node, "strides", Shape{2, 2});
    Model::set(node, "pads", Shape{1, 1, 1, 1});
    EXPECT_EQ(onlyLayer(smooth), "N1 K16 C6 P5 Q7 R2 S2 stride 1 dilation 1 groups 1");

    Model dense;  // as wide as its input
    dense.input("x", {1, 6, 5, 7}).weights("w", {6, 2, 3, 3});
    auto& same = dense.node("ConvTranspose", {"x", "w"}, "y");
    Model::set(same, "group", 2);
    Model::set(same, "pads", Shape{1, 1, 1, 1});
    EXPECT_EQ(onlyLayer(dense), "N1 K4 C6 P5 Q7 R3 S3 stride 1 dilation 1 groups 2");

    Model mixed;  // columns are doubled, the kernel's rows dilated
    mixed.input("x", {1, 6, 5, 7}).weights("w", {6, 4, 3, 2});
    auto& each = mixed.node("ConvTranspose", {"x", "w"}, "y");
    Model::set(each, "strides", Shape{1, 2});
    Model::set(each, "dilations", Shape{2, 1});
    Model::set(each, "pads", Shape{2, 0, 2, 0});
    EXPECT_EQ(onlyLayer(mixed), "N1 K8 C6 P5 Q7 R3 S1 stride 1 dilation 2 x 1 groups 1");

    Model wider;  // a convolution would multiply with zeros around its input
    wider.input("x", {1, 6, 5, 7}).weights("w", {6, 4, 3, 3});
    wider.node("ConvTranspose", {"x", "w"}, "y");
    EXPECT_EQ(onlyLayer(wider), "N1 K36 C6 P5 Q7 R1 S1 stride 1 dilation 1 groups 1");
}

TEST(OnnxImport, MatrixProducts) {
    Model gemm;
    gemm.input("a", {20, 6}).weights("b", {7, 20});
    auto& node = gemm.node("Gemm", {"a", "b"}, "y");
    Model::set(node, "transA", 1);
    Model::set(node, "transB", 1);
    EXPECT_EQ(onlyLayer(gemm), "N1 K7 C20 P6 Q1 R1 S1 stride 1 dilation 1 groups 1");

    const auto product = [](const Shape& a, const Shape& b) {
        Model model;
        model.input("a", a).input("b", b);
        model.node("MatMul", {"a", "b"}, "y");
        return onlyLayer(model);
    };
    EXPECT_EQ(product({2, 5, 6, 20}, {20, 7}),
              "N10 K7 C20 P6 Q1 R1 S1 stride 1 dilation 1 groups 1");
    EXPECT_EQ(product({1, 12, 9, 64}, {1, 12, 64, 8}),
              "N1 K96 C768 P9 Q1 R1 S1 stride 1 dilation 1 groups 12");
    EXPECT_EQ(product({3, 12, 9, 64}, {1, 12, 64, 8}),
              "N3 K96 C768 P9 Q1 R1 S1 stride 1 dilation 1 groups 12");
    EXPECT_EQ(product({9, 64}, {4, 64, 8}), "N4 K9 C64 P8 Q1 R1 S1 stride 1 dilation 1 groups 1");
    EXPECT_EQ(product({64}, {64, 8}), "N1 K8 C64 P1 Q1 R1 S1 stride 1 dilation 1 groups 1");

    // Batches of either operand alone: rows and columns of one product.
    EXPECT_EQ(product({4, 1, 3, 5}, {1, 6, 5, 2}),
              "N1 K12 C5 P12 Q1 R1 S1 stride 1 dilation 1 groups 1");
}

TEST(OnnxImport, OpenDimensionsAreFilledInAndSaid) {
    Model model;
    model.input("x", {-1, 3, -1, -2}, {"batch", "", "height", ""}).weights("w", {4, 3, 3, 3});
    model.node("Conv", {"x", "w"}, "y");
    auto network = ok(model.read());
    EXPECT_EQ(layerText(network.layers.at(0)),
              "N1 K4 C3 P222 Q222 R3 S3 stride 1 dilation 1 groups 1");
    EXPECT_EQ(network.notes,
              (std::vector<std::string>{"x[0] (batch) is open in the model; taken as 1",
                                        "x[2] (height) is open in the model; taken as 224",
                                        "x[3] is open in the model; taken as 224"}));
    network = ok(model.read({.batch = 4, .image = 10, .named = {{"x[3]", 33}, {"height", 5}}}));
    EXPECT_EQ(layerText(network.layers.at(0)),
              "N4 K4 C3 P3 Q31 R3 S3 stride 1 dilation 1 groups 1");
    EXPECT_EQ(network.notes,
              (std::vector<std::string>{"x[0] (batch) is open in the model; taken as 4",
                                        "x[2] (height) is open in the model; 5 as given",
                                        "x[3] is open in the model; 33 as given"}));

    EXPECT_NE(refusal(model.read({.named = {{"width", 5}}}))
                  .find("made.onnx: no input has an open dimension 'width'. Open are: batch, "
                        "height, x[3]"),
              std::string::npos);
    EXPECT_NE(refusal(model.read({.image = 0})).find("is not from 1"), std::string::npos);
}

TEST(OnnxImport, ADimensionThatIsNamedBatchIsTheBatch) {
    Model model;
    model.input("x", {-2, -2, 16}, {"seq", "batch", ""}).input("mask", {-2}, {"seq"});
    model.weights("w", {1, 128, 16}).weights("r", {1, 128, 32});
    Model::set(model.node("LSTM", {"x", "w", "r"}, "y"), "hidden_size", 32);
    const auto firstNotes = [&](const OnnxSizes& sizes) {
        auto notes = ok(model.read(sizes)).notes;
        notes.resize(2);
        return notes;
    };
    const std::string guess =
        "x[0] (seq) is open in the model; taken as 1, which may be too few: give it as seq=…";
    EXPECT_EQ(firstNotes({}),
              (std::vector<std::string>{guess, "x[1] (batch) is open in the model; taken as 1"}));
    EXPECT_EQ(firstNotes({.named = {{"batch", 3}}}),
              (std::vector<std::string>{guess, "x[1] (batch) is open in the model; 3 as given"}));
    EXPECT_EQ(firstNotes({.named = {{"batch", 3}, {"seq", 40}}}),
              (std::vector<std::string>{"x[0] (seq) is open in the model; 40 as given",
                                        "x[1] (batch) is open in the model; 3 as given"}));

    for (const char* name : {"N", "batch_size", "Batch", "dynamic_batch"}) {
        Model other;
        other.input("x", {-2, -2}, {"rows", name}).weights("w", {1, 4});
        other.node("MatMul", {"x", "w"}, "y");
        EXPECT_EQ(ok(other.read({.named = {{"batch", 1}}})).notes.at(1),
                  "x[1] (" + std::string(name) + ") is open in the model; 1 as given");
    }
}

TEST(OnnxImport, OnlySidesOfImagesAreTakenAs224) {
    const auto sizes = [](const Shape& shape, const std::vector<std::string>& names) {
        Model model;
        model.input("x", shape, names).node("Relu", {"x"}, "y");
        std::string text;
        for (const auto& note : ok(model.read()).notes) {
            const auto at = note.find("taken as ");
            if (at == std::string::npos) continue;
            const auto size = note.substr(at + 9);
            text += (text.empty() ? "" : " ") + size.substr(0, size.find(','));
        }
        return text;
    };
    EXPECT_EQ(sizes({-1, 3, -1, -1}, {}), "1 224 224");
    EXPECT_EQ(sizes({-1, -1, -1, 3}, {}), "1 224 224") << "channels last";
    EXPECT_EQ(sizes({-1, 3, -1, -1}, {"", "", "rows", "columns"}), "1 224 224");
    EXPECT_EQ(sizes({-1, 1, -1, -1}, {"batch", "", "seq", "seq"}), "1 1 1") << "a mask";
    EXPECT_EQ(sizes({-1, 12, -1, 64}, {"batch", "", "past_sequence_length", ""}), "1 1");
    EXPECT_EQ(sizes({-1, -1}, {"batch", "sequence"}), "1 1");
    EXPECT_EQ(sizes({-1, -1, 16}, {"frames", "", ""}), "1 1");
    EXPECT_EQ(sizes({-1, 80, -1}, {"batch", "", "length"}), "1 224") << "a signal";
    EXPECT_EQ(sizes({-1, 1, -1, -1, -1}, {"", "", "D", "", ""}), "1 224 224 224") << "a volume";
    EXPECT_EQ(sizes({3, -1, -1}, {"", "height", "width"}), "224 224");

    Model model;
    model.input("x", {-1, 16}, {"seq", ""}).node("Relu", {"x"}, "y");
    EXPECT_NE(refusal(model.read({.named = {{"batch", 3}}}))
                  .find("no input has an open dimension 'batch'. Open are: seq"),
              std::string::npos);
}

TEST(OnnxImport, ASizeThatIsGivenTwiceIsSaidToBe) {
    Model model;
    model.input("x", {-2, 3, -2, -2}, {"b", "", "s", "s"}).weights("w", {4, 3, 3, 3});
    model.node("Conv", {"x", "w"}, "y");
    EXPECT_NE(refusal(model.read({.named = {{"x[0]", 3}, {"s", 4}, {"b", 5}}}))
                  .find("the size of the dimension 'b' is given twice, as x[0] too. Give it once"),
              std::string::npos);
    EXPECT_TRUE(model.read({.named = {{"x[2]", 5}, {"s", 4}}}).ok()) << "s names x[3], too";
}

/// A branch of one convolution, or of none.
onnx::GraphProto branchOf(const Shape& weights, bool works = true) {
    Model branch;
    branch.weights("w", weights).node(works ? "Conv" : "Relu", {"x", "w"}, "y");
    return branch.output("y").graph();
}

Model decidedWhileItRuns(const onnx::GraphProto& then, const onnx::GraphProto& other) {
    Model model;
    model.input("x", {1, 3, 8, 8}).input("flag", {1}).weights("v", {2, 4, 1, 1});
    auto& node = model.node("If", {"flag"}, "z");
    Model::set(node, "then_branch", then);
    Model::set(node, "else_branch", other);
    model.node("Conv", {"z", "v"}, "end");
    return model;
}

TEST(OnnxImport, OfBranchesThatAreChosenWhileItRunsTheOneWithMoreWorkIsABound) {
    const auto more = branchOf({4, 3, 3, 3}), less = branchOf({4, 3, 1, 1});
    for (const bool thenIsMore : {true, false}) {
        const auto network = ok(
            (thenIsMore ? decidedWhileItRuns(more, less) : decidedWhileItRuns(less, more)).read());
        ASSERT_EQ(network.layers.size(), 2U);
        EXPECT_EQ(layerText(network.layers[0]),
                  "N1 K4 C3 P6 Q6 R3 S3 stride 1 dilation 1 groups 1");
        ASSERT_EQ(network.asides[0].bounds.size(), 1U);
        const auto& bound = network.asides[0].bounds[0];
        const std::string taken = thenIsMore ? "then" : "else", left = thenIsMore ? "else" : "then";
        EXPECT_EQ(bound.reason, "may take its " + left +
                                    " branch, of 768 multiply-accumulates, while it runs; the " +
                                    taken + " branch, of 3,888 multiply-accumulates, is taken");
        EXPECT_TRUE(bound.smaller);
        EXPECT_TRUE(bound.slower) << "fewer multiply-accumulates may take longer";
        EXPECT_EQ(network.notes, std::vector{"'z.If' (If) " + bound.reason});
        ASSERT_EQ(network.asides[1].bounds.size(), 1U) << "what follows has another size";
        EXPECT_NE(network.asides[1].bounds[0].reason.find("different shapes"), std::string::npos);
        ASSERT_EQ(network.passedOver.size(), 1U);
        EXPECT_EQ(network.passedOver[0].reason,
                  "only chooses, while it runs: the " + taken +
                      " branch is taken, which has no less work than the 1 node of the other");
    }

    // Of nothing, all of it is the most that there can be.
    const auto none = ok(decidedWhileItRuns(branchOf({1}, false), branchOf({4, 3, 1, 1})).read());
    ASSERT_EQ(none.asides.size(), 2U);
    EXPECT_TRUE(none.asides[0].bounds.at(0).smaller);
    EXPECT_FALSE(none.asides[0].bounds.at(0).slower);

    // It is the same whichever runs.
    const auto same = ok(decidedWhileItRuns(more, more).read());
    ASSERT_EQ(same.asides.size(), 2U);
    for (const auto& aside : same.asides) EXPECT_TRUE(aside.bounds.empty());
    EXPECT_TRUE(same.notes.empty());
}

TEST(OnnxImport, ABranchWhoseWorkNobodyKnowsIsTaken) {
    auto unknown = branchOf({4, 3, 3, 3});
    auto& node = *unknown.add_node();
    node.set_op_type("Mystery");
    node.set_domain("com.example");
    node.add_input("y");
    node.add_output("more");
    const auto network = ok(decidedWhileItRuns(branchOf({400, 3, 3, 3}), unknown).read());
    EXPECT_EQ(
        std::ranges::count_if(network.passedOver, [](const auto& passed) { return !passed.macs; }),
        1);
}

TEST(OnnxImport, TakesTheBranchThatFollowsFromTheSizes) {
    Model then;
    then.weights("w", {4, 3, 3, 3}).node("Conv", {"x", "w"}, "y");
    then.graph().add_output()->set_name("y");
    Model other;
    other.weights("w", {4, 3, 1, 1}).node("Conv", {"x", "w"}, "y");
    other.graph().add_output()->set_name("y");
    Model model;
    model.input("x", {1, 3, 8, 8});
    model.node("Size", {"x"}, "size");
    for (const auto& [name, value] : {std::pair{"equal", 192}, {"different", 191}}) {
        auto& tensor = *model.graph().add_initializer();
        tensor.set_name(std::string(name) + ".size");
        tensor.set_data_type(onnx::TensorProto::INT64);
        tensor.add_int64_data(value);
        model.node("Equal", {"size", tensor.name()}, std::string(name) + ".condition");
        auto& node = model.node("If", {std::string(name) + ".condition"}, name);
        for (auto* branch : {&then, &other}) {
            auto& added = *node.add_attribute();
            added.set_name(branch == &then ? "then_branch" : "else_branch");
            added.set_type(onnx::AttributeProto::GRAPH);
            *added.mutable_g() = branch->graph();
        }
    }
    model.node("Add", {"equal", "equal"}, "z");
    const auto network = ok(model.read());
    ASSERT_EQ(network.layers.size(), 2U);
    EXPECT_EQ(layerText(network.layers[0]), "N1 K4 C3 P6 Q6 R3 S3 stride 1 dilation 1 groups 1");
    EXPECT_EQ(layerText(network.layers[1]), "N1 K4 C3 P8 Q8 R1 S1 stride 1 dilation 1 groups 1");
    EXPECT_TRUE(network.notes.empty());
    const auto ifs = std::count_if(network.passedOver.begin(), network.passedOver.end(),
                                   [](const auto& passed) { return passed.op == "If"; });
    EXPECT_EQ(ifs, 2);
}

TEST(OnnxImport, SeesThroughSizesThatTheGraphComputes) {
    // Pads in the way exporters write them: zeros before a list of pads, as a table, its rows
    // reversed, transposed, as a list again: 0 0 1 at the beginnings, 0 0 2 at the ends.
    Model model;
    model.input("x", {1, 3, 10}).weights("w", {4, 3, 5});
    const auto numbers = [&](const std::string& name, const Shape& values) {
        auto& tensor = *model.graph().add_initializer();
        tensor.set_name(name);
        tensor.set_data_type(onnx::TensorProto::INT64);
        tensor.add_dims(static_cast<std::int64_t>(values.size()));
        tensor.mutable_int64_data()->Add(values.begin(), values.end());
    };
    numbers("ends", {1, 2});
    numbers("four", {4});
    numbers("table", {-1, 2});
    numbers("list", {-1});
    numbers("start", {-1});
    numbers("end", {-9223372036854775807});
    numbers("axis", {0});
    model.node("ConstantOfShape", {"four"}, "zeros");
    Model::set(model.node("Concat", {"ends", "zeros"}, "all"), "axis", 0);
    model.node("Reshape", {"all", "table"}, "pairs");
    model.node("Slice", {"pairs", "start", "end", "axis", "start"}, "reversed");
    Model::set(model.node("Transpose", {"reversed"}, "columns"), "perm", Shape{1, 0});
    model.node("Reshape", {"columns", "list"}, "pads");
    model.node("Pad", {"x", "pads"}, "padded");
    model.node("Conv", {"padded", "w"}, "y");
    // A third as many rows as the output has columns: from its shape, by a division.
    model.node("Shape", {"y"}, "shape");
    numbers("two", {2});
    model.node("Gather", {"shape", "two"}, "length");
    numbers("three", {3});
    model.node("Div", {"length", "three"}, "third");
    numbers("ones", {1});
    numbers("rest", {-1});
    Model::set(model.node("Concat", {"ones", "third", "rest"}, "target"), "axis", 0);
    model.node("Reshape", {"y", "target"}, "z");
    model.weights("m", {12, 6}).node("MatMul", {"z", "m"}, "product");
    auto& zeros = *model.graph().mutable_node(0)->add_attribute();
    zeros.set_name("value");
    zeros.set_type(onnx::AttributeProto::TENSOR);
    zeros.mutable_t()->set_data_type(onnx::TensorProto::INT64);
    zeros.mutable_t()->add_dims(1);
    zeros.mutable_t()->add_int64_data(0);
    const auto network = ok(model.read());
    ASSERT_EQ(network.layers.size(), 2U);
    EXPECT_EQ(layerText(network.layers[0]), "N1 K4 C3 P9 Q1 R5 S1 stride 1 dilation 1 groups 1");
    EXPECT_EQ(layerText(network.layers[1]), "N1 K6 C12 P3 Q1 R1 S1 stride 1 dilation 1 groups 1");
    for (const auto& passed : network.passedOver) EXPECT_NE(passed.op, "Constant");
}

TEST(OnnxImport, LayersHaveNamesOfTheirOwn) {
    Model model;
    model.input("x", {1, 3, 8, 8}).weights("w", {3, 3, 1, 1});
    for (const char* output : {"a", "b", "c"}) {
        model.node("Conv", {"x", "w"}, output).set_name("same");
    }
    const auto network = ok(model.read());
    ASSERT_EQ(network.layers.size(), 3U);
    EXPECT_EQ(network.layers[0].name, "same");
    EXPECT_EQ(network.layers[1].name, "same#2");
    EXPECT_EQ(network.layers[2].name, "same#3");
}

TEST(OnnxImport, SizesPastCountingAreRefused) {
    Model huge;
    huge.input("x", {1, 3, 2'000'000'000, 2'000'000'000}).weights("w", {3, 3, 1, 1});
    huge.node("Conv", {"x", "w"}, "y");
    EXPECT_NE(refusal(huge.read()).find("more than 2^62 elements"), std::string::npos);

    Model wide;
    wide.input("x", {1, 3, 8'000'000'000'000, 1}).weights("w", {3, 3, 1, 1});
    wide.node("Conv", {"x", "w"}, "y");
    const auto network = ok(wide.read());
    EXPECT_TRUE(network.layers.empty());
    ASSERT_EQ(network.passedOver.size(), 1U);
    EXPECT_NE(network.passedOver[0].reason.find("size along P is 8000000000000"), std::string::npos)
        << network.passedOver[0].reason;

    Model zero;
    zero.input("x", {1, 3, 8, 8}).weights("w", {3, 3, 3, 3});
    Model::set(zero.node("Conv", {"x", "w"}, "y"), "strides", Shape{0, 1});
    EXPECT_NE(refusal(zero.read()).find("node 'y.Conv' (Conv) has 0 in its attribute strides"),
              std::string::npos);
}

TEST(OnnxImport, ForeignAndMissingFilesAreRefusedByName) {
    EXPECT_NE(refusal(readOnnx("/nowhere/x.onnx")).find("/nowhere/x.onnx: there is no such file"),
              std::string::npos);
    EXPECT_NE(refusal(readOnnx("/tmp")).find("/tmp: this is a folder"), std::string::npos);
    for (const std::string& text :
         {std::string("{\"name\": \"net\"}"), std::string("\x89PNG\r\n\x1a\n"), std::string(),
          std::string(4096, '\0'), std::string("layer,K,C\nconv1,64,3\n")}) {
        EXPECT_NE(refusal(onnxNetwork(text, "other.txt")).find("other.txt: this is no ONNX model"),
                  std::string::npos);
    }
}

TEST(OnnxImport, NamesAreMadeUtf8) {
    Model model;
    model.input("x", {1, 3, 8, 8}).weights("w", {4, 3, 3, 3});
    model.graph().set_name("net\xFF");
    model.node("Conv", {"x", "w"}, "y").set_name("conv\xC3");
    model.node("Strange\xFF", {"y"}, "z");
    const auto network = ok(model.read());
    EXPECT_EQ(network.name, "net\xEF\xBF\xBD");
    EXPECT_EQ(network.layers.at(0).name, "conv\xEF\xBF\xBD");
    for (const auto& passed : network.passedOver) {
        for (const auto& text : {passed.node, passed.op, passed.reason}) {
            EXPECT_FALSE(base::firstForeignByte(text)) << text;
        }
    }
}

TEST(OnnxImport, AFileCutOffAnywhereIsRefused) {
    const std::string whole = ownModel({0, 0, 0, 0});
    ASSERT_TRUE(onnxNetwork(whole, "whole").ok());
    int refused = 0, tried = 0;
    for (std::size_t length = 0; length < whole.size(); length += 1 + whole.size() / 2000) {
        const auto network = onnxNetwork(whole.substr(0, length), "cut");
        ++tried;
        if (!network) ++refused;
        if (network) {
            for (const auto& layer : network->layers) EXPECT_TRUE(checkLayer(layer).ok());
        }
    }
    // What follows the graph is only the operator set, without which it is none either.
    EXPECT_GT(tried, 1000);
    EXPECT_GE(refused, tried - 1);
}

TEST(OnnxImport, ReadsTheTestModelsOfOnnx) {
    const fs::path data = "/usr/share/libonnx-testdata/data";
    if (!fs::exists(data)) GTEST_SKIP() << "libonnx-testdata is not installed";
    int models = 0, withLayers = 0;
    for (const auto& entry : fs::recursive_directory_iterator(data)) {
        if (entry.path().filename() != "model.onnx") continue;
        ++models;
        const auto network = ok(readOnnx(entry.path()));
        withLayers += network.layers.empty() ? 0 : 1;
        EXPECT_FALSE(network.layers.empty() && network.passedOver.empty()) << entry.path();
    }
    EXPECT_GT(models, 1000);
    EXPECT_GT(withLayers, 50);
    const auto only = [&](const char* name) {
        const auto network = ok(readOnnx(data / name / "model.onnx"));
        return network.layers.empty() ? std::string() : layerText(network.layers.front());
    };
    EXPECT_EQ(only("node/test_conv_with_strides_padding"),
              "N1 K1 C1 P4 Q3 R3 S3 stride 2 dilation 1 groups 1");
    EXPECT_EQ(only("pytorch-converted/test_Conv2d_depthwise_with_multiplier"),
              "N2 K8 C4 P4 Q4 R3 S3 stride 1 dilation 1 groups 4");
    EXPECT_EQ(only("node/test_qlinearmatmul_3D"),
              "N1 K6 C8 P2 Q1 R1 S1 stride 1 dilation 1 groups 2");
}

}  // namespace
}  // namespace cohelix::interop
