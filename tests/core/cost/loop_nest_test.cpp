// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cost/loop_nest.h"

#include <sstream>

#include <gtest/gtest.h>

namespace cohelix::cost {
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
        const Dim dim = *model::dimFromName(word.substr(0, 1));
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
    const auto result = evaluateLoopNest(smallLayer(), mapping,
                                         {.levels = {{.name = "DRAM"}, {.name = "buffer"}}});
    ASSERT_FALSE(result.ok());
    EXPECT_NE(result.error().what.find("over S make 1 of 3"), std::string::npos)
        << result.error().what;
}

TEST(LoopNest, NamesTheMemoryThatOverflowsAndByHowMuch) {
    const auto mapping = mappingOf("L1[WIO] K4 C2 P6 - L0[WIO] Q6 R3 S3");
    // Tile: 9 weights, 3 x 8 inputs, 6 outputs.
    const auto result = evaluateLoopNest(
        smallLayer(), mapping,
        {.levels = {{.name = "DRAM"}, {.name = "buffer", .capacityWords = 30}}});
    ASSERT_FALSE(result.ok());
    EXPECT_NE(result.error().what.find("buffer of 30 words by 9"), std::string::npos)
        << result.error().what;
}

TEST(LoopNest, SlidingWindowFetchesOnlyNewRows) {
    // Rows of the output one after the other: each step but the first needs one new input row.
    const auto mapping = mappingOf("L1[WIO] K4 C2 P6 - L0[WIO] Q6 R3 S3");
    const auto result = evaluateLoopNest(smallLayer(), mapping,
                                         {.levels = {{.name = "DRAM"}, {.name = "buffer"}}});
    ASSERT_TRUE(result.ok());
    const double perChannelPass = 3 * 8 + 5 * 8;
    EXPECT_EQ(result->levels[1].tensors[1].fills, 4 * 2 * perChannelPass);
}

}  // namespace
}  // namespace cohelix::cost
