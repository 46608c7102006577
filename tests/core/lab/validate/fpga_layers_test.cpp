// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <fstream>

#include "core/lab/validate/devices/devices_pixel_array.h"

#include "tests/core/lab/validate/tables.h"

namespace cohelix::validate {
namespace {

const std::string kHeader =
    "network,layer,type,M,P,clock_MHz,out_channels,in_channels,in_h,in_w,kh,kw,stride_h,stride_w,"
    "pad_l,pad_u,out_h,out_w,latency_ns\n";

TEST(FpgaLayers, ConvolutionsOfBothSizesWithinTwoPercentOnAverage) {
    COHELIX_NEEDS_TABLE(path, "fpga_layers.csv");
    const auto result = fpgaLayers(path);
    ASSERT_TRUE(result.ok()) << base::toText(result.error());
    EXPECT_EQ(result->rows, 566);
    EXPECT_EQ(result->comparisons.size(), 520U);
    EXPECT_EQ(result->flagged, 46);
    EXPECT_LT(*result->meanRelativeError, 0.02) << text(result->notes) << text(result->differences);
    EXPECT_GT(*result->spearman, 0.99);
}

double meanErrorOfSize(const Validation& result, const std::string& size) {
    double sum = 0;
    int count = 0;
    for (const auto& comparison : result.comparisons) {
        if (!comparison.what.ends_with(", " + size)) continue;
        sum += std::abs(comparison.ours / comparison.theirs - 1);
        ++count;
    }
    EXPECT_GT(count, 0) << size;
    return sum / count;
}

/// A table of the rows of one size, "32x32".
std::filesystem::path rowsOf(const std::filesystem::path& path, const std::string& size) {
    std::string design = "m" + size;
    design.replace(design.find('x'), 1, "p");
    std::ifstream file(path);
    std::string all;
    for (std::string line; std::getline(file, line);) {
        if (all.empty() || line.find("," + design + ",") != std::string::npos) all += line + "\n";
    }
    return tableOf(all);
}

/// Moves each calibrated constant by ever smaller factors for as long as the mean error of one size
/// falls; the other size has no say.
PixelArray calibratedOn(const std::filesystem::path& table, const std::string& size) {
    const auto path = rowsOf(table, size);
    PixelArray best{.busMegahertz = 400,
                    .burstBytes = 1,
                    .channelGroup = 1,
                    .tileCycles = 1,
                    .startCycles = 20};
    double least = meanErrorOfSize(*fpgaLayers(path, best), size);
    bool better = true;
    const auto tryOne = [&](const PixelArray& trial) {
        const double error = meanErrorOfSize(*fpgaLayers(path, trial), size);
        if (error >= least) return;
        least = error;
        best = trial;
        better = true;
    };
    for (const double factor : {2.0, 1.3, 1.1, 1.03}) {
        for (better = true; better;) {
            better = false;
            for (const auto constant :
                 {&PixelArray::busMegahertz, &PixelArray::tileCycles, &PixelArray::startCycles}) {
                for (const double by : {factor, 1 / factor}) {
                    PixelArray trial = best;
                    trial.*constant *= by;
                    tryOne(trial);
                }
            }
            for (const auto constant : {&PixelArray::burstBytes, &PixelArray::channelGroup}) {
                for (const std::int64_t value : {1, 2, 4, 8, 16, 32}) {
                    PixelArray trial = best;
                    trial.*constant = value;
                    tryOne(trial);
                }
            }
        }
    }
    return best;
}

TEST(FpgaLayers, CalibratedOnEitherSizeAloneItHoldsForTheOther) {
    COHELIX_NEEDS_TABLE(path, "fpga_layers.csv");
    for (const auto& [seen, unseen] : {std::pair<std::string, std::string>{"32x32", "64x64"},
                                       std::pair<std::string, std::string>{"64x64", "32x32"}}) {
        const auto device = calibratedOn(path, seen);
        const auto result = fpgaLayers(path, device);
        ASSERT_TRUE(result.ok());
        std::string constants;
        for (const auto& constant : constantsOf(device)) {
            if (constant.calibrated) {
                constants +=
                    std::string(constant.name) + " " + std::to_string(constant.value) + ", ";
            }
        }
        const double error = meanErrorOfSize(*result, unseen);
        RecordProperty("from_" + seen, constants + std::to_string(error));
        EXPECT_LT(error, 0.02) << "calibrated on " << seen << ": " << constants;
    }
}

TEST(FpgaLayers, AtMostFiveConstantsAreCalibrated) {
    int calibrated = 0;
    for (const auto& constant : constantsOf(PixelArray{})) {
        calibrated += constant.calibrated ? 1 : 0;
    }
    EXPECT_LE(calibrated, 5);
}

TEST(FpgaLayers, ATileThatComputesLongEnoughHidesTheBus) {
    // 64 channels, 3x3, 56x56: 98 x 2 tiles of 576 steps.
    const auto timing = timeOnPixelArray({.outputChannels = 64,
                                          .inputChannels = 64,
                                          .inputRows = 56,
                                          .inputColumns = 56,
                                          .kernelRows = 3,
                                          .kernelColumns = 3,
                                          .padAbove = 1,
                                          .padLeft = 1,
                                          .outputRows = 56,
                                          .outputColumns = 56},
                                         PixelArray{});
    EXPECT_EQ(timing.compute, 196 * (576 + 4));
    EXPECT_LT(timing.reading, timing.compute);
    EXPECT_EQ(timing.cycles(), timing.compute + timing.start);
}

TEST(FpgaLayers, RefusesMalformedRowsWithTheirPlace) {
    const std::string good = "n,c,Conv,32,32,400,64,3,8,8,3,3,1,1,1,1,8,8,1000\n";
    EXPECT_TRUE(fpgaLayers(tableOf(kHeader + good)).ok());
    expectRefused(fpgaLayers(tableOf("network,layer\n")), "no column");
    expectRefused(
        fpgaLayers(tableOf(kHeader + good + "n,c,Conv,0,32,400,64,3,8,8,3,3,1,1,1,1,8,8,1\n")),
        "line 3");
    expectRefused(fpgaLayers(tableOf(kHeader + "n,c,Pool,32,32,400,64,3,8,8,3,3,1,1,1,1,8,8,1\n")),
                  "Pool");
    expectRefused(fpgaLayers(tableOf(kHeader + "n,c,Conv,32,32,400,64,3,8,8,3,3,1,1,1,1,8,8,-1\n")),
                  "latency_ns");
    expectRefused(
        fpgaLayers(tableOf(kHeader + "n,c,Conv,32,32,400,64,3,8,8,3,3,1,1,1,1,99999,99999,1\n")),
        "pixels");
    expectRefused(fpgaLayers("there/is/no/such.csv"), "such.csv");
}

}  // namespace
}  // namespace cohelix::validate
