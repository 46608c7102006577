// SPDX-License-Identifier: GPL-3.0-or-later
// Batches against evaluateLoopNest, mapping by mapping.
#include <limits>

#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <rapidcheck/gtest.h>

#include "core/cost/batch.h"
#include "tests/core/cost/drawn_nest.h"

namespace cohelix::cost {
namespace {

using model::Dim;
using model::LoopKind;

/// Highway takes the best kind of processor that it is told to have.
class Processor {
public:
    explicit Processor(std::int64_t target) { hwy::SetSupportedTargetsForTest(target); }
    ~Processor() { hwy::SetSupportedTargetsForTest(0); }
    Processor(const Processor&) = delete;
    Processor& operator=(const Processor&) = delete;
};

std::int64_t drawProcessor() {
    std::vector<std::int64_t> targets;
    for (std::int64_t rest = hwy::SupportedTargets(); rest != 0; rest &= rest - 1) {
        targets.push_back(rest & -rest);
    }
    return targets[static_cast<std::size_t>(between(0, static_cast<int>(targets.size()) - 1))];
}

double drawFigure() { return between(0, 3) == 0 ? 0 : between(1, 1000) / 7.0; }

/// Figures of memories, and now and then too little room.
void equip(Hierarchy& hierarchy) {
    for (auto& memory : hierarchy.levels) {
        memory.forwards = between(0, 7) == 0;
        memory.readPicojoule = drawFigure();
        memory.fillPicojoule = drawFigure();
        memory.updatePicojoule = drawFigure();
        memory.forwardPicojoule = drawFigure();
        memory.readWordsPerCycle = drawFigure();
        memory.writeWordsPerCycle = drawFigure();
        memory.sharedBandwidth = between(0, 1) == 0;
        memory.blockWords = between(1, 4);
        memory.doubleBuffered = between(0, 1) == 0;
        memory.exposesFirstFill = between(0, 1) == 0;
        if (between(0, 5) == 0) memory.capacityWords = between(1, 4000);
        if (between(0, 9) == 0) memory.rows = between(1, 6);
        if (between(0, 9) == 0) memory.columns = between(1, 6);
        if (between(0, 49) == 0) memory.mayKeep[1] = false;
    }
    hierarchy.macPicojoule = drawFigure();
    hierarchy.staticPicojoulePerCycle = drawFigure();
    if (between(0, 9) == 0) hierarchy.pes = between(1, 40);
    hierarchy.overlap = between(0, 3) == 0 ? Overlap::None : Overlap::Full;
}

/// Now and then a loop over images or channels of so many trips that counts leave the range in
/// which they are exact in a double, or that of 64 bits.
void enlarge(Sample& sample) {
    coverExactly(sample);  // edges of so many steps would be counted one by one
    for (auto& level : sample.mapping.levels) {
        for (auto& loop : level.loops) {
            const bool plain = loop.dim == Dim::N || loop.dim == Dim::K || loop.dim == Dim::C;
            if (!plain || loop.kind != LoopKind::Temporal || between(0, 1) == 0) continue;
            constexpr int kMostBits = 26;
            auto& size = sample.layer.size(loop.dim);
            if (size > std::numeric_limits<std::int64_t>::max() >> kMostBits) continue;
            const auto factor = std::int64_t{1} << between(8, kMostBits);
            loop.trips *= factor;
            size *= factor;
        }
    }
}

struct Place {
    std::size_t loop;
    Dim dim;
};

std::vector<Place> placesOf(const model::Mapping& mapping) {
    std::vector<Place> places;
    for (const auto& level : mapping.levels) {
        for (const auto& loop : level.loops) places.push_back({places.size(), loop.dim});
    }
    return places;
}

/// Trips of the shape handed on between loops over the same dimension; now and then wrong ones.
MappingBatch drawBatch(const model::Mapping& shape, bool exactly) {
    auto batch = batchOf(shape, static_cast<std::size_t>(between(0, 35)));
    const auto places = placesOf(shape);
    if (places.empty()) return batch;
    const auto drawPlace = [&] {
        return places[static_cast<std::size_t>(between(0, static_cast<int>(places.size()) - 1))];
    };
    for (std::size_t i = 0; i < batch.count; ++i) {
        for (int moves = between(0, 4); moves > 0; --moves) {
            const auto from = drawPlace();
            const auto to = drawPlace();
            if (from.dim != to.dim) continue;
            auto& source = batch.trip(from.loop, i);
            for (const std::int64_t factor : {2, 3}) {
                if (source % factor != 0 || from.loop == to.loop) continue;
                source /= factor;
                batch.trip(to.loop, i) *= factor;
                break;
            }
        }
        if (!exactly && between(0, 19) == 0) batch.trip(drawPlace().loop, i) += between(-2, 2);
        if (between(0, 199) == 0) {
            batch.trip(drawPlace().loop, i) =
                std::numeric_limits<std::int64_t>::max() - between(0, 1);
        }
        if (between(0, 199) == 0) batch.trip(drawPlace().loop, i) = -between(0, 3);
    }
    return batch;
}

RC_GTEST_PROP(Batch, FiguresAreTheSingleEvaluationsOwn, ()) {
    Sample sample = drawSample();
    equip(sample.hierarchy);
    const bool large = between(0, 7) == 0;
    if (large) enlarge(sample);
    const auto batch = drawBatch(sample.mapping, large);
    const auto& convention = kConventions[static_cast<std::size_t>(between(0, 3))];
    static base::Executor executor(3);
    const Processor processor(drawProcessor());
    const auto result = evaluateBatch(sample.layer, batch, sample.hierarchy,
                                      {.convention = convention,
                                       .traffic = true,
                                       .executor = between(0, 1) == 0 ? &executor : nullptr});
    RC_LOG() << textOf(sample) << " " << convention.name << "\n";
    RC_ASSERT(result.ok());
    RC_ASSERT(result->valid.size() == batch.count);
    const std::size_t figures = sample.mapping.levels.size() * model::kTensors;
    std::size_t valid = 0;
    for (std::size_t i = 0; i < batch.count; ++i) {
        const auto one = evaluateLoopNest(sample.layer, batch.mapping(i), sample.hierarchy,
                                          convention);
        RC_LOG() << i << ": " << compactText(batch.mapping(i)) << "\n";
        RC_ASSERT((result->valid[i] == 1) == one.ok());
        RC_ASSERT(result->cycles[i] == (one ? one->cycles : 0));
        RC_ASSERT(result->energyPicojoule[i] == (one ? one->energyPicojoule : 0));
        valid += one ? 1 : 0;
        for (std::size_t f = 0; f < figures; ++f) {
            const auto expected =
                one ? one->levels[f / model::kTensors].tensors[f % model::kTensors]
                    : TensorTraffic{};
            RC_ASSERT(result->traffic[i * figures + f] == expected);
        }
    }
    RC_CLASSIFY(valid > 0, "valid mappings");
    RC_CLASSIFY(result->oneByOne < batch.count, "in lanes");
}

model::Layer convolution() {
    model::Layer layer;
    layer.name = "conv";
    layer.size(Dim::K) = 64;
    layer.size(Dim::C) = 64;
    layer.size(Dim::P) = layer.size(Dim::Q) = 56;
    layer.size(Dim::R) = layer.size(Dim::S) = 3;
    return layer;
}

/// Columns of P over an outer and an inner loop, in every way that divides.
MappingBatch tilings(std::size_t times) {
    const std::vector<std::int64_t> divisors = {1, 2, 4, 7, 8, 14, 28, 56};
    using enum Dim;
    const model::Mapping shape = {{{"DRAM", {{K, 4}, {P, 1}, {Q, 8}}},
                                   {"buffer", {{C, 4}, {K, 16, LoopKind::Rows},
                                               {C, 16, LoopKind::Columns}}},
                                   {"register file", {{P, 1}, {Q, 7}, {R, 3}, {S, 3}}}}};
    auto batch = batchOf(shape, times * divisors.size());
    for (std::size_t i = 0; i < batch.count; ++i) {
        batch.trip(1, i) = divisors[i % divisors.size()];
        batch.trip(6, i) = 56 / batch.trip(1, i);
    }
    return batch;
}

Hierarchy threeLevels() {
    Hierarchy hierarchy{.name = "three levels"};
    hierarchy.levels = {{.name = "DRAM", .readPicojoule = 200, .updatePicojoule = 200,
                         .readWordsPerCycle = 4},
                        {.name = "buffer", .capacityWords = 60000, .readPicojoule = 6,
                         .fillPicojoule = 6, .updatePicojoule = 6},
                        {.name = "register file", .readPicojoule = 1, .fillPicojoule = 1,
                         .updatePicojoule = 1}};
    return hierarchy;
}

TEST(Batch, CountsTilingsThatDivideSideBySide) {
    for (const auto& convention : kConventions) {
        const auto result = evaluateBatch(convolution(), tilings(1), threeLevels(),
                                          {.convention = convention});
        ASSERT_TRUE(result.ok());
        EXPECT_EQ(result->oneByOne, 0U) << convention.name;
        EXPECT_NE(result->cycles.front(), 0);
        EXPECT_EQ(result->traffic.size(), 0U);
    }
}

TEST(Batch, IsTheSameWhateverTheThreads) {
    const auto batch = tilings(1000);
    const auto alone = evaluateBatch(convolution(), batch, threeLevels(), {.traffic = true});
    base::Executor executor(4);
    const auto shared = evaluateBatch(convolution(), batch, threeLevels(),
                                      {.traffic = true, .executor = &executor});
    ASSERT_TRUE(alone.ok());
    ASSERT_TRUE(shared.ok());
    EXPECT_EQ(*alone, *shared);
}

TEST(Batch, LeavesWhatDoesNotDivideToTheSingleEvaluation) {
    auto batch = tilings(1);
    batch.trip(1, 2) = 5;  // 5 x 14 of 56
    const auto result = evaluateBatch(convolution(), batch, threeLevels());
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->oneByOne, 1U);
    const auto one = evaluateLoopNest(convolution(), batch.mapping(2), threeLevels());
    ASSERT_TRUE(one.ok());
    EXPECT_EQ(result->valid[2], 1);
    EXPECT_EQ(result->energyPicojoule[2], one->energyPicojoule);
}

TEST(Batch, RefusesTripsThatAreNotLoopsTimesMappings) {
    auto batch = tilings(1);
    batch.trips.pop_back();
    const auto result = evaluateBatch(convolution(), batch, threeLevels());
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().what, "a batch of 8 mappings of 10 loops has 79 trips");
}

TEST(Batch, RefusesEveryMappingOfAShapeOrALayerThatCannotBe) {
    auto narrow = threeLevels();
    narrow.levels.pop_back();
    auto noGroups = convolution();
    noGroups.groups = 0;
    auto noStride = convolution();
    noStride.stride = 0;
    noStride.dilation = 0;
    const auto refused = [](const model::Layer& layer, const Hierarchy& hierarchy) {
        const auto result = evaluateBatch(layer, tilings(1), hierarchy);
        return result.ok() && result->valid == std::vector<std::uint8_t>(8, 0);
    };
    EXPECT_TRUE(refused(convolution(), narrow));
    EXPECT_TRUE(refused(noGroups, threeLevels()));
    EXPECT_TRUE(refused(noStride, threeLevels()));
    EXPECT_FALSE(refused(convolution(), threeLevels()));
}

}  // namespace
}  // namespace cohelix::cost
