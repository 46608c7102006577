// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/documents/accelerator_json.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/core/interop/designs/samples.h"
#include "tests/core/interop/documents/checks.h"

namespace cohelix::interop {
namespace {

using model::ChunkRole;

AcceleratorDocument read(const std::string& text) {
    auto document = acceleratorFromJson(json(text), "acc.json");
    EXPECT_TRUE(document.ok()) << (document.ok() ? "" : base::toText(document.error()));
    return document.ok() ? *document : AcceleratorDocument{};
}

/// The file under another chunk, so that each test shows only what it is about.
std::string pipelineOf(const std::string& chunks) {
    return R"({"template": "chunk-pipeline", "chunks": [)" + chunks + "]}";
}
constexpr const char* kTiles = R"("buffer_tile": {"rows": 8, "columns": 4, "outputs": 16},
                                  "loop_tile": {"rows": 4, "columns": 4, "outputs": 16})";
std::string chunk(const std::string& name, const std::string& role, const std::string& more = "") {
    return R"({"name": ")" + name + R"(", "role": ")" + role + "\", " + kTiles + more + "}";
}

model::Accelerator anyPipeline() {
    model::Accelerator made;
    made.clockMhz = *rc::gen::inRange(1, 4000) * 0.25;
    made.fpgaModel = *rc::gen::elementOf(base::kValues<model::FpgaModel>);
    made.doubleBufferedWeights = *rc::gen::arbitrary<bool>();
    const int chunks = *rc::gen::inRange(1, 5);
    for (int c = 0; c < chunks; ++c) {
        model::PipelineChunk one;
        one.name = "chunk, \"" + std::to_string(c) + "\"";
        const bool standard = *rc::gen::arbitrary<bool>();
        one.role = standard ? ChunkRole::Standard : ChunkRole::Depthwise;
        using model::Parallelism;
        one.parallelism = *rc::gen::element(
            Parallelism::OutputChannels,
            standard ? Parallelism::OutputAndInputChannels : Parallelism::OutputChannels,
            Parallelism::OutputRows);
        const auto side = [] { return *rc::gen::inRange(1, 60); };
        one.buffer = {side(), side(), side(), standard ? side() : 1};
        const auto within = [](int most) { return *rc::gen::inRange(1, most + 1); };
        one.loop = {within(one.buffer.rows), within(one.buffer.columns), within(one.buffer.outputs),
                    within(one.buffer.inputs)};
        one.bits = *rc::gen::inRange(2, 33);
        if (model::pricesBeyond(made.fpgaModel)) {
            one.portWords = *rc::gen::inRange(4, 65);
            one.overlap = *rc::gen::elementOf(base::kValues<model::Overlap>);
        }
        made.pipeline.push_back(one);
    }
    return made;
}

RC_GTEST_PROP(AcceleratorJson, PipelinesSurviveARoundTrip, ()) {
    const auto made = anyPipeline();
    const auto text = base::canonicalText(chunkAcceleratorJson(made));
    const auto back = acceleratorFromJson(*base::parseJson(text, "text"), "text");
    RC_ASSERT(back.ok());
    RC_ASSERT(back->accelerator == made);
    RC_ASSERT(back->layers.empty());
}

TEST(AcceleratorJson, TheLoopNestTemplateSurvivesARoundTrip) {
    using model::Dim;
    model::Accelerator made;
    made.kind = model::Template::LoopNest;
    made.technology = "authors-28nm";
    model::ArrayChunk array;
    array.name = "standard";
    array.spatial = {1, 8, 4, 1, 2, 1, 1};
    array.bufferTile = {1, 2, 3, 4, 5, 1, 1};
    array.dramOrder = {Dim::S, Dim::N, Dim::K, Dim::C, Dim::P, Dim::Q, Dim::R};
    array.peCount = 129;
    array.bufferWords = 55296;
    array.registerWords = 256;
    made.arrays = {array};
    array.name = "depthwise";
    array.role = ChunkRole::Depthwise;
    array.rowDims = {Dim::R, Dim::Q};
    made.arrays.push_back(array);
    const auto back = acceleratorFromJson(chunkAcceleratorJson(made), "text");
    ASSERT_TRUE(back.ok()) << base::toText(back.error());
    EXPECT_EQ(back->accelerator, made);
}

TEST(AcceleratorJson, AChunkAloneIsAnAccelerator) {
    const auto document = read(R"({"buffer_tile": {"rows": 16, "columns": 16, "outputs": 8,
        "inputs": 4}, "loop_tile": {"rows": 2, "outputs": 8}})");
    ASSERT_EQ(document.accelerator.pipeline.size(), 1U);
    const auto& only = document.accelerator.pipeline[0];
    EXPECT_EQ(only.role, ChunkRole::Standard);
    EXPECT_EQ(only.parallelism, model::Parallelism::OutputAndInputChannels);
    EXPECT_EQ(only.loop, (model::Tile{2, 1, 8, 1}));
    EXPECT_EQ(document.accelerator.fpgaModel, model::FpgaModel::Corrected);
}

// What export writes, evaluate reads: the accelerator, and each layer where it was.
TEST(AcceleratorJson, ReadsADesignsExport) {
    const auto design = samples::document();
    const auto document = acceleratorFromJson(acceleratorJson(design), "design.json");
    ASSERT_TRUE(document.ok()) << base::toText(document.error());
    EXPECT_EQ(document->accelerator, design.accelerator);
    ASSERT_EQ(document->layers.size(), 1U);
    EXPECT_EQ(document->layers[0].names.size(), design.network.layers.size());
}

TEST(AcceleratorJson, RefusesWhatIsNone) {
    const auto refused = [](const std::string& text, const std::string& reason) {
        const auto document = acceleratorFromJson(json(text), "acc.json");
        ASSERT_FALSE(document.ok()) << text;
        EXPECT_NE(base::toText(document.error()).find(reason), std::string::npos)
            << base::toText(document.error());
    };
    refused("[]", "acc.json: must be an object");
    refused("{}", "acc.json/chunks: this field is missing");
    refused(pipelineOf(""), "1 to 64 chunks, but there are 0");
    refused(R"({"chunks": [7]})", "acc.json/chunks/0: must be an object");
    refused(R"({"chunks": [{"name": "a"}]})",
            "acc.json/chunks/0/buffer_tile: this field is missing");
    refused(R"({"buffer_tile": {"rows": 4}, "loop_tile": {"rows": 5}})",
            "acc.json/loop_tile/rows: 5 is more than the buffer's 4");
    refused(R"({"buffer_tile": {"rows": 0}, "loop_tile": {}})",
            "buffer_tile/rows: must be a whole");
    refused(R"({"role": "depthwise", "buffer_tile": {"inputs": 2}, "loop_tile": {}})",
            "one input channel to each output");
    refused(R"({"role": "depthwise", "parallelism": "output-and-input-channels",
                "buffer_tile": {}, "loop_tile": {}})",
            "output-channels and output-rows only");
    refused(R"({"buffer_tile": {}, "loop_tile": {}, "bits": 64})", "bits: must be a whole number");
    refused(R"({"buffer_tile": {}, "loop_tile": {}, "tm": 8})",
            "acc.json/tm: there is no such field");
    refused(pipelineOf(chunk("a", "standard") + "," + chunk("a", "depthwise")),
            "acc.json/chunks/1/name: there is another chunk 'a'");
    refused(pipelineOf(chunk("a", "standard", R"(, "layers": {"map_below": 8})") + "," +
                       chunk("b", "standard") + "," + chunk("c", "standard")),
            "acc.json/chunks/2: it and another standard chunk do not say which layers");
    refused(pipelineOf(chunk("a", "standard", R"(, "layers": {"first_block": 1})")),
            "first_block and last_block go together");
    refused(R"({"model": "as-published", "chunks": [{"name": "a", )" + std::string(kTiles) +
                R"(}, {"name": "b", "overlap": "weights", )" + kTiles + "}]}",
            "acc.json/chunks/1/overlap: the authors' model knows");
    refused(R"({"buffer_tile": {}, "loop_tile": {}, "port_words": 3})",
            "port_words: must be a whole number");
    refused(R"({"template": "loop-nest", "chunks": []})", "acc.json/technology");
    refused(R"({"template": "loop-nest", "technology": "t", "chunks": [{"spatial": {},
                "row_dims": ["K", "K"]}]})",
            "'K' is none of N, K, C, P, Q, R, S, or there twice");
    refused(R"({"accelerator": 3})", "acc.json/accelerator: must be an object");
}

class Allocation : public testing::Test {
protected:
    Allocation() {
        for (const auto& [name, rows, depthwise] :
             {std::tuple("a", 28, false), {"b", 28, true}, {"c", 14, false}}) {
            model::Layer layer;
            layer.name = name;
            layer.size(model::Dim::P) = rows;
            layer.size(model::Dim::K) = layer.size(model::Dim::C) = 8;
            if (depthwise) layer.groups = 8;
            m_network.layers.push_back(layer);
        }
    }
    std::string refused(const std::string& text) const {
        const auto allocation = allocationOf(read(text), m_network);
        EXPECT_FALSE(allocation.ok()) << text;
        return allocation.ok() ? "" : base::toText(allocation.error());
    }
    model::Network m_network;
};

TEST_F(Allocation, FollowsRulesOrNames) {
    const auto byRules = allocationOf(
        read(pipelineOf(chunk("small", "standard", R"(, "layers": {"map_below": 20})") + "," +
                        chunk("large", "standard", R"(, "layers": {"map_at_least": 20})") + "," +
                        chunk("dw", "depthwise", R"(, "layers": {})"))),
        m_network);
    ASSERT_TRUE(byRules.ok()) << base::toText(byRules.error());
    EXPECT_EQ(*byRules, (std::vector<int>{1, 2, 0}));
    const auto byNames =
        allocationOf(read(pipelineOf(chunk("one", "standard", R"(, "layers": ["c", "a"])") + "," +
                                     chunk("dw", "depthwise", R"(, "layers": ["b"])"))),
                     m_network);
    ASSERT_TRUE(byNames.ok()) << base::toText(byNames.error());
    EXPECT_EQ(*byNames, (std::vector<int>{0, 1, 0}));
}

// Wherever it stands, and beside rules as beside names.
TEST_F(Allocation, AChunkThatSaysNothingTakesTheRestOfItsRole) {
    const auto rest = chunk("rest", "standard");
    const auto dw = chunk("dw", "depthwise");
    for (const char* layers : {R"(, "layers": {"map_at_least": 20})", R"(, "layers": ["a"])"}) {
        const auto large = chunk("large", "standard", layers);
        const auto before =
            allocationOf(read(pipelineOf(rest + "," + large + "," + dw)), m_network);
        ASSERT_TRUE(before.ok()) << base::toText(before.error());
        EXPECT_EQ(*before, (std::vector<int>{1, 2, 0})) << layers;
        const auto after = allocationOf(read(pipelineOf(dw + "," + large + "," + rest)), m_network);
        ASSERT_TRUE(after.ok()) << base::toText(after.error());
        EXPECT_EQ(*after, (std::vector<int>{1, 0, 2})) << layers;
    }
}

TEST_F(Allocation, RefusesLayersWithoutAPlace) {
    EXPECT_NE(refused(pipelineOf(chunk("one", "standard"))).find("do not say which layers"),
              std::string::npos);
    EXPECT_NE(refused(pipelineOf(chunk("one", "standard", R"(, "layers": {})")))
                  .find("b: it is a depthwise layer and there is no depthwise chunk"),
              std::string::npos);
    const auto two = [&](const char* first, const char* second) {
        return refused(
            pipelineOf(chunk("one", "standard", first) + "," + chunk("dw", "depthwise", second)));
    };
    EXPECT_NE(two(R"(, "layers": ["a"])", R"(, "layers": ["b"])").find("c: no chunk executes it"),
              std::string::npos);
    EXPECT_NE(two(R"(, "layers": ["a", "c"])", R"(, "layers": ["b", "a"])")
                  .find("a: more than one chunk"),
              std::string::npos);
    EXPECT_NE(two(R"(, "layers": ["a", "c", "d"])", R"(, "layers": ["b"])")
                  .find("d: the network has no such layer"),
              std::string::npos);
    EXPECT_NE(two(R"(, "layers": ["a", "b"])", R"(, "layers": ["c"])")
                  .find("b: it is a depthwise layer and 'one' is no depthwise chunk"),
              std::string::npos);
    const auto lacking =
        read(pipelineOf(chunk("one", "standard", R"(, "layers": ["a", "d", "c"])") + "," +
                        chunk("dw", "depthwise", R"(, "layers": ["b"])")));
    EXPECT_FALSE(allocationOf(lacking, m_network).ok());
    EXPECT_TRUE(allocationOf(lacking, m_network, {"d"}).ok());
}

}  // namespace
}  // namespace cohelix::interop
