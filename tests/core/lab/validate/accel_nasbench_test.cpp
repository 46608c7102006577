// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <fstream>

#include "core/lab/validate/rank_correlation.h"

#include "tests/core/lab/validate/tables.h"

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

/// The header and the first rows of a table.
std::string beginningOf(const std::filesystem::path& path, int rows) {
    std::ifstream file(path);
    std::string all;
    std::string line;
    for (int i = 0; i <= rows && std::getline(file, line); ++i) all += line + "\n";
    return all;
}

/// Moves each calibrated constant by ever smaller factors for as long as the mean error falls.
Dpu calibratedOn(const std::filesystem::path& path) {
    Dpu best{.startMilliseconds = 0.2,
             .convolutionEfficiency = 1,
             .poolBytesPerCycle = 64,
             .gateCyclesPerChannel = 10,
             .bankWords = 512};
    double least = *accelNasbench(path, best)->meanRelativeError;
    for (const double factor : {2.0, 1.4, 1.2, 1.1, 1.05, 1.02}) {
        for (bool better = true; better;) {
            better = false;
            for (const auto constant :
                 {&Dpu::bankWords, &Dpu::poolBytesPerCycle, &Dpu::convolutionEfficiency,
                  &Dpu::gateCyclesPerChannel, &Dpu::startMilliseconds}) {
                for (const double by : {factor, 1 / factor}) {
                    Dpu trial = best;
                    trial.*constant *= by;
                    const double error = *accelNasbench(path, trial)->meanRelativeError;
                    if (error >= least) continue;
                    least = error;
                    best = trial;
                    better = true;
                }
            }
        }
    }
    return best;
}

TEST(AccelNasbench, RanksTheNetworksOfTheTable) {
    COHELIX_NEEDS_TABLE(path, kTable);
    const auto result = accelNasbench(path);
    ASSERT_TRUE(result.ok()) << base::toText(result.error());
    EXPECT_EQ(result->rows, 2573);
    EXPECT_EQ(result->flagged, 2);
    EXPECT_GT(*result->spearman, 0.998);
    EXPECT_GT(*result->kendall, 0.96);
    EXPECT_LT(*result->meanRelativeError, 0.02) << text(result->differences);
}

TEST(AccelNasbench, ParametersComeOutExactlyInEveryRow) {
    COHELIX_NEEDS_TABLE(path, kTable);
    const auto result = accelNasbench(path);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->equal, result->rows);
}

TEST(AccelNasbench, CalibratedOnTheFirst500RowsItHoldsForTheOthers) {
    COHELIX_NEEDS_TABLE(path, kTable);
    constexpr std::size_t kSeen = 500;
    const auto device = calibratedOn(tableOf(beginningOf(path, kSeen)));
    const auto result = accelNasbench(path, device);
    std::vector<double> ours;
    std::vector<double> theirs;
    double sum = 0;
    for (std::size_t i = kSeen; i < result->comparisons.size(); ++i) {
        ours.push_back(result->comparisons[i].ours);
        theirs.push_back(result->comparisons[i].theirs);
        sum += std::abs(ours.back() / theirs.back() - 1);
    }
    const double meanError = sum / static_cast<double>(ours.size());
    RecordProperty("unseen", std::to_string(ours.size()) + " rows, mean error " +
                                 std::to_string(meanError) + ", Spearman " +
                                 std::to_string(*spearman(ours, theirs)));
    for (const auto& constant : constantsOf(device)) {
        if (constant.calibrated) {
            RecordProperty(std::string(constant.name), std::to_string(constant.value));
        }
    }
    EXPECT_LT(meanError, 0.025);
    EXPECT_GT(*spearman(ours, theirs), 0.997);
}

TEST(AccelNasbench, AtMostFiveConstantsAreCalibrated) {
    int calibrated = 0;
    for (const auto& constant : constantsOf(Dpu{})) {
        calibrated += constant.calibrated ? 1 : 0;
    }
    EXPECT_LE(calibrated, 5);
}

TEST(AccelNasbench, DepthwiseUsesOneOfSixteenInputChannelsAndHalfThePixels) {
    const Dpu peak{.convolutionEfficiency = 1};
    const DpuOperation full{"", DpuWork::Convolution, 64, 64, 56, 56, 3};
    const DpuOperation depthwise{"", DpuWork::Depthwise, 64, 1, 56, 56, 3};
    EXPECT_EQ(cyclesOnDpu(full, peak), 4 * 4 * 7 * 56 * 9);
    EXPECT_EQ(cyclesOnDpu(depthwise, peak), 4 * 14 * 56 * 9);
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
