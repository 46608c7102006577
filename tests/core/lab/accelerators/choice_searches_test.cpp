// SPDX-License-Identifier: GPL-3.0-or-later
// The searches over lists of choices learn what they are rewarded for.
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "core/lab/accelerators/controller.h"
#include "core/lab/accelerators/evolution.h"

namespace cohelix::lab {
namespace {

/// How many options are as wanted, in the mean over the draws.
double meanHits(Controller& controller, const std::vector<int>& wanted, base::Random& random,
                int draws, bool learns) {
    RewardBaseline baseline;
    double sum = 0;
    for (int i = 0; i < draws; ++i) {
        const auto options = controller.write(random);
        double hits = 0;
        for (std::size_t c = 0; c < wanted.size(); ++c) hits += options[c] == wanted[c] ? 1 : 0;
        if (learns) controller.learn(baseline.advantageOf(hits));
        sum += hits;
    }
    return sum / draws;
}

// It may settle on less than all of it, as REINFORCE does; over some seeds it finds most.
TEST(Controller, LearnsToWriteWhatIsRewarded) {
    const std::vector<int> wanted = {2, 1, 0};
    constexpr int kSeeds = 8;
    double before = 0;
    double after = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        base::Random random(seed, "test");
        Controller controller({3, 4, 2}, 0.01, random);
        before += meanHits(controller, wanted, random, 200, false) / kSeeds;
        (void)meanHits(controller, wanted, random, 600, true);
        after += meanHits(controller, wanted, random, 200, false) / kSeeds;
    }
    EXPECT_NEAR(before, 1.0 / 3 + 1.0 / 4 + 1.0 / 2, 0.3);
    EXPECT_GT(after, 2.2);
}

TEST(RewardBaseline, StartsAtTheFirstRewardAndFollows) {
    RewardBaseline baseline;
    EXPECT_EQ(baseline.advantageOf(5), 0);
    EXPECT_EQ(baseline.advantageOf(6), 1);
    EXPECT_NEAR(baseline.advantageOf(6), 0.9, 1e-12);
}

TEST(Evolution, OfASinglePossibilityLooksAtIt) {
    for (const auto algorithm : {Evolution::Nsga2, Evolution::Moead}) {
        int looks = 0;
        const TwoFigures figures = [&](const std::vector<int>& options) {
            ++looks;
            EXPECT_EQ(options, (std::vector<int>{0, 0}));
            return std::array<double, 2>{1, 1};
        };
        evolve({1, 1}, figures, {algorithm, 20, 5, 1}, [] { return false; });
        EXPECT_EQ(looks, 1);
    }
}

// Also with choices of a single option, which leave nothing to search.
TEST(Evolution, FindsTheBestOfASmallSpace) {
    for (const auto algorithm : {Evolution::Nsga2, Evolution::Moead}) {
        std::set<std::vector<int>> seen;
        const TwoFigures figures = [&](const std::vector<int>& options) {
            seen.insert(options);
            EXPECT_EQ(options[1], 0);
            const double sum = std::accumulate(options.begin(), options.end(), 0.0);
            return std::array<double, 2>{sum, -options[0] / 10.0};
        };
        EvolutionPlan plan;
        plan.algorithm = algorithm;
        plan.mostGenerations = 40;
        plan.seed = 3;
        evolve({4, 1, 5, 5}, figures, plan, [] { return false; });
        EXPECT_TRUE(seen.contains({0, 0, 0, 0}));
        EXPECT_TRUE(seen.contains({3, 0, 0, 0}));
    }
}

}  // namespace
}  // namespace cohelix::lab
