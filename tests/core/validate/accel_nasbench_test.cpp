// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/validate/rank_correlation.h"

#include "tests/core/validate/tables.h"

namespace cohelix::validate {
namespace {

constexpr const char* kTable = "accel_nasbench.csv";

std::string header() {
    std::string columns;
    for (int b = 0; b < 7; ++b) {
        for (const char* part : {"_e", "_k", "_l", "_se"}) {
            columns += "b" + std::to_string(b) + part + ",";
        }
    }
    return columns + "params_M,zcu102_ms\n";
}

const std::string kBlocks = "6,3,1,0,4,5,2,0,6,3,3,0,6,5,3,0,6,5,2,0,1,3,2,0,1,3,2,0,";

struct Half {
    double meanError = 0;
    double spearman = 0;
};

/// Every second row, from the given one on.
Half halfOf(const Validation& result, std::size_t first) {
    std::vector<double> ours;
    std::vector<double> theirs;
    double sum = 0;
    for (std::size_t i = first; i < result.comparisons.size(); i += 2) {
        ours.push_back(result.comparisons[i].ours);
        theirs.push_back(result.comparisons[i].theirs);
        sum += std::abs(ours.back() / theirs.back() - 1);
    }
    return {sum / static_cast<double>(ours.size()), *spearman(ours, theirs)};
}

TEST(AccelNasbench, RanksTheNetworksOfTheTable) {
    COHELIX_NEEDS_TABLE(path, kTable);
    const auto result = accelNasbench(path);
    ASSERT_TRUE(result.ok()) << base::toText(result.error());
    EXPECT_EQ(result->rows, 2573);
    EXPECT_EQ(result->flagged, 2);
    EXPECT_GT(*result->spearman, 0.99);
    EXPECT_GT(*result->kendall, 0.93);
    EXPECT_LT(*result->meanRelativeError, 0.03) << text(result->differences);
}

TEST(AccelNasbench, ParametersComeOutExactlyInEveryRow) {
    COHELIX_NEEDS_TABLE(path, kTable);
    const auto result = accelNasbench(path);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->equal, result->rows);
}

/// Each constant in turn to what is best for the first half; the other half has no say.
TEST(AccelNasbench, CalibratedOnHalfOfTheRowsItHoldsForTheOther) {
    COHELIX_NEEDS_TABLE(path, kTable);
    cost::Dpu best{.startMilliseconds = 0,
                   .convolutionEfficiency = 1,
                   .poolBytesPerCycle = 64,
                   .gateCyclesPerChannel = 0};
    const auto keepBest = [&](double cost::Dpu::*constant, const std::vector<double>& values) {
        double least = 1e9;
        double winner = best.*constant;
        for (const double value : values) {
            cost::Dpu trial = best;
            trial.*constant = value;
            const double error = halfOf(*accelNasbench(path, trial), 0).meanError;
            if (error < least) {
                least = error;
                winner = value;
            }
        }
        best.*constant = winner;
    };
    for (int round = 0; round < 3; ++round) {
        keepBest(&cost::Dpu::poolBytesPerCycle, {12, 16, 19, 22, 26, 32});
        keepBest(&cost::Dpu::convolutionEfficiency, {0.3, 0.36, 0.42, 0.5, 0.6, 0.8, 1});
        keepBest(&cost::Dpu::gateCyclesPerChannel, {0, 20, 41, 60, 80});
        keepBest(&cost::Dpu::startMilliseconds, {0, 0.2, 0.4, 0.58, 0.8});
    }
    const auto result = accelNasbench(path, best);
    const Half unseen = halfOf(*result, 1);
    RecordProperty("unseen_mean_error", std::to_string(unseen.meanError));
    RecordProperty("unseen_spearman", std::to_string(unseen.spearman));
    EXPECT_LT(unseen.meanError, 0.04);
    EXPECT_GT(unseen.spearman, 0.99);
}

TEST(AccelNasbench, AtMostFiveConstantsAreCalibrated) {
    int calibrated = 0;
    for (const auto& constant : cost::constantsOf(cost::Dpu{})) {
        calibrated += constant.calibrated ? 1 : 0;
    }
    EXPECT_LE(calibrated, 5);
}

TEST(AccelNasbench, DepthwiseUsesOneOfSixteenInputChannelsAndHalfThePixels) {
    const cost::Dpu peak{.convolutionEfficiency = 1};
    const cost::DpuOperation full{"", cost::DpuWork::Convolution, 64, 64, 56, 56, 3};
    const cost::DpuOperation depthwise{"", cost::DpuWork::Depthwise, 64, 1, 56, 56, 3};
    EXPECT_EQ(cost::cyclesOnDpu(full, peak), 4 * 4 * 7 * 56 * 9);
    EXPECT_EQ(cost::cyclesOnDpu(depthwise, peak), 4 * 14 * 56 * 9);
}

TEST(AccelNasbench, RefusesMalformedRowsWithTheirPlace) {
    const auto good = accelNasbench(tableOf(header() + kBlocks + "2.50116,5.02\n"));
    ASSERT_TRUE(good.ok()) << base::toText(good.error());
    EXPECT_EQ(good->equal, 1);
    EXPECT_FALSE(good->spearman) << "one row has no order";
    const auto unmeasured = accelNasbench(tableOf(header() + kBlocks + "2.50116,\n"));
    ASSERT_TRUE(unmeasured.ok());
    EXPECT_EQ(unmeasured->flagged, 1);
    expectRefused(accelNasbench(tableOf(header() + kBlocks + "2.5,zero\n")), "line 2");
    expectRefused(accelNasbench(tableOf(header() + kBlocks + "2.5,0\n")), "zcu102_ms");
    expectRefused(accelNasbench(tableOf(header() + "0" + kBlocks.substr(1) + "2.5,5\n")), "b0_e");
    expectRefused(accelNasbench(tableOf("params_M,zcu102_ms\n")), "no column");
    expectRefused(accelNasbench(tableOf("")), "empty");
}

}  // namespace
}  // namespace cohelix::validate
