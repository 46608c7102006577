// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/explain.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/base/units.h"

#include "tests/core/hardware/pipeline/small_layers.h"

namespace cohelix::explain {
namespace {

using hardware::kBoth;
using hardware::layerOf;
using hardware::upTo;
using model::ChunkRole;
using model::Dim;
using model::FpgaModel;
using model::Parallelism;
using model::Tensor;

const model::Device& device() {
    static const model::Device kDevice = *model::findDevice("ZC706");
    return kDevice;
}

model::Layer namedLayer(const std::string& name, std::int64_t k, std::int64_t c, std::int64_t map,
                        std::int64_t kernel, int groups = 1) {
    auto layer = layerOf(k, c, map, kernel, groups);
    layer.name = name;
    layer.role = groups > 1 ? model::LayerRole::Depthwise : model::LayerRole::Project;
    return layer;
}

model::PipelineChunk chunkOf(const std::string& name, Parallelism parallelism, model::Tile buffer,
                             model::Tile loop) {
    model::PipelineChunk chunk;
    chunk.name = name;
    chunk.parallelism = parallelism;
    chunk.buffer = buffer;
    chunk.loop = loop;
    return chunk;
}

/// Two standard chunks with a layer each; the second takes a quarter of the first's time.
struct TwoChunks {
    model::Network network;
    model::Accelerator accelerator;
    std::vector<int> chunks = {0, 1};
    TwoChunks() {
        network.layers = {namedLayer("slow", 64, 64, 16, 3), namedLayer("fast", 32, 32, 16, 3)};
        const model::Tile tile = {16, 16, 8, 8};
        accelerator.pipeline = {chunkOf("first", kBoth, tile, tile),
                                chunkOf("second", kBoth, tile, tile)};
    }
    model::DesignCost cost() const {
        return hardware::evaluate(network, accelerator, chunks, device()).value();
    }
};

TEST(Explain, NamesTheChunkTheLayerAndWhatItWaitsFor) {
    const TwoChunks design;
    const auto why = explanationOf(design.network, design.accelerator, design.cost());
    EXPECT_EQ(why.bottleneck.chunk, 0);
    EXPECT_EQ(why.bottleneck.layer, 0);
    EXPECT_EQ(why.bottleneck.layerShare, 1);
    EXPECT_EQ(why.bottleneck.level, "PE array");
    EXPECT_FALSE(why.bottleneck.tensor);
    EXPECT_NE(why.bottleneck.text.find("'first' sets the period"), std::string::npos);
    EXPECT_NE(why.bottleneck.text.find(": multipliers work " +
                                       base::fixed(100 * (1 - why.layers[0].bandwidthStall), 0) +
                                       " % of that time and wait the rest, most for "),
              std::string::npos)
        << why.bottleneck.text;

    auto narrow = design;
    narrow.network.layers[0] = namedLayer("slow", 64, 64, 16, 1);  // nothing to reuse inputs for
    narrow.network.layers[1] = namedLayer("fast", 8, 8, 16, 1);
    narrow.accelerator.pipeline[0].loop = {16, 16, 8, 8};
    const auto reads = explanationOf(narrow.network, narrow.accelerator, narrow.cost());
    EXPECT_EQ(reads.bottleneck.level, "DRAM");
    EXPECT_EQ(reads.bottleneck.tensor, Tensor::Inputs);
    EXPECT_NE(reads.bottleneck.text.find("wait the rest, most for inputs between DRAM and buffer"),
              std::string::npos)
        << reads.bottleneck.text;
}

TEST(Explain, SharesOutTheMultiplierCycles) {
    const TwoChunks design;
    const auto cost = design.cost();
    const auto why = explanationOf(design.network, design.accelerator, cost);
    EXPECT_NEAR(why.utilization.reached,
                (cost.chunks[0].utilization + cost.chunks[1].utilization) / 2, 1e-12);
    EXPECT_EQ(why.utilization.shapeMismatch, 0);
    EXPECT_EQ(why.utilization.edgeTiles, 0);
    EXPECT_GT(why.utilization.bandwidthStall, 0);
    EXPECT_NEAR(why.utilization.pipelineImbalance,
                (1 - cost.chunks[1].cycles / cost.chunks[0].cycles) / 2, 1e-12);
    EXPECT_EQ(why.chunks[0].pipelineImbalance, 0);
}

TEST(Explain, TellsAShapeThatDoesNotFitFromEdges) {
    // 8 lanes: 4 output channels leave half of them out; 12 leave half out in the second of two
    // tiles.
    TwoChunks design;
    design.network.layers = {namedLayer("wide", 64, 8, 16, 3), namedLayer("small", 4, 8, 16, 3),
                             namedLayer("edge", 12, 8, 16, 3)};
    design.chunks = {0, 0, 0};
    const auto why = explanationOf(design.network, design.accelerator, design.cost());
    EXPECT_NEAR(why.layers[1].shapeMismatch / why.layers[1].reached, 1, 1e-9);
    EXPECT_EQ(why.layers[1].edgeTiles, 0);
    EXPECT_EQ(why.layers[2].shapeMismatch, 0);
    EXPECT_NEAR(why.layers[2].edgeTiles / why.layers[2].reached, 4.0 / 12, 1e-9);
}

model::PipelineChunk anyChunk(bool depthwise) {
    const auto parallelism =
        depthwise ? *rc::gen::element(Parallelism::OutputChannels, Parallelism::OutputRows)
                  : *rc::gen::element(Parallelism::OutputChannels, kBoth, Parallelism::OutputRows);
    const model::Tile buffer = {upTo(16), upTo(16), upTo(16), depthwise ? 1 : upTo(16)};
    const model::Tile loop = {upTo(buffer.rows), upTo(buffer.columns), upTo(buffer.outputs),
                              upTo(buffer.inputs)};
    auto chunk = chunkOf(depthwise ? "depthwise" : "standard", parallelism, buffer, loop);
    chunk.role = depthwise ? ChunkRole::Depthwise : ChunkRole::Standard;
    return chunk;
}

model::ArrayChunk roomyArray() {
    model::ArrayChunk chunk;
    chunk.name = "array";
    chunk.peCount = 64;
    chunk.bufferWords = 1 << 20;
    chunk.registerWords = 1 << 12;
    return chunk;
}

model::ArrayChunk anyArray() {
    model::ArrayChunk chunk = roomyArray();
    chunk.spatial[static_cast<std::size_t>(Dim::K)] = upTo(8);
    chunk.spatial[static_cast<std::size_t>(Dim::P)] = upTo(8);
    chunk.rowDims = {Dim::K};
    for (auto& tile : chunk.bufferTile) tile = upTo(4);
    for (auto& tile : chunk.registerTile) tile = upTo(2);
    return chunk;
}

model::Network anyNetwork(std::vector<int>& chunks) {
    model::Network network;
    const int layers = upTo(5);
    for (int i = 0; i < layers; ++i) {
        const bool depthwise = *rc::gen::arbitrary<bool>();
        const int k = upTo(40);
        network.layers.push_back(namedLayer("layer" + std::to_string(i), k,
                                            depthwise ? k : upTo(40), upTo(30),
                                            *rc::gen::element(1, 3), depthwise ? k : 1));
        chunks.push_back(network.layers.back().groups > 1 ? 1 : 0);
    }
    return network;
}

TEST(Explain, SharesAddUpToOne) {
    rc::check([] {
        std::vector<int> chunks;
        const auto network = anyNetwork(chunks);
        model::Accelerator accelerator;
        if (*rc::gen::arbitrary<bool>()) {
            accelerator.fpgaModel = *rc::gen::element(FpgaModel::Corrected, FpgaModel::AsPublished);
            accelerator.pipeline = {anyChunk(false), anyChunk(true)};
        } else {
            accelerator.kind = model::Template::LoopNest;
            accelerator.technology = *rc::gen::element<std::string>("authors-28nm", "eyeriss-65nm");
            accelerator.arrays = {anyArray(), anyArray()};
        }
        if (accelerator.fpgaModel == FpgaModel::Corrected) {
            accelerator.dramGigabytesPerSecond = *rc::gen::element(0.0, 1.6, 3.2, 100.0);
        }
        const auto cost = hardware::evaluate(network, accelerator, chunks, device());
        RC_ASSERT(cost.ok());
        const auto why = explanationOf(network, accelerator, *cost);
        const auto check = [](const UtilizationShares& shares) {
            RC_ASSERT(std::abs(shares.sum() - 1) < 1e-9);
            for (const double share : {shares.reached, shares.shapeMismatch, shares.edgeTiles,
                                       shares.bandwidthStall, shares.pipelineImbalance}) {
                RC_ASSERT(share >= 0 && share <= 1);
            }
        };
        check(why.utilization);
        for (std::size_t c = 0; c < why.chunks.size(); ++c) {
            check(why.chunks[c]);
            RC_ASSERT(std::abs(why.chunks[c].reached - cost->chunks[c].utilization) < 1e-9);
        }
        for (std::size_t i = 0; i < why.layers.size(); ++i) {
            check(why.layers[i]);
            RC_ASSERT(std::abs(why.layers[i].reached - cost->layers[i].utilization()) < 1e-9);
        }
        RC_ASSERT(!why.bottleneck.text.empty());
    });
}

/// A hundred layers that hardly compute, on a chunk each: their ports keep up, one DRAM does not.
struct ManyMovers {
    model::Network network;
    model::Accelerator accelerator;
    std::vector<int> chunks;
    ManyMovers() {
        for (int i = 0; i < 100; ++i) {
            const auto name = std::to_string(i);
            network.layers.push_back(namedLayer("layer" + name, 8, 8, 16, 1));
            accelerator.pipeline.push_back(
                chunkOf("chunk" + name, kBoth, {16, 16, 8, 8}, {16, 16, 8, 8}));
            chunks.push_back(i);
        }
        network.layers[7] = namedLayer("most", 16, 8, 16, 1);
    }
    model::DesignCost cost() const {
        return hardware::evaluate(network, accelerator, chunks, device()).value();
    }
};

TEST(SharedDram, SetsThePeriodWhereAllChunksTogetherMoveMoreThanItCan) {
    ManyMovers design;
    const auto apart = design.cost();
    double bytes = 0;
    for (const auto& layer : apart.layers)
        bytes += hardware::dramBytesOf(layer, design.accelerator);
    // By hand: 8 x 16 x 16 inputs, 8 x 8 weights and 8 x 16 x 16 outputs of two bytes; the layer
    // of 16 outputs does all of it twice.
    EXPECT_EQ(bytes, 101 * 2 * (2048 + 64 + 2048));

    design.accelerator.dramGigabytesPerSecond = 2;  // 10 bytes a cycle at 200 MHz
    const auto shared = design.cost();
    EXPECT_DOUBLE_EQ(shared.periodCycles, bytes / 10);
    EXPECT_GT(shared.periodCycles, apart.periodCycles);
    EXPECT_EQ(shared.latencyCycles, apart.latencyCycles) << "an image alone has DRAM to itself";
    EXPECT_EQ(shared.chunks[3].cycles, apart.chunks[3].cycles);
    const auto totals = hardware::totals(design.network, design.accelerator, design.chunks);
    ASSERT_TRUE(totals.ok());
    EXPECT_EQ(totals->periodCycles, shared.periodCycles);

    design.accelerator.dramGigabytesPerSecond = 1000;
    EXPECT_EQ(design.cost(), apart) << "wide enough, it changes nothing";
}

TEST(SharedDram, IsExplainedAsWaitingForAMemory) {
    ManyMovers design;
    design.accelerator.dramGigabytesPerSecond = 2;
    const auto cost = design.cost();
    const auto why = explanationOf(design.network, design.accelerator, cost);
    EXPECT_EQ(why.bottleneck.chunk, 7);
    EXPECT_EQ(why.bottleneck.layer, 7);
    EXPECT_EQ(why.bottleneck.level, "DRAM");
    EXPECT_NE(why.bottleneck.text.find("'chunk7' moves 2 % of it"), std::string::npos)
        << why.bottleneck.text;
    EXPECT_EQ(why.chunks[7].pipelineImbalance, 0) << "no chunk is slower";
    const double waits = 1 - cost.chunks[7].cycles / cost.periodCycles;
    EXPECT_GE(why.chunks[7].bandwidthStall, waits);
    EXPECT_GT(why.chunks[3].pipelineImbalance, 0);

    const auto bought =
        sensitivities(design.network, design.accelerator, design.chunks, {}, {}, Goal::Period);
    ASSERT_TRUE(bought.ok());
    const auto shared = std::ranges::find(*bought, "GB/s of shared DRAM", &Sensitivity::resource);
    ASSERT_NE(shared, bought->end());
    EXPECT_NEAR(shared->gain(), 1.0 / 3, 1e-12) << shared->text;
}

TEST(SharedDram, IsNoPartOfThePublishedModel) {
    model::Accelerator accelerator;
    accelerator.dramGigabytesPerSecond = 1.5;
    EXPECT_NE(base::toText(model::checkSharedDram(accelerator).error()).find("1.60 GB/s"),
              std::string::npos);
    accelerator.dramGigabytesPerSecond = 1.6;
    EXPECT_TRUE(model::checkSharedDram(accelerator).ok());
    accelerator.fpgaModel = FpgaModel::AsPublished;
    EXPECT_FALSE(model::checkSharedDram(accelerator).ok());
    accelerator.dramGigabytesPerSecond = 0;
    EXPECT_TRUE(model::checkSharedDram(accelerator).ok());
}

TEST(Excess, CountsTablesAndPes) {
    const TwoChunks design;
    const auto tables = excesses(design.network, design.accelerator, design.chunks, {.lut = 10000});
    ASSERT_EQ(tables.size(), 1U);
    EXPECT_EQ(tables[0].resource, "LUT");
    EXPECT_GE(tables[0].need, 2 * 64 * 234) << "234 tables a multiplier";
    EXPECT_NE(tables[0].text.find("(estimate)"), std::string::npos) << tables[0].text;
    EXPECT_TRUE(excesses(design.network, design.accelerator, design.chunks, {.lut = 1e6}).empty());

    model::Accelerator array;
    array.kind = model::Template::LoopNest;
    array.technology = "authors-28nm";
    array.arrays = {roomyArray()};
    array.arrays[0].spatial = {1, 8, 1, 8, 1, 1, 1};
    array.arrays[0].peCount = 40;
    model::Network network;
    network.layers = {namedLayer("conv", 32, 32, 16, 3)};
    const std::vector<int> first = {0};
    const auto pes = excesses(network, array, first, {});
    const auto found = std::ranges::find(pes, "PEs", &Excess::resource);
    ASSERT_NE(found, pes.end());
    EXPECT_NE(found->text.find("conv unrolls over 64 PEs of 'array', which has 40: 24 too many"),
              std::string::npos)
        << found->text;
}

TEST(Excess, NamesTheResourceTheChunkTheLayerAndTheTensor) {
    TwoChunks design;
    design.accelerator.pipeline[0].buffer = design.accelerator.pipeline[0].loop = {16, 16, 32, 16};
    EXPECT_TRUE(excesses(design.network, design.accelerator, design.chunks, {900, 1000}).empty());
    EXPECT_TRUE(excesses(design.network, design.accelerator, design.chunks, {}).empty());
    const auto over = excesses(design.network, design.accelerator, design.chunks, {500, 100});
    ASSERT_EQ(over.size(), 2u);
    EXPECT_EQ(over[0].resource, "DSP");
    EXPECT_EQ(over[0].over(), 32 * 16 + 64 - 500);
    EXPECT_EQ(over[0].chunk, 0);
    EXPECT_NE(over[0].text.find("576 of 500, 76 too many; 'first' takes 512 of them for slow"),
              std::string::npos)
        << over[0].text;
    EXPECT_EQ(over[1].resource, "BRAM18K");
    EXPECT_EQ(over[1].tensor, Tensor::Weights);  // a bank for each of 512 multipliers
    const auto totals = hardware::totals(design.network, design.accelerator, design.chunks).value();
    EXPECT_EQ(over[1].need, totals.bram18k);
    EXPECT_EQ(over[1].overBytes, (totals.bram18k - 100) * 2304);
}

/// Forms that take a layer at another size than it has do so for the fit, too.
TEST(Excess, IsOfWhatTheCostSays) {
    model::Network network;
    network.layers = {namedLayer("expand", 184, 32, 32, 1), namedLayer("dw", 184, 184, 16, 3, 184)};
    network.layers[0].role = model::LayerRole::Expand;
    const model::Tile tile = {32, 32, 8, 8};
    model::Accelerator accelerator;
    accelerator.pipeline = {chunkOf("standard", kBoth, tile, tile),
                            chunkOf("depthwise", Parallelism::OutputChannels, tile, tile)};
    accelerator.pipeline[1].role = ChunkRole::Depthwise;
    const std::vector<int> chunks = {0, 1};
    for (const auto form : base::kValues<model::FpgaModel>) {
        accelerator.fpgaModel = form;
        const auto cost = hardware::evaluate(network, accelerator, chunks, device()).value();
        const auto over = excesses(network, accelerator, chunks, {1, 1});
        ASSERT_EQ(over.size(), 2u);
        EXPECT_EQ(over[0].need, cost.dsp) << word(form);
        EXPECT_EQ(over[1].need, cost.bram18k) << word(form);
    }
}

TEST(Excess, NamesTheMemoryThatALayerOverflowsAndTheBytes) {
    model::Accelerator accelerator;
    accelerator.kind = model::Template::LoopNest;
    accelerator.technology = "eyeriss-65nm";
    model::ArrayChunk chunk;
    chunk.name = "array";
    chunk.peCount = 64;
    chunk.bufferTile[static_cast<std::size_t>(Dim::C)] = 64;
    chunk.bufferTile[static_cast<std::size_t>(Dim::Q)] = 16;
    chunk.bufferWords = 1000;
    chunk.registerWords = 3;
    accelerator.arrays = {chunk};
    model::Network network;
    network.layers = {namedLayer("fits", 8, 8, 16, 1), namedLayer("slow", 64, 64, 16, 1)};
    const std::vector<int> chunks = {0, 0};
    ASSERT_FALSE(hardware::totals(network, accelerator, chunks).ok());
    const auto over = excesses(network, accelerator, chunks, {});
    ASSERT_EQ(over.size(), 1u);
    EXPECT_EQ(over[0].resource, "buffer");
    EXPECT_EQ(over[0].layer, 1);
    EXPECT_EQ(over[0].tensor, Tensor::Inputs);
    EXPECT_EQ(over[0].need, 64 + 64 * 16 + 16);  // weights, inputs, outputs
    EXPECT_EQ(over[0].overBytes, (over[0].need - 1000) * 2);
    EXPECT_NE(over[0].text.find("104 (208 B) too many, most for its inputs"), std::string::npos)
        << over[0].text;
}

/// Both sides of a chunk's channel tiles, buffer and loop together.
std::vector<Change> tileChanges(const TwoChunks& design) {
    std::vector<Change> changes;
    for (int c = 0; c < 2; ++c) {
        for (const int outputs : {1, 2, 4, 8, 16, 32}) {
            auto accelerator = design.accelerator;
            auto& chunk = accelerator.pipeline[static_cast<std::size_t>(c)];
            const int before = chunk.loop.outputs;
            if (outputs == before) continue;
            chunk.buffer.outputs = chunk.loop.outputs = outputs;
            changes.push_back({"chunk" + std::to_string(c) + ".tm: " + std::to_string(outputs), c,
                               static_cast<int>(std::abs(std::log2(outputs) - std::log2(before))),
                               accelerator});
        }
    }
    return changes;
}

TEST(SmallestFix, IsTheFewestStepsAndTheBestOfThem) {
    const TwoChunks design;  // 64 + 64 DSP
    const auto changes = tileChanges(design);
    const auto one = smallestFix(design.network, design.chunks, {100, {}}, changes);
    ASSERT_TRUE(one);
    EXPECT_EQ(one->text, "chunk1.tm: 4");  // the chunk that has time to spare
    EXPECT_EQ(one->steps, 1);
    EXPECT_EQ(one->dsp, 96);
    const auto three = smallestFix(design.network, design.chunks, {72, {}}, changes);
    ASSERT_TRUE(three);
    EXPECT_EQ(three->text, "chunk1.tm: 1");
    EXPECT_EQ(three->steps, 3);
    EXPECT_FALSE(smallestFix(design.network, design.chunks, {71, {}}, changes));
}

TEST(Sensitivities, SayWhatOneMoreUnitBuys) {
    const TwoChunks design;  // 128 DSP; 16 output channels in the first chunk take 64 more
    const auto changes = tileChanges(design);
    const auto of = [&](const HardLimits& limits, const std::string& resource) {
        const auto all =
            sensitivities(design.network, design.accelerator, design.chunks, limits, changes)
                .value();
        const auto found = std::find_if(
            all.begin(), all.end(), [&](const Sensitivity& s) { return s.resource == resource; });
        return found == all.end() ? Sensitivity{} : *found;
    };
    const auto tight = of({191, {}}, "DSP");
    EXPECT_GT(tight.gain(), 0.2);
    EXPECT_EQ(tight.nextUseful, 1);
    const auto tighter = of({188, {}}, "DSP");
    EXPECT_EQ(tighter.gain(), 0);
    EXPECT_EQ(tighter.nextUseful, 4);
    EXPECT_NE(tighter.text.find("one more DSP buys nothing; 4 more would buy"), std::string::npos)
        << tighter.text;
    EXPECT_EQ(of({192, {}}, "chunk0.tm: 16").after, tight.after);
    EXPECT_EQ(of({188, {}}, "chunk0.tm: 16").text, "");  // does not fit
    const auto bandwidth = of({}, "DRAM word a cycle");
    EXPECT_LT(bandwidth.after, bandwidth.before);  // weights are waited for
    EXPECT_EQ(bandwidth.nextUseful, 1);
}

TEST(Sensitivities, MoreBandwidthNeverSlowsADesign) {
    rc::check([] {
        std::vector<int> chunks;
        const auto network = anyNetwork(chunks);
        model::Accelerator accelerator;
        accelerator.pipeline = {anyChunk(false), anyChunk(true)};
        const auto now = hardware::totals(network, accelerator, chunks).value();
        const auto more = hardware::totals(network, accelerator, chunks, 1).value();
        RC_ASSERT(more.periodCycles <= now.periodCycles);
        RC_ASSERT(more.dsp == now.dsp && more.bram18k == now.bram18k);
    });
}

}  // namespace
}  // namespace cohelix::explain
