// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/mapper.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include "core/base/csv.h"
#include "core/lab/validate/compact_mapping.h"
#include "core/mapping/mapping_cache.h"
#include "core/nest/presets.h"
#include "core/workload/workload.h"

namespace cohelix::mapping {
namespace {

using model::Dim;

/// Architecture A1 of the measurements of Timeloop's mapper: 14 x 12 PEs with one memory each.
nest::Hierarchy unifiedBuffer() { return nest::findPreset("A1")->hierarchy; }

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
            const std::string column(word(dim));
            if (!table->text(i, column).empty()) {
                layer.size(dim) = *table->integer(i, column, 1, 1 << 30);
            }
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
                                        {.convention = nest::kTimeloop2025});
        ASSERT_TRUE(scored.ok()) << base::toText(scored.error());
        EXPECT_FALSE(scored->optimal());
        EXPECT_LE(scored->value, *table->number(i, "edp_best_long")) << layer.name;
    }
}

TEST(Mapper, IsNeverWorseThanAMappingOfTimeloopsGemminiTable) {
    const auto path = std::filesystem::path(COHELIX_DATA) / "timeloop_gemmini.csv";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "NOT CHECKED: " << path << " is absent";
    const std::vector<std::string> shape = {"pe_dim",
                                            "scratchpad_bytes",
                                            "accumulator_words_per_column",
                                            "C",
                                            "K",
                                            "N",
                                            "P",
                                            "Q",
                                            "R",
                                            "S",
                                            "stride_h",
                                            "dilation_h"};
    auto columns = shape;
    columns.push_back("mapping");
    const auto table = base::CsvTable::read(path, columns);
    ASSERT_TRUE(table.ok()) << base::toText(table.error());
    std::map<std::string, std::vector<std::size_t>> cases;  // rows of one layer on one accelerator
    for (std::size_t i = 0; i < table->rows(); ++i) {
        std::string key;
        for (const auto& column : shape) key += table->text(i, column) + " ";
        cases[key].push_back(i);
    }
    const std::size_t every = std::max<std::size_t>(1, cases.size() / 40);
    std::size_t number = 0;
    for (const auto& [key, rows] : cases) {
        if (number++ % every != 0) continue;
        const auto figure = [&](const char* column) {
            return *table->integer(rows.front(), column, 1, std::int64_t{1} << 40);
        };
        model::Layer layer;
        layer.name = table->where(rows.front());
        for (const Dim dim : model::kAllDims) {
            layer.size(dim) = figure(std::string(word(dim)).c_str());
        }
        layer.stride = static_cast<int>(figure("stride_h"));
        layer.dilation = static_cast<int>(figure("dilation_h"));
        const auto hierarchy = nest::gemminiOf2022(figure("pe_dim"), figure("scratchpad_bytes"),
                                                   figure("accumulator_words_per_column"));
        auto space = fullMapSpace(hierarchy);
        for (auto& unrolling : space.unrollings) {
            unrolling.dims.fill(false);
            const Dim dim = unrolling.level == 1 ? Dim::K : Dim::C;
            unrolling.dims[static_cast<std::size_t>(dim)] = true;
        }
        const auto best = bestMapping(layer, hierarchy, space, {});
        ASSERT_TRUE(best.ok()) << base::toText(best.error());
        EXPECT_TRUE(best->optimal()) << layer.name;
        for (const auto row : rows) {
            const auto theirs = validate::mappingFromCompact(table->text(row, "mapping"), "");
            ASSERT_TRUE(theirs.ok());
            const auto cost = nest::evaluateLoopNest(layer, *theirs, hierarchy);
            ASSERT_TRUE(cost.ok()) << base::toText(cost.error());
            EXPECT_LE(best->value, objectiveValue(Objective::Edp, *cost)) << table->where(row);
        }
    }
}

/// Every distinct shape of a network, each proven.
void expectProven(const char* network, const char* accelerator) {
    const auto workload = workload::workload(network);
    ASSERT_TRUE(workload.ok());
    const auto preset = nest::findPreset(accelerator);
    ASSERT_TRUE(preset.has_value());
    const auto space = mapSpaceOf(preset->hierarchy, preset->dataflow);
    MappingCache cache;
    for (const auto& layer : workload->layers) {
        const auto best = cache.bestMapping(layer, preset->hierarchy, space, {});
        ASSERT_TRUE(best.ok()) << base::toText(best.error());
        EXPECT_TRUE(best->optimal()) << layer.name << ": gap " << best->gap();
    }
}

TEST(Mapper, ProvesEveryLayerOfMobileNetOnGemminiAndEyeriss) {
    expectProven("mobilenetv2", "gemmini");
    expectProven("mobilenetv2", "eyeriss");
}

TEST(Mapper, ProvesEveryLayerOfResNet50OnGemminiAndEyeriss) {
    expectProven("resnet50", "gemmini");
    expectProven("resnet50", "eyeriss");
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
    const auto stopped = bestMapping(layer, hierarchy, fullMapSpace(hierarchy), {.seconds = 1e-9});
    ASSERT_TRUE(stopped.ok()) << base::toText(stopped.error());
    const auto best = bestMapping(layer, hierarchy, fullMapSpace(hierarchy), {});
    ASSERT_TRUE(best.ok());
    EXPECT_GT(stopped->gap(), 0);
    EXPECT_FALSE(stopped->optimal());
    EXPECT_LE(stopped->lowerBound, best->value);
    EXPECT_GE(stopped->value, best->value);
}

/// All weights come from DRAM once, whatever the mapping: 64 x 64 words at one a cycle.
TEST(Mapper, KnowsWhatEveryMappingMustMove) {
    auto hierarchy = unifiedBuffer();
    hierarchy.levels[0].readWordsPerCycle = 1;
    model::Layer layer{.name = "classifier"};
    layer.size(Dim::K) = layer.size(Dim::C) = 64;
    const auto stopped = bestMapping(layer, hierarchy, fullMapSpace(hierarchy),
                                     {.objective = Objective::Latency, .seconds = 1e-9});
    ASSERT_TRUE(stopped.ok()) << base::toText(stopped.error());
    EXPECT_EQ(stopped->lowerBound, 64 * 64 + 64);
}

TEST(Mapper, SameMappingWhateverTheThreads) {
    const auto hierarchy = unifiedBuffer();
    const auto space = fullMapSpace(hierarchy);
    for (const auto objective : {Objective::Latency, Objective::Energy, Objective::Edp}) {
        const auto alone = bestMapping(smallLayer(), hierarchy, space, {.objective = objective});
        base::Executor three(3, false);
        const auto shared = bestMapping(smallLayer(), hierarchy, space,
                                        {.objective = objective, .executor = &three});
        ASSERT_TRUE(alone.ok() && shared.ok());
        EXPECT_EQ(alone->mapping, shared->mapping) << word(objective);
        EXPECT_EQ(alone->value, shared->value) << word(objective);
    }
}

TEST(Mapper, SameMappingWhateverTheThreadsWithAllChoices) {
    const auto hierarchy = unifiedBuffer();
    const auto space = fullMapSpace(hierarchy);
    auto layer = smallLayer();
    layer.size(Dim::P) = 7;
    const auto mapped = [&](base::Executor* executor) {
        return bestMapping(layer, hierarchy, space,
                           {.keeping = Keeping::Chosen, .padding = 0.2, .executor = executor});
    };
    base::Executor three(3, false);
    const auto alone = mapped(nullptr);
    const auto shared = mapped(&three);
    ASSERT_TRUE(alone.ok() && shared.ok());
    EXPECT_TRUE(alone->optimal());
    EXPECT_EQ(alone->mapping, shared->mapping);
    EXPECT_EQ(alone->value, shared->value);
}

TEST(Mapper, TilesThatDoNotDivideFillAnArrayThatDivisorsCannot) {
    // 13 channels on 4 columns: one at a time where trips divide, else in 4 rounds.
    model::Layer layer{.name = "prime"};
    layer.size(Dim::K) = 13;
    nest::Hierarchy hierarchy{.name = "columns",
                              .levels = {{.name = "DRAM"},
                                         {.name = "buffer", .columns = 4},
                                         {.name = "register", .capacityWords = 3}}};
    const auto space = fullMapSpace(hierarchy);
    MapperOptions options{.objective = Objective::Latency};
    const auto dividing = bestMapping(layer, hierarchy, space, options);
    options.padding = 0.25;
    const auto padded = bestMapping(layer, hierarchy, space, options);
    ASSERT_TRUE(dividing.ok() && padded.ok());
    EXPECT_EQ(dividing->cost.cycles, 13);
    EXPECT_EQ(padded->cost.cycles, 4);
    EXPECT_TRUE(padded->optimal());
    layer.size(Dim::K) = 1'000'000'007;  // a prime with too many spans to list
    const auto huge = bestMapping(layer, hierarchy, space, options);
    ASSERT_TRUE(huge.ok());
    EXPECT_EQ(huge->cost.cycles, 1'000'000'007);
    ASSERT_EQ(huge->notes.size(), 1U);
    EXPECT_NE(huge->notes[0].find("loops over K are not padded"), std::string::npos);
    layer.size(Dim::K) = 13;
    options.padding = 0.2;  // 15 at most: not 4 x 4, but 3 x 5
    const auto less = bestMapping(layer, hierarchy, space, options);
    ASSERT_TRUE(less.ok());
    EXPECT_EQ(less->cost.cycles, 5);

    options.convention = nest::kTimeloop2025;
    const auto refused = bestMapping(layer, hierarchy, space, options);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().what, "tilings that do not divide are not counted by timeloop-2025");
}

TEST(Mapper, OfEquallyFastMappingsTakesTheOneOfLeastEnergy) {
    const auto hierarchy = unifiedBuffer();
    const auto space = fullMapSpace(hierarchy);
    const auto fast =
        bestMapping(smallLayer(), hierarchy, space, {.objective = Objective::Latency});
    const auto edp = bestMapping(smallLayer(), hierarchy, space, {.objective = Objective::Edp});
    ASSERT_TRUE(fast.ok() && edp.ok());
    EXPECT_TRUE(fast->optimal());
    EXPECT_LE(fast->cost.cycles, edp->cost.cycles);
    if (fast->cost.cycles == edp->cost.cycles) {
        EXPECT_LE(fast->cost.energyPicojoule, edp->cost.energyPicojoule);
    }
}

TEST(Mapper, SaysOfALayerBeyondAllCountsThatItIs) {
    model::Layer layer{.name = "huge"};
    layer.size(Dim::K) = layer.size(Dim::C) = 1'000'000'000;
    const auto hierarchy = unifiedBuffer();
    auto space = fullMapSpace(hierarchy);
    const auto refusal = [&] {
        const auto best = bestMapping(layer, hierarchy, space, {.keeping = Keeping::WhatFits});
        return best ? std::string() : best.error().what;
    };
    EXPECT_NE(refusal().find("more than can be counted exactly"), std::string::npos) << refusal();
    space.constraints = Constraints{.levels = std::vector<LevelConstraints>(3)};
    space.constraints->levels[2].temporal[0] = TripRule::exactly(1);
    EXPECT_NE(refusal().find("more than can be counted exactly"), std::string::npos) << refusal();
}

TEST(Mapper, NamesTheLayerThatNothingFits) {
    auto hierarchy = unifiedBuffer();
    hierarchy.levels[2].capacityWords = 2;  // a PE needs a word of each tensor
    const auto best = bestMapping(smallLayer(), hierarchy, fullMapSpace(hierarchy), {});
    ASSERT_FALSE(best.ok());
    EXPECT_NE(base::toText(best.error()).find("small: not even the smallest tiles fit"),
              std::string::npos)
        << base::toText(best.error());
    EXPECT_TRUE(
        bestMapping(smallLayer(), hierarchy, fullMapSpace(hierarchy), {.keeping = Keeping::Chosen})
            .ok());
}

/// A buffer with multipliers inside it and no memory in between.
TEST(Mapper, UnrollsInsideTheInnermostMemory) {
    nest::Hierarchy hierarchy{.name = "two"};
    hierarchy.levels = {{.name = "DRAM", .readWordsPerCycle = 4, .rows = 1, .columns = 1},
                        {.name = "buffer", .capacityWords = 200, .rows = 2, .columns = 2}};
    hierarchy.levels[0].setAccess(50);
    hierarchy.levels[1].setAccess(4);
    hierarchy.macPicojoule = 1;
    hierarchy.pes = 4;
    model::Layer layer{.name = "product"};
    layer.size(Dim::K) = layer.size(Dim::C) = 8;
    layer.size(Dim::P) = 4;
    const auto best = bestMapping(layer, hierarchy, fullMapSpace(hierarchy), {});
    ASSERT_TRUE(best.ok()) << base::toText(best.error());
    EXPECT_TRUE(best->optimal() && best->extent.ownLoops);
    EXPECT_EQ(best->cost.cycles, 8 * 8 * 4 / 4);
    EXPECT_EQ(best->mapping.levels.size(), 2u);

    // Two arrays, one inside the other's PEs: three blocks of loops are not enough.
    auto nested = hierarchy;
    nested.levels.insert(nested.levels.begin() + 1,
                         {.name = "outer", .capacityWords = 4096, .rows = 1, .columns = 4});
    nested.levels[1].setAccess(6);
    nested.pes = 16;
    const auto inBoth = bestMapping(layer, nested, fullMapSpace(nested), {});
    ASSERT_TRUE(inBoth.ok()) << base::toText(inBoth.error());
    EXPECT_TRUE(inBoth->optimal() && inBoth->extent.ownLoops);
    EXPECT_EQ(inBoth->cost.pesInUse, 16);
}

TEST(Mapper, SaysWhetherItsBoundIsOfEveryMapping) {
    const auto every = [](const nest::Hierarchy& hierarchy) {
        const auto best = bestMapping(smallLayer(), hierarchy, fullMapSpace(hierarchy),
                                      {.seconds = 0.1, .keeping = Keeping::WhatFits});
        return best.ok() && best->extent.ownLoops;
    };
    auto hierarchy = unifiedBuffer();
    ASSERT_EQ(hierarchy.levels.size(), 3u);
    EXPECT_TRUE(every(hierarchy));
    hierarchy.levels[0].columns = 2;  // windows are not unrolled there
    EXPECT_FALSE(every(hierarchy));
    hierarchy = unifiedBuffer();
    hierarchy.levels.insert(hierarchy.levels.begin() + 1,
                            {.name = "second", .capacityWords = 4096, .rows = 1, .columns = 1});
    EXPECT_FALSE(every(hierarchy)) << "two buffers have one block of loops";
}

TEST(Mapper, SaysWhetherItsBoundIsOfMappingsThatKeepLess) {
    nest::Hierarchy hierarchy{.name = "narrow"};
    hierarchy.levels = {{.name = "DRAM", .readWordsPerCycle = 1, .sharedBandwidth = true},
                        {.name = "buffer", .capacityWords = 3}};
    hierarchy.levels[0].setAccess(100);
    hierarchy.levels[1].setAccess(1);
    model::Layer layer{.name = "conv"};
    layer.size(Dim::K) = layer.size(Dim::C) = layer.size(Dim::P) = layer.size(Dim::Q) = 2;
    auto space = fullMapSpace(hierarchy);
    const auto extent = [&](Keeping keeping) {
        const auto best = bestMapping(layer, hierarchy, space, {.keeping = keeping});
        EXPECT_TRUE(best.ok() && best->optimal());
        return best.ok() ? best->extent : Extent{false, false, false};
    };
    EXPECT_FALSE(extent(Keeping::All).lessKept);
    EXPECT_FALSE(extent(Keeping::WhatFits).lessKept);
    EXPECT_TRUE(extent(Keeping::Chosen).everyMapping());
    space.constraints = Constraints{.levels = std::vector<LevelConstraints>(2)};
    space.constraints->levels[1].keeps = {true, false, true};
    EXPECT_TRUE(extent(Keeping::WhatFits).everyMapping()) << "nothing is left to choose";
    space.constraints->levels[1].keeps[0] = std::nullopt;
    EXPECT_FALSE(extent(Keeping::WhatFits).lessKept);
    layer.size(Dim::P) = 3;
    EXPECT_TRUE(extent(Keeping::Chosen).lessKept);
    EXPECT_FALSE(extent(Keeping::Chosen).unevenTrips) << "3 may be 2 x 2";
    space.constraints.reset();
    const auto padded =
        bestMapping(layer, hierarchy, space, {.keeping = Keeping::Chosen, .padding = 1});
    ASSERT_TRUE(padded.ok());
    EXPECT_TRUE(padded->extent.everyMapping());
}

TEST(Mapper, TakesTheFastestOfEqualEnergies) {
    auto hierarchy = unifiedBuffer();
    for (auto& memory : hierarchy.levels) memory.setAccess(0);  // every mapping costs as much
    model::Layer layer{.name = "small"};
    layer.size(Dim::K) = layer.size(Dim::P) = 4;
    const auto best = [&](Objective objective) {
        return bestMapping(layer, hierarchy, fullMapSpace(hierarchy), {.objective = objective});
    };
    const auto fast = best(Objective::Latency);
    const auto least = best(Objective::Energy);
    ASSERT_TRUE(fast.ok() && least.ok());
    EXPECT_EQ(least->cost.cycles, fast->cost.cycles);
}

TEST(Mapper, MapsOnOneMemory) {
    nest::Hierarchy hierarchy{.name = "one", .levels = {{.name = "buffer", .columns = 4}}};
    hierarchy.levels[0].setAccess(2);
    const auto layer = smallLayer();
    const auto best = bestMapping(layer, hierarchy, fullMapSpace(hierarchy), {});
    ASSERT_TRUE(best.ok()) << base::toText(best.error());
    EXPECT_TRUE(best->optimal());
    ASSERT_EQ(best->mapping.levels.size(), 1U);
    EXPECT_EQ(best->cost.cycles, static_cast<double>(model::macs(layer)) / 4);
}

TEST(Mapper, MapsOnAsManyMemoriesAsAFileMayHave) {
    nest::Hierarchy hierarchy{.name = "deep"};
    for (int l = 0; l < 16; ++l) {
        hierarchy.levels.push_back({.name = "memory " + std::to_string(l)});
        auto& level = hierarchy.levels.back();
        level.setAccess(100.0 / (l + 1));
        level.capacityWords = l == 0 ? 0 : 4000 / l;
        level.mayKeep = {l % 3 == 0, l % 3 == 1, l % 3 == 2};
    }
    hierarchy.levels[0].mayKeep.fill(true);
    hierarchy.levels[14].columns = 4;
    model::Layer layer{.name = "small"};
    layer.size(Dim::K) = layer.size(Dim::C) = 8;
    const MapperOptions options{.keeping = Keeping::Chosen};
    const auto best = bestMapping(layer, hierarchy, fullMapSpace(hierarchy), options);
    ASSERT_TRUE(best.ok()) << base::toText(best.error());
    EXPECT_TRUE(best->optimal());
    hierarchy.levels.push_back(hierarchy.levels.back());
    const auto more = bestMapping(layer, hierarchy, fullMapSpace(hierarchy), options);
    ASSERT_FALSE(more.ok());
    EXPECT_EQ(more.error().what, "it has 17 memories");
}

TEST(Mapper, MakesNothingLeastThatIsZeroForWantOfFigures) {
    nest::Hierarchy hierarchy{.name = "bare",
                              .levels = {{.name = "DRAM"},
                                         {.name = "buffer", .capacityWords = 100, .columns = 2},
                                         {.name = "register", .capacityWords = 6}}};
    const auto space = fullMapSpace(hierarchy);
    EXPECT_FALSE(anyEnergy(hierarchy));
    for (const auto objective : {Objective::Energy, Objective::Edp}) {
        const auto refused = bestMapping(smallLayer(), hierarchy, space, {.objective = objective});
        ASSERT_FALSE(refused.ok());
        EXPECT_NE(refused.error().what.find("DRAM, buffer, register, multipliers"),
                  std::string::npos)
            << refused.error().what;
        EXPECT_NE(refused.error().advice.find("latency"), std::string::npos);
    }
    const auto fast =
        bestMapping(smallLayer(), hierarchy, space, {.objective = Objective::Latency});
    ASSERT_TRUE(fast.ok());
    EXPECT_TRUE(fast->optimal());
    hierarchy.levels[1].setAccess(1);
    EXPECT_TRUE(anyEnergy(hierarchy));
    EXPECT_EQ(withoutEnergy(hierarchy),
              (std::vector<std::string>{"DRAM", "register", "multipliers"}));
}

TEST(Mapper, KeepsAsMuchAsFits) {
    auto hierarchy = unifiedBuffer();
    hierarchy.levels[2].capacityWords = 2;  // a PE would need a word of each tensor
    const auto space = fullMapSpace(hierarchy);
    const auto most = bestMapping(smallLayer(), hierarchy, space, {.keeping = Keeping::WhatFits});
    ASSERT_TRUE(most.ok()) << base::toText(most.error());
    EXPECT_FALSE(most->keepsAll);
    EXPECT_EQ(std::ranges::count(most->mapping.levels[2].keeps, true), 2);
    EXPECT_EQ(std::ranges::count(most->mapping.levels[1].keeps, true), 3);
    hierarchy.levels[2].capacityWords = 30;
    const auto all = bestMapping(smallLayer(), hierarchy, space, {.keeping = Keeping::All});
    const auto same = bestMapping(smallLayer(), hierarchy, space, {.keeping = Keeping::WhatFits});
    ASSERT_TRUE(all.ok() && same.ok());
    EXPECT_TRUE(same->keepsAll);
    EXPECT_EQ(all->mapping, same->mapping);
}

TEST(Mapper, OfTwoMemoriesBeforeTheArrayOneKeepsATensor) {
    nest::Hierarchy hierarchy{.name = "two buffers",
                              .levels = {{.name = "DRAM"},
                                         {.name = "large", .capacityWords = 1000},
                                         {.name = "small", .capacityWords = 100, .columns = 4},
                                         {.name = "register", .capacityWords = 6}}};
    for (std::size_t l = 0; l < 4; ++l) hierarchy.levels[l].setAccess(8.0 / (l + 1));
    const auto space = fullMapSpace(hierarchy);
    EXPECT_FALSE(bestMapping(smallLayer(), hierarchy, space, {}).ok());
    const auto best = bestMapping(smallLayer(), hierarchy, space, {.keeping = Keeping::WhatFits});
    ASSERT_TRUE(best.ok()) << base::toText(best.error());
    for (std::size_t t = 0; t < model::kTensors; ++t) {
        EXPECT_NE(best->mapping.levels[1].keeps[t], best->mapping.levels[2].keeps[t]);
    }
}

TEST(Mapper, KeepsToItsSecondsWhereTripsNeedNotDivide) {
    auto layer = smallLayer();
    layer.size(Dim::K) = layer.size(Dim::C) = 61;
    layer.size(Dim::P) = layer.size(Dim::Q) = 53;
    const auto hierarchy = unifiedBuffer();
    const auto space = fullMapSpace(hierarchy);
    const auto found = bestMapping(layer, hierarchy, space,
                                   {.seconds = 0.2, .keeping = Keeping::Chosen, .padding = 1});
    ASSERT_TRUE(found.ok()) << base::toText(found.error());
    EXPECT_FALSE(found->optimal());
    EXPECT_GT(found->lowerBound, 0);
}

TEST(Mapper, NeedsNoTilingThatDoesNotDivideWhereNoneCanBeFaster) {
    const auto layer = smallLayer();
    nest::Hierarchy hierarchy{.name = "columns",
                              .levels = {{.name = "DRAM"},
                                         {.name = "buffer", .columns = 8},
                                         {.name = "register", .capacityWords = 8}}};
    const auto space = fullMapSpace(hierarchy);
    MapperOptions options{.objective = Objective::Latency};
    const auto dividing = bestMapping(layer, hierarchy, space, options);
    options.padding = 1;
    const auto padded = bestMapping(layer, hierarchy, space, options);
    ASSERT_TRUE(dividing.ok() && padded.ok());
    EXPECT_EQ(padded->cost.cycles, static_cast<double>(model::macs(layer)) / 8);
    EXPECT_TRUE(padded->optimal());
    EXPECT_EQ(padded->tilings, dividing->tilings);
    EXPECT_EQ(padded->mapping, dividing->mapping);
}

TEST(Mapper, MapsEveryWorkloadOnEveryPresetByDefault) {
    for (const auto& preset : nest::presets()) {
        const auto space = mapSpaceOf(preset.hierarchy, preset.dataflow);
        MappingCache cache;
        for (const char* name :
             {"alexnet", "vgg16", "resnet18", "resnet50", "mobilenetv2", "efficientnet-b0",
              "fbnet-c-like", "proxylessnas-mobile-like", "bert-base", "bert-base:384",
              "nasbench201:6111", "nasbench-macro:10220212"}) {
            const auto workload = workload::workload(name);
            ASSERT_TRUE(workload.ok()) << name;
            for (const auto& layer : workload->layers) {
                const auto found =
                    cache.bestMapping(layer, preset.hierarchy, space,
                                      {.seconds = 1e-9, .keeping = Keeping::WhatFits});
                ASSERT_TRUE(found.ok())
                    << preset.name() << ", " << name << ": " << base::toText(found.error());
                EXPECT_LE(found->lowerBound, found->value);
            }
        }
    }
}

TEST(Mapper, RefusesASpaceThatIsNotTheHierarchys) {
    const auto hierarchy = unifiedBuffer();
    MapSpace space = fullMapSpace(hierarchy);
    space.inner = 7;
    EXPECT_FALSE(bestMapping(smallLayer(), hierarchy, space, {}).ok());
}

}  // namespace
}  // namespace cohelix::mapping
