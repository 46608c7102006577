// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/accelerator/proven_search.h"

#include <numeric>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/search/accelerator/accelerator_search.h"

namespace cohelix::search {
namespace {

std::vector<int> drawnPath(const spec::NetworkSpace& network, base::Random& random) {
    std::vector<int> path;
    for (std::size_t b = 0; b < spec::blockShapes(network).size(); ++b) {
        path.push_back(static_cast<int>(random.below(network.operators.size())));
    }
    return path;
}

TEST(ProvenSearch, NoSearchBeatsItAndItKeepsTheLimits) {
    base::Executor executor(2);
    for (const auto metric :
         {spec::Metric::Fps, spec::Metric::LatencyMs, spec::Metric::EnergyMj, spec::Metric::Edp}) {
        auto spec = spec::preset("fashion-mnist-zc706").value();
        spec.objective.metric = metric;
        ProvenSearch proven(spec, executor);
        ASSERT_TRUE(proven.available());
        base::Random random(3, "networks", static_cast<std::uint64_t>(metric));
        for (int i = 0; i < 4; ++i) {
            const auto network = spec::buildNetwork(spec.network, drawnPath(spec.network, random));
            const auto best = proven.best(network);
            ASSERT_TRUE(best);
            EXPECT_TRUE(best->appraisal.feasible);
            EXPECT_LE(best->appraisal.dsp, spec::resourceLimits(spec).dsp);
            EXPECT_LE(best->appraisal.bram18k, spec::resourceLimits(spec).bram18k);
            const auto searched = AcceleratorSearch(spec, 7).search(network, 2000);
            ASSERT_TRUE(searched);
            EXPECT_LE(best->appraisal.logCost, searched->appraisal.logCost + 1e-12);
        }
    }
}

TEST(ProvenSearch, FollowsALimitThatMoves) {
    base::Executor executor(1);
    auto spec = spec::preset("fashion-mnist-zc706").value();
    ProvenSearch proven(spec, executor);
    base::Random random(4, "networks");
    const auto network = spec::buildNetwork(spec.network, drawnPath(spec.network, random));
    const auto before = proven.best(network);
    ASSERT_TRUE(before);
    spec.limits.dsp = before->appraisal.dsp / 2;
    const auto after = proven.best(network);
    ASSERT_TRUE(after);
    EXPECT_LE(after->appraisal.dsp, before->appraisal.dsp / 2);
    EXPECT_LT(after->appraisal.metric, before->appraisal.metric);
}

TEST(ProvenSearch, IsThereOnlyWhereTheSpaceFallsApart) {
    base::Executor executor(1);
    auto spec = spec::preset("fashion-mnist-zc706").value();
    spec.search.acceleratorMethod = spec::AcceleratorMethod::Gradient;
    EXPECT_FALSE(ProvenSearch(spec, executor).available());
    spec.search.acceleratorMethod = spec::AcceleratorMethod::Auto;
    spec.accelerator.dramGigabytesPerSecond = 3;
    EXPECT_FALSE(ProvenSearch(spec, executor).available());
    spec.accelerator.dramGigabytesPerSecond = 0;
    spec.accelerator.pipeline[0].bits = {8, 16};
    EXPECT_TRUE(ProvenSearch(spec, executor).available()) << "within a plan of precision";
    const auto array = spec::preset("dna-cifar10-asic").value();
    EXPECT_FALSE(ProvenSearch(array, executor).available());
}

TEST(ProvenSearch, KeepsALimitOnAnotherFigure) {
    // The fastest pipeline need not have the least latency: with a limit below the latency that it
    // has, another accelerator must be found.
    base::Executor executor(1);
    auto spec = spec::preset("fashion-mnist-zc706").value();
    base::Random random(5, "networks");
    const auto network = spec::buildNetwork(spec.network, drawnPath(spec.network, random));
    ProvenSearch proven(spec, executor);
    const auto latencyOf = [&](const FoundAccelerator& found) {
        const auto& cycles = found.appraisal.chunkCycles;
        return std::accumulate(cycles.begin(), cycles.end(), 0.0) /
               (spec.accelerator.clockMhz * 1e3);
    };
    const double fastest = latencyOf(proven.best(network).value());
    spec.limits.mostLatencyMs = 0.98 * fastest;
    const auto found = proven.best(network);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->appraisal.feasible);
    EXPECT_LE(latencyOf(*found), 0.98 * fastest);
}

TEST(ProvenSearch, ProvesTheSplitsOfASearchedAllocation) {
    base::Executor executor(2);
    auto spec = spec::preset("fashion-mnist-zc706").value();
    auto& space = spec.accelerator;
    space.pipeline.resize(2);
    for (auto& chunk : space.pipeline) {
        chunk.layers = {};
        chunk.bits = {8, 16};
    }
    ASSERT_EQ(space.pipeline[0].role, model::ChunkRole::Standard);
    ASSERT_EQ(space.pipeline[1].role, model::ChunkRole::Depthwise);
    space.searched =
        hardware::SearchedAllocation{3, static_cast<int>(spec::blockShapes(spec.network).size())};
    ProvenSearch proven(spec, executor);
    EXPECT_FALSE(proven.available());
    ASSERT_TRUE(proven.provesAllocations());
    base::Random random(6, "networks");
    AcceleratorSearch search(spec, 7);
    const auto plans = plansToTry(space, {}, {});
    ASSERT_EQ(plans.size(), 4U);
    for (const auto& plan : plans) {
        const auto network = spec::buildNetwork(spec.network, drawnPath(spec.network, random));
        const auto best = proven.bestAllocation(network, plan);
        ASSERT_TRUE(best);
        EXPECT_TRUE(best->appraisal.feasible);
        EXPECT_EQ(planOf(space, {}, best->choices), plan);
        EXPECT_EQ(canonicalChoices(space, best->choices), best->choices);
        const auto searched = search.search(network, 2000, {}, plan);
        ASSERT_TRUE(searched);
        EXPECT_LE(best->appraisal.logCost, searched->appraisal.logCost + 1e-12);
    }
    spec.objective.metric = spec::Metric::LatencyMs;
    EXPECT_FALSE(proven.provesAllocations()) << "of latency there is no proof";
    spec.objective.metric = spec::Metric::Fps;
    spec.search.acceleratorMethod = spec::AcceleratorMethod::Gradient;
    EXPECT_FALSE(proven.provesAllocations());
}

TEST(Specification, RefusesProvenAcceleratorsWhereThereAreNone) {
    auto spec = spec::preset("dna-cifar10-asic").value();
    spec.search.acceleratorMethod = spec::AcceleratorMethod::Proven;
    const auto read = spec::fromJson(spec::toJson(spec));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().where, "/search/accelerator_method");
}

}  // namespace
}  // namespace cohelix::search
