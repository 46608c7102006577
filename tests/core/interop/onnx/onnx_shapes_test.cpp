// SPDX-License-Identifier: GPL-3.0-or-later
//
// Shapes that follow from operators, compared with those that ONNX's own tests computed, and with
// what files state.

#include "core/interop/onnx/onnx_shapes.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "onnx_models.h"

namespace cohelix::interop {
namespace {

namespace fs = std::filesystem;
using models::layerText;
using models::macs;
using models::Model;
using models::ok;
using models::Shape;

template <typename Proto>
std::optional<Proto> readProto(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    Proto proto;
    if (!file || !proto.ParseFromIstream(&file)) return std::nullopt;
    return proto;
}

/// What the rules say of each output of a graph without branches, its inputs as they are given.
std::map<std::string, OnnxValue> followed(const onnx::GraphProto& graph, const fs::path& given) {
    std::map<std::string, OnnxValue> values;
    for (const auto& tensor : graph.initializer()) values[tensor.name()] = valueOf(tensor);
    for (int i = 0; i < graph.input_size(); ++i) {
        const auto file = given / ("input_" + std::to_string(i) + ".pb");
        const bool isTensor = graph.input(i).type().has_tensor_type();
        const auto tensor = isTensor ? readProto<onnx::TensorProto>(file) : std::nullopt;
        if (tensor) values[graph.input(i).name()] = valueOf(*tensor);
    }
    for (const auto& proto : graph.node()) {
        std::vector<const OnnxValue*> inputs;
        for (const auto& input : proto.input()) {
            inputs.push_back(values.contains(input) ? &values[input] : nullptr);
        }
        auto outputs = outputsOf(OnnxNode(proto, std::move(inputs)));
        for (int i = 0; i < proto.output_size(); ++i) {
            values[proto.output(i)] = std::move(outputs[static_cast<std::size_t>(i)]);
        }
    }
    return values;
}

bool agrees(const OnnxShape& followed, const OnnxShape& computed) {
    if (followed.size() != computed.size()) return false;
    for (std::size_t axis = 0; axis < followed.size(); ++axis) {
        if (followed[axis] >= 0 && followed[axis] != computed[axis]) return false;
    }
    return true;
}

TEST(OnnxShapes, AreThoseThatOnnxsTestsComputed) {
    const fs::path data = "/usr/share/libonnx-testdata/data";
    if (!fs::exists(data)) GTEST_SKIP() << "libonnx-testdata is not installed";
    int outputs = 0, whole = 0;
    std::map<std::string, int> open;
    for (const auto& entry : fs::recursive_directory_iterator(data)) {
        if (entry.path().filename() != "model.onnx") continue;
        const auto model = readProto<onnx::ModelProto>(entry.path());
        if (!model) continue;
        const auto results = entry.path().parent_path() / "test_data_set_0";
        auto values = followed(model->graph(), results);
        for (int i = 0; i < model->graph().output_size(); ++i) {
            const auto& output = model->graph().output(i);
            if (!output.type().has_tensor_type()) continue;
            const auto computed =
                readProto<onnx::TensorProto>(results / ("output_" + std::to_string(i) + ".pb"));
            if (!computed) continue;
            const OnnxShape right(computed->dims().begin(), computed->dims().end());
            const auto& value = values[output.name()];
            ++outputs;
            const auto& last = model->graph().node(model->graph().node_size() - 1).op_type();
            if (!value.shape) {
                ++open[last];
                continue;
            }
            EXPECT_TRUE(agrees(*value.shape, right))
                << entry.path() << " " << output.name() << ": " << textOf(*value.shape)
                << " followed, " << textOf(right) << " computed";
            if (*value.shape == right) {
                ++whole;
            } else {
                ++open[last];
            }
        }
    }
    // What depends on values, runs in bodies or trains.
    const std::set<std::string> known = {"Adagrad",
                                         "Adam",
                                         "Compress",
                                         "ConcatFromSequence",
                                         "Gradient",
                                         "If",
                                         "Loop",
                                         "MelWeightMatrix",
                                         "Momentum",
                                         "NonMaxSuppression",
                                         "OptionalGetElement",
                                         "STFT",
                                         "Scan",
                                         "SequenceAt",
                                         "StringNormalizer",
                                         "TfIdfVectorizer",
                                         "Unique"};
    for (const auto& [op, count] : open) EXPECT_TRUE(known.contains(op)) << op << " " << count;
    EXPECT_GT(outputs, 1000);
    EXPECT_GT(whole, outputs * 9 / 10);
}

TEST(OnnxShapes, AreTakenFromTheFileWhereTheyDoNotFollow) {
    Model model;
    model.input("x", {1, 4, 9, 9}).weights("w", {4, 4, 3, 3}).stated("z", {1, 4, 9, 9});
    model.node("Mystery", {"x"}, "z").set_domain("com.example");
    model.node("Conv", {"z", "w"}, "y");
    const auto network = ok(model.read());
    ASSERT_EQ(network.layers.size(), 1U);
    EXPECT_EQ(layerText(network.layers[0]), "N1 K4 C4 P7 Q7 R3 S3 stride 1 dilation 1 groups 1");
}

TEST(OnnxShapes, ThatTheFileContradictsFollowFromTheOperatorsAndThatIsSaid) {
    Model model;
    model.input("x", {1, 4, 9, 9}).weights("w", {4, 4, 3, 3}).stated("a", {1, 4, 70, 70});
    model.node("Conv", {"x", "w"}, "a");
    model.node("Conv", {"a", "w"}, "b");
    const auto network = ok(model.read());
    ASSERT_EQ(network.layers.size(), 2U);
    EXPECT_EQ(layerText(network.layers[1]), "N1 K4 C4 P5 Q5 R3 S3 stride 1 dilation 1 groups 1");
    EXPECT_EQ(network.notes,
              (std::vector<std::string>{"the file states 'a' as 1 x 4 x 70 x 70; from its inputs "
                                        "follows 1 x 4 x 7 x 7, which is taken"}));
}

TEST(OnnxShapes, OneOperatorThatMakesNoSenseCostsOnlyWhatFollowsIt) {
    Model model;
    model.input("x", {2, 20}).weights("w", {20, 30}).weights("v", {30, 3});
    model.node("MatMul", {"x", "w"}, "a");
    model.node("MatMul", {"a", "v"}, "b");
    model.node("Concat", {"a", "b", "x"}, "c");
    Model::set(model.node("Transpose", {"b"}, "d"), "perm", Shape{0, 7});
    model.node("ZipMap", {"b"}, "z").set_domain("ai.onnx.ml");
    const auto network = ok(model.read());
    EXPECT_EQ(macs(network), 2 * 20 * 30 + 2 * 30 * 3);
}

// What the file states of the result of such a window is no size of anything.
TEST(OnnxShapes, WindowsThatHaveNoPlaceGiveNothing) {
    constexpr auto kVast = std::int64_t{1} << 62;
    const auto made = [](const char* op, const Shape& pads, const Shape& stated) {
        Model model;
        model.input("x", {1, 3, 4, 4}).weights("w", {8, 3, 7, 7}).weights("v", {2, 8, 1, 1});
        model.stated("y", stated);
        auto& node = model.node(op, {"x", "w"}, "y");
        Model::set(node, "kernel_shape", Shape{7, 7});
        Model::set(node, "pads", pads);
        model.node("Conv", {"y", "v"}, "z");
        return ok(model.read());
    };
    const auto small = made("Conv", {0, 0, 0, 0}, {1, 8, 1, 1});
    EXPECT_TRUE(small.layers.empty());
    ASSERT_EQ(small.passedOver.size(), 2U);
    EXPECT_EQ(small.passedOver[0].reason,
              "its kernel reaches over 7 places and its input has 4, with its pads");
    EXPECT_EQ(small.passedOver[0].macs, std::nullopt);
    EXPECT_EQ(small.passedOver[1].reason, "there is no 'y': " + small.passedOver[0].reason);
    ASSERT_EQ(small.notes.size(), 1U);
    EXPECT_EQ(small.notes[0], small.passedOver[1].reason);

    const auto padded = made("Conv", {kVast, kVast, kVast, kVast}, {1, 8, 30, 30});
    EXPECT_TRUE(padded.layers.empty());
    EXPECT_EQ(padded.passedOver[0].reason, "its kernel or its pads are too large");
    EXPECT_EQ(macs(made("Conv", {2, 2, 2, 2}, {1, 8, 2, 2})), 8 * 3 * 7 * 7 * 4 + 2 * 8 * 4);
    const auto pooled = made("MaxPool", {0, 0, 0, 0}, {1, 8, 1, 1});
    EXPECT_TRUE(pooled.layers.empty());
    ASSERT_EQ(pooled.notes.size(), 1U);
    EXPECT_EQ(pooled.notes[0], small.notes[0]);

    Model back;
    back.input("x", {1, 3, 4, 4}).weights("w", {3, 8, 2, 2}).stated("y", {1, 8, 9, 9});
    Model::set(back.node("ConvTranspose", {"x", "w"}, "y"), "pads", Shape{9, 9, 9, 9});
    const auto cut = ok(back.read());
    EXPECT_TRUE(cut.layers.empty());
    EXPECT_EQ(cut.passedOver[0].reason, "its pads leave nothing of its result, or are too large");
}

TEST(OnnxShapes, NodesMayStandInAnyOrder) {
    Model model;
    model.input("x", {2, 20}).weights("w", {20, 30}).weights("v", {30, 3});
    model.node("MatMul", {"a", "v"}, "b");
    model.node("MatMul", {"x", "w"}, "a");
    model.node("Add", {"round", "x"}, "circle");
    model.node("Relu", {"circle"}, "round");
    const auto network = ok(model.read());
    EXPECT_EQ(macs(network), 2 * 20 * 30 + 2 * 30 * 3);
    ASSERT_EQ(network.passedOver.size(), 2U);
    EXPECT_NE(network.passedOver[0].reason.find("runs in a circle"), std::string::npos);
}

TEST(OnnxShapes, FollowThroughSizesThatAreComputedInReals) {
    // Twice the rows and columns of x, as exporters of resizing write it.
    Model model;
    model.input("x", {1, 3, 5, 7}).weights("w", {4, 3, 1, 1}).reals("two", {2});
    model.wholes("begin", {2}).wholes("end", {4}).wholes("zero", {0}).wholes("middle", {2});
    model.reals("none", {});
    model.node("Shape", {"x"}, "shape");
    model.node("Slice", {"shape", "begin", "end", "zero"}, "image");
    Model::set(model.node("Cast", {"image"}, "real"), "to", onnx::TensorProto::FLOAT);
    model.node("Mul", {"real", "two"}, "doubled");
    model.node("Floor", {"doubled"}, "floored");
    Model::set(model.node("Cast", {"floored"}, "sizes"), "to", onnx::TensorProto::INT64);
    model.node("Slice", {"shape", "zero", "middle", "zero"}, "front");
    Model::set(model.node("Concat", {"front", "sizes"}, "all"), "axis", 0);
    model.node("Resize", {"x", "none", "none", "all"}, "y");
    model.node("Conv", {"y", "w"}, "z");
    EXPECT_EQ(models::onlyLayer(model), "N1 K4 C3 P10 Q14 R1 S1 stride 1 dilation 1 groups 1");
}

TEST(OnnxShapes, ResizedByScalesAreProductsOfSinglePrecision) {
    Model model;
    model.input("x", {1, 3, 10, 20}).weights("w", {4, 3, 1, 1}).reals("none", {});
    model.reals("scales", {1, 1, 0.7F, 0.35F});
    model.node("Resize", {"x", "none", "scales"}, "y");
    model.node("Conv", {"y", "w"}, "z");
    EXPECT_EQ(models::onlyLayer(model), "N1 K4 C3 P7 Q7 R1 S1 stride 1 dilation 1 groups 1");
}

TEST(OnnxShapes, APoolThatRoundsUpHasAPlaceInLessThanItsKernel) {
    for (const std::int64_t rows : {1, 2, 3, 4}) {
        Model model;
        model.input("x", {1, 3, rows, 3}).weights("w", {4, 3, 1, 1});
        auto& pool = model.node("MaxPool", {"x"}, "y");
        Model::set(pool, "kernel_shape", Shape{3, 3});
        Model::set(pool, "strides", Shape{2, 2});
        Model::set(pool, "ceil_mode", 1);
        model.node("Conv", {"y", "w"}, "z");
        if (rows == 1) {
            EXPECT_TRUE(ok(model.read()).layers.empty()) << "a stride short of one window";
            continue;
        }
        EXPECT_EQ(models::onlyLayer(model), "N1 K4 C3 P" + std::to_string(rows == 4 ? 2 : 1) +
                                                " Q1 R1 S1 stride 1 dilation 1 groups 1");
    }
}

TEST(OnnxShapes, OfUnpoolingToASizeThatIsNotKnownAreThoseThatTheFileStates) {
    Model model;
    model.input("x", {1, 1, 2, 2}).input("at", {1, 1, 2, 2}).input("size", {4});
    model.weights("w", {4, 1, 1, 1}).stated("y", {1, 1, 5, 5});
    Model::set(model.node("MaxUnpool", {"x", "at", "size"}, "y"), "kernel_shape", Shape{2, 2});
    model.node("Conv", {"y", "w"}, "z");
    EXPECT_EQ(models::onlyLayer(model), "N1 K4 C1 P5 Q5 R1 S1 stride 1 dilation 1 groups 1");
}

TEST(OnnxShapes, SizesOfDimensionsByNameAndPlace) {
    Model model;
    model.input("image", {-1, 3, -1, -1}, {"", "", "H", "W"}).weights("w", {4, 3, 1, 1});
    model.stated("a", {-1, 3, -1, 7}).node("Mystery", {"image"}, "a").set_domain("com.example");
    model.node("Conv", {"a", "w"}, "y");
    auto& found = *model.graph().mutable_value_info(0)->mutable_type()->mutable_tensor_type();
    found.mutable_shape()->mutable_dim(0)->set_dim_param("N");
    found.mutable_shape()->mutable_dim(2)->set_dim_param("found");
    const OnnxSizes sizes = {
        .named = {{"H", 48}, {"W", 320}, {"image[0]", 2}, {"N", 2}, {"found", 9}}};
    EXPECT_EQ(models::onlyLayer(model, sizes), "N2 K4 C3 P9 Q7 R1 S1 stride 1 dilation 1 groups 1");
}

TEST(OnnxShapes, SignsForWhateverIsOpenAreNoNames) {
    Model model;
    model.input("x", {-1, 3, -1, -1}, {"None", "", "None", "None"}).weights("w", {4, 3, 1, 1});
    model.node("Conv", {"x", "w"}, "y");
    EXPECT_EQ(models::onlyLayer(model), "N1 K4 C3 P224 Q224 R1 S1 stride 1 dilation 1 groups 1");
}

}  // namespace
}  // namespace cohelix::interop
