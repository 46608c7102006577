// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/store/project.h"

namespace cohelix::store {
namespace {

using model::AccuracyGrade;

DesignRow row(double accuracy, double fps, AccuracyGrade grade = AccuracyGrade::SupernetEstimate,
              std::int64_t run = 1) {
    DesignRow design;
    design.run = run;
    design.accuracy = accuracy;
    design.fps = fps;
    design.grade = grade;
    return design;
}

std::vector<bool> marks(std::vector<DesignRow> designs) {
    markFront(designs);
    std::vector<bool> result;
    for (const auto& design : designs) result.push_back(design.front);
    return result;
}

TEST(Front, KeepsWhatNothingElseBeats) {
    EXPECT_EQ(marks({row(0.9, 10), row(0.8, 20), row(0.7, 15), row(0.95, 5)}),
              (std::vector{true, true, false, true}));
}

TEST(Front, OneFigureEqualAndTheOtherWorseIsBeaten) {
    EXPECT_EQ(marks({row(0.9, 10), row(0.9, 11), row(0.8, 11)}), (std::vector{false, true, false}));
}

TEST(Front, OfEqualsTheFirstStays) {
    EXPECT_EQ(marks({row(0.5, 1), row(0.9, 10), row(0.9, 10), row(0.9, 10)}),
              (std::vector{false, true, false, false}));
}

TEST(Front, RunsAreApart) {
    EXPECT_EQ(marks({row(0.9, 10), row(0.1, 1, AccuracyGrade::SupernetEstimate, 2)}),
              (std::vector{true, true}));
}

TEST(Front, TrainedDesignsReplaceEstimates) {
    EXPECT_EQ(marks({row(0.99, 100), row(0.5, 10, AccuracyGrade::TrainedFromScratch),
                     row(0.99, 100, AccuracyGrade::SupernetEstimate, 2)}),
              (std::vector{false, true, true}));
}

TEST(Front, OldMarksAreForgotten) {
    std::vector designs = {row(0.5, 10), row(0.9, 20)};
    designs[0].front = true;
    EXPECT_EQ(marks(designs), (std::vector{false, true}));
}

TEST(Front, WithoutAnAccuracyOrWithoutANumberThereIsNoPlaceOnIt) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(marks({row(0, 1e9, AccuracyGrade::None), row(nan, 50), row(0.9, nan),
                     row(0.5, infinity), row(0, 10)}),
              (std::vector{false, false, false, false, true}));
}

TEST(Front, IsWhatComparingEveryPairSays) {
    std::vector<DesignRow> designs;
    unsigned state = 12345;
    const auto draw = [&] { return (state = state * 1664525 + 1013904223) >> 28; };
    for (int i = 0; i < 300; ++i) {
        designs.push_back(
            row(draw() / 16.0, draw(),
                draw() < 8 ? AccuracyGrade::Tabulated : AccuracyGrade::SupernetEstimate,
                1 + draw() / 8));
    }
    markFront(designs);
    for (std::size_t i = 0; i < designs.size(); ++i) {
        bool beaten = false;
        for (std::size_t j = 0; j < designs.size(); ++j) {
            const auto &a = designs[i], &b = designs[j];
            if (i == j || a.run != b.run || a.grade != b.grade) continue;
            if (b.accuracy < a.accuracy || b.fps < a.fps) continue;
            beaten |= b.accuracy > a.accuracy || b.fps > a.fps || j < i;
        }
        EXPECT_EQ(designs[i].front, !beaten) << i;
    }
}

}  // namespace
}  // namespace cohelix::store
