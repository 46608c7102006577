// SPDX-License-Identifier: GPL-3.0-or-later
// Wider ports and overlap of transfers, which are ours and not the authors'.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "core/explain/side_by_side.h"
#include "core/hardware/evaluate.h"
#include "core/hardware/pipeline/fpga_pipeline.h"
#include "core/hardware/resources.h"

#include "tests/core/hardware/pipeline/small_layers.h"

namespace cohelix::hardware {
namespace {

using model::ChunkRole;
using model::FpgaModel;
using model::Overlap;
using model::Parallelism;

/// 8 x 8 pixels, 32 x 32 channels, all lanes at once.
model::PipelineChunk chunkOf(int portWords, model::Overlap overlap) {
    model::PipelineChunk chunk;
    chunk.buffer = chunk.loop = {8, 8, 32, 32};
    chunk.portWords = portWords;
    chunk.overlap = overlap;
    return chunk;
}

/// 4 x 4 tiles of 8 x 8 pixels, 2 tiles of output channels, 3 steps of input channels: 32 tiles.
const model::Layer kLayer = layerOf(64, 96, 32, 1);

TEST(BeyondTemplate, WithinItIsThePublishedSum) {
    const auto t =
        pipelineTiming(chunkOf(4, model::Overlap::None), kLayer, FpgaModel::PublishedBeyond);
    EXPECT_EQ(t.compute, 64);
    EXPECT_EQ(t.inputRead, 32 * 64 / 4);
    EXPECT_EQ(t.weightRead, 32 * 32 / 4);
    EXPECT_EQ(t.writeTransfer, 32 * 64 / 4);
    EXPECT_EQ(t.writeBack, 32 * 64 / 4 + 64);
    EXPECT_EQ(t.cycles(), 32 * (576 + 3 * (512 + 256)));
}

TEST(BeyondTemplate, AWiderPortMovesAsManyWordsAsTheTileHasLanes) {
    const auto t =
        pipelineTiming(chunkOf(16, model::Overlap::None), kLayer, FpgaModel::PublishedBeyond);
    EXPECT_EQ(t.inputRead, 32 * 64 / 16);
    EXPECT_EQ(t.cycles(), 32 * (128 + 64 + 3 * (128 + 64)));
    auto narrow = chunkOf(16, model::Overlap::None);
    narrow.loop = {8, 8, 8, 2};
    const auto n = pipelineTiming(narrow, kLayer, FpgaModel::PublishedBeyond);
    EXPECT_EQ(n.inputRead, 32 * 64 / 2);
    EXPECT_EQ(n.weightRead, 32 * 32 / 8);
}

TEST(BeyondTemplate, OverlapFollowsTheFormulasOfTheHeader) {
    const auto cycles = [](model::Overlap overlap) {
        return pipelineTiming(chunkOf(32, overlap), kLayer, FpgaModel::PublishedBeyond).cycles();
    };
    // c = 64, i = 64, w = 32, o = 128 of which x = 64, n = 3, m = 32.
    EXPECT_EQ(cycles(model::Overlap::None), 32 * (128 + 3 * (64 + 32)));
    EXPECT_EQ(cycles(model::Overlap::Weights), 32 * (128 + 3 * 96))
        << "the port is busy with inputs: to wait for weights is as good, and has no fill";
    EXPECT_EQ(cycles(model::Overlap::Outputs), 288 + 31 * (3 * 96 + 64) + 128);
    EXPECT_EQ(cycles(model::Overlap::WeightsAndOutputs), 288 + 31 * (3 * 96 + 64) + 128);

    auto slow = chunkOf(32, model::Overlap::WeightsAndOutputs);
    slow.loop.inputs = 8;  // c = 256, i = 256, w = 32
    slow.portWords = 32;
    const auto t = pipelineTiming(slow, kLayer, FpgaModel::PublishedBeyond);
    EXPECT_EQ(t.compute, 256);
    EXPECT_EQ(t.inputRead, 256);
    EXPECT_EQ(t.cycles(), 3 * 288 + 31 * (3 * 288 + 64) + 128);
    slow.parallelism = Parallelism::OutputChannels;  // c = 2048: everything hides behind it
    const auto compute = pipelineTiming(slow, kLayer, FpgaModel::PublishedBeyond);
    EXPECT_EQ(compute.cycles(), 32 + 32 * 3 * 2048 + 128);
}

TEST(BeyondTemplate, BlockRamGrowsByTheBankRule) {
    const auto need = [](const model::PipelineChunk& chunk, FpgaModel form) {
        return pipelineResources(chunk, kLayer, form, false);
    };
    const auto within = need(chunkOf(4, model::Overlap::None), FpgaModel::PublishedFormulas);
    EXPECT_EQ(within.bram18k, 2 * 32 + 32);
    EXPECT_EQ(need(chunkOf(4, model::Overlap::None), FpgaModel::PublishedBeyond).bram18k,
              2 * 32 + 32);
    const auto all =
        need(chunkOf(32, model::Overlap::WeightsAndOutputs), FpgaModel::PublishedBeyond);
    EXPECT_EQ(all.bramOfTensor[0], 32 * 32) << "the second copy; the first stays uncounted";
    EXPECT_EQ(all.bramOfTensor[1], 2 * 32);
    EXPECT_EQ(all.bramOfTensor[2], 2 * 32);
    EXPECT_EQ(all.bramOfPort, 2 * 13) << "512 words of 448 bits each way";
    EXPECT_EQ(all.bram18k, 32 * 32 + 2 * 32 + 2 * 32 + 26);
    const auto corrected = need(chunkOf(8, model::Overlap::Weights), FpgaModel::Corrected);
    EXPECT_EQ(corrected.bramOfTensor[0], 2 * 32 * 32);
    EXPECT_EQ(corrected.bramOfPort, 4);
}

TEST(BeyondTemplate, TablesAndFlipFlopsAreEstimated) {
    model::Accelerator accelerator;
    model::Network network;
    network.layers = {kLayer};
    const std::vector<int> chunks = {0};
    const auto device = *model::findDevice("ZC706");
    const auto use = [&](const model::PipelineChunk& chunk) {
        accelerator.pipeline = {chunk};
        return fpgaResources(network, accelerator, chunks, device);
    };
    const auto within = use(chunkOf(4, model::Overlap::None));
    const auto wide = use(chunkOf(32, model::Overlap::None));
    EXPECT_EQ(wide.lut - within.lut, 4 * 448);
    EXPECT_EQ(wide.flipFlops - within.flipFlops, 4 * 448);
    EXPECT_EQ(wide.bram18k - within.bram18k, 26);
    const auto doubled = use(chunkOf(4, model::Overlap::Outputs));
    EXPECT_EQ(doubled.lut - within.lut, 32 * 16 + 32 * 16 / 2)
        << "32 more banks of 64 words in tables, and the selectors";
}

TEST(BeyondTemplate, FormsOfTheAuthorsDoNotKnowIt) {
    for (const auto form : base::kValues<model::FpgaModel>) {
        model::Accelerator accelerator;
        accelerator.fpgaModel = form;
        accelerator.pipeline = {chunkOf(4, model::Overlap::None),
                                chunkOf(4, model::Overlap::Weights)};
        const auto known = model::checkTemplate(accelerator);
        EXPECT_EQ(known.ok(), model::pricesBeyond(form));
        if (model::pricesBeyond(form)) continue;
        EXPECT_EQ(known.error().where, "chunks/1/overlap");
        accelerator.pipeline[0].portWords = 8;
        EXPECT_EQ(model::checkTemplate(accelerator).error().where, "chunks/0/port_words");
        const auto beyond = chunkOf(32, model::Overlap::WeightsAndOutputs);
        const auto within = chunkOf(4, model::Overlap::None);
        EXPECT_EQ(pipelineTiming(beyond, kLayer, form).cycles(),
                  pipelineTiming(within, kLayer, form).cycles());
        EXPECT_EQ(pipelineResources(beyond, kLayer, form, false).bram18k,
                  pipelineResources(within, kLayer, form, false).bram18k);
    }
}

TEST(BeyondTemplate, SideBySideNamesWhatIsOurs) {
    const auto both = explain::compareModels(kLayer, chunkOf(16, model::Overlap::Outputs));
    ASSERT_TRUE(both.ok());
    const auto within = explain::compareModels(kLayer, chunkOf(4, model::Overlap::None));
    EXPECT_EQ(both->published.cycles, within->published.cycles);
    double sum = 0;
    for (const auto& difference : both->toCorrected) sum += difference.cycles;
    EXPECT_DOUBLE_EQ(both->published.cycles + sum, both->corrected.cycles);
    ASSERT_GE(both->toCorrected.size(), 2u);
    const auto& last = both->toCorrected.back();
    EXPECT_EQ(last.term, "second buffers");
    EXPECT_EQ((both->toCorrected.end() - 2)->term, "wider port");
}

model::PipelineChunk drawnChunk(bool depthwise) {
    const auto size = [] { return 1 << *rc::gen::inRange(0, 6); };
    model::PipelineChunk chunk;
    chunk.role = depthwise ? ChunkRole::Depthwise : ChunkRole::Standard;
    chunk.parallelism =
        depthwise ? *rc::gen::element(Parallelism::OutputChannels, Parallelism::OutputRows)
                  : *rc::gen::element(Parallelism::OutputChannels,
                                      Parallelism::OutputAndInputChannels, Parallelism::OutputRows);
    chunk.buffer = {size(), size(), size(), depthwise ? 1 : size()};
    chunk.loop = {std::min(chunk.buffer.rows, size()), std::min(chunk.buffer.columns, size()),
                  std::min(chunk.buffer.outputs, size()), std::min(chunk.buffer.inputs, size())};
    chunk.bits = *rc::gen::element(8, 16);
    return chunk;
}

/// More port and more overlap are never slower, never take less block RAM, and never pass what the
/// multipliers and the port can do.
RC_GTEST_PROP(BeyondTemplate, CostsBlockRamAndBuysTime, ()) {
    const bool depthwise = *rc::gen::arbitrary<bool>();
    const auto form = *rc::gen::element(FpgaModel::Corrected, FpgaModel::PublishedBeyond);
    const int channels = *rc::gen::inRange(1, 200);
    const auto layer = depthwise
                           ? layerOf(channels, channels, *rc::gen::inRange(1, 40), 3, channels)
                           : layerOf(channels, *rc::gen::inRange(1, 200), *rc::gen::inRange(1, 40),
                                     *rc::gen::element(1, 3, 5));
    const auto chunk = drawnChunk(depthwise);
    auto more = chunk;
    more.portWords = *rc::gen::element(4, 8, 16, 32);
    more.overlap = *rc::gen::elementOf(base::kValues<model::Overlap>);
    const auto before = pipelineTiming(chunk, layer, form);
    const auto after = pipelineTiming(more, layer, form);
    RC_ASSERT(after.cycles() <= before.cycles() * (1 + 1e-12));
    RC_ASSERT(after.cycles() >= after.outerTrips * after.innerTrips * after.compute * (1 - 1e-12));
    const double port =
        after.outerTrips *
        (after.innerTrips * (after.inputRead + after.weightRead) + after.writeTransfer);
    if (more.overlap == model::Overlap::WeightsAndOutputs) {
        RC_ASSERT(after.cycles() >= port * (1 - 1e-12));
    }
    RC_ASSERT(pipelineResources(more, layer, form, false).bram18k >=
              pipelineResources(chunk, layer, form, false).bram18k);
    for (const auto less : base::kValues<model::Overlap>) {
        if (model::hidesWeights(less) && !model::hidesWeights(more.overlap)) continue;
        if (model::hidesOutputs(less) && !model::hidesOutputs(more.overlap)) continue;
        auto with = more;
        with.overlap = less;
        RC_ASSERT(after.cycles() <= pipelineTiming(with, layer, form).cycles() * (1 + 1e-12));
    }
}

}  // namespace
}  // namespace cohelix::hardware
