// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/allocation.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "core/hardware/evaluate.h"

namespace cohelix::hardware {
namespace {

using model::Dim;

model::Layer layerNumber(int index, int channels, int map, bool depthwise = false) {
    model::Layer layer;
    layer.name = "layer" + std::to_string(index);
    layer.role = model::LayerRole::Stem;
    layer.size(Dim::K) = layer.size(Dim::C) = channels;
    layer.size(Dim::P) = layer.size(Dim::Q) = map;
    if (depthwise) layer.groups = channels;
    return layer;
}

model::PipelineChunk chunkOf(int index, int lanes, bool depthwise = false) {
    model::PipelineChunk chunk;
    chunk.name = "chunk" + std::to_string(index);
    chunk.role = depthwise ? model::ChunkRole::Depthwise : model::ChunkRole::Standard;
    chunk.parallelism =
        depthwise ? model::Parallelism::OutputChannels : model::Parallelism::OutputAndInputChannels;
    chunk.buffer = chunk.loop = {4, 4, lanes, depthwise ? 1 : lanes};
    return chunk;
}

double periodOf(const model::Network& network, const model::Accelerator& accelerator,
                const std::vector<int>& allocation) {
    return totals(network, accelerator, allocation)->periodCycles;
}

/// The least period over all ways to cut the layers into runs, chunk by chunk.
double leastByHand(const model::Network& network, const model::Accelerator& accelerator,
                   std::vector<int> allocation = {}) {
    const auto n = allocation.size();
    if (n == network.layers.size()) return periodOf(network, accelerator, allocation);
    double least = 1e300;
    for (int c = n ? allocation.back() : 0; c < static_cast<int>(accelerator.chunkCount()); ++c) {
        auto longer = allocation;
        longer.push_back(c);
        least = std::min(least, leastByHand(network, accelerator, longer));
    }
    return least;
}

TEST(LeastPeriodAllocation, IsTheBestOfAllCuts) {
    rc::check([] {
        model::Network network;
        model::Accelerator accelerator;
        const int layers = *rc::gen::inRange(1, 7);
        for (int i = 0; i < layers; ++i) {
            network.layers.push_back(
                layerNumber(i, *rc::gen::inRange(1, 64), *rc::gen::inRange(1, 20)));
        }
        const int chunks = *rc::gen::inRange(1, 5);
        for (int c = 0; c < chunks; ++c) {
            accelerator.pipeline.push_back(chunkOf(c, *rc::gen::inRange(1, 17)));
        }
        const auto allocation = leastPeriodAllocation(network, accelerator);
        RC_ASSERT(allocation.ok());
        RC_ASSERT(std::ranges::is_sorted(*allocation));
        RC_ASSERT(periodOf(network, accelerator, *allocation) == leastByHand(network, accelerator));
    });
}

TEST(LeastPeriodAllocation, KeepsTheRolesApart) {
    model::Network network;
    for (int i = 0; i < 6; ++i) network.layers.push_back(layerNumber(i, 16, 8, i % 2 == 1));
    model::Accelerator accelerator;
    accelerator.pipeline = {chunkOf(0, 8, true), chunkOf(1, 8), chunkOf(2, 8), chunkOf(3, 8)};
    const auto allocation = leastPeriodAllocation(network, accelerator);
    ASSERT_TRUE(allocation.ok());
    EXPECT_EQ(*allocation, (std::vector<int>{1, 0, 2, 0, 3, 0}));

    accelerator.pipeline.erase(accelerator.pipeline.begin());
    const auto none = leastPeriodAllocation(network, accelerator);
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(base::toText(none.error()),
              "layer1: it is a depthwise layer and there is no depthwise chunk. Add a chunk with "
              "the role depthwise");
}

TEST(LeastPeriodAllocation, SaysWhichLayerNoArrayHolds) {
    model::Network network;
    network.layers = {layerNumber(0, 16, 8)};
    model::Accelerator accelerator;
    accelerator.kind = model::Template::LoopNest;
    accelerator.technology = "authors-28nm";
    accelerator.arrays.resize(2);
    for (auto& array : accelerator.arrays) {
        array.peCount = 1;
        array.bufferWords = 10;
        array.registerWords = 10;
        array.bufferTile = {1, 16, 16, 8, 8, 1, 1};
    }
    const auto allocation = leastPeriodAllocation(network, accelerator);
    ASSERT_FALSE(allocation.ok());
    EXPECT_NE(base::toText(allocation.error()).find("layer0"), std::string::npos)
        << base::toText(allocation.error());
}

TEST(CheckExecutable, SaysWhatThePipelinesFormulasDoNotKnow) {
    model::Accelerator accelerator;
    accelerator.pipeline = {chunkOf(0, 8)};
    const auto reason = [&](auto change) {
        auto layer = layerNumber(0, 16, 8);
        change(layer);
        const auto known = checkExecutable(layer, accelerator);
        return known.ok() ? std::string() : base::toText(known.error());
    };
    EXPECT_EQ(reason([](auto&) {}), "");
    EXPECT_EQ(reason([](auto& layer) { layer.size(Dim::Q) = 3; }), "");
    EXPECT_EQ(reason([](auto& layer) { layer.dilation = 2; }), "") << "a single tap has no spread";
    EXPECT_NE(reason([](auto& layer) { layer.size(Dim::N) = 4; }).find("one image, not 4"),
              std::string::npos);
    EXPECT_NE(reason([](auto& layer) { layer.size(Dim::R) = 7; }).find("not 7 x 1"),
              std::string::npos);
    EXPECT_NE(reason([](auto& layer) {
                  layer.size(Dim::R) = layer.size(Dim::S) = 3;
                  layer.dilation = 2;
              }).find("no dilation"),
              std::string::npos);
    EXPECT_NE(reason([](auto& layer) { layer.groups = 16; }).find("no depthwise chunk"),
              std::string::npos);
}

TEST(ExecutablePart, NamesWhatNoChunkExecutesWithItsShareOfTheWork) {
    model::Accelerator accelerator;
    accelerator.pipeline = {chunkOf(0, 8)};
    model::Network network;
    for (int i = 0; i < 5; ++i) network.layers.push_back(layerNumber(i, 16, 8));
    network.layers[1].size(Dim::S) = 3;
    network.layers[2].groups = 16;
    network.layers[3].size(Dim::S) = 3;
    const auto part = executablePart(network, accelerator);
    ASSERT_EQ(part.network.layers.size(), 2U);
    EXPECT_EQ(part.network.layers[0], network.layers[0]);
    EXPECT_EQ(part.network.layers[1], network.layers[4]);
    ASSERT_EQ(part.leftOut.size(), 2U);
    EXPECT_EQ(part.leftOut[0], (UnpricedWork{"convolution",
                                             "the FPGA pipeline knows square kernels, not 1 x 3",
                                             {"layer1", "layer3"},
                                             2 * 16 * 16 * 8 * 8 * 3}));
    EXPECT_EQ(part.leftOut[1].op, "depthwise convolution");
    EXPECT_EQ(part.leftOut[1].macs, 16 * 8 * 8);
}

// Whatever is left out, no work is lost, and the period of the rest is a lower bound.
RC_GTEST_PROP(ExecutablePart, IsABoundOfTheWhole, ()) {
    model::Accelerator accelerator;
    for (int c = 0; c < *rc::gen::inRange(1, 4); ++c) {
        accelerator.pipeline.push_back(chunkOf(c, *rc::gen::inRange(1, 17)));
    }
    model::Network whole, marked;
    for (int i = 0; i < *rc::gen::inRange(2, 9); ++i) {
        whole.layers.push_back(layerNumber(i, *rc::gen::inRange(1, 64), *rc::gen::inRange(1, 20)));
        marked.layers.push_back(whole.layers.back());
        if (i > 0 && *rc::gen::arbitrary<bool>()) marked.layers.back().size(Dim::N) = 2;
    }
    const auto part = executablePart(marked, accelerator);
    std::int64_t leftOut = 0;
    for (const auto& work : part.leftOut) leftOut += *work.macs;
    RC_ASSERT(model::macs(part.network) + leftOut == model::macs(marked));
    const auto of = [&](const model::Network& network) {
        return periodOf(network, accelerator, *leastPeriodAllocation(network, accelerator));
    };
    RC_ASSERT(of(part.network) <= of(whole));
}

// As published, the authors' own networks leave stem and classifier out; others are priced whole.
TEST(WithAllLayersPriced, LeavesNoLayerOut) {
    model::Network network;
    network.layers = {layerNumber(0, 16, 8), layerNumber(1, 16, 1)};
    network.layers[1].role = model::LayerRole::Classifier;
    model::Accelerator accelerator;
    accelerator.fpgaModel = model::FpgaModel::AsPublished;
    accelerator.pipeline = {chunkOf(0, 8)};
    const std::vector<int> first = {0, 0};
    EXPECT_EQ(totals(network, accelerator, first)->periodCycles, 0);
    const auto priced = totals(withAllLayersPriced(network), accelerator, first);
    EXPECT_GT(priced->layerCycles[0], 0);
    EXPECT_GT(priced->layerCycles[1], 0);
}

}  // namespace
}  // namespace cohelix::hardware
