// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/single_changes.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "core/search/accelerator/accelerator_problem.h"

#include "tests/core/search/joint/sampled.h"

namespace cohelix::search {
namespace {

TEST(SingleChanges, DifferFromTheAcceleratorAndFromOneAnotherInTheirChunk) {
    for (const std::string name : {"dna-cifar10-zc706", "dna-cifar10-asic"}) {
        const auto spec = specification(name);
        const auto network = networkOf(spec, 3);
        base::Random random(7, "changes");
        const auto choices = randomChoices(spec, random);
        const auto before = hardware::buildAccelerator(spec.accelerator, choices, network);
        const auto changes = explain::singleChanges(spec, choices, network);
        ASSERT_FALSE(changes.empty());
        std::set<std::string> texts;
        for (const auto& change : changes) {
            EXPECT_TRUE(texts.insert(change.text).second) << change.text;
            EXPECT_GE(change.steps, 1) << change.text;
            for (std::size_t c = 0; c < before.chunkCount(); ++c) {
                if (static_cast<int>(c) == change.chunk) continue;
                const bool same = before.pipeline.empty()
                                      ? change.accelerator.arrays[c] == before.arrays[c]
                                      : change.accelerator.pipeline[c] == before.pipeline[c];
                EXPECT_TRUE(same) << change.text;
            }
        }
    }
}

TEST(SingleChanges, TheSmallestFixOfADesignBeyondItsLimitsKeepsThem) {
    auto spec = specification("dna-cifar10-zc706");
    const auto network = networkOf(spec, 3);
    const auto allocation = hardware::allocateLayers(spec.accelerator, {}, network);
    base::Random random(8, "fix");
    int fixed = 0;
    for (int trial = 0; trial < 20; ++trial) {
        const auto choices = randomChoices(spec, random);
        const auto accelerator = hardware::buildAccelerator(spec.accelerator, choices, network);
        const auto now = hardware::totals(network, accelerator, allocation).value();
        // A little less than it needs.
        spec.limits.dsp = std::floor(now.dsp * 0.97);
        spec.limits.bram18k = now.bram18k;
        const auto limits = explain::hardLimitsOf(spec);
        const auto over = explain::excesses(network, accelerator, allocation, limits);
        ASSERT_EQ(over.size(), 1u);
        EXPECT_EQ(over[0].need, now.dsp);
        const auto changes = explain::singleChanges(spec, choices, network);
        const auto fix =
            explain::smallestFix(network, allocation, limits, changes, explain::goalOf(spec));
        for (const auto& change : changes) {
            const auto then = hardware::totals(network, change.accelerator, allocation).value();
            const bool fits = then.dsp <= *limits.dsp && then.bram18k <= *limits.bram18k;
            if (fits) {
                ASSERT_TRUE(fix) << change.text;
                EXPECT_LE(fix->steps, change.steps);
            }
        }
        if (!fix) continue;
        ++fixed;
        EXPECT_TRUE(explain::excesses(network, changes[fix->change].accelerator, allocation, limits)
                        .empty());
    }
    EXPECT_GT(fixed, 10);
}

TEST(SingleChanges, UtilizationOfEveryPresetAddsUp) {
    for (const auto& entry : spec::presets()) {
        const auto spec = specification(entry.name);
        const auto network = networkOf(spec, 3);
        const auto allocation = hardware::allocateLayers(spec.accelerator, {}, network);
        base::Random random(9, entry.name);
        for (int trial = 0; trial < 5; ++trial) {
            const auto accelerator =
                hardware::buildAccelerator(spec.accelerator, randomChoices(spec, random), network);
            const auto cost = hardware::evaluate(network, accelerator, allocation, spec.device);
            if (!cost) continue;
            const auto why = explain::explanationOf(network, accelerator, *cost);
            EXPECT_NEAR(why.utilization.sum(), 1, 1e-9) << entry.name;
            const auto& slowest = cost->chunks[static_cast<std::size_t>(why.bottleneck.chunk)];
            EXPECT_EQ(slowest.cycles, cost->periodCycles) << entry.name;
        }
    }
}

TEST(SingleChanges, SensitivitiesOfPresetsAreImprovementsThatAreReal) {
    for (const std::string name : {"fashion-mnist-zc706", "dna-cifar10-asic"}) {
        const auto spec = specification(name);
        const auto network = networkOf(spec, 3);
        const auto allocation = hardware::allocateLayers(spec.accelerator, {}, network);
        base::Random random(10, name);
        AcceleratorProblem problem(spec, network);
        const auto choices = problem.repaired(randomChoices(spec, random));
        ASSERT_TRUE(choices) << name;
        const auto accelerator = hardware::buildAccelerator(spec.accelerator, *choices, network);
        const auto changes = explain::singleChanges(spec, *choices, network);
        const auto all =
            explain::sensitivities(network, accelerator, allocation, explain::hardLimitsOf(spec),
                                   changes, explain::goalOf(spec));
        ASSERT_TRUE(all.ok()) << base::toText(all.error());
        ASSERT_FALSE(all->empty());
        for (const auto& sensitivity : *all) {
            EXPECT_LE(sensitivity.after, sensitivity.before) << sensitivity.text;
            EXPECT_FALSE(sensitivity.text.empty());
        }
    }
}

}  // namespace
}  // namespace cohelix::search
