// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/accelerator/accelerator_search.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "core/hardware/evaluate.h"
#include "core/model/pareto.h"
#include "core/search/accelerator/feasibility.h"
#include "core/specification/accelerator_presets.h"

#include "tests/core/search/joint/sampled.h"

namespace cohelix::search {
namespace {

TEST(AcceleratorProblem, AppraisesAsTheCostModelDoes) {
    for (const auto& entry : spec::presets()) {
        const auto spec = specification(entry.name);
        const auto network = networkOf(spec, 3);
        const auto allocation = hardware::allocateLayers(spec.accelerator, {}, network);
        AcceleratorProblem problem(spec, network);
        base::Random random(4, entry.name);
        for (int trial = 0; trial < 20; ++trial) {
            const auto choices = randomChoices(spec, random);
            const auto accelerator = hardware::buildAccelerator(spec.accelerator, choices, network);
            const auto cost = hardware::evaluate(network, accelerator, allocation, spec.device);
            const auto appraisal = problem.appraise(choices);
            if (!cost) {
                EXPECT_FALSE(appraisal.feasible) << entry.name;
                continue;
            }
            EXPECT_NEAR(appraisal.metric, spec::metricOf(*cost, spec.objective.metric),
                        1e-9 * appraisal.metric)
                << entry.name;
            EXPECT_EQ(appraisal.dsp, cost->dsp);
            EXPECT_EQ(appraisal.bram18k, cost->bram18k);
        }
    }
}

// Splits between blocks are choices like all others: sampled, kept within the limits and
// remembered.
TEST(AcceleratorSearch, SearchesTheAllocationToo) {
    for (const char* name : {"searched", "searched-beyond"}) {
        auto spec = specification("dna-cifar10-zc706");
        spec.accelerator = *spec::acceleratorPreset(name);
        spec.accelerator.searched->mostGroups = 5;
        const auto network = networkOf(spec, 3);
        AcceleratorProblem problem(spec, network);
        base::Random random(4, name);
        std::set<std::size_t> groups;
        for (int trial = 0; trial < 30; ++trial) {
            const auto choices = randomChoices(spec, random);
            const auto repaired = problem.repaired(choices);
            for (const auto& tried : {std::optional(choices), repaired}) {
                if (!tried) continue;
                EXPECT_EQ(canonicalChoices(spec.accelerator, *tried), *tried);
                const auto cost = hardware::totals(
                    network, hardware::buildAccelerator(spec.accelerator, *tried, network),
                    hardware::allocateLayers(spec.accelerator, *tried, network));
                const auto appraisal = problem.appraise(*tried);
                EXPECT_NEAR(appraisal.metric, 200e6 / cost->periodCycles, 1e-9 * appraisal.metric);
                EXPECT_EQ(appraisal.dsp, cost->dsp);
                EXPECT_EQ(appraisal.bram18k, cost->bram18k);
            }
            ASSERT_TRUE(repaired);
            groups.insert(hardware::groupStarts(spec.accelerator, *repaired).size());
        }
        EXPECT_EQ(groups.size(), 5u) << "every number of groups is drawn";

        const auto found = AcceleratorSearch(spec, 0).search(network, 300);
        ASSERT_TRUE(found);
        EXPECT_TRUE(found->appraisal.feasible);
        EXPECT_TRUE(checkResources(spec).ok());
    }
}

// Where chunks share DRAM the search prices as the cost model does too, and it matters.
TEST(AcceleratorProblem, CountsTheDramThatChunksShare) {
    auto spec = specification("dna-cifar10-zc706");
    spec.accelerator.dramGigabytesPerSecond = 1.6;
    const auto network = networkOf(spec, 3);
    const auto allocation = hardware::allocateLayers(spec.accelerator, {}, network);
    AcceleratorProblem problem(spec, network);
    base::Random random(6, "dram");
    int bound = 0;
    for (int trial = 0; trial < 20; ++trial) {
        const auto choices = randomChoices(spec, random);
        const auto accelerator = hardware::buildAccelerator(spec.accelerator, choices, network);
        const auto cost = hardware::evaluate(network, accelerator, allocation, spec.device);
        ASSERT_TRUE(cost);
        const auto appraisal = problem.appraise(choices);
        EXPECT_NEAR(appraisal.metric, cost->fps, 1e-9 * cost->fps);
        bound += cost->periodCycles > std::ranges::max(appraisal.chunkCycles) ? 1 : 0;
    }
    EXPECT_GT(bound, 0) << "in none of them DRAM set the period";
}

TEST(AcceleratorProblem, RepairKeepsTheHardLimits) {
    auto spec = specification("dna-cifar10-zc706");
    for (const double dsp : {10.0, 45.0, 140.0, 900.0}) {
        spec.limits.dsp = dsp;
        spec.limits.bram18k = 300;
        AcceleratorProblem problem(spec, networkOf(spec, 3));
        base::Random random(5, "repair");
        int repaired = 0;
        for (int trial = 0; trial < 40; ++trial) {
            const auto choices = problem.repaired(randomChoices(spec, random));
            if (!choices) continue;
            ++repaired;
            const auto appraisal = problem.appraise(*choices);
            ASSERT_LE(appraisal.dsp, dsp);
            ASSERT_LE(appraisal.bram18k, 300);
        }
        EXPECT_GT(repaired, 0) << dsp << " DSPs";
    }
}

/// Every size at its smallest.
std::vector<int> smallestChoices(const hardware::AcceleratorSpace& space) {
    std::vector<int> smallest;
    for (const auto& choice : hardware::acceleratorChoices(space)) {
        int least = 0;
        for (int o = 1; choice.unit != "" && o < static_cast<int>(choice.options.size()); ++o) {
            const auto value = [&](int option) {
                return std::stoi(choice.options[static_cast<std::size_t>(option)]);
            };
            if (value(o) < value(least)) least = o;
        }
        smallest.push_back(least);
    }
    return canonicalChoices(space, smallest);
}

TEST(AcceleratorProblem, RepairGoesAllTheWayToTheSmallest) {
    auto spec = specification("dna-cifar10-zc706");
    for (const char* name : {"r1", "wide"}) {
        spec.accelerator = *spec::acceleratorPreset(name);
        for (auto& chunk : spec.accelerator.pipeline) {
            chunk.parallelism = {chunk.parallelism.front()};  // a mode is no size
            chunk.bits = {chunk.bits.front()};
        }
        const auto network = networkOf(spec, 3);
        spec.limits = {};
        const auto least =
            AcceleratorProblem(spec, network).appraise(smallestChoices(spec.accelerator));
        spec.limits.dsp = least.dsp;
        spec.limits.bram18k = least.bram18k;
        AcceleratorProblem problem(spec, network);
        base::Random random(5, name);
        for (int trial = 0; trial < 20; ++trial) {
            const auto choices = problem.repaired(randomChoices(spec, random));
            ASSERT_TRUE(choices) << name;
            EXPECT_TRUE(problem.appraise(*choices).feasible);
        }
    }
}

TEST(AcceleratorSearch, BeatsRandomSamplesAndIsReproducible) {
    const auto spec = specification("fashion-mnist-zc706");
    const auto network = networkOf(spec, 1);
    const auto found = AcceleratorSearch(spec, 1).search(network, 200);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->appraisal.feasible);
    AcceleratorProblem problem(spec, network);
    base::Random random(6, "random");
    double best = 0;
    for (int trial = 0; trial < 5000; ++trial) {
        const auto appraisal = problem.appraise(randomChoices(spec, random));
        if (appraisal.feasible) best = std::max(best, appraisal.metric);
    }
    EXPECT_GT(found->appraisal.metric, best);
    const auto again = AcceleratorSearch(spec, 1).search(network, 200);
    EXPECT_EQ(again->choices, found->choices);
}

TEST(AcceleratorSearch, ContinuesFromSavedStateBitForBit) {
    const auto spec = specification("fashion-mnist-zc706");
    AcceleratorSearch one(spec, 2);
    (void)one.search(networkOf(spec, 1), 30);
    AcceleratorSearch two(spec, 2);
    two.restore(one.save());
    const auto network = networkOf(spec, 4);
    EXPECT_EQ(one.search(network, 30)->choices, two.search(network, 30)->choices);
    EXPECT_EQ(one.save(), two.save());
}

/// The exact optimum of the authors' 4-chunk space for the network of method.md 2.7 is known; here
/// a space small enough to enumerate.
TEST(AcceleratorSearch, FindsTheOptimumOfASmallSpace) {
    auto spec = specification("fashion-mnist-zc706");
    for (auto& chunk : spec.accelerator.pipeline) {
        chunk.parallelism.resize(1);
        chunk.rows = {7};
        chunk.columns = {7};
        chunk.outputs = {16, 8, 1};
        if (chunk.role == model::ChunkRole::Standard) chunk.inputs = {4, 1};
    }
    spec.limits.dsp = 30;
    const auto network = networkOf(spec, 1);
    AcceleratorProblem problem(spec, network);
    double best = 0;
    std::vector<int> choices(problem.choices().size(), 0);
    for (;;) {  // an odometer over all choices
        const auto appraisal = problem.appraise(canonicalChoices(spec.accelerator, choices));
        if (appraisal.feasible) best = std::max(best, appraisal.metric);
        std::size_t i = 0;
        while (i < choices.size() &&
               ++choices[i] == static_cast<int>(problem.choices()[i].options.size())) {
            choices[i++] = 0;
        }
        if (i == choices.size()) break;
    }
    ASSERT_GT(best, 0);
    const auto found = AcceleratorSearch(spec, 0).search(network, 300);
    ASSERT_TRUE(found);
    EXPECT_DOUBLE_EQ(found->appraisal.metric, best);
}

TEST(Feasibility, NamesTheResourceAndWhatIsMissing) {
    struct Case {
        const char* pointer;
        const char* value;
        const char* where;
        const char* what;
    };
    const Case cases[] = {
        {"/accelerator/chunks/0/tm", "[2048, 1024]", "/accelerator/chunks/0/rows", nullptr},
        {"/limits/dsp", "1", "/limits/dsp", "needs 2 DSP; the limit is 1, 1 too few"},
        {"/limits/bram18k", "2", "/limits/bram18k", "BRAM18K; the limit is 2"},
        {"/limits/least_fps", "1e9", "/limits/least_fps", "the limit is 1,000,000,000.0 FPS"},
        {"/limits/most_latency_ms", "1e-9", "/limits/most_latency_ms", "reaches"},
        {"/limits/most_energy_mj", "1e-9", "/limits/most_energy_mj", "reaches"},
        {"/limits/most_edp", "1e-9", "/limits/most_edp", "reaches"},
    };
    for (const auto& c : cases) {
        auto json = spec::toJson(specification("fashion-mnist-zc706"));
        ASSERT_TRUE(base::setAtPointer(json, c.pointer, c.value).ok());
        const auto spec = spec::fromJson(json);
        ASSERT_TRUE(spec.ok()) << base::toText(spec.error());
        const auto feasible = checkFeasible(*spec);
        if (!c.what) continue;
        ASSERT_FALSE(feasible.ok()) << c.pointer;
        EXPECT_EQ(feasible.error().where, c.where);
        EXPECT_NE(feasible.error().what.find(c.what), std::string::npos) << feasible.error().what;
    }
}

TEST(Feasibility, SaysWhichTilesAreTooLargeForTheDsps) {
    auto spec = specification("fashion-mnist-zc706");
    auto& chunk = spec.accelerator.pipeline[0];
    chunk.parallelism = {model::Parallelism::OutputAndInputChannels};
    chunk.outputs = {2048, 1024};
    chunk.inputs = {8, 4};
    EXPECT_TRUE(checkFeasible(spec).ok()) << "tiles are clipped to layers";
    spec.limits.dsp = 1;
    const auto feasible = checkFeasible(spec);
    ASSERT_FALSE(feasible.ok());
    EXPECT_EQ(feasible.error().where, "/accelerator/chunks/0/tm");
    EXPECT_EQ(
        feasible.error().what,
        "the smallest choice, 1024 x 4, needs 96 DSP for the cheapest network; the limit is 1");
}

/// Of two parallelisms the one that takes less counts, wherever it stands in the list.
TEST(Feasibility, TakesTheSmallestParallelism) {
    auto spec = specification("fashion-mnist-zc706");
    spec.network.operators = {*spec::parseOperator("k3_e1")};
    const auto needed = [&](std::vector<model::Parallelism> modes) {
        for (auto& chunk : spec.accelerator.pipeline) {
            if (chunk.role == model::ChunkRole::Depthwise) chunk.parallelism = modes;
        }
        for (spec.limits.bram18k = 1; !checkResources(spec).ok(); ++*spec.limits.bram18k) {
        }
        return *spec.limits.bram18k;
    };
    using enum model::Parallelism;
    const auto channels = needed({OutputChannels});
    const auto rows = needed({OutputRows});
    EXPECT_NE(channels, rows);
    EXPECT_EQ(needed({OutputRows, OutputChannels}), std::min(channels, rows));
    EXPECT_EQ(needed({OutputChannels, OutputRows}), std::min(channels, rows));
}

/// Where stem and head are free, a network of skips has no period.
TEST(Feasibility, ANetworkThatCostsNothingIsNotTooSlow) {
    auto spec = specification("fashion-mnist-zc706");
    spec.accelerator.fpgaModel = model::FpgaModel::PublishedClipped;
    spec.limits.leastFps = 1;
    const auto feasible = checkFeasible(spec);
    EXPECT_TRUE(feasible.ok()) << (feasible.ok() ? "" : base::toText(feasible.error()));
}

TEST(Feasibility, RefusesAnEmptySpecification) {
    EXPECT_FALSE(checkFeasible(spec::Specification()).ok());
    auto spec = specification("fashion-mnist-zc706");
    spec.accelerator.pipeline.clear();
    EXPECT_EQ(checkFeasible(spec).error().where, "/accelerator/chunks");
}

TEST(Feasibility, AcceptsEveryPreset) {
    for (const auto& entry : spec::presets()) {
        const auto feasible = checkFeasible(specification(entry.name));
        EXPECT_TRUE(feasible.ok()) << entry.name << ": " << base::toText(feasible.error());
    }
}

TEST(Pareto, FrontIsWhatNothingDominates) {
    base::Random random(8, "points");
    for (int trial = 0; trial < 200; ++trial) {
        std::vector<model::Point> points(1 + random.below(40));
        for (auto& point : points) {
            point = {static_cast<double>(random.below(8)),
                     1.0 + static_cast<double>(random.below(8))};
        }
        const auto found = model::front(points);
        for (std::size_t i = 0; i < points.size(); ++i) {
            const bool beaten = std::any_of(
                points.begin(), points.end(),
                [&](const model::Point& other) { return model::dominates(other, points[i]); });
            const bool firstOfEquals =
                std::find(points.begin(), points.end(), points[i]) - points.begin() ==
                static_cast<std::ptrdiff_t>(i);
            EXPECT_EQ(std::find(found.begin(), found.end(), i) != found.end(),
                      !beaten && firstOfEquals);
        }
        for (const std::size_t count : {std::size_t{1}, std::size_t{3}, points.size()}) {
            const auto selected = model::spreadSelection(points, count);
            EXPECT_EQ(selected.size(), std::min(count, points.size()));
            EXPECT_EQ(std::set<std::size_t>(selected.begin(), selected.end()).size(),
                      selected.size());
        }
    }
}

}  // namespace
}  // namespace cohelix::search
