// SPDX-License-Identifier: GPL-3.0-or-later
// The published form against all vectors of method.md 1B, A to M.
#include "core/hardware/pipeline/fpga_pipeline.h"

#include <gtest/gtest.h>

#include "tests/support/pipeline_vectors.h"

namespace cohelix::hardware {
namespace {

using model::ChunkRole;
using model::Dim;
using model::FpgaModel;
using model::Parallelism;

using Vector = test::PipelineVector;
constexpr auto& kVectors = test::kPipelineVectors;

model::PipelineChunk vectorChunk(const Vector& v) {
    model::PipelineChunk chunk;
    chunk.role = v.depthwise ? ChunkRole::Depthwise : ChunkRole::Standard;
    constexpr std::array kStandard = {Parallelism::OutputChannels,
                                      Parallelism::OutputAndInputChannels, Parallelism::OutputRows};
    constexpr std::array kDepthwise = {Parallelism::OutputChannels, Parallelism::OutputRows};
    chunk.parallelism = v.depthwise ? kDepthwise[static_cast<std::size_t>(v.mode)]
                                    : kStandard[static_cast<std::size_t>(v.mode)];
    const auto& t = v.tiles;
    chunk.buffer = {t[0], t[1], t[2], t[3]};
    chunk.loop = {t[4], t[5], t[6], t[7]};
    chunk.bits = v.bits;
    return chunk;
}

model::Layer vectorLayer(const Vector& v) {
    model::Layer layer;
    layer.size(Dim::K) = v.layer[1];
    layer.size(Dim::C) = v.depthwise ? v.layer[1] : v.layer[0];
    layer.groups = v.depthwise ? v.layer[1] : 1;
    layer.size(Dim::P) = layer.size(Dim::Q) = v.layer[2];
    layer.size(Dim::R) = layer.size(Dim::S) = v.layer[3];
    return layer;
}

TEST(FpgaPipeline, PublishedFormEqualsEveryVector) {
    for (const auto& v : kVectors) {
        const auto chunk = vectorChunk(v);
        const auto layer = vectorLayer(v);
        const auto need = pipelineResources(chunk, layer, FpgaModel::AsPublished, false);
        EXPECT_EQ(pipelineTiming(chunk, layer, FpgaModel::AsPublished).cycles(), v.cycles)
            << v.name;
        EXPECT_EQ(need.dsp, v.dsp) << v.name;
        EXPECT_EQ(need.bram18k, v.bram) << v.name;
    }
}

}  // namespace
}  // namespace cohelix::hardware
