// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/validate/rank_correlation.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace cohelix::validate {
namespace {

using List = std::vector<double>;

/// Tau-b from its definition, pair by pair.
double kendallByPairs(const List& a, const List& b) {
    double difference = 0;
    double apartInA = 0;
    double apartInB = 0;
    const auto sign = [](double x, double y) { return (x > y) - (x < y); };
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            difference += sign(a[i], a[j]) * sign(b[i], b[j]);
            apartInA += sign(a[i], a[j]) != 0;
            apartInB += sign(b[i], b[j]) != 0;
        }
    }
    return difference / std::sqrt(apartInA * apartInB);
}

TEST(RankCorrelation, SameOrderIsOneAndTheReverseMinusOne) {
    const List a = {1, 2, 30, 400};
    EXPECT_DOUBLE_EQ(*spearman(a, List{5, 6, 7, 8}), 1);
    EXPECT_DOUBLE_EQ(*kendall(a, List{5, 6, 7, 8}), 1);
    EXPECT_DOUBLE_EQ(*spearman(a, List{8, 7, 6, 5}), -1);
    EXPECT_DOUBLE_EQ(*kendall(a, List{8, 7, 6, 5}), -1);
}

TEST(RankCorrelation, TextbookExampleOfTenIntelligenceScores) {
    // Spearman's rho of IQ and hours of television, the usual worked example: -29/165.
    const List iq = {106, 86, 100, 101, 99, 103, 97, 113, 112, 110};
    const List hours = {7, 0, 27, 50, 28, 29, 20, 12, 6, 17};
    EXPECT_NEAR(*spearman(iq, hours), -29.0 / 165, 1e-12);
    EXPECT_NEAR(*kendall(iq, hours), -5.0 / 45, 1e-12);
}

TEST(RankCorrelation, EqualValuesShareTheMeanOfTheirRanks) {
    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / sqrt(4.5 * 5).
    const List tied = {1, 2, 2, 3};
    EXPECT_NEAR(*spearman(tied, List{1, 2, 3, 4}), 4.5 / std::sqrt(4.5 * 5), 1e-12);
    EXPECT_NEAR(*kendall(tied, List{1, 2, 3, 4}), 5 / std::sqrt(5.0 * 6), 1e-12);
}

TEST(RankCorrelation, KendallEqualsTheCountOfPairsWithTiesInEither) {
    base::Random random(7, "kendall");
    for (int round = 0; round < 200; ++round) {
        const auto count = static_cast<std::size_t>(2 + random.below(40));
        List a(count);
        List b(count);
        for (auto& value : a) value = static_cast<double>(random.below(9));
        for (auto& value : b) value = static_cast<double>(random.below(15));
        const double expected = kendallByPairs(a, b);
        const auto ours = kendall(a, b);
        if (std::isnan(expected)) {
            EXPECT_FALSE(ours) << "one of the lists is constant";
        } else {
            ASSERT_TRUE(ours);
            EXPECT_NEAR(*ours, expected, 1e-12);
        }
    }
}

TEST(RankCorrelation, IsEmptyWhereThereIsNoOrder) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const auto& correlation : {spearman, kendall}) {
        EXPECT_FALSE(correlation(List{}, List{}));
        EXPECT_FALSE(correlation(List{1}, List{1}));
        EXPECT_FALSE(correlation(List{1, 2}, List{1, 2, 3}));
        EXPECT_FALSE(correlation(List{1, 1}, List{1, 2}));
        EXPECT_FALSE(correlation(List{1, nan}, List{1, 2}));
    }
}

TEST(RankCorrelation, AHundredThousandPairsNeedNoSquareOfTime) {
    List a(100'000);
    List b(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        a[i] = static_cast<double>(i);
        b[i] = static_cast<double>(i ^ 1U);
    }
    const double pairs = 100'000.0 * 99'999 / 2;
    EXPECT_NEAR(*kendall(a, b), 1 - 2 * 50'000 / pairs, 1e-12);
}

}  // namespace
}  // namespace cohelix::validate
