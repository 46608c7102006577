// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/joint/candidates.h"

#include <gtest/gtest.h>

namespace cohelix::search {
namespace {

std::size_t put(Candidates& candidates, int network, double fps, double estimate,
                int accelerator = 0) {
    return candidates.put({{{network}, {accelerator}}, 0, fps, estimate});
}

TEST(Candidates, EveryWindowSendsItsBestEvenOffTheFront) {
    Candidates candidates;
    const auto slow = put(candidates, 1, 150, 0.70);  // beaten by `fast` in both figures
    (void)put(candidates, 2, 120, 0.60);
    const auto fast = put(candidates, 3, 900, 0.80);
    const auto fastest = put(candidates, 4, 2000, 0.75);  // in no window, but on the front
    (void)put(candidates, 5, 800, 0.10);
    spec::Objective objective;
    objective.targets = {{100, 200}, {500, 1000}};
    EXPECT_EQ(candidates.select(3, objective, 1), (std::vector<std::size_t>{slow, fast, fastest}));
    EXPECT_EQ(candidates.select(5, objective, 1).size(), 5U);
    EXPECT_EQ(candidates.select(1, objective, 1), std::vector<std::size_t>{fast});
    EXPECT_TRUE(candidates.select(0, objective, 1).empty());
}

TEST(Candidates, OfOneNetworkTheBestAcceleratorCounts) {
    Candidates candidates;
    (void)put(candidates, 1, 100, 0.7, 0);
    const auto better = put(candidates, 1, 300, 0.7, 1);
    spec::Objective objective;
    objective.targets = {{0, 1000}};
    EXPECT_EQ(candidates.select(4, objective, 4), std::vector<std::size_t>{better});
    EXPECT_EQ(put(candidates, 1, 300, 0.9, 1), better) << "the same choices are the same candidate";
    EXPECT_EQ(candidates.size(), 2U);
    Candidates again;
    again.restore(candidates.save());
    EXPECT_EQ(again.save(), candidates.save());
}

TEST(Candidates, ANetworkInAnotherPrecisionIsAnotherCandidate) {
    Candidates candidates;
    const auto wide = candidates.put({{{1}, {0}}, 0, 100, 0.8, {16, 16}});
    const auto narrow = candidates.put({{{1}, {1}}, 0, 300, 0.7, {16, 4}});
    (void)candidates.put({{{1}, {2}}, 0, 200, 0.7, {16, 4}});
    spec::Objective objective;
    objective.targets = {{0, 1000}};
    EXPECT_EQ(candidates.select(4, objective, 4), (std::vector<std::size_t>{wide, narrow}));
    Candidates again;
    again.restore(candidates.save());
    EXPECT_EQ(again.save(), candidates.save());
    EXPECT_EQ(again.at(narrow).precision, (std::vector{16, 4}));
}

TEST(Candidates, SmallerIsBetterForEnergy) {
    Candidates candidates;
    const auto frugal = candidates.put({{{1}, {0}}, 0, 1 / 2.0, 0.5});  // 2 mJ
    const auto hungry = candidates.put({{{2}, {0}}, 0, 1 / 8.0, 0.4});  // 8 mJ
    spec::Objective objective;
    objective.metric = spec::Metric::EnergyMj;
    objective.targets = {{7, 9}};
    EXPECT_EQ(candidates.select(1, objective, 1), std::vector<std::size_t>{hungry});
    EXPECT_EQ(candidates.select(2, objective, 1), (std::vector<std::size_t>{hungry, frugal}));
}

}  // namespace
}  // namespace cohelix::search
