// SPDX-License-Identifier: GPL-3.0-or-later
#include <numeric>

#include "core/lab/validate/devices/devices_tiled_fpga.h"
#include "core/lab/validate/published_networks.h"

#include "tests/core/lab/validate/tables.h"

namespace cohelix::validate {
namespace {

TEST(PublishedNetworks, HaveThePublishedNumberOfMultiplyAccumulates) {
    const auto gigaMacs = [](const char* network) {
        double sum = 0;
        for (const auto& layer : convolutionsOf(network)) sum += static_cast<double>(macs(layer));
        return sum * 1e-9;
    };
    EXPECT_NEAR(gigaMacs("VGG-16"), 15.347, 0.001);
    EXPECT_NEAR(gigaMacs("AlexNet"), 0.666, 0.001);
    EXPECT_NEAR(gigaMacs("ResNet-50"), 3.856, 0.001);
    EXPECT_NEAR(gigaMacs("GoogleNet"), 1.582, 0.001);
    EXPECT_TRUE(convolutionsOf("LeNet").empty());
}

TEST(Zhang2015, ThePublishedCyclesComeOutExactly) {
    const UnrolledLoops device;
    double cycles = 0;
    for (const auto& layer :
         {squareConvolution(96, 6, 55, 11, 4, 2), squareConvolution(256, 96, 27, 5, 1, 2),
          squareConvolution(384, 512, 13, 3, 1, 2), squareConvolution(384, 384, 13, 3, 1, 2),
          squareConvolution(256, 384, 13, 3, 1, 2)}) {
        cycles += publishedCycles(layer, device) / 2;
    }
    EXPECT_EQ(cycles, 1'008'246);
}

TEST(Zhang2015, MeasuredTimesOfEveryLayerWithinThreePercent) {
    COHELIX_NEEDS_TABLE(path, "zhang2015_alexnet.csv");
    const auto result = zhang2015(path);
    ASSERT_TRUE(result.ok()) << base::toText(result.error());
    EXPECT_EQ(result->rows, 5);
    EXPECT_EQ(result->equal, 5);
    EXPECT_LT(*result->worstRelativeError, 0.03) << text(result->differences);
}

TEST(Zhang2015, RefusesMalformedRowsWithTheirPlace) {
    const std::string header =
        "layer,N_in_per_group,M_out_per_group,output_EF,K,stride,cross_layer_Tm,cross_layer_Tn,"
        "cross_layer_cycles_one_group_derived,measured_ms_both_groups\n";
    EXPECT_EQ(zhang2015(tableOf(header + "a,3,48,55,11,4,64,7,366025,7.67\n"))->equal, 1);
    expectRefused(zhang2015(tableOf(header + "a,3,48,55,11,4,0,7,366025,7.67\n")), "line 2");
    expectRefused(zhang2015(tableOf(header + "a,3,48,55,11,4,64,7,366025,0\n")), "measured_ms");
}

TEST(Qiu2016, TheoreticalTimesComeOutAndMeasuredOnesWithinThreePercent) {
    COHELIX_NEEDS_TABLE(path, "qiu2016_vgg16.csv");
    const auto result = qiu2016(path);
    ASSERT_TRUE(result.ok()) << base::toText(result.error());
    EXPECT_EQ(result->comparisons.size(), 5U);
    EXPECT_EQ(result->equal, 5);
    EXPECT_EQ(result->flagged, 3);
    EXPECT_LT(*result->worstRelativeError, 0.03) << text(result->differences);
}

TEST(Qiu2016, PassesOverRowsThatAreNoStageAndRefusesMalformedOnes) {
    const std::string header = "stage,theoretical_ms,measured_ms\n";
    const auto other = qiu2016(tableOf(header + "CONV6,1,1\nCONV,,\n,,\n"));
    ASSERT_TRUE(other.ok());
    EXPECT_EQ(other->flagged, 3);
    expectRefused(qiu2016(tableOf(header + "CONV1 (2 layers),,31.29\n")), "theoretical_ms");
}

TEST(Chaidnn, RanksTheNetworksAndSizesWithinElevenPercentOnAverage) {
    COHELIX_NEEDS_TABLE(path, "chaidnn_zu9.csv");
    const auto result = chaidnn(path);
    ASSERT_TRUE(result.ok()) << base::toText(result.error());
    EXPECT_EQ(result->rows, 32);
    EXPECT_LT(*result->meanRelativeError, 0.11) << text(result->differences);
    EXPECT_GT(*result->spearman, 0.99);
}

TEST(Chaidnn, RefusesMalformedRowsWithTheirPlace) {
    const std::string header = "network,compute_dsps,clock_MHz_core_over_dsp,bits,fps_without_fc\n";
    EXPECT_TRUE(chaidnn(tableOf(header + "AlexNet,128,300/600,8,64\n")).ok());
    EXPECT_TRUE(chaidnn(tableOf(header + "AlexNet,1,300/600,8,64\n")).ok());
    expectRefused(chaidnn(tableOf(header + "LeNet,128,300/600,8,64\n")), "LeNet");
    expectRefused(chaidnn(tableOf(header + "AlexNet,128,fast,8,64\n")), "fast");
    expectRefused(chaidnn(tableOf(header + "AlexNet,128,\"\"\"/1\",8,64\n")), "line 2");
    expectRefused(chaidnn(tableOf(header + "AlexNet,0,300/600,8,64\n")), "compute_dsps");
}

}  // namespace
}  // namespace cohelix::validate
