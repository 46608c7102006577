// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/loop_nest.h"

#include <sstream>

#include <gtest/gtest.h>

namespace cohelix::nest {
namespace {

using model::Dim;
using model::LoopKind;

/// "L3[WIO] P14 K16 - L2[WI] N1 K2X": levels outermost first; X marks a spatial loop.
model::Mapping mappingOf(const std::string& text) {
    model::Mapping mapping;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (word == "-") continue;
        if (word[0] == 'L') {
            mapping.levels.push_back({word.substr(0, 2), {}, {false, false, false}});
            for (const char c : word.substr(3)) {
                if (c == 'W') mapping.levels.back().keeps[0] = true;
                if (c == 'I') mapping.levels.back().keeps[1] = true;
                if (c == 'O') mapping.levels.back().keeps[2] = true;
            }
            continue;
        }
        const Dim dim = *base::valueOf<model::Dim>(word.substr(0, 1));
        const bool spatial = word.back() == 'X';
        mapping.levels.back().loops.push_back(
            {dim, std::stoll(word.substr(1)), spatial ? LoopKind::Columns : LoopKind::Temporal});
    }
    return mapping;
}

model::Layer smallLayer() {
    model::Layer layer;
    layer.name = "small";
    layer.size(Dim::K) = 4;
    layer.size(Dim::C) = 2;
    layer.size(Dim::P) = layer.size(Dim::Q) = 6;
    layer.size(Dim::R) = layer.size(Dim::S) = 3;
    return layer;
}

TEST(LoopNest, RefusesAMappingThatDoesNotCoverTheLayer) {
    const auto mapping = mappingOf("L1[WIO] K4 C2 P6 Q6 - L0[WIO] R3");
    const auto result =
        evaluateLoopNest(smallLayer(), mapping, {.levels = {{.name = "DRAM"}, {.name = "buffer"}}});
    ASSERT_FALSE(result.ok());
    EXPECT_NE(result.error().what.find("over S make 1 of 3"), std::string::npos)
        << result.error().what;
}

TEST(LoopNest, NamesTheMemoryThatOverflowsAndByHowMuch) {
    const auto mapping = mappingOf("L1[WIO] K4 C2 P6 - L0[WIO] Q6 R3 S3");
    // Tile: 9 weights, 3 x 8 inputs, 6 outputs.
    const auto result =
        evaluateLoopNest(smallLayer(), mapping,
                         {.levels = {{.name = "DRAM"}, {.name = "buffer", .capacityWords = 30}}});
    ASSERT_FALSE(result.ok());
    EXPECT_NE(result.error().what.find("buffer of 30 words by 9"), std::string::npos)
        << result.error().what;
}

TEST(LoopNest, SlidingWindowFetchesOnlyNewRows) {
    // Rows of the output one after the other: each step but the first needs one new input row.
    const auto mapping = mappingOf("L1[WIO] K4 C2 P6 - L0[WIO] Q6 R3 S3");
    const auto result =
        evaluateLoopNest(smallLayer(), mapping, {.levels = {{.name = "DRAM"}, {.name = "buffer"}}});
    ASSERT_TRUE(result.ok());
    const double perChannelPass = 3 * 8 + 5 * 8;
    EXPECT_EQ(result->levels[1].tensors[1].fills, 4 * 2 * perChannelPass);
}

TEST(LoopNest, DoubleBufferingNeedsTwiceTheRoom) {
    const auto mapping = mappingOf("L1[WIO] K4 C2 P6 - L0[WIO] Q6 R3 S3");  // tiles of 39 words
    MemoryLevel buffer{.name = "buffer", .capacityWords = 70};
    EXPECT_TRUE(
        evaluateLoopNest(smallLayer(), mapping, {.levels = {{.name = "DRAM"}, buffer}}).ok());
    buffer.doubleBuffered = true;
    const auto twice =
        evaluateLoopNest(smallLayer(), mapping, {.levels = {{.name = "DRAM"}, buffer}});
    ASSERT_FALSE(twice.ok());
    EXPECT_NE(twice.error().what.find("words, twice) overflow the buffer of 70 words by 8"),
              std::string::npos)
        << twice.error().what;
}

TEST(LoopNest, SingleBufferingWaitsForTheFirstTileAndTheLastDrain) {
    const auto mapping = mappingOf("L1[WIO] K4 C2 P6 - L0[WIO] Q6 R3 S3");
    MemoryLevel buffer{.name = "buffer", .readWordsPerCycle = 4, .writeWordsPerCycle = 8};
    const auto hidden =
        evaluateLoopNest(smallLayer(), mapping, {.levels = {{.name = "DRAM"}, buffer}});
    buffer.exposesFirstFill = true;
    const auto waits =
        evaluateLoopNest(smallLayer(), mapping, {.levels = {{.name = "DRAM"}, buffer}});
    ASSERT_TRUE(hidden.ok() && waits.ok());
    EXPECT_EQ(hidden->exposedCycles, 0);
    // 9 weights and 24 inputs at 8 words a cycle, then 6 outputs at 4.
    EXPECT_EQ(waits->exposedCycles, 5 + 2);
    EXPECT_EQ(waits->cycles, hidden->cycles + 7);
}

TEST(LoopNest, TheFirstTileComesOverTheSlowestPortOnItsWay) {
    const auto mapping = mappingOf("L1[WIO] K4 C2 P6 - L0[WIO] Q6 R3 S3");
    MemoryLevel dram{.name = "DRAM", .readWordsPerCycle = 3, .writeWordsPerCycle = 1};
    const MemoryLevel buffer{.name = "buffer",
                             .readWordsPerCycle = 4,
                             .writeWordsPerCycle = 8,
                             .exposesFirstFill = true};
    const auto exposed = [&] {
        const auto result = evaluateLoopNest(smallLayer(), mapping, {.levels = {dram, buffer}});
        return result.ok() ? result->exposedCycles : -1;
    };
    EXPECT_EQ(exposed(), 11 + 6);  // 33 words out of DRAM, 6 results into it
    dram.readWordsPerCycle = dram.writeWordsPerCycle = 100;
    EXPECT_EQ(exposed(), 5 + 2);
}

TEST(LoopNest, WorkWaitsForWhatOfATileHasNoRoom) {
    model::Layer layer{.name = "product"};
    layer.size(Dim::K) = 6;
    layer.size(Dim::C) = 8;
    layer.size(Dim::P) = 5;
    // Six tiles of 8 weights, 40 work cycles each, beside 40 inputs and 5 sums.
    const auto mapping = mappingOf("L1[WIO] K6 - L0[WIO] P5 C8");
    MemoryLevel buffer{.name = "buffer", .capacityWords = 53};
    Overlap overlap = Overlap::Full;
    const auto evaluated = [&] {
        const Hierarchy hierarchy{.levels = {{.name = "DRAM", .readWordsPerCycle = 1}, buffer},
                                  .overlap = overlap};
        return *evaluateLoopNest(layer, mapping, hierarchy);
    };
    EXPECT_EQ(evaluated().exposedCycles, 48 + 5 * 8);
    EXPECT_EQ(evaluated().cycles, 240 + 88);
    EXPECT_EQ(evaluated().levels[1].waitCycles, 88);
    buffer.capacityWords = 53 + 5;
    EXPECT_EQ(evaluated().exposedCycles, 43 + 5 * 3);
    buffer.capacityWords = 2 * 53;
    EXPECT_EQ(evaluated().cycles, 240);
    buffer.doubleBuffered = true;
    EXPECT_EQ(evaluated().cycles, 240);
    buffer.capacityWords = 53;
    buffer.doubleBuffered = false;
    overlap = Overlap::None;  // all transfers are waited for as it is
    EXPECT_EQ(evaluated().cycles, 240 + 88);
    EXPECT_EQ(evaluated().exposedCycles, 0);
    overlap = Overlap::Full;
    buffer.refillsInPlace = true;
    EXPECT_EQ(evaluated().cycles, 240);
}

TEST(LoopNest, NothingWaitsForTheLastDigitsOfAShare) {
    model::Layer layer{.name = "rows"};
    layer.size(Dim::N) = 24;
    layer.size(Dim::Q) = 12;
    layer.border = {.before = {0, 3}, .after = {0, 2}};
    const auto mapping = mappingOf("L1[WIO] Q3X N2 N4 - L0[I] Q4 N3");
    for (int rate = 1; rate < 20; ++rate) {
        // Of a tile's 12 inputs 7 are words, as many as have room beside it.
        const Hierarchy hierarchy{.levels = {{.name = "DRAM", .readWordsPerCycle = rate / 2.0},
                                             {.name = "buffer", .capacityWords = 12 + 7}}};
        const auto result = evaluateLoopNest(layer, mapping, hierarchy);
        ASSERT_TRUE(result.ok());
        EXPECT_EQ(result->exposedCycles, 0) << rate;
    }
}

TEST(LoopNest, SaysWhatTimeIsSpentOn) {
    model::Layer layer{.name = "product"};
    layer.size(Dim::K) = 6;
    layer.size(Dim::C) = 8;
    const auto limit = [&](double room, double rate, const char* mapping) {
        const Hierarchy hierarchy{.levels = {{.name = "DRAM", .readWordsPerCycle = rate},
                                             {.name = "buffer", .capacityWords = room}}};
        return limitText(*evaluateLoopNest(layer, mappingOf(mapping), hierarchy), hierarchy);
    };
    const char* rows = "L1[WIO] K6 - L0[WIO] C8";
    EXPECT_EQ(limit(1000, 100, rows), "compute");
    EXPECT_EQ(limit(1000, 0.5, rows), "DRAM bandwidth");
    EXPECT_EQ(limit(17, 0.5, rows), "buffer refill");
    EXPECT_EQ(limit(17, 2, rows), "compute");
}

TEST(LoopNest, ZerosAroundTheInputsAreNotMoved) {
    auto layer = smallLayer();
    layer.border = {1, 1};  // 6 x 6 inputs of two channels
    const auto mapping = mappingOf("L1[WIO] K4 - L0[WIO] C2 P6 Q6 R3 S3");
    Hierarchy hierarchy{.levels = {{.name = "DRAM"}, {.name = "buffer"}}};
    const auto inputs = [&](const Convention& convention = kExact) {
        return evaluateLoopNest(layer, mapping, hierarchy, convention)->levels[1].tensors[1];
    };
    EXPECT_EQ(inputs().tile, 2 * 36);
    EXPECT_EQ(inputs().fills, 2 * 36);
    // Four output channels read each input but where the kernel lies over the edge.
    EXPECT_EQ(inputs().reads, 4 * 2 * 16 * 16);
    EXPECT_EQ(inputs(kTimeloop2025).fills, 2 * 64);
    hierarchy.readsZeros = true;
    EXPECT_EQ(inputs().fills, 2 * 64);
    EXPECT_EQ(inputs().reads, 4 * 2 * 18 * 18);
}

TEST(LoopNest, NeighboursPassInputsOn) {
    // PE q works on input q + s: what its right neighbour has now, it wants next.
    model::Layer layer{.name = "row"};
    layer.size(model::Dim::Q) = 4;
    layer.size(model::Dim::S) = 3;
    const auto mapping = mappingOf("L1[WIO] S3 Q4X - L0[WIO] N1");
    MemoryLevel buffer{.name = "buffer", .readPicojoule = 10};
    MemoryLevel pe{.name = "PE", .forwardPicojoule = 0.5};
    const auto evaluated = [&] {
        return evaluateLoopNest(layer, mapping, {.levels = {buffer, pe}});
    };
    const auto alone = evaluated();
    pe.forwards = true;
    const auto linked = evaluated();
    buffer.multicast = false;
    const auto unicast = evaluated();
    ASSERT_TRUE(alone.ok() && linked.ok() && unicast.ok());
    const auto inputs = [](const auto& result, std::size_t level) {
        return result->levels[level].tensors[1];
    };
    EXPECT_EQ(inputs(alone, 0).reads, 12);
    EXPECT_EQ(inputs(alone, 1).forwards, 0);
    EXPECT_EQ(inputs(linked, 0).reads, 6);  // each word once
    EXPECT_EQ(inputs(linked, 1).fills, 12);
    EXPECT_EQ(inputs(linked, 1).forwards, 6);
    EXPECT_EQ(alone->energyPicojoule - linked->energyPicojoule, 6 * 10 - 6 * 0.5);
    EXPECT_EQ(inputs(unicast, 0).reads, 6);  // each word goes to one PE; the others pass it on
    EXPECT_EQ(unicast->levels[0].tensors[0].reads, 12);  // weights are not passed on here

    const auto refused =
        evaluateLoopNest(layer, mapping, {.name = "array", .levels = {buffer, pe}}, kTimeloop2025);
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().what.find("a memory of array takes words from its neighbours, which "
                                        "timeloop-2025 does not count"),
              std::string::npos);
}

TEST(LoopNest, RefusesWhatTheHardwareCannotDo) {
    const auto layer = smallLayer();
    const auto refusal = [&](const char* text, const Hierarchy& hierarchy,
                             const Convention& convention = kExact) {
        const auto result = evaluateLoopNest(layer, mappingOf(text), hierarchy, convention);
        return result.ok() ? std::string() : base::toText(result.error());
    };
    Hierarchy hierarchy{.levels = {{.name = "DRAM"}, {.name = "buffer"}}};
    const char* fits = "L1[WIO] K4X C2 P6 - L0[WIO] Q6 R3 S3";
    EXPECT_EQ(refusal(fits, hierarchy), "");
    hierarchy.levels[0].columns = 3;
    EXPECT_NE(refusal(fits, hierarchy).find("unrolls 4 columns inside DRAM; the array has 3"),
              std::string::npos);
    hierarchy.levels[0].columns = 0;
    hierarchy.levels[1].mayKeep = {true, false, true};
    EXPECT_NE(refusal(fits, hierarchy).find("keeps inputs in buffer, which cannot hold them"),
              std::string::npos);
    EXPECT_NE(refusal("L1[WO] K4 C2 P6 Q6 - L0[WO] R3 S3", hierarchy).find("keeps no inputs in"),
              std::string::npos);
    hierarchy.levels[1].mayKeep = {true, true, true};
    EXPECT_NE(refusal("L1[WIO] K5 C2 P6 Q6 - L0[WIO] R3 S3", hierarchy, kTimeloop2025)
                  .find("trips do not divide its sizes, which timeloop-2025 does not count"),
              std::string::npos);
    EXPECT_EQ(refusal("L1[WIO] K5 C2 P6 Q6 - L0[WIO] R3 S3", hierarchy), "");
    EXPECT_NE(refusal("L1[WIO] K0 C2 P6 Q6 - L0[WIO] R3 S3", hierarchy).find("has 0 trips"),
              std::string::npos);
    EXPECT_NE(refusal("L1[WIO] K4611686018427387904 K4 C2 P6 Q6 - L0[WIO] R3 S3", hierarchy)
                  .find("span more than 2^62"),
              std::string::npos);
    EXPECT_NE(refusal("L1[WIO] K1000000000 C1000000000 P6 Q6 - L0[WIO] R3 S3", hierarchy)
                  .find("more than can be counted exactly"),
              std::string::npos);
}

}  // namespace
}  // namespace cohelix::nest
