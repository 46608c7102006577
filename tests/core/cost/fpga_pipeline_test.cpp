// SPDX-License-Identifier: GPL-3.0-or-later
// The published form against all vectors of method.md 1B, A to M.
#include "core/cost/fpga_pipeline.h"

#include <gtest/gtest.h>

namespace cohelix::cost {
namespace {

using model::ChunkRole;
using model::Dim;
using model::FpgaModel;
using model::Parallelism;

struct Vector {
    const char* name;
    bool depthwise;
    int mode;
    std::array<int, 8> tiles;  // TrBuff, TcBuff, TmBuff, TnBuff, Tr, Tc, Tm, Tn
    std::array<int, 4> layer;  // Cin, Cout, D, k
    int bits;
    double cycles;
    double dsp;
    double bram;
};

const Vector kVectors[] = {
    {"A", false, 1, {16, 16, 8, 8, 16, 16, 8, 8}, {24, 144, 32, 1}, 16, 169344, 64, 24},
    {"B", false, 0, {16, 16, 8, 4, 16, 16, 8, 4}, {64, 112, 32, 3}, 16, 8365056, 8, 16},
    {"C", false, 2, {4, 4, 32, 32, 4, 4, 32, 32}, {192, 352, 4, 1}, 16, 340736, 4, 13},
    {"D", false, 1, {4, 4, 32, 32, 4, 4, 16, 16}, {192, 352, 4, 1}, 8, 13552, 128, 48},
    {"E", true, 0, {16, 16, 8, 1, 16, 16, 8, 1}, {1, 144, 32, 5}, 16, 519696, 8, 24},
    {"F", true, 1, {16, 16, 8, 1, 16, 16, 8, 1}, {1, 144, 32, 3}, 16, 130752, 16, 55},
    {"G", false, 1, {16, 16, 8, 8, 4, 8, 4, 2}, {64, 112, 32, 3}, 16, 8379392, 8, 8},
    {"H", false, 2, {8, 8, 16, 16, 4, 8, 16, 16}, {64, 112, 16, 3}, 16, 4229120, 4, 23},
    {"I", false, 0, {16, 8, 32, 16, 8, 8, 16, 16}, {64, 128, 32, 5}, 8, 13332480, 8, 48},
    {"J", false, 1, {4, 4, 32, 32, 2, 2, 32, 16}, {192, 352, 4, 1}, 6, 10098, 192, 64},
    {"K", true, 1, {16, 16, 8, 1, 8, 16, 8, 1}, {1, 144, 32, 5}, 16, 518976, 8, 45},
    {"L", true, 0, {16, 16, 16, 1, 16, 16, 4, 1}, {1, 96, 16, 5}, 8, 160044, 2, 12},
    {"M", true, 1, {4, 4, 32, 1, 2, 4, 32, 1}, {1, 192, 4, 3}, 4, 14736, 0.5, 13},
};

model::PipelineChunk chunkOf(const Vector& v) {
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

model::Layer layerOf(const Vector& v) {
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
        const auto chunk = chunkOf(v);
        const auto layer = layerOf(v);
        const auto need = pipelineResources(chunk, layer, FpgaModel::AsPublished, false);
        EXPECT_EQ(pipelineTiming(chunk, layer, FpgaModel::AsPublished).cycles(), v.cycles) << v.name;
        EXPECT_EQ(need.dsp, v.dsp) << v.name;
        EXPECT_EQ(need.bram18k, v.bram) << v.name;
    }
}

}  // namespace
}  // namespace cohelix::cost
