// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/accelerator/precision_plans.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "core/search/accelerator/accelerator_search.h"
#include "core/search/accelerator/proven_search.h"

namespace cohelix::search {
namespace {

spec::Specification withBits(const std::string& preset, const std::vector<int>& bits) {
    auto spec = spec::preset(preset).value();
    for (auto& chunk : spec.accelerator.pipeline) chunk.bits = bits;
    return spec;
}

std::size_t choiceOf(const hardware::AcceleratorSpace& space, const std::string& name) {
    const auto choices = hardware::acceleratorChoices(space);
    const auto found = std::find_if(choices.begin(), choices.end(),
                                    [&](const auto& choice) { return choice.name == name; });
    EXPECT_NE(found, choices.end());
    return static_cast<std::size_t>(found - choices.begin());
}

std::vector<int> bitsOfChunks(const spec::Specification& spec, const std::vector<int>& choices,
                              const model::Network& network) {
    std::vector<int> bits;
    for (const auto& chunk :
         hardware::buildAccelerator(spec.accelerator, choices, network).pipeline) {
        bits.push_back(chunk.bits);
    }
    return bits;
}

model::Network firstNetwork(const spec::NetworkSpace& space) {
    return spec::buildNetwork(space, std::vector<int>(spec::blockShapes(space).size(), 0));
}

TEST(PrecisionPlans, WithOnePrecisionThereIsOnePlanThatFixesNothing) {
    for (const char* name : {"fashion-mnist-zc706", "dna-cifar10-asic"}) {
        const auto spec = spec::preset(name).value();
        EXPECT_FALSE(choosesPrecision(spec.accelerator));
        EXPECT_EQ(plansToTry(spec.accelerator, {}, {}), std::vector<PrecisionPlan>(1));
        EXPECT_EQ(widestPlan(spec.accelerator, {}), PrecisionPlan{});
        EXPECT_EQ(orNarrower(spec.accelerator, {}, {}), std::vector<PrecisionPlan>(1));
    }
}

TEST(PrecisionPlans, FewAreAllTriedTheWiderBeforeTheNarrower) {
    auto spec = withBits("fashion-mnist-zc706", {16});
    ASSERT_GE(spec.accelerator.pipeline.size(), 2U);
    spec.accelerator.pipeline[0].bits = {4, 16, 8};
    spec.accelerator.pipeline[1].bits = {8, 16};
    const auto plans = plansToTry(spec.accelerator, {}, {});
    EXPECT_EQ(plans.size(), 6U);
    EXPECT_EQ(plans.front(), widestPlan(spec.accelerator, {}));
    for (std::size_t i = 0; i < plans.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            EXPECT_FALSE(atLeastAsWide(spec.accelerator, plans[i], plans[j])) << i << " " << j;
        }
    }
    const auto first = choiceOf(spec.accelerator, "chunk0.bits");
    EXPECT_EQ(plans.front()[first], 1) << "16 is the second of the options 4, 16, 8";
    spec::PinnedOptions pins(hardware::acceleratorChoices(spec.accelerator).size());
    pins[first] = 2;
    const auto pinned = plansToTry(spec.accelerator, pins, {});
    EXPECT_EQ(pinned.size(), 2U);
    for (const auto& plan : pinned) EXPECT_EQ(plan[first], 2);
}

TEST(PrecisionPlans, ManyAreTriedUniformAndAroundTheCurrentOne) {
    const auto spec = withBits("dna-cifar10-zc706", {16, 8, 4});
    const std::size_t chunks = spec.accelerator.pipeline.size();
    ASSERT_GT(chunks, 3U);
    auto current = widestPlan(spec.accelerator, {});
    EXPECT_EQ(plansToTry(spec.accelerator, {}, current).size(), 3 + 2 * chunks);
    current[choiceOf(spec.accelerator, "chunk1.bits")] = 2;
    auto two = current;
    two[choiceOf(spec.accelerator, "chunk2.bits")] = 1;
    const auto plans = plansToTry(spec.accelerator, {}, current);
    EXPECT_NE(std::find(plans.begin(), plans.end(), current), plans.end());
    EXPECT_NE(std::find(plans.begin(), plans.end(), two), plans.end());
    EXPECT_EQ(std::set(plans.begin(), plans.end()).size(), plans.size()) << "none twice";
}

TEST(PrecisionPlans, TheWindowComesFirstThenAccuracy) {
    const std::vector<PlanTrial> trials = {{{0}, 90, 0, 0.9},
                                           {{1}, 150, 0, 0.7},
                                           {{2}, 180, 0, 0.8},
                                           {{3}, 190, 0, 0.8},
                                           {{4}, 400, 0, 0.95}};
    EXPECT_EQ(bestTrial(trials, {100, 200}).plan, PrecisionPlan{2});
    EXPECT_EQ(bestTrial(trials, {0, 1000}).plan, PrecisionPlan{4});
    EXPECT_EQ(bestTrial(trials, {200, 300}).plan, PrecisionPlan{3}) << "the nearest";
    EXPECT_EQ(bestTrial(trials, {500, 600}).plan, PrecisionPlan{4});
    EXPECT_EQ(bestTrial(trials, {10, 20}).plan, PrecisionPlan{0});
}

TEST(PrecisionPlans, FewerBitsThatBuyNothingAreBeaten) {
    auto spec = withBits("fashion-mnist-zc706", {16, 4});
    const auto plans = plansToTry(spec.accelerator, {}, {});
    const std::vector<PlanTrial> wide = {{plans.front(), 100, -4.6, 0.5}};
    EXPECT_TRUE(isBeaten(spec.accelerator, plans.back(), -4.6, wide));
    EXPECT_FALSE(isBeaten(spec.accelerator, plans.back(), -4.7, wide));
    const std::vector<PlanTrial> narrow = {{plans.back(), 100, -4.6, 0.5}};
    EXPECT_FALSE(isBeaten(spec.accelerator, plans.front(), -4.6, narrow));
}

TEST(PrecisionPlans, AnAcceleratorTellsItsPlanAndAFileKeepsIt) {
    auto spec = withBits("fashion-mnist-zc706", {16, 8, 4});
    const auto network = firstNetwork(spec.network);
    for (const auto& plan : plansToTry(spec.accelerator, {}, {})) {
        EXPECT_EQ(planFromJson(toJson(plan)), plan);
        const auto found = AcceleratorSearch(spec, 1).search(network, 20, {}, plan);
        ASSERT_TRUE(found);
        EXPECT_EQ(planOf(spec.accelerator, {}, found->choices), plan);
    }
}

TEST(PrecisionPlans, ProvenWithinAPlanIsTheProvenBestOfTheSpaceWithItsBits) {
    base::Executor executor(1);
    const auto spec = withBits("fashion-mnist-zc706", {4, 16});
    const auto network = firstNetwork(spec.network);
    ProvenSearch proven(spec, executor);
    ASSERT_TRUE(proven.available());
    const auto plans = plansToTry(spec.accelerator, {}, {});
    for (const auto& plan : {plans.front(), plans[plans.size() / 2], plans.back()}) {
        const auto found = proven.best(network, plan);
        ASSERT_TRUE(found);
        EXPECT_TRUE(found->appraisal.feasible);
        EXPECT_TRUE(spec::keepsPins(plan, found->choices));
        auto alone = spec;
        const auto bits = bitsOfChunks(spec, found->choices, network);
        for (std::size_t c = 0; c < bits.size(); ++c) {
            alone.accelerator.pipeline[c].bits = {bits[c]};
        }
        const auto best = ProvenSearch(alone, executor).best(network);
        ASSERT_TRUE(best);
        EXPECT_EQ(found->appraisal.logCost, best->appraisal.logCost);
        EXPECT_EQ(found->appraisal.dsp, best->appraisal.dsp);
        EXPECT_EQ(bitsOfChunks(alone, best->choices, network), bits);
    }
}

TEST(PrecisionPlans, OfASearchedAllocationAllGroupsInUseHaveThePlan) {
    auto spec = withBits("fashion-mnist-zc706", {16});
    auto& space = spec.accelerator;
    space.pipeline.resize(2);
    for (auto& chunk : space.pipeline) chunk.layers = {};
    space.pipeline[0].role = model::ChunkRole::Standard;
    space.pipeline[0].bits = {16, 8};
    space.pipeline[1].role = model::ChunkRole::Depthwise;
    space.pipeline[1].inputs = {1};
    space.pipeline[1].bits = {8, 4};
    const int blocks = static_cast<int>(spec::blockShapes(spec.network).size());
    space.searched = hardware::SearchedAllocation{3, blocks};
    const auto plans = plansToTry(space, {}, {});
    ASSERT_EQ(plans.size(), 4U);
    const auto network = firstNetwork(spec.network);
    AcceleratorSearch search(spec, 1);
    for (const auto& plan : plans) {
        const auto found = search.search(network, 300, {}, plan);
        ASSERT_TRUE(found);
        EXPECT_EQ(planOf(space, {}, found->choices), plan);
        const auto groups = hardware::groupStarts(space, found->choices).size();
        const auto bits = bitsOfChunks(spec, found->choices, network);
        ASSERT_GE(bits.size(), 2 * groups);
        for (std::size_t c = 0; c < 2 * groups; ++c) EXPECT_EQ(bits[c], bits[c % 2]) << c;
    }
}

}  // namespace
}  // namespace cohelix::search
