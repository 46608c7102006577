// SPDX-License-Identifier: GPL-3.0-or-later
// Networks of which not all work can be priced, or not all sizes are known: what is missing is part
// of the result, and nothing is priced under a wrong size.
#include <gtest/gtest.h>

#include "core/base/json.h"

#include "tests/support/onnx_model.h"
#include "tests/support/small_data.h"
#include "tests/support/subprocess.h"

namespace cohelix {
namespace {

using base::Json;

class IncompleteCliTest : public testing::Test {
protected:
    test::Outcome cli(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), COHELIX_CLI);
        return test::runToEnd(arguments, m_folder.path());
    }
    Json json(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--format", "json"});
        const auto outcome = cli(std::move(arguments));
        EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
        return Json::parse(outcome.out, nullptr, false);
    }
    std::string refused(const std::vector<std::string>& arguments, int exitCode = 1) {
        const auto outcome = cli(arguments);
        EXPECT_EQ(outcome.exitCode, exitCode) << outcome.err;
        EXPECT_EQ(outcome.out, "");
        return outcome.err;
    }
    std::string write(const std::string& name, const std::string& content) {
        const auto path = (m_folder / name).string();
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    /// Chunks for every role.
    std::string chunks() {
        const std::string tile = R"({"rows": 4, "columns": 4, "outputs": 8)";
        const std::string standard = tile + R"(, "inputs": 8})";
        return write("chunks.json", R"({"chunks": [{"name": "all", "buffer_tile": )" + standard +
                                        R"(, "loop_tile": )" + standard + R"(}, {"name": "pixels",
                         "role": "depthwise", "buffer_tile": )" +
                                        tile + R"(}, "loop_tile": )" + tile + "}}]}");
    }
    test::TemporaryFolder m_folder;
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

constexpr std::int64_t kPriced = 8 * 8 * 9 * 6 * 4;  // of the model on an image of 8 x 6

TEST_F(IncompleteCliTest, WorkThatNobodyCanCountIsInTheResult) {
    const auto model = write("model.onnx", test::onnxModel(true));
    for (const auto& accelerator : {chunks(), std::string("eyeriss")}) {
        const std::vector<std::string> command = {
            "evaluate", "--network", model, "--accelerator", accelerator, "--size", "H=8,W=6"};
        const auto priced = json(command);
        EXPECT_EQ(priced["complete"], false) << accelerator;
        EXPECT_EQ(priced["priced_macs"], kPriced);
        EXPECT_TRUE(priced["all_macs"].is_null());
        EXPECT_EQ(priced["least_macs"], kPriced);
        EXPECT_EQ(priced["nodes_of_unknown_work"], 1);
        ASSERT_EQ(priced["unpriced"].size(), 1U) << "a Relu has no work that could be priced";
        const auto& work = priced["unpriced"][0];
        EXPECT_EQ(work["operator"], "Mystery");
        EXPECT_EQ(work["nodes"], 1);
        EXPECT_TRUE(work["macs"].is_null());
        EXPECT_TRUE(has(work["reason"], "com.example")) << work;
        EXPECT_EQ(work["names"], Json({"m.Mystery"}));
        const auto& figures = priced.contains("cost") ? priced["cost"] : priced;
        EXPECT_EQ(figures["bounds"]["fps"], "at most") << figures;
        EXPECT_EQ(figures["bounds"]["latency_ms"], "at least");

        const auto text = cli(command).out;
        EXPECT_EQ(
            text.rfind("INCOMPLETE: 13,824 of an unknown number of multiply-accumulates are "
                       "priced, and all figures are bounds, how far from the whole nobody knows "
                       "(1 node of unknown work); not priced: Mystery\n",
                       0),
            0U)
            << text;
        EXPECT_TRUE(has(text, "at most ")) << text;
        const auto line = text.rfind("Mystery");
        EXPECT_GT(line, text.find("FPS")) << "and a table at the end: " << text;

        auto strict = command;
        strict.push_back("--strict");
        EXPECT_TRUE(has(refused(strict), "Not priced: Mystery (1 node, an unknown number"));
    }
}

// All of its work is priced, and yet each step waits for the one before it.
TEST_F(IncompleteCliTest, WhatWaitsForItselfIsABoundInTheResult) {
    const auto model = write("steps.onnx", test::lstmModel());
    for (const auto& accelerator : {chunks(), std::string("eyeriss")}) {
        const std::vector<std::string> command = {"evaluate", "--network", model, "--accelerator",
                                                  accelerator};
        const auto priced = json(command);
        EXPECT_EQ(priced["complete"], true) << accelerator;
        EXPECT_EQ(priced["exact"], false);
        EXPECT_EQ(priced["all_macs"], 10 * 128 * (16 + 32) + 32 * 4);
        ASSERT_EQ(priced["bounded"].size(), 1U);
        EXPECT_EQ(priced["bounded"][0]["layers"], Json({"lstm.recurrent"}));
        EXPECT_EQ(priced["bounded"][0]["bounds"], Json({{"cycles", "at least"}}));
        EXPECT_TRUE(has(priced["bounded"][0]["reason"], "runs 10 steps, each waiting"));
        const auto& figures = priced.contains("cost") ? priced["cost"] : priced;
        EXPECT_EQ(figures["bounds"]["fps"], "at most") << figures;
        EXPECT_EQ(figures["bounds"]["latency_ms"], "at least");
        EXPECT_FALSE(figures["bounds"].contains("dsp"));
        for (const auto& layer : figures["layers"]) {
            EXPECT_EQ(layer.contains("bounds"), layer["layer"] == "lstm.recurrent") << layer;
        }

        const auto text = cli(command).out;
        EXPECT_EQ(text.rfind("BOUNDS: not all layers run as they are priced, and figures are "
                             "bounds: LSTM\n",
                             0),
                  0U)
            << text;
        EXPECT_TRUE(has(text, " at most ")) << text;
        EXPECT_GT(text.rfind("runs 10 steps"), text.find("FPS")) << "a table at the end: " << text;

        auto strict = command;
        strict.push_back("--strict");
        EXPECT_TRUE(has(refused(strict), "LSTM (1 layer): runs 10 steps, each waiting"));
    }
}

// Figures are in the accelerator's precision, and the model's stands beside them.
TEST_F(IncompleteCliTest, BitsThatAModelStatesAreInTheResult) {
    for (const int bits : {4, 20}) {
        const auto model = write("bits.onnx", test::quantisedModel(static_cast<float>(bits)));
        for (const auto& accelerator : {chunks(), std::string("eyeriss")}) {
            const std::vector<std::string> command = {"evaluate", "--network", model,
                                                      "--accelerator", accelerator};
            const auto priced = json(command);
            const auto& layers =
                priced.contains("cost") ? priced["cost"]["layers"] : priced["layers"];
            EXPECT_EQ(layers[0]["precision"], Json({{"inputs", nullptr}, {"weights", bits}}));
            const auto text = cli(command);
            EXPECT_TRUE(has(text.out, "bits in the model")) << text.out;
            EXPECT_TRUE(has(text.out, "weights " + std::to_string(bits))) << text.out;
            const bool narrow = bits > 16 && priced.contains("cost");
            EXPECT_EQ(has(text.err,
                          "conv: the model states more bits (weights 20) than the 16 of "
                          "chunk 'all'"),
                      narrow)
                << text.err;
        }
        EXPECT_TRUE(has(cli({"map", "--network", model, "--accelerator", "eyeriss"}).out,
                        "Bits that the model states: weights " + std::to_string(bits)));
    }
}

TEST_F(IncompleteCliTest, AWholeNetworkIsNoBound) {
    const auto model = write("model.onnx", test::onnxModel(false));
    for (const auto& accelerator : {chunks(), std::string("eyeriss")}) {
        const std::vector<std::string> command = {"evaluate",  "--network", model, "--accelerator",
                                                  accelerator, "--size",    "H=8", "--size",
                                                  "W=6",       "--strict"};
        const auto priced = json(command);
        EXPECT_EQ(priced["complete"], true);
        EXPECT_EQ(priced["priced_macs"], kPriced);
        EXPECT_EQ(priced["all_macs"], kPriced);
        EXPECT_EQ(priced["unpriced"], Json::array());
        EXPECT_EQ(priced["exact"], true);
        EXPECT_FALSE(priced.dump().find("\"bounds\"") != std::string::npos);
        const auto text = cli(command).out;
        EXPECT_FALSE(has(text, "INCOMPLETE") || has(text, "at most") || has(text, "at least"));
    }
}

TEST_F(IncompleteCliTest, ALayerThatNoChunkExecutesDoesNotRefuseTheOthers) {
    const auto network = write("network.json", R"({"layers": [
        {"name": "a", "K": 8, "C": 8, "P": 8, "Q": 6, "R": 3, "S": 3},
        {"name": "row", "K": 8, "C": 8, "P": 8, "Q": 6, "S": 3},
        {"name": "spread", "K": 8, "C": 8, "P": 8, "Q": 6, "R": 3, "S": 3, "dilation": 2},
        {"name": "two", "N": 2, "K": 8, "C": 8, "P": 8, "Q": 6},
        {"name": "column", "K": 8, "C": 8, "P": 8, "Q": 6, "R": 3},
        {"name": "b", "K": 8, "C": 8, "P": 4, "Q": 3}]})");
    const std::vector<std::string> command = {"evaluate", "--network", network, "--accelerator",
                                              chunks()};
    const auto priced = json(command);
    const std::int64_t tap = 8 * 8 * 8 * 6;
    EXPECT_EQ(priced["priced_macs"], 9 * tap + tap / 4);
    EXPECT_EQ(priced["all_macs"], (9 + 3 + 9 + 2 + 3) * tap + tap / 4);
    ASSERT_EQ(priced["cost"]["layers"].size(), 2U);
    ASSERT_EQ(priced["unpriced"].size(), 4U);
    EXPECT_EQ(priced["unpriced"][0]["names"], Json({"spread"})) << "the largest first";
    EXPECT_EQ(priced["unpriced"][0]["macs"], 9 * tap);
    const auto text = cli(command);
    for (const char* part :
         {"INCOMPLETE: 28,416 of 80,640 ", "(35.24 %)", "no dilation", "square kernels, not 1 x 3",
          "square kernels, not 3 x 1", "one image, not 2", "What is priced fits ZC706"}) {
        EXPECT_TRUE(has(text.out, part)) << part << "\n" << text.out;
    }
    auto strict = command;
    strict.push_back("--strict");
    EXPECT_TRUE(has(refused(strict), "28,416 of 80,640"));

    const auto none = write("none.json", R"({"layers": [{"name": "row", "K": 8, "S": 3},
                                                        {"name": "two", "K": 8, "N": 2}]})");
    const auto error = refused({"evaluate", "--network", none, "--accelerator", chunks()});
    EXPECT_TRUE(has(error, "nothing of it can be priced")) << error;
    EXPECT_TRUE(has(error, "not 1 x 3") && has(error, "one image, not 2")) << error;
}

TEST_F(IncompleteCliTest, WhatIsLeftOutMayBeNamedByTheAccelerator) {
    const auto network = write("network.json", R"({"layers": [
        {"name": "a", "K": 8, "C": 8, "P": 8, "Q": 6, "R": 3, "S": 3},
        {"name": "row", "K": 8, "C": 8, "P": 8, "Q": 6, "S": 3}]})");
    const auto named = write("named.json", R"({"chunks": [{"name": "all",
        "buffer_tile": {"outputs": 8}, "loop_tile": {"outputs": 8}, "layers": ["row", "a"]}]})");
    EXPECT_EQ(json({"evaluate", "--network", network, "--accelerator", named})["complete"], false);
}

TEST_F(IncompleteCliTest, WhereNothingCanBePricedTheReasonsAreTheError) {
    const auto model = write("model.onnx", test::onnxModel(true, false));
    const auto error = refused({"map", "--network", model, "--accelerator", "eyeriss"});
    EXPECT_TRUE(has(error,
                    "nothing of it can be priced: Mystery (1 node, an unknown number of "
                    "multiply-accumulates): is an operator of com.example"))
        << error;
}

TEST_F(IncompleteCliTest, SizesOfOpenDimensionsAreGivenByNameOrPlace) {
    const auto model = write("model.onnx", test::onnxModel(false));
    const auto macsFor = [&](const std::string& sizes) {
        return json({"map", "--network", model, "--accelerator", "eyeriss", "--objective",
                     "latency", "--size", sizes})["macs"];
    };
    EXPECT_EQ(macsFor("H=8,W=6"), kPriced);
    EXPECT_EQ(macsFor("H=8, W=6"), kPriced);
    EXPECT_EQ(macsFor("image[2]=8,image[3]=6"), kPriced);
    EXPECT_EQ(macsFor("W=6,image[2]=8,N=3"), 3 * kPriced);
    EXPECT_EQ(macsFor("H=8,W=6,batch=4"), 4 * kPriced);
    const auto noted = cli({"map", "--network", model, "--accelerator", "eyeriss", "--objective",
                            "latency", "--size", "H=8"});
    EXPECT_TRUE(has(noted.err, "image[3] (W) is open in the model; taken as 224")) << noted.err;

    const auto wrong = [&](const std::string& sizes, int exitCode) {
        return refused({"map", "--network", model, "--accelerator", "eyeriss", "--size", sizes},
                       exitCode);
    };
    EXPECT_TRUE(has(wrong("H=8,X=6", 1), "no input has an open dimension 'X'. Open are: N, H, W"));
    for (const char* size :
         {"H=0", "H=-3", "H=", "H=8x", "H=9999999999", "H=99999999999999999999"}) {
        EXPECT_TRUE(has(wrong(size, 2), "a size is a whole number from 1 to 2,000,000,000"))
            << size;
    }
    EXPECT_TRUE(has(wrong("H", 2), "no name and size"));
    EXPECT_TRUE(has(wrong("=4", 2), "no name and size"));
    EXPECT_TRUE(has(wrong("H=8,H=9", 2), "'H' has another size already"));
    EXPECT_TRUE(has(
        refused({"map", "--network", "resnet18", "--accelerator", "eyeriss", "--size", "H=8"}, 2),
        "resnet18 leaves no size open"));
}

// In JSON all notes; as text what matters, and the rest where it is asked for.
TEST_F(IncompleteCliTest, NotesOfReadersReachTheUser) {
    const auto model = write("model.onnx", test::onnxModel(false));
    const std::vector<std::string> command = {"map",     "--network",   model,    "--accelerator",
                                              "eyeriss", "--objective", "latency"};
    const auto notes = json(command)["notes"].dump();
    EXPECT_TRUE(has(notes, "image[2] (H) is open in the model; taken as 224")) << notes;
    EXPECT_TRUE(has(notes, "Relu")) << notes;
    EXPECT_FALSE(has(cli(command).err, "Relu"));
    auto verbose = command;
    verbose.push_back("--verbose");
    EXPECT_TRUE(has(cli(verbose).err, "Relu"));
}

TEST_F(IncompleteCliTest, MoreLayersThanAnyNetworkHasAreRefused) {
    std::string many = R"({"layers": [{"name": "first"})";
    for (int i = 0; i < 10000; ++i) many += R"(,{"name": "l)" + std::to_string(i) + R"("})";
    const auto network = write("many.json", many + "]}");
    for (const char* command : {"evaluate", "map"}) {
        EXPECT_TRUE(has(refused({command, "--network", network, "--accelerator", "eyeriss"}),
                        "many.json/layers: there are 10,001 layers; at most 10,000 are read"));
    }
    EXPECT_TRUE(has(refused({"benchmark", "accelerator", "--network", network}),
                    "at most 10,000 are read"));
}

TEST_F(IncompleteCliTest, AFileThatIsNoNetworkIsToldWhatIs) {
    const auto refusal = [&](const std::string& name, const std::string& content) {
        return refused({"map", "--network", write(name, content), "--accelerator", "eyeriss"});
    };
    EXPECT_TRUE(has(refusal("model.tflite", std::string("\x1c\0\0\0TFL3", 8)), "TensorFlow Lite"));
    EXPECT_TRUE(has(refusal("model.ONNX", "version https://git-lfs.github.com/spec/v1\n"),
                    "a pointer of Git LFS"));
    EXPECT_TRUE(has(refusal("network.txt", "resnet"), "no ONNX model"));
    EXPECT_TRUE(has(refused({"map", "--network", "nofile.tflite", "--accelerator", "eyeriss"}),
                    "nofile.tflite: there is no such file"));
    EXPECT_TRUE(has(refused({"map", "--network", "resnet18", "--accelerator", chunks()}),
                    "it has chunks, and mappings are searched for on memories"));
}

// What a published form leaves out of its authors' networks is named with its work.
TEST_F(IncompleteCliTest, FormsThatLeaveLayersOutSaySo) {
    const std::vector<std::string> command = {"optimum", "dna-cifar10-zc706", "--operators",
                                              "k3_e1",   "--space",           "r2"};
    auto published = command;
    published.insert(published.end(), {"--model", "as-published"});
    const auto some = json(published);
    EXPECT_EQ(some["complete"], false);
    EXPECT_LT(some["priced_macs"], some["all_macs"]);
    EXPECT_EQ(some["bounds"]["fps"], "at most");
    EXPECT_TRUE(has(cli(published).out, "INCOMPLETE: "));
    published.push_back("--strict");
    EXPECT_TRUE(has(refused(published), "the form as-published does not count it"));
    auto corrected = command;
    corrected.insert(corrected.end(), {"--model", "corrected"});
    EXPECT_EQ(json(corrected)["complete"], true);
}

}  // namespace
}  // namespace cohelix
