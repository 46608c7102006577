// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/resources.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/hardware/evaluate.h"

#include "tests/core/hardware/pipeline/small_layers.h"

namespace cohelix::hardware {
namespace {

using model::ChunkRole;
using model::Parallelism;
using model::Tensor;

model::PipelineChunk chunkOf(ChunkRole role, Parallelism parallelism, model::Tile buffer,
                             model::Tile loop, int bits = 16) {
    model::PipelineChunk chunk;
    chunk.role = role;
    chunk.parallelism = parallelism;
    chunk.buffer = buffer;
    chunk.loop = loop;
    chunk.bits = bits;
    return chunk;
}

TEST(Dsp, PackMultipliesThatShareOperands) {
    EXPECT_EQ(multipliesPerDsp(16, Sharing::Both), 1);
    EXPECT_EQ(multipliesPerDsp(18, Sharing::One), 1);
    EXPECT_EQ(multipliesPerDsp(24, Sharing::None), 0.5);
    EXPECT_EQ(multipliesPerDsp(32, Sharing::None), 0.25);
    EXPECT_EQ(multipliesPerDsp(8, Sharing::None), 1);
    EXPECT_EQ(multipliesPerDsp(8, Sharing::One), 2);
    EXPECT_EQ(multipliesPerDsp(8, Sharing::Both), 2);
    EXPECT_EQ(multipliesPerDsp(4, Sharing::One), 2);
    EXPECT_EQ(multipliesPerDsp(4, Sharing::Both), 4);
}

TEST(Dsp, OfAChunkFollowsWhatItsLanesShare) {
    const model::Tile tile = {8, 8, 7, 4};
    const auto dsp = [&](ChunkRole role, Parallelism parallelism, int bits) {
        return dspOfChunk(chunkOf(role, parallelism, tile, tile, bits));
    };
    const auto both = Parallelism::OutputAndInputChannels;
    EXPECT_EQ(dsp(ChunkRole::Standard, both, 16), 28);
    EXPECT_EQ(dsp(ChunkRole::Standard, both, 8), 16);  // pairs along 7 outputs, for 4 inputs
    EXPECT_EQ(dsp(ChunkRole::Standard, Parallelism::OutputRows, 8), 4);
    EXPECT_EQ(dsp(ChunkRole::Depthwise, Parallelism::OutputChannels, 8), 7);
    EXPECT_EQ(dsp(ChunkRole::Depthwise, Parallelism::OutputRows, 8), 4);
}

TEST(Banks, TakeTheShapeThatNeedsFewestBlocks) {
    EXPECT_EQ(bram18kOfBank(1024, 18), 1);
    EXPECT_EQ(bram18kOfBank(1024, 16), 1);
    EXPECT_EQ(bram18kOfBank(1025, 16), 2);
    EXPECT_EQ(bram18kOfBank(512, 36), 1);
    EXPECT_EQ(bram18kOfBank(512, 32), 1);
    EXPECT_EQ(bram18kOfBank(513, 32), 2);
    EXPECT_EQ(bram18kOfBank(2048, 8), 1);  // 9 wide
    EXPECT_EQ(bram18kOfBank(2049, 8), 2);  // 4K x 4, twice
    EXPECT_EQ(bram18kOfBank(16384, 1), 1);
    EXPECT_EQ(bram18kOfBank(4096, 16), 4);
    EXPECT_EQ(uramOfBank(4096, 72), 1);
    EXPECT_EQ(uramOfBank(4097, 16), 2);
    EXPECT_EQ(lutOfBank(64, 16), 16);
    EXPECT_EQ(lutOfBank(65, 16), 32);
}

TEST(Banks, HoldAllTheirBits) {
    rc::check([] {
        const double words = *rc::gen::inRange(1, 1 << 18);
        const int bits = *rc::gen::inRange(1, 33);
        const double block = bram18kOfBank(words, bits);
        RC_ASSERT(block * 18432 >= words * bits);
        RC_ASSERT(uramOfBank(words, bits) * 294912 >= words * bits);
        RC_ASSERT(lutOfBank(words, bits) * 64 >= words * bits);
        RC_ASSERT(bram18kOfBank(words + 1, bits) >= block);
        RC_ASSERT(bram18kOfBank(words, bits + 1) >= block);
    });
}

TEST(Banks, GoToTablesUltraRamOrBlockRam) {
    const std::vector<Banks> banks = {{Tensor::Weights, 64, 9, 16},
                                      {Tensor::Inputs, 4, 4096, 64},
                                      {Tensor::Outputs, 8, 1000, 16}};
    const auto without = store(banks, 0);
    EXPECT_EQ(without.lut, 64 * 16);
    EXPECT_EQ(without.uram, 0);
    EXPECT_EQ(without.bram18k, 4 * 16 + 8);
    const auto with = store(banks, 3);  // one bank too many for them
    EXPECT_EQ(with.uram, 3);
    EXPECT_EQ(with.bram18k, 16 + 8);
    EXPECT_EQ(with.lut, without.lut);
}

TEST(Resources, AChunkHoldsItsMostDemandingLayers) {
    const auto chunk = chunkOf(ChunkRole::Standard, Parallelism::OutputAndInputChannels,
                               {16, 16, 16, 8}, {16, 16, 8, 4});
    const std::vector layers = {layerOf(64, 64, 16, 1), layerOf(16, 4, 8, 3)};
    const auto banks = banksOf(chunk, layers, true);
    EXPECT_EQ(banks[0], (Banks{Tensor::Weights, 8 * 4 * 2, 9 * 2 * 1, 16}));
    EXPECT_EQ(banks[1], (Banks{Tensor::Inputs, 2 * 4, 16 * 16 * 2, 16}));
    EXPECT_EQ(banks[2], (Banks{Tensor::Outputs, 8, 16 * 16 * 2, 16}));
}

TEST(Resources, OfAPipelineAreItsChunksWithLayers) {
    model::Accelerator accelerator;
    accelerator.pipeline = {
        chunkOf(ChunkRole::Standard, Parallelism::OutputAndInputChannels, {16, 16, 8, 8},
                {16, 16, 8, 8}),
        chunkOf(ChunkRole::Standard, Parallelism::OutputChannels, {1, 1, 512, 1}, {1, 1, 512, 1})};
    model::Network network;
    network.layers = {layerOf(144, 24, 32, 1)};
    const std::vector<int> chunks = {0};
    const auto zc706 = *model::findDevice("ZC706");
    const auto use = fpgaResources(network, accelerator, chunks, zc706);
    EXPECT_EQ(use.dsp, 64);
    EXPECT_EQ(use.bram18k, 2 * 8 + 8);  // weights of 16 bits stay in tables
    EXPECT_EQ(use.lut, std::ceil(182616.0 / 780 * 64 + 64 * 16));
    const auto cost = evaluate(network, accelerator, chunks, zc706).value();
    const auto lines = resourceLines(cost, use, zc706);
    ASSERT_EQ(lines.size(), 4u);
    EXPECT_EQ(lines[1].used, cost.bram18k);
    EXPECT_EQ(lines[1].placed, use.bram18k);
    for (const auto& line : lines) {
        EXPECT_EQ(line.estimate, line.name == "LUT" || line.name == "FF");
        EXPECT_FALSE(line.over()) << line.name;
    }
    EXPECT_EQ(resourceLines(cost, use, *model::findDevice("KV260")).size(), 5u);
}

TEST(Resources, QiuEtAlComeBackAsPublished) {
    model::Accelerator accelerator;
    accelerator.pipeline = {chunkOf(ChunkRole::Standard, Parallelism::OutputAndInputChannels,
                                    {1, 1, 60, 13}, {1, 1, 60, 13})};
    model::Network network;
    network.layers = {layerOf(60, 13, 1, 1)};
    const std::vector<int> chunks = {0};
    const auto use = fpgaResources(network, accelerator, chunks, *model::findDevice("ZC706"));
    EXPECT_EQ(use.dsp, 780);
    EXPECT_NEAR(use.flipFlops, 127653, 1);
}

TEST(Area, GivesEyerissItsCoreAndShrinksWithTheNode) {
    const AsicParts eyeriss = {.pes = 168,
                               .bits = 16,
                               .sumBits = 32,
                               .registerBits = (12 + 224 + 24) * 16,
                               .bufferBits = 108 * 1024 * 8};
    EXPECT_NEAR(areaMm2(eyeriss, *findAsicNode(65)), 12.25, 0.01);
    EXPECT_LT(areaMm2(eyeriss, *findAsicNode(40)), areaMm2(eyeriss, *findAsicNode(65)));
    EXPECT_LT(areaMm2(eyeriss, *findAsicNode(28)), areaMm2(eyeriss, *findAsicNode(40)));
    EXPECT_FALSE(findAsicNode(7));
}

TEST(Area, OfAnAcceleratorIsThatOfItsChunks) {
    model::Accelerator accelerator;
    accelerator.kind = model::Template::LoopNest;
    model::ArrayChunk chunk;
    chunk.peCount = 64;
    chunk.bufferWords = 4096;
    chunk.registerWords = 32;
    accelerator.arrays = {chunk, chunk};
    const auto asic = *model::findDevice("ASIC-28nm");
    const auto use = asicResources(accelerator, asic);
    ASSERT_TRUE(use);
    EXPECT_DOUBLE_EQ(use->areaMm2, 2 * areaMm2(asicParts(chunk), *findAsicNode(28)));
    EXPECT_TRUE(resourceLines({}, *use, asic).front().estimate);
    EXPECT_FALSE(asicResources(accelerator, *model::findDevice("ZC706")));
}

}  // namespace
}  // namespace cohelix::hardware
