// SPDX-License-Identifier: GPL-3.0-or-later
// Chunks as they have to be built: clipped to the widest of their layers, at the same prices.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "core/hardware/evaluate.h"
#include "core/hardware/pipeline/fpga_pipeline.h"
#include "core/hardware/resources.h"

#include "tests/core/hardware/pipeline/small_layers.h"

namespace cohelix::hardware {
namespace {

using model::ChunkRole;
using model::FpgaModel;
using model::Parallelism;

model::PipelineChunk chunkWith(ChunkRole role, Parallelism parallelism, model::Tile buffer,
                               model::Tile loop) {
    model::PipelineChunk chunk;
    chunk.role = role;
    chunk.parallelism = parallelism;
    chunk.buffer = buffer;
    chunk.loop = loop;
    return chunk;
}

model::PipelineChunk anyChunk(ChunkRole role) {
    const auto parallelism =
        role == ChunkRole::Depthwise
            ? *rc::gen::element(Parallelism::OutputChannels, Parallelism::OutputRows)
            : *rc::gen::element(Parallelism::OutputChannels, kBoth, Parallelism::OutputRows);
    const model::Tile buffer = {upTo(40), upTo(40), upTo(64),
                                role == ChunkRole::Depthwise ? 1 : upTo(64)};
    const model::Tile loop = {upTo(buffer.rows), upTo(buffer.columns), upTo(buffer.outputs),
                              upTo(buffer.inputs)};
    auto chunk = chunkWith(role, parallelism, buffer, loop);
    chunk.bits = *rc::gen::element(8, 16, 32);
    chunk.portWords = *rc::gen::element(4, 8, 32);
    chunk.overlap = *rc::gen::elementOf(base::kValues<model::Overlap>);
    return chunk;
}

/// Roles decide what the published layers leave out and which sizes they count.
model::Layer anyLayer(ChunkRole role) {
    if (role == ChunkRole::Depthwise) {
        const int channels = upTo(80);
        auto layer = layerOf(channels, channels, upTo(50), *rc::gen::element(3, 5), channels);
        layer.role = model::LayerRole::Depthwise;
        return layer;
    }
    const int groups = *rc::gen::element(1, 1, 2);
    auto layer = layerOf(groups * upTo(60), groups * upTo(60), upTo(50), *rc::gen::element(1, 3),
                         groups, *rc::gen::element(1, 2));
    layer.role = *rc::gen::element(model::LayerRole::Stem, model::LayerRole::Expand,
                                   model::LayerRole::Project, model::LayerRole::Shortcut);
    return layer;
}

RC_GTEST_PROP(FittedChunk, CostsTheSameToTheBitAndHoldsEveryLayer, ()) {
    model::Accelerator accelerator;
    accelerator.fpgaModel = *rc::gen::elementOf(base::kValues<model::FpgaModel>);
    accelerator.doubleBufferedWeights = *rc::gen::arbitrary<bool>();
    accelerator.dramGigabytesPerSecond = *rc::gen::element(0.0, 3.2);
    accelerator.pipeline = {anyChunk(ChunkRole::Standard), anyChunk(ChunkRole::Depthwise),
                            anyChunk(ChunkRole::Standard)};
    model::Network network;
    std::vector<int> chunkOfLayer;
    for (int i = upTo(8); i > 0; --i) {
        const int chunk = *rc::gen::inRange(0, 3);
        network.layers.push_back(anyLayer(chunk == 1 ? ChunkRole::Depthwise : ChunkRole::Standard));
        chunkOfLayer.push_back(chunk);
    }
    const auto fitted = fittedAccelerator(network, accelerator, chunkOfLayer);
    const auto device = *model::findDevice("ZC706");
    RC_ASSERT(evaluate(network, fitted, chunkOfLayer, device).value() ==
              evaluate(network, accelerator, chunkOfLayer, device).value());
    const auto before = totals(network, accelerator, chunkOfLayer).value();
    const auto after = totals(network, fitted, chunkOfLayer).value();
    RC_ASSERT(after.layerCycles == before.layerCycles);
    RC_ASSERT(after.dramBytes == before.dramBytes);
    RC_ASSERT(after.dsp == before.dsp);
    RC_ASSERT(after.bram18k == before.bram18k);
    RC_ASSERT(fittedAccelerator(network, fitted, chunkOfLayer) == fitted);
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto& chunk = fitted.pipeline[static_cast<std::size_t>(chunkOfLayer[i])];
        RC_ASSERT(multipliersOf(chunk) >=
                  multipliersOf(chunkForLayer(chunk, network.layers[i], accelerator.fpgaModel)));
    }
}

TEST(FittedChunk, IsAsWideAsTheWidestLayerOfEachSide) {
    // 32 x 4 multipliers, of which one layer uses 32 x 3 and the other 16 x 4.
    const auto chunk = chunkWith(ChunkRole::Standard, kBoth, {14, 14, 64, 8}, {14, 14, 32, 4});
    const std::vector layers = {layerOf(32, 3, 7, 3), layerOf(16, 64, 5, 3)};
    const auto fitted = fittedChunk(chunk, layers, FpgaModel::Corrected);
    EXPECT_EQ(fitted.buffer, (model::Tile{7, 7, 32, 8}));
    EXPECT_EQ(fitted.loop, (model::Tile{7, 7, 32, 4}));
    model::Accelerator accelerator;
    accelerator.pipeline = {chunk};
    model::Network network;
    network.layers = layers;
    const std::vector<int> all = {0, 0};
    const auto device = *model::findDevice("ZC706");
    EXPECT_EQ(totals(network, accelerator, all).value().dsp, 96);
    EXPECT_EQ(fpgaResources(network, accelerator, all, device).dsp, 128);
}

TEST(FittedChunk, IsAsGivenWhereNothingClipsIt) {
    const auto chunk = chunkWith(ChunkRole::Standard, kBoth, {14, 14, 64, 8}, {14, 14, 32, 4});
    const std::vector layers = {layerOf(4, 3, 7, 3)};
    EXPECT_EQ(fittedChunk(chunk, layers, FpgaModel::AsPublished), chunk);
    EXPECT_EQ(fittedChunk(chunk, {}, FpgaModel::Corrected), chunk);  // it executes nothing
}

}  // namespace
}  // namespace cohelix::hardware
