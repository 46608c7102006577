// SPDX-License-Identifier: GPL-3.0-or-later
// The proven optimum against trying every accelerator, on shrunken lists.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/hardware/accelerator_space.h"
#include "core/hardware/evaluate.h"
#include "core/optimum/exact_accelerator.h"
#include "core/optimum/shared_dram.h"
#include "core/specification/network_space.h"

namespace cohelix::optimum {
namespace {

using model::ChunkRole;
using model::Parallelism;

/// Two chunks with a few options each, all drawn.
hardware::AcceleratorSpace shrunkenSpace(base::Random& random) {
    const auto some = [&](std::vector<int> from) {
        random.shuffle(std::span(from));
        from.resize(2);
        return from;
    };
    const std::vector<Parallelism> standard = {
        Parallelism::OutputChannels, Parallelism::OutputAndInputChannels, Parallelism::OutputRows};
    const std::vector<Parallelism> depthwise = {Parallelism::OutputChannels,
                                                Parallelism::OutputRows};
    hardware::LayerRule all;
    all.mapAtLeast = 1;
    hardware::AcceleratorSpace space;
    space.fpgaModel =
        base::kValues<model::FpgaModel>[random.below(base::kValues<model::FpgaModel>.size())];
    space.doubleBufferedWeights = random.below(2) == 1;
    space.pipeline = {{"standard",
                       ChunkRole::Standard,
                       all,
                       {standard[random.below(3)]},
                       some({1, 2, 3, 4, 8}),
                       {1, 4},
                       some({1, 2, 4, 6, 8}),
                       some({1, 2, 4, 8}),
                       {16}},
                      {"depthwise",
                       ChunkRole::Depthwise,
                       all,
                       depthwise,
                       some({1, 2, 4, 8}),
                       {1, 4},
                       some({1, 2, 4, 8}),
                       {1},
                       {16}}};
    if (!model::pricesBeyond(space.fpgaModel)) return space;
    // Beyond the authors' template, with fewer columns, so that all can still be tried.
    for (auto& chunk : space.pipeline) {
        chunk.columns = {4};
        chunk.portWords = some({4, 8, 16});
        chunk.overlap = {base::kValues<model::Overlap>[random.below(2)],
                         base::kValues<model::Overlap>[2 + random.below(2)]};
    }
    return space;
}

model::Network smallNetwork(base::Random& random) {
    spec::NetworkSpace space;
    space.input = {1, 8, 8};
    space.stemChannels = 4;
    space.stages = {{6, 1, 1}, {8, 1, 2}};
    space.operators = {{3, 1, 1, false}, {5, 2, 1, false}, {0, 0, 1, true}};
    std::vector<int> operators;
    for (int i = 0; i < 2; ++i) operators.push_back(static_cast<int>(random.below(3)));
    return spec::buildNetwork(space, operators);
}

/// Least value of each aim over all accelerators within the limits.
struct Least {
    double period = std::numeric_limits<double>::infinity();
    double latency = std::numeric_limits<double>::infinity();
    double product = std::numeric_limits<double>::infinity();
};

Least byTryingAll(const hardware::AcceleratorSpace& space, const model::Network& network,
                  const model::Resources& limits) {
    const auto choices = hardware::acceleratorChoices(space);
    const auto allocation = hardware::allocateLayers(space, {}, network);
    std::vector<int> at(choices.size(), 0);
    Least least;
    for (;;) {
        if (canonicalChoices(space, at) == at) {
            const auto totals = hardware::totals(
                network, hardware::buildAccelerator(space, at, network), allocation);
            if (totals->dsp <= limits.dsp && totals->bram18k <= limits.bram18k) {
                least.period = std::min(least.period, totals->periodCycles);
                least.latency = std::min(least.latency, totals->latencyCycles);
                least.product =
                    std::min(least.product, totals->periodCycles * totals->latencyCycles);
            }
        }
        std::size_t i = 0;
        while (i < at.size() && ++at[i] == static_cast<int>(choices[i].options.size())) at[i++] = 0;
        if (i == at.size()) return least;
    }
}

TEST(ExactAccelerators, EqualTryingEveryAccelerator) {
    int feasible = 0;
    for (std::uint64_t seed = 0; seed < 16; ++seed) {
        base::Random random(seed, "shrunken spaces");
        const auto space = shrunkenSpace(random);
        const auto network = smallNetwork(random);
        const model::Resources limits{static_cast<double>(4 + random.below(60)),
                                      static_cast<double>(10 + random.below(60))};
        const auto least = byTryingAll(space, network, limits);
        auto exact = ExactAccelerators::create(space, limits);
        ASSERT_TRUE(exact);
        const auto period = exact->best(network, Aim::Period);
        ASSERT_EQ(period.has_value(), std::isfinite(least.period)) << seed;
        if (!period) continue;
        ++feasible;
        const auto latency = exact->best(network, Aim::Latency);
        const auto product = exact->best(network, Aim::PeriodTimesLatency);
        EXPECT_NEAR(period->periodCycles, least.period, 1e-9 * least.period) << seed;
        EXPECT_NEAR(latency->latencyCycles, least.latency, 1e-9 * least.latency) << seed;
        EXPECT_NEAR(product->periodCycles * product->latencyCycles, least.product,
                    1e-9 * least.product)
            << seed;
        for (const auto* found : {&*period, &*latency, &*product}) {
            EXPECT_LE(found->dsp, limits.dsp);
            EXPECT_LE(found->bram18k, limits.bram18k);
        }
    }
    EXPECT_GE(feasible, 4);
}

/// Where chunks share DRAM: the bound is one, and with all combinations kept it is the optimum.
TEST(SharedDram, BoundsAndProvesThePeriod) {
    int bound = 0;
    for (std::uint64_t seed = 0; seed < 24; ++seed) {
        base::Random random(seed, "shared memory");
        auto space = shrunkenSpace(random);
        space.fpgaModel = model::FpgaModel::Corrected;
        for (auto& chunk : space.pipeline) {
            chunk.portWords.clear();
            chunk.overlap.clear();
        }
        space.dramGigabytesPerSecond =
            *(std::array{0.2, 0.4, 0.8, 100.0}.begin() + random.below(4));
        const auto network = smallNetwork(random);
        const model::Resources limits{static_cast<double>(20 + random.below(60)),
                                      static_cast<double>(60 + random.below(200))};
        const auto least = byTryingAll(space, network, limits);
        const auto given = boundSharedDram(space, network, limits);
        ASSERT_EQ(given.ok(), std::isfinite(least.period)) << seed;
        if (!given) continue;
        EXPECT_TRUE(given->proven) << "every combination of so few is kept";
        EXPECT_NEAR(given->found.periodCycles, least.period, 1e-9 * least.period) << seed;
        EXPECT_EQ(given->leastPeriodCycles, given->found.periodCycles);
        const auto totals = hardware::totals(
            network, hardware::buildAccelerator(space, given->found.choices, network),
            hardware::allocateLayers(space, given->found.choices, network));
        EXPECT_NEAR(totals->periodCycles, given->found.periodCycles, 1e-9 * least.period);
        EXPECT_NEAR(totals->dramBytes, given->dramBytes, 1e-9 * given->dramBytes);
        EXPECT_EQ(totals->bram18k, given->found.bram18k);
        bound += totals->periodCycles > std::ranges::max(totals->chunkCycles) ? 1 : 0;

        // With one sum a chunk there is less to go by; what is said stays true.
        const auto loose = boundSharedDram(space, network, limits, nullptr, 1);
        if (!loose) continue;
        EXPECT_LE(loose->leastPeriodCycles, least.period * (1 + 1e-9)) << seed;
        EXPECT_GE(loose->found.periodCycles, least.period * (1 - 1e-9)) << seed;
        EXPECT_LE(loose->found.bram18k, limits.bram18k);
        EXPECT_LE(loose->found.dsp, limits.dsp);
    }
    EXPECT_GE(bound, 2) << "DRAM set the period";

    base::Random random(1, "shared memory");
    auto apart = shrunkenSpace(random);
    EXPECT_EQ(boundSharedDram(apart, smallNetwork(random), {900, 700}).error().where,
              "/accelerator/dram_gb_per_s");
}

TEST(ExactAccelerators, RefuseASpaceThatDoesNotFallApart) {
    hardware::AcceleratorSpace space;
    space.kind = model::Template::LoopNest;
    const auto exact = ExactAccelerators::create(space, {900, 700});
    ASSERT_FALSE(exact);
    EXPECT_NE(exact.error().what.find("cannot be proven"), std::string::npos);

    base::Random random(1, "shared memory");
    auto sharing = shrunkenSpace(random);
    sharing.dramGigabytesPerSecond = 4;
    const auto shared = ExactAccelerators::create(sharing, {900, 700});
    ASSERT_FALSE(shared);
    EXPECT_EQ(shared.error().where, "/accelerator/dram_gb_per_s");

    auto beyond = shrunkenSpace(random);
    beyond.fpgaModel = model::FpgaModel::PublishedFormulas;
    beyond.pipeline[0].portWords.clear();
    beyond.pipeline[0].overlap.clear();
    beyond.pipeline[1].portWords = {4, 8};
    const auto foreign = ExactAccelerators::create(beyond, {900, 700});
    ASSERT_FALSE(foreign);
    EXPECT_EQ(foreign.error().where, "/accelerator/chunks/1/port_words");
}

}  // namespace
}  // namespace cohelix::optimum
