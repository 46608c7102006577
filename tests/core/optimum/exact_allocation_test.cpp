// SPDX-License-Identifier: GPL-3.0-or-later
// The proven allocation against trying every split and every accelerator, on shrunken lists.
#include "core/optimum/exact_allocation.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/hardware/evaluate.h"
#include "core/specification/network_space.h"

namespace cohelix::optimum {
namespace {

using model::ChunkRole;
using model::Parallelism;

/// A pair of chunks with very few options, all drawn.
hardware::AcceleratorSpace shrunkenSpace(base::Random& random, int groups, int blocks) {
    const auto one = [&](std::vector<int> from) {
        return std::vector{from[random.below(from.size())]};
    };
    const auto two = [&](std::vector<int> from) {
        random.shuffle(std::span(from));
        from.resize(2);
        return from;
    };
    hardware::AcceleratorSpace space;
    space.fpgaModel =
        base::kValues<model::FpgaModel>[random.below(base::kValues<model::FpgaModel>.size())];
    space.pipeline = {{"standard",
                       ChunkRole::Standard,
                       {},
                       {Parallelism::OutputAndInputChannels},
                       one({2, 4, 8}),
                       one({4, 8}),
                       two({1, 2, 4, 8}),
                       one({1, 2, 4}),
                       {16}},
                      {"depthwise",
                       ChunkRole::Depthwise,
                       {},
                       {Parallelism::OutputChannels},
                       one({2, 4, 8}),
                       one({4, 8}),
                       two({1, 2, 4, 8}),
                       {1},
                       {16}}};
    if (model::pricesBeyond(space.fpgaModel)) {
        space.pipeline[0].outputs.resize(1);
        space.pipeline[0].portWords = {4, 8};
    }
    space.searched = hardware::SearchedAllocation{groups, blocks};
    return space;
}

model::Network smallNetwork(base::Random& random, int blocks) {
    spec::NetworkSpace space;
    space.input = {1, 8, 8};
    space.stemChannels = 4;
    space.stages = {{6, blocks - 1, 1}, {8, 1, 2}};
    space.operators = {{3, 1, 1, false}, {5, 2, 1, false}, {0, 0, 1, true}};
    std::vector<int> operators;
    for (int i = 0; i < blocks; ++i) operators.push_back(static_cast<int>(random.below(3)));
    return spec::buildNetwork(space, operators);
}

double leastPeriodByTryingAll(const hardware::AcceleratorSpace& space,
                              const model::Network& network, const model::Resources& limits) {
    const auto choices = hardware::acceleratorChoices(space);
    std::vector<int> at(choices.size(), 0);
    double least = std::numeric_limits<double>::infinity();
    for (;;) {
        if (canonicalChoices(space, at) == at) {
            const auto totals =
                hardware::totals(network, hardware::buildAccelerator(space, at, network),
                                 hardware::allocateLayers(space, at, network));
            if (totals->dsp <= limits.dsp && totals->bram18k <= limits.bram18k) {
                least = std::min(least, totals->periodCycles);
            }
        }
        std::size_t i = 0;
        while (i < at.size() && ++at[i] == static_cast<int>(choices[i].options.size())) at[i++] = 0;
        if (i == at.size()) return least;
    }
}

TEST(ExactAllocations, EqualTryingEverySplitAndAccelerator) {
    int feasible = 0;
    int split = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        base::Random random(seed, "shrunken allocations");
        const int blocks = 3 + static_cast<int>(random.below(2));
        const auto space = shrunkenSpace(random, 2 + static_cast<int>(random.below(2)), blocks);
        const auto network = smallNetwork(random, blocks);
        const model::Resources limits{static_cast<double>(6 + random.below(60)),
                                      static_cast<double>(10 + random.below(100))};
        const double least = leastPeriodByTryingAll(space, network, limits);
        const auto exact = ExactAllocations::create(space, network, limits);
        ASSERT_TRUE(exact);
        const auto best = exact->best();
        ASSERT_EQ(best.has_value(), std::isfinite(least)) << seed;
        if (!best) continue;
        ++feasible;
        EXPECT_NEAR(best->periodCycles, least, 1e-9 * least) << seed;

        // The choices are the space's own, and come to these figures.
        EXPECT_EQ(canonicalChoices(space, best->choices), best->choices);
        const auto allocation = hardware::allocateLayers(space, best->choices, network);
        split += hardware::groupStarts(space, best->choices).size() > 1 ? 1 : 0;
        const auto totals = hardware::totals(
            network, hardware::buildAccelerator(space, best->choices, network), allocation);
        ASSERT_TRUE(totals);
        EXPECT_NEAR(totals->periodCycles, best->periodCycles, 1e-9 * least);
        EXPECT_EQ(totals->dsp, best->dsp);
        EXPECT_EQ(totals->bram18k, best->bram18k);
        EXPECT_LE(best->dsp, limits.dsp);
        EXPECT_LE(best->bram18k, limits.bram18k);
    }
    EXPECT_GE(feasible, 6);
    EXPECT_GE(split, 3);
}

TEST(ExactAllocations, MoreGroupsAreNeverSlowerAndFewerDspsNeverFaster) {
    base::Random random(3, "allocation fronts");
    auto space = shrunkenSpace(random, 4, 6);
    space.fpgaModel = model::FpgaModel::Corrected;
    space.pipeline[0].outputs = {1, 2, 4};
    space.pipeline[0].inputs = {1, 2, 4};
    const auto network = smallNetwork(random, 6);
    const auto exact = ExactAllocations::create(space, network, {200, 300});
    ASSERT_TRUE(exact);
    double before = std::numeric_limits<double>::infinity();
    for (int groups = 1; groups <= 4; ++groups) {
        const auto best = exact->best(groups);
        ASSERT_TRUE(best);
        EXPECT_LE(best->periodCycles, before);
        EXPECT_LE(hardware::groupStarts(space, best->choices).size(),
                  static_cast<std::size_t>(groups));
        before = best->periodCycles;
    }
    const auto front = exact->periodAgainstDsp();
    ASSERT_GE(front.size(), 2u);
    EXPECT_EQ(front.front().periodCycles, before);
    for (std::size_t i = 1; i < front.size(); ++i) {
        EXPECT_GT(front[i].periodCycles, front[i - 1].periodCycles);
        EXPECT_LT(front[i].dsp, front[i - 1].dsp);
        // With fewer DSPs than these no period is as short.
        const auto fewer = ExactAllocations::create(space, network, {front[i - 1].dsp - 1, 300});
        const auto best = fewer->best();
        ASSERT_TRUE(best);
        EXPECT_GT(best->periodCycles, front[i - 1].periodCycles);
    }
}

TEST(ExactAllocations, RefuseWhatTheyCannotSplit) {
    base::Random random(1, "refused");
    const auto space = shrunkenSpace(random, 2, 3);
    const auto network = smallNetwork(random, 4);
    const auto refused = [&](const hardware::AcceleratorSpace& other) {
        const auto exact = ExactAllocations::create(other, network, {900, 700});
        return exact ? std::string() : exact.error().where + ": " + exact.error().what;
    };
    EXPECT_NE(refused(space).find("the space is for 3 blocks, the network has 4"),
              std::string::npos);
    auto ruled = space;
    ruled.searched.reset();
    EXPECT_NE(refused(ruled).find("allocated by rules"), std::string::npos);
    auto shared = space;
    shared.dramGigabytesPerSecond = 10;
    EXPECT_TRUE(refused(shared).starts_with("/accelerator/dram_gb_per_s"));
    EXPECT_EQ(ExactAccelerators::create(space, {900, 700}).error().where,
              "/accelerator/allocation");
}

}  // namespace
}  // namespace cohelix::optimum
