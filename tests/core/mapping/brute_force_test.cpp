// SPDX-License-Identifier: GPL-3.0-or-later
// The mapper against every mapping of small spaces; tests/soak/mapper_soak tries more of them.
#include <gtest/gtest.h>

#include "tests/core/mapping/every_mapping.h"

namespace cohelix::mapping::test {
namespace {

class EveryKind : public testing::TestWithParam<Kind> {};

TEST_P(EveryKind, TheOptimumIsTheBestOfAllMappings) {
    base::Executor two(2, false);
    for (std::uint64_t number = 0; number < 100; ++number) {
        const auto sample = drawSample(GetParam(), 1, number);
        EXPECT_EQ(falsehoodAbout(sample, number % 2 == 0 ? nullptr : &two), "") << codeOf(sample);
    }
}

TEST_P(EveryKind, NoBoundIsAboveAMappingThatItBounds) {
    for (std::uint64_t number = 0; number < 50; ++number) {
        const auto sample = drawSample(GetParam(), 2, number);
        EXPECT_EQ(brokenBound(sample), "") << codeOf(sample);
    }
}

INSTANTIATE_TEST_SUITE_P(Mapper, EveryKind, testing::ValuesIn(kKinds), [](const auto& kind) {
    std::string name(kindName(kind.param));
    std::erase_if(name, [](char letter) { return letter == ' ' || letter == ','; });
    return name;
});

/// Four PEs as two rows of two, the last of them without work: three in a row are not alike, as
/// the fourth counts as one in use.
TEST(Mapper, TriesEveryShapeOfPesThatAnEdgeLeavesWithoutWork) {
    Sample sample;
    sample.layer.size(model::Dim::N) = 6;
    sample.layer.size(model::Dim::R) = 2;
    sample.hierarchy.levels = {
        {.name = "DRAM", .readPicojoule = 5, .fillPicojoule = 5, .updatePicojoule = 5},
        {.name = "buffer",
         .capacityWords = 20,
         .readPicojoule = 6,
         .fillPicojoule = 6,
         .updatePicojoule = 6,
         .rows = 2,
         .columns = 4},
        {.name = "registers",
         .capacityWords = 5,
         .readPicojoule = 1,
         .fillPicojoule = 1,
         .updatePicojoule = 1,
         .readWordsPerCycle = 1}};
    sample.hierarchy.macPicojoule = sample.hierarchy.staticPicojoulePerCycle = 1;
    sample.hierarchy.overlap = nest::Overlap::None;
    sample.space = fullMapSpace(sample.hierarchy);
    sample.padding = 0.5;
    for (const auto objective : {Objective::Latency, Objective::Energy, Objective::Edp}) {
        sample.objective = objective;
        EXPECT_EQ(falsehoodAbout(sample), "") << word(objective);
    }
}

}  // namespace
}  // namespace cohelix::mapping::test
