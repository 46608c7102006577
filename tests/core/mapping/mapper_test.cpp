// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/mapper.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "core/base/csv.h"
#include "core/base/units.h"

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

TEST(Mapper, BeatsAHundredSecondsOfTimeloopsOnEveryLayer) {
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
        const auto best = bestMapping(layer, hierarchy, fullMapSpace(hierarchy), {.seconds = 60});
        ASSERT_TRUE(best.ok()) << base::toText(best.error());
        const auto other = bestMapping(layer, hierarchy, fullMapSpace(hierarchy),
                                       {.seconds = 1, .convention = cost::kTimeloop2025});
        const auto scored =
            cost::evaluateLoopNest(layer, other->mapping, hierarchy, cost::kTimeloop2025);
        ASSERT_TRUE(scored.ok());
        const double theirs = *table->number(i, "edp_best_long");
        std::printf("%-14s exact %.4e bound %.4e %s  2025 %.4e timeloop %.4e ratio %.3f  %.2f s %s tilings %s evaluations\n   %s\n",
                    layer.name.c_str(), best->value, best->lowerBound, best->optimal() ? "optimal" : "OPEN",
                    scored->energyPicojoule * scored->cycles, theirs,
                    scored->energyPicojoule * scored->cycles / theirs, best->seconds,
                    base::grouped(best->tilings).c_str(), base::grouped(best->evaluations).c_str(),
                    model::compactText(best->mapping).c_str());
        EXPECT_LE(scored->energyPicojoule * scored->cycles, theirs) << layer.name;
    }
}

}  // namespace
}  // namespace cohelix::mapping
