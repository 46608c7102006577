// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/side_by_side.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/hardware/pipeline/fpga_pipeline.h"

#include "tests/core/hardware/pipeline/small_layers.h"

namespace cohelix::explain {
namespace {

using hardware::kBoth;
using hardware::layerOf;
using hardware::upTo;
using model::ChunkRole;
using model::Parallelism;

model::PipelineChunk chunkOf(Parallelism parallelism, model::Tile buffer, model::Tile loop) {
    model::PipelineChunk chunk;
    chunk.parallelism = parallelism;
    chunk.buffer = buffer;
    chunk.loop = loop;
    return chunk;
}

std::vector<std::string> terms(const std::vector<ModelDifference>& differences) {
    std::vector<std::string> names;
    for (const auto& difference : differences) names.push_back(difference.term);
    return names;
}

double sum(const std::vector<ModelDifference>& differences) {
    double cycles = 0;
    for (const auto& difference : differences) cycles += difference.cycles;
    return cycles;
}

TEST(SideBySide, AgreesWithThePublishedVectorAndFindsNothingToCorrectInIt) {
    const auto chunk = chunkOf(kBoth, {16, 16, 8, 8}, {16, 16, 8, 8});  // vector A
    const auto both = compareModels(layerOf(144, 24, 32, 1), chunk);
    ASSERT_TRUE(both.ok());
    EXPECT_EQ(both->published.cycles, 169344);
    EXPECT_EQ(both->corrected.cycles, 169344);
    EXPECT_TRUE(both->toCorrected.empty());
    // 18 x 4 tiles of three steps, 256 cycles each; all else hides behind reads at 4 words a cycle.
    EXPECT_EQ(both->loopNest.computeCycles, 18 * 4 * 3 * 256);
    EXPECT_GT(both->loopNest.readCycles, both->loopNest.computeCycles);
    EXPECT_EQ(both->loopNest.cycles, both->loopNest.readCycles);
}

TEST(SideBySide, NamesTheTilesThatAreClipped) {
    const auto chunk = chunkOf(kBoth, {16, 16, 8, 8}, {16, 16, 8, 8});
    const auto both = compareModels(layerOf(64, 64, 8, 1), chunk);
    ASSERT_TRUE(both.ok());
    EXPECT_EQ(terms(both->toCorrected), std::vector<std::string>{"tiles clipped"});
    EXPECT_NE(
        both->toCorrected[0].text.find("16 x 16 x 8 x 8 are cut to the layer's 8 x 8 x 8 x 8"),
        std::string::npos)
        << both->toCorrected[0].text;
}

TEST(SideBySide, NamesPartialTilesAndThePatchOfAStride) {
    const auto chunk = chunkOf(kBoth, {16, 16, 8, 8}, {16, 16, 8, 8});
    const auto both = compareModels(layerOf(64, 60, 24, 1, 1, 2), chunk);
    ASSERT_TRUE(both.ok());
    ASSERT_EQ(terms(both->toCorrected),
              (std::vector<std::string>{"input patch", "partial tiles rounded up"}));
    EXPECT_NE(both->toCorrected[0].text.find("31 x 31 inputs with stride 2"), std::string::npos);
    const auto& partial = both->toCorrected[1];
    EXPECT_NE(partial.text.find("1.50 tiles of rows as 2"), std::string::npos) << partial.text;
    EXPECT_NE(partial.text.find("7.50 tiles of input channels as 8"), std::string::npos);
    EXPECT_GT(partial.cycles, 0);
    EXPECT_EQ(terms(both->toLoopNest).front(), "transfers overlap");
    EXPECT_LT(both->loopNest.cycles, both->corrected.cycles);
}

TEST(SideBySide, NamesTheEdgesThatOnlyTheLoopNestLeavesOut) {
    // Compute alone counts, and 24 rows are one tile and a half.
    const auto chunk = chunkOf(Parallelism::OutputChannels, {16, 16, 8, 8}, {16, 16, 8, 8});
    const auto both = compareModels(layerOf(64, 64, 24, 3), chunk);
    ASSERT_TRUE(both.ok());
    EXPECT_EQ(terms(both->toLoopNest),
              (std::vector<std::string>{"transfers overlap", "edge tiles at their size"}));
    EXPECT_EQ(both->loopNest.cycles, 8 * 64 * 9 * 24 * 24);
}

TEST(SideBySide, TheLoopNestOfADepthwiseOrGroupedLayerMakesAllItsMacs) {
    auto depthwise = chunkOf(Parallelism::OutputChannels, {16, 16, 8, 1}, {16, 16, 8, 1});
    depthwise.role = ChunkRole::Depthwise;
    const auto channels = compareModels(layerOf(144, 144, 32, 5, 144), depthwise);
    ASSERT_TRUE(channels.ok()) << channels.error().what;
    EXPECT_EQ(channels->nest.macs, 144 * 32 * 32 * 25);
    EXPECT_EQ(channels->loopNest.computeCycles, 18 * 32 * 32 * 25);
    const auto grouped =
        compareModels(layerOf(64, 64, 16, 1, 2), chunkOf(kBoth, {16, 16, 8, 8}, {16, 16, 8, 8}));
    ASSERT_TRUE(grouped.ok()) << grouped.error().what;
    EXPECT_EQ(grouped->loopNest.computeCycles, 2 * 4 * 4 * 256);
}

TEST(SideBySide, DifferencesAddUp) {
    rc::check([] {
        const bool depthwise = *rc::gen::arbitrary<bool>();
        const auto parallelism =
            depthwise
                ? *rc::gen::element(Parallelism::OutputChannels, Parallelism::OutputRows)
                : *rc::gen::element(Parallelism::OutputChannels, kBoth, Parallelism::OutputRows);
        const model::Tile buffer = {upTo(16), upTo(16), upTo(16), depthwise ? 1 : upTo(16)};
        const model::Tile loop = {upTo(buffer.rows), upTo(buffer.columns), upTo(buffer.outputs),
                                  upTo(buffer.inputs)};
        auto chunk = chunkOf(parallelism, buffer, loop);
        chunk.role = depthwise ? ChunkRole::Depthwise : ChunkRole::Standard;
        chunk.bits = *rc::gen::element(4, 8, 16);
        const int k = upTo(40);
        const auto layer = layerOf(k, depthwise ? k : upTo(40), upTo(30),
                                   *rc::gen::element(1, 3, 5), depthwise ? k : 1, upTo(2));
        const auto both = compareModels(layer, chunk);
        RC_ASSERT(both.ok());
        const auto near = [](double a, double b) {
            return std::abs(a - b) <= 1e-9 * (1 + std::abs(b));
        };
        RC_ASSERT(near(sum(both->toCorrected), both->corrected.cycles - both->published.cycles));
        RC_ASSERT(near(sum(both->toLoopNest), both->loopNest.cycles - both->corrected.cycles));
        const auto used = hardware::chunkForLayer(chunk, layer, model::FpgaModel::Corrected);
        const auto need =
            hardware::pipelineResources(used, layer, model::FpgaModel::Corrected, false);
        RC_ASSERT(both->loopNest.computeCycles * need.multipliers >=
                  static_cast<double>(both->nest.macs));
        // Iterations without work are left out, none is added.
        RC_ASSERT(both->loopNest.computeCycles <= both->corrected.computeCycles);
    });
}

}  // namespace
}  // namespace cohelix::explain
