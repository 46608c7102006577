// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/interop/designs/design_json.h"
#include "core/interop/documents/hierarchy_json.h"
#include "core/interop/documents/layer_json.h"
#include "core/interop/documents/mapping_json.h"
#include "core/interop/documents/tensor_json.h"

#include "forms.h"
#include "tests/core/interop/documents/checks.h"

namespace cohelix::interop {
namespace {

using model::Dim;

RC_GTEST_PROP(LayerJson, SurvivesARoundTrip, ()) {
    auto layer = forms::layer();
    const auto zeros = [&](Dim output) {  // fewer than the kernel touches
        return *rc::gen::inRange(0, static_cast<int>((model::patchAlong(layer, output) + 1) / 2));
    };
    layer.border = {{zeros(Dim::P), zeros(Dim::Q)}, {zeros(Dim::P), zeros(Dim::Q)}};
    const auto text = base::canonicalText(layerJson(layer));
    const auto read = layerFromJson(*base::parseJson(text, "text"), "text");
    RC_ASSERT(read.ok());
    RC_ASSERT(*read == layer);
}

TEST(LayerJson, TheExampleReads) {
    const auto layer = layerFromJson(
        json(R"({"name": "conv2", "N": 1, "K": 256, "C": 96, "P": 27, "Q": 27, "R": 5, "S": 5,
                 "stride": 1, "dilation": 1, "H": 27, "W": 27, "padding": 2, "groups": 2})"),
        "conv.json");
    ASSERT_TRUE(layer.ok());
    EXPECT_EQ(model::words(*layer, model::Tensor::Inputs), 96 * 27 * 27);
    EXPECT_EQ(model::macs(*layer), 223948800);
    const auto product = layerFromJson(json(R"({"P": 128, "C": 768, "K": 3072})"), "x");
    ASSERT_TRUE(product.ok());
    EXPECT_EQ(product->name, "layer");
    EXPECT_EQ(product->size(Dim::R), 1);
    const auto uneven =
        layerFromJson(json(R"({"P": 9, "R": 3, "stride": [2, 1], "dilation": 3})"), "x");
    ASSERT_TRUE(uneven.ok());
    EXPECT_EQ(uneven->stride, (model::PerAxis{2, 1}));
    EXPECT_EQ(uneven->dilation, 3);
    EXPECT_EQ(layerJson(*uneven)["stride"], base::Json::array({2, 1}));
    EXPECT_EQ(layerJson(*uneven)["dilation"], 3);
}

TEST(LayerJson, SaysWhatIsPadding) {
    struct Read {
        std::int64_t rows;
        std::int64_t columns;
        model::Border border;
        std::size_t notes;
        bool operator==(const Read&) const = default;
    };
    const auto read = [](const char* stated) {
        const std::string sizes = R"({"P": 112, "Q": 112, "R": 7, "S": 7, "stride": 2)";
        const auto found = layersFromJson(json((sizes + stated + "}").c_str()), "x");
        EXPECT_TRUE(found.ok()) << stated;
        const auto& layer = found->layers.front();
        return Read{model::inputsAlong(layer, Dim::P), model::inputsAlong(layer, Dim::Q),
                    layer.border, found->notes.size()};
    };
    const Read published{224, 224, {3, 2}, 0};
    EXPECT_EQ(read(R"(, "padding": 3)"), published);
    EXPECT_EQ(read(R"(, "padding": 3, "H": 224, "W": 224)"), published);
    EXPECT_EQ(read(R"(, "H": 224, "W": 224)"), published);
    EXPECT_EQ(read(""), (Read{224, 224, {3, 2}, 1}));
    EXPECT_EQ(read(R"(, "padding": 0)"), (Read{229, 229, {}, 0}));
    EXPECT_EQ(read(R"(, "padding": [3, 0])"), (Read{224, 229, {{3, 0}, {2, 0}}, 0}));
    EXPECT_EQ(read(R"(, "padding": 3, "H": 223)"), (Read{223, 224, {3, {3, 2}}, 0}));
}

TEST(LayerJson, TakesNoBorderWhereAKernelIsAsLargeAsTheImage) {
    const auto linear = layersFromJson(json(R"({"C": 512, "R": 7, "S": 7})"), "fc6");
    ASSERT_TRUE(linear.ok());
    EXPECT_EQ(model::words(linear->layers.front(), model::Tensor::Inputs), 512 * 7 * 7);
    EXPECT_TRUE(linear->notes.empty());
}

TEST(LayerJson, NamesTheLayerWhoseBorderItTakesForGranted) {
    const auto found =
        layersFromJson(json(R"({"name": "conv", "P": 7, "Q": 7, "R": 3, "S": 3})"), "x");
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->notes, std::vector<std::string>{
                                "padding: conv does not say its own and is taken to have inputs of "
                                "7 x 7 with zeros around them; \"padding\": 0 means none"});
}

TEST(LayerJson, RefusesWhatCannotBeALayer) {
    const auto refused = [](const char* text, const std::string& reason) {
        expectRefused(layerFromJson(json(text), "conv.json"), reason);
    };
    refused(R"({"K": 0})", "conv.json/K: must be a whole number from 1 to 2000000000, but is 0");
    refused(R"({"K": -3})", "conv.json/K: must be a whole number");
    refused(R"({"K": 9223372036854775808})", "conv.json/K: must be a whole number");
    refused(R"({"K": 1e300})", "conv.json/K: must be a whole number");
    refused(R"({"K": "8"})", "conv.json/K: must be a whole number");
    refused(R"({"M": 8})",
            "conv.json/M: there is no such field. Known here: name, N, K, C, P, Q, "
            "R, S, stride, dilation, groups, H, W, padding");
    refused(R"({"M": 8, "H": 1})", "dilation, groups, H, W, padding");
    refused(R"({"K": 9, "C": 8, "groups": 2})", "conv.json: its 2 groups do not divide K = 9");
    refused(R"({"N": 2000000000, "K": 2000000000, "C": 2000000000})", "larger than 2^62");
    refused(R"({"P": 2000000000, "Q": 2000000000, "stride": 2000000000})", "reach over");
    refused(R"({"Q": 65536, "stride": 65536})", "its outputs along Q reach over 4294901761 inputs");
    refused(R"({"stride": [2]})", "conv.json/stride: must be one number, or one of rows and one");
    refused(R"({"stride": [2, 0]})", "conv.json/stride/1: must be a whole number from 1");
    refused(R"({"stride": [[2, 1]]})", "conv.json/stride/0: must be a whole number from 1");
    refused(R"({"dilation": {"rows": 2}})", "conv.json/dilation: must be a whole number");
    refused(R"({"P": 7, "R": 3, "padding": 9})", "conv.json/padding: the kernel touches 9 of them");
    refused(R"({"P": 7, "R": 3, "padding": -1})", "conv.json/padding: must be a whole number");
    refused(R"({"P": 7, "R": 3, "H": 0})", "conv.json/H: must be a whole number from 1");
    refused("[]", "conv.json: must be an object");
}

TEST(LayerJson, ListsOfLayersHaveNamesOfTheirOwn) {
    const auto layers =
        layersFromJson(json(R"({"layers": [{"name": "a", "K": 3}, {"name": "b"}]})"), "net.json");
    ASSERT_TRUE(layers.ok());
    EXPECT_EQ(layers->layers.size(), 2U);
    EXPECT_EQ(layersFromJson(json(R"({"K": 3})"), "net.json")->layers.size(), 1U);
    expectRefused(layersFromJson(json(R"({"layers": [{"name": "a"}, {"name": "a"}]})"), "net.json"),
                  "net.json/layers/1/name: there is another layer 'a'");
    expectRefused(layersFromJson(json(R"({"layers": []})"), "net.json"), "there is no layer");
    expectRefused(layersFromJson(json(R"({"layers": [{"Q": 0}]})"), "net.json"),
                  "net.json/layers/0/Q");
    expectRefused(layersFromJson(json(R"({"layers": [7]})"), "net.json"), "net.json/layers/0");
}

RC_GTEST_PROP(HierarchyJson, SurvivesARoundTrip, ()) {
    const auto hierarchy = forms::hierarchy();
    const auto written = base::canonicalText(hierarchyJson(hierarchy));
    const auto read = hierarchyFromJson(*base::parseJson(written, "text"), "text");
    RC_ASSERT(read.ok());
    // A hierarchy has no comparison of its own; its JSON says all of it.
    RC_ASSERT(base::canonicalText(hierarchyJson(*read)) == written);
    for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
        const auto& a = hierarchy.levels[l];
        const auto& b = read->levels[l];
        RC_ASSERT(a.name == b.name && a.capacityWords == b.capacityWords);
        RC_ASSERT(a.readPicojoule == b.readPicojoule && a.fillPicojoule == b.fillPicojoule &&
                  a.updatePicojoule == b.updatePicojoule);
        RC_ASSERT(a.readWordsPerCycle == b.readWordsPerCycle &&
                  a.writeWordsPerCycle == b.writeWordsPerCycle &&
                  a.sharedBandwidth == b.sharedBandwidth && a.blockWords == b.blockWords);
        RC_ASSERT(a.multicast == b.multicast && a.reduces == b.reduces &&
                  a.forwards == b.forwards && a.forwardPicojoule == b.forwardPicojoule &&
                  a.doubleBuffered == b.doubleBuffered &&
                  a.exposesFirstFill == b.exposesFirstFill && a.refillsInPlace == b.refillsInPlace);
        RC_ASSERT(a.mayKeep == b.mayKeep && a.rows == b.rows && a.columns == b.columns);
    }
    RC_ASSERT(read->pes == hierarchy.pes && read->readsZeros == hierarchy.readsZeros &&
              read->overlap == hierarchy.overlap && read->macPicojoule == hierarchy.macPicojoule &&
              read->staticPicojoulePerCycle == hierarchy.staticPicojoulePerCycle &&
              read->estimate == hierarchy.estimate);
}

TEST(HierarchyJson, TheExampleReads) {
    const auto hierarchy =
        hierarchyFromJson(json(R"({"name": "small array", "source": "measured", "estimate": false,
         "pes": 256, "mac_pj": 0.56, "static_pj_per_cycle": 0, "overlap": "full",
         "reads_zeros": false,
         "levels": [
           {"name": "DRAM", "access_pj": 100, "read_words_per_cycle": 8, "shared_bandwidth": true,
            "block_words": 64},
           {"name": "buffer", "capacity_words": 65536, "read_pj": 2.5, "fill_pj": 3, "update_pj": 3,
            "read_words_per_cycle": 32, "write_words_per_cycle": 32, "double_buffered": true,
            "exposes_first_fill": false, "refills_in_place": false, "rows": 16, "columns": 16},
           {"name": "register", "capacity_words": 1, "access_pj": 0.1, "may_keep": ["weights"],
            "multicast": true, "reduces": true, "rows": 1, "columns": 1}]})"),
                          "array.json");
    ASSERT_TRUE(hierarchy.ok()) << base::toText(hierarchy.error());
    EXPECT_EQ(hierarchy->levels[0].updatePicojoule, 100);
    EXPECT_EQ(hierarchy->levels[1].rows, 16);
    EXPECT_EQ(hierarchy->levels[2].mayKeep, (TensorSet{true, false, false}));
}

TEST(HierarchyJson, RefusesWithThePlace) {
    const auto refused = [](const char* text, const std::string& reason) {
        expectRefused(hierarchyFromJson(json(text), "a.json"), reason);
    };
    refused(R"({})", "a.json/levels: this field is missing");
    refused(R"({"levels": []})", "a.json/levels: there are 0 levels");
    refused(R"({"levels": [{"name": ""}]})", "a.json/levels/0/name: the memory's name is empty");
    refused(R"({"levels": [{"name": "a"}, {"name": "a"}]})",
            "a.json/levels/1/name: there is another");
    refused(R"({"levels": [{"name": "a", "capacity_words": -1}]})",
            "a.json/levels/0/capacity_words");
    for (const char* key : {"read_words_per_cycle", "write_words_per_cycle"}) {
        refused((R"({"levels": [{"name": "a", ")" + std::string(key) + R"(": 1e-307}]})").c_str(),
                std::string("a.json/levels/0/") + key +
                    ": 1e-307 words a cycle are fewer than any memory moves");
    }
    refused(R"({"levels": [{"name": "a", "access_pj": 1, "read_pj": 1}]})",
            "a.json/levels/0/read_pj: access_pj stands for it already");
    refused(R"({"levels": [{"name": "a", "may_keep": ["weight"]}]})",
            "a.json/levels/0/may_keep/0: 'weight' is no tensor");
    refused(R"({"levels": [{"name": "a", "size": 3}]})", "a.json/levels/0/size: there is no such");
    refused(R"({"levels": [5]})", "a.json/levels/0");
    refused(R"({"levels": {"name": "a"}})", "a.json/levels: must be a list");
    refused(R"({"pes": 1e12, "levels": [{"name": "a"}]})", "a.json/pes");
}

RC_GTEST_PROP(MappingJson, SurvivesARoundTrip, ()) {
    const auto layer = forms::layer();
    auto mapping = forms::mapping(layer, forms::hierarchy());
    for (auto& level : mapping.levels) {
        for (auto& loop : level.loops) {
            if (loop.kind != model::LoopKind::Temporal)
                loop.fanOut = *rc::gen::arbitrary<std::uint8_t>();
        }
    }
    const auto compact = base::canonicalText(compactMappingJson(mapping));
    const auto read = mappingFromJson(*base::parseJson(compact, "text"), "text");
    RC_ASSERT(read.ok());
    RC_ASSERT(*read == mapping);
    // As a design's export spells it.
    const auto spelt = mappingFromJson({{"levels", mappingJson(mapping)}}, "text");
    RC_ASSERT(spelt.ok());
    RC_ASSERT(*spelt == mapping);
}

TEST(MappingJson, TheExampleReads) {
    const auto mapping = mappingFromJson(json(R"({"levels": [
            {"memory": "DRAM", "loops": ["K16", "C4"]},
            {"memory": "buffer", "keeps": ["weights", "inputs"],
             "loops": ["P7", "Q7", "C8:rows", "K2:columns"]},
            {"memory": "register", "keeps": ["weights"]}]})"),
                                         "m.json");
    ASSERT_TRUE(mapping.ok()) << base::toText(mapping.error());
    EXPECT_EQ(compactText(*mapping), "DRAM[K16 C4] buffer[P7 Q7 C8:rows K2:columns] register[]");
    EXPECT_EQ(mapping->levels[1].keeps, (TensorSet{true, true, false}));
}

TEST(MappingJson, RefusesWithThePlace) {
    const auto refused = [](const char* text, const std::string& reason) {
        expectRefused(mappingFromJson(json(text), "m.json"), reason);
    };
    for (const char* loop :
         {"X3", "K", "K0", "K-2", "K2.5", "K3:pe", "", "K99999999999999999999"}) {
        const auto text =
            R"({"levels": [{"memory": "a", "loops": ["P2", ")" + std::string(loop) + R"("]}]})";
        refused(text.c_str(), "m.json/levels/0/loops/1: '" + std::string(loop) + "' is no loop");
    }
    refused(R"({"levels": [{"loops": ["K2"]}]})", "m.json/levels/0/memory: this field is missing");
    refused(R"({"levels": [{"memory": "a", "keeps": ["w"]}]})", "m.json/levels/0/keeps/0");
    refused(R"({"levels": [{"memory": "a", "loops": [{"dim": "K", "trips": 0}]}]})",
            "m.json/levels/0/loops/0/trips");
    refused(R"({"levels": [{"memory": "a", "loops": "K2"}]})", "m.json/levels/0/loops");
    refused(R"({"levels": []})", "m.json/levels: there are 0 levels");
    refused(R"([])", "m.json: must be an object");
}

}  // namespace
}  // namespace cohelix::interop
