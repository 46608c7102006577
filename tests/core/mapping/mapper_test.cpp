// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/mapper.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "core/base/csv.h"

namespace cohelix::mapping {
namespace {

using model::Dim;

/// Architecture A1 of the measurements of Timeloop's mapper (cost-peers.md 3.1).
cost::Hierarchy unifiedBuffer() {
    const auto memory = [](const char* name, double words, double picojoule, double perCycle) {
        cost::MemoryLevel level{.name = name, .capacityWords = words};
        level.readPicojoule = level.fillPicojoule = level.updatePicojoule = picojoule;
        level.readWordsPerCycle = level.writeWordsPerCycle = perCycle;
        return level;
    };
    cost::Hierarchy hierarchy;
    hierarchy.name = "A1";
    hierarchy.levels = {memory("DRAM", 0, 200, 4), memory("GLB", 55296, 6, 16),
                        memory("RF", 512, 1, 0)};
    hierarchy.levels[1].columns = 14;
    hierarchy.levels[1].rows = 12;
    hierarchy.macPicojoule = 1;
    hierarchy.pes = 168;
    return hierarchy;
}

TEST(Mapper, ProvesItsOptimumAndBeatsAHundredSecondsOfTimeloops) {
    const auto path = std::filesystem::path(COHELIX_DATA) / "timeloop_mapper_search.csv";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "NOT CHECKED: " << path << " is absent";
    const auto table = base::CsvTable::read(path, {"layer", "arch", "type", "N", "K", "C", "P", "Q",
                                                   "R", "S", "stride", "edp_best_long"});
    ASSERT_TRUE(table.ok()) << base::toText(table.error());
    const auto hierarchy = unifiedBuffer();
    for (std::size_t i = 0; i < table->rows(); ++i) {
        if (table->text(i, "arch") != "A1") continue;
        model::Layer layer;
        layer.name = table->text(i, "layer");
        for (const Dim dim : model::kAllDims) {
            const std::string column(model::dimName(dim));
            if (!table->text(i, column).empty()) layer.size(dim) = *table->integer(i, column, 1, 1 << 30);
        }
        layer.stride = static_cast<int>(*table->integer(i, "stride", 1, 100));
        if (table->text(i, "type") == "depthwise") {
            layer.size(Dim::K) = layer.size(Dim::C);
            layer.groups = static_cast<int>(layer.size(Dim::C));
        }
        const auto best = bestMapping(layer, hierarchy, fullMapSpace(hierarchy), {});
        ASSERT_TRUE(best.ok()) << base::toText(best.error());
        EXPECT_TRUE(best->optimal()) << layer.name << ": gap " << best->gap();
        // Scored as theirs: the search is the same, its bounds are not proven.
        const auto scored = bestMapping(layer, hierarchy, fullMapSpace(hierarchy),
                                        {.convention = cost::kTimeloop2025});
        ASSERT_TRUE(scored.ok()) << base::toText(scored.error());
        EXPECT_FALSE(scored->optimal());
        EXPECT_LE(scored->value, *table->number(i, "edp_best_long")) << layer.name;
    }
}

model::Layer smallLayer() {
    model::Layer layer;
    layer.name = "small";
    layer.size(Dim::K) = 8;
    layer.size(Dim::C) = 4;
    layer.size(Dim::P) = layer.size(Dim::Q) = 6;
    layer.size(Dim::R) = layer.size(Dim::S) = 3;
    return layer;
}

TEST(Mapper, SaysHowFarFromTheOptimumItStopped) {
    const auto hierarchy = unifiedBuffer();
    auto layer = smallLayer();
    layer.size(Dim::K) = layer.size(Dim::C) = 256;
    const auto stopped =
        bestMapping(layer, hierarchy, fullMapSpace(hierarchy), {.seconds = 1e-9});
    ASSERT_TRUE(stopped.ok()) << base::toText(stopped.error());
    const auto best = bestMapping(layer, hierarchy, fullMapSpace(hierarchy), {});
    ASSERT_TRUE(best.ok());
    EXPECT_GT(stopped->gap(), 0);
    EXPECT_FALSE(stopped->optimal());
    EXPECT_LE(stopped->lowerBound, best->value);
    EXPECT_GE(stopped->value, best->value);
}

TEST(Mapper, SameMappingWhateverTheThreads) {
    const auto hierarchy = unifiedBuffer();
    const auto alone = bestMapping(smallLayer(), hierarchy, fullMapSpace(hierarchy), {});
    base::Executor three(3, false);
    const auto shared =
        bestMapping(smallLayer(), hierarchy, fullMapSpace(hierarchy), {.executor = &three});
    ASSERT_TRUE(alone.ok() && shared.ok());
    EXPECT_EQ(alone->mapping, shared->mapping);
    EXPECT_EQ(alone->value, shared->value);
}

TEST(Mapper, NamesTheLayerThatNothingFits) {
    auto hierarchy = unifiedBuffer();
    hierarchy.levels[2].capacityWords = 2;  // a PE needs a word of each tensor
    const auto best = bestMapping(smallLayer(), hierarchy, fullMapSpace(hierarchy), {});
    ASSERT_FALSE(best.ok());
    EXPECT_NE(base::toText(best.error()).find("small: not even the smallest tiles fit"),
              std::string::npos)
        << base::toText(best.error());
}

TEST(Mapper, RefusesASpaceThatIsNotTheHierarchys) {
    const auto hierarchy = unifiedBuffer();
    MapSpace space = fullMapSpace(hierarchy);
    space.inner = 7;
    EXPECT_FALSE(bestMapping(smallLayer(), hierarchy, space, {}).ok());
}

}  // namespace
}  // namespace cohelix::mapping
