// SPDX-License-Identifier: GPL-3.0-or-later
// The searches over lists of choices learn what they are rewarded for.
#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "core/baselines/controller.h"
#include "core/baselines/evolution.h"

namespace cohelix::baselines {
namespace {

TEST(Controller, LearnsToWriteWhatIsRewarded) {
    base::Random random(1, "test");
    Controller controller({3, 4, 2}, random);
    RewardBaseline baseline;
    const std::vector<int> wanted = {2, 1, 0};
    const auto score = [&](const std::vector<int>& options) {
        double hits = 0;
        for (std::size_t i = 0; i < wanted.size(); ++i) hits += options[i] == wanted[i] ? 1 : 0;
        return hits;
    };
    const auto meanOf = [&](int count, bool learns) {
        double sum = 0;
        for (int i = 0; i < count; ++i) {
            const double reward = score(controller.write(random));
            if (learns) controller.learn(baseline.advantageOf(reward));
            sum += reward;
        }
        return sum / count;
    };
    const double before = meanOf(200, false);
    (void)meanOf(600, true);
    EXPECT_LT(before, 1.6);
    EXPECT_GT(meanOf(200, false), 2.2) << "uniform writing earns 1.08, the wanted options 3";
}

TEST(RewardBaseline, StartsAtTheFirstRewardAndFollows) {
    RewardBaseline baseline;
    EXPECT_EQ(baseline.advantageOf(5), 0);
    EXPECT_EQ(baseline.advantageOf(6), 1);
    EXPECT_NEAR(baseline.advantageOf(6), 0.9, 1e-12);
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
}  // namespace cohelix::baselines
