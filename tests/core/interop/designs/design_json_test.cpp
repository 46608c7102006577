// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/designs/design_json.h"

#include "core/base/output_file.h"

#include "samples.h"

namespace cohelix::interop {
namespace {

using namespace samples;

TEST(DesignJson, HoldsNetworkAcceleratorMappingAndCost) {
    const auto design = document();
    const auto json = designJson(design);
    EXPECT_EQ(json["design"], 12);
    EXPECT_EQ(json["accuracy_percent"], 12.5);
    EXPECT_TRUE(json["validation_accuracy_percent"].is_null());
    EXPECT_EQ(json["choices"]["block2"], "skip");
    const auto& layers = json["network"]["layers"];
    ASSERT_EQ(layers.size(), design.network.layers.size());
    EXPECT_EQ(layers[0]["input"], "image");
    EXPECT_EQ(layers[0]["sizes"]["K"], 8);
    EXPECT_EQ(layers[1]["input"], layers[0]["name"]);
    EXPECT_EQ(json["network"]["macs"], model::macs(design.network));
    EXPECT_EQ(json["accelerator"]["chunks"][0]["buffer_tile"]["rows"], 7);
    EXPECT_EQ(json["accelerator"]["chunks"][0]["name"], "main \"one\"");
    const auto& costs = json["cost"]["layers"];
    ASSERT_EQ(costs.size(), layers.size());
    EXPECT_EQ(costs[0]["utilization"], 0.125);
    EXPECT_EQ(costs[0]["mapping"][0]["memory"], "DRAM");
    EXPECT_EQ(costs[0]["mapping"][0]["loops"][0]["trips"], 2);
    EXPECT_EQ(costs[0]["mapping"][0]["keeps"]["outputs"], false);
    EXPECT_EQ(costs[0]["mapping"][1]["loops"][0]["kind"], "rows");
    EXPECT_EQ(costs[0]["traffic"][0]["writes"]["outputs"], 4);
    EXPECT_EQ(base::parseJson(base::canonicalText(json), "").value(), json);
}

TEST(DesignJson, TheAcceleratorsPartHasEveryLayersMapping) {
    const auto design = document();
    const auto json = acceleratorJson(design);
    ASSERT_EQ(json["mappings"].size(), design.network.layers.size());
    for (std::size_t i = 0; i < design.network.layers.size(); ++i) {
        EXPECT_EQ(json["mappings"][i]["layer"], design.network.layers[i].name);
        EXPECT_EQ(json["mappings"][i]["levels"], mappingJson(design.cost.layers[i].mapping));
    }
    EXPECT_EQ(json["accelerator"]["template"], "chunk-pipeline");
}

TEST(DesignJson, RefusesACostOfAnotherDesign) {
    const auto spec = specification();
    const auto design = row();
    const auto cost = costOf(spec, design);
    auto fewer = cost;
    fewer.layers.pop_back();
    EXPECT_FALSE(store::assembled(spec, design, fewer));
    auto chunks = cost;
    chunks.chunks.resize(2);
    EXPECT_FALSE(store::assembled(spec, design, chunks));
    auto beyond = cost;
    beyond.layers[0].chunk = 1;
    EXPECT_FALSE(store::assembled(spec, design, beyond));
    EXPECT_FALSE(store::assembled(spec, row({9, 9, 9, 9}), cost));
}

TEST(OutputFile, KeepsThePermissionsOfWhatItReplaces) {
    namespace fs = std::filesystem;
    const Folder folder;
    const auto path = folder.file("a.json");
    ASSERT_TRUE(base::writeFile(path, "one"));
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    ASSERT_TRUE(base::writeFile(path, "two"));
    EXPECT_EQ(contentOf(path), "two");
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(OutputFile, WritesWholeFilesOrNone) {
    const Folder folder;
    const auto path = folder.file("a.json");
    ASSERT_TRUE(base::writeFile(path, "one"));
    ASSERT_TRUE(base::writeFile(path, std::string("two\0three", 9)));
    EXPECT_EQ(contentOf(path), std::string("two\0three", 9));
    const auto missing = base::writeFile(folder.file("no/a.json"), "x");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().what, "the folder does not exist");
    EXPECT_FALSE(missing.error().advice.empty());
    EXPECT_FALSE(base::writeFile(folder.path(), "x"));
    EXPECT_FALSE(base::writeFile(path + "/below", "x"));
    EXPECT_FALSE(base::writeFile("/proc/cohelix.json", "x")) << "nobody may write there";
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1)
        << "no drafts are left";
}

}  // namespace
}  // namespace cohelix::interop
