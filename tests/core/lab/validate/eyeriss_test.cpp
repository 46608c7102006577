// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/validate/devices/devices_eyeriss.h"

#include "tests/core/lab/validate/tables.h"

namespace cohelix::validate {
namespace {

using model::Dim;

model::Layer convolution(std::int64_t n, std::int64_t k, std::int64_t c, std::int64_t side,
                         std::int64_t kernel, int stride = 1, int groups = 1) {
    model::Layer layer{.name = "layer", .stride = stride, .groups = groups};
    layer.sizes = {n, k, c, side, side, kernel, kernel};
    return layer;
}

TEST(Eyeriss, AlexNetByTheChipsOwnMappingsWithinFivePercentOnAverage) {
    COHELIX_NEEDS_TABLE(path, "eyeriss_alexnet.csv");
    const auto result = eyeriss(path);
    ASSERT_TRUE(result.ok()) << base::toText(result.error());
    EXPECT_EQ(result->rows, 5);
    EXPECT_LE(*result->meanRelativeError, 0.05) << text(result->differences);
    EXPECT_LT(*result->worstRelativeError, 0.12) << "MAESTRO's worst is 12.4 %";
}

TEST(Eyeriss, TheChipsMappingsUseAsManyPesAsItReportsAndMoveAsMuch) {
    // JSSC 2017: PEs in use and buffer traffic in MB of the layers of AlexNet, batch 4.
    struct Published {
        model::Layer layer;
        std::int64_t pes;
        double megabytes;
    };
    for (const auto& published : {Published{convolution(4, 96, 3, 55, 11, 4), 154, 18.5},
                                  Published{convolution(4, 256, 96, 27, 5, 1, 2), 135, 77.6},
                                  Published{convolution(4, 384, 384, 13, 3, 1, 2), 156, 37.4},
                                  Published{convolution(4, 256, 384, 13, 3, 1, 2), 156, 24.9}}) {
        const auto mapping = publishedEyerissMapping(published.layer);
        ASSERT_TRUE(mapping);
        const auto ours = runOnEyeriss(published.layer, *mapping);
        ASSERT_TRUE(ours.ok()) << base::toText(ours.error());
        EXPECT_EQ(ours->activePes, published.pes);
        EXPECT_NEAR(ours->bufferBytes * 1e-6, published.megabytes, 0.06);
    }
}

TEST(Eyeriss, Vgg16ByTheFastestMappingIsALowerBoundOfEveryLayer) {
    COHELIX_NEEDS_TABLE(path, "eyeriss_vgg16.csv");
    const auto result = eyeriss(path);
    ASSERT_TRUE(result.ok()) << base::toText(result.error());
    EXPECT_EQ(result->rows, 13);
    for (const auto& comparison : result->comparisons) {
        EXPECT_LT(comparison.ours, comparison.theirs) << comparison.what;
    }
}

TEST(Eyeriss, TheFastestMappingIsNeverSlowerThanTheChipsOwn) {
    for (const auto& layer : {convolution(4, 96, 3, 55, 11, 4), convolution(4, 384, 256, 13, 3)}) {
        const auto fastest = fastestEyerissMapping(layer);
        ASSERT_TRUE(fastest.ok()) << base::toText(fastest.error());
        EXPECT_LE(runOnEyeriss(layer, *fastest)->cycles,
                  runOnEyeriss(layer, *publishedEyerissMapping(layer))->cycles);
    }
}

TEST(Eyeriss, ABatchSmallerThanTheChipsTakesItsShareOfTheTime) {
    const auto four = convolution(4, 384, 384, 13, 3, 1, 2);
    const auto one = convolution(1, 384, 384, 13, 3, 1, 2);
    EXPECT_EQ(4 * runOnEyeriss(one, *publishedEyerissMapping(one))->cycles,
              runOnEyeriss(four, *publishedEyerissMapping(four))->cycles);
}

TEST(Eyeriss, RefusesMappingsThatDoNotFit) {
    const auto layer = convolution(1, 64, 64, 28, 3);
    const auto refused = [&](const RowStationaryMapping& mapping) {
        return !runOnEyeriss(layer, mapping).ok();
    };
    EXPECT_FALSE(refused({16, 1, 14, 16, 4, 1, 1}));
    EXPECT_TRUE(refused({16, 1, 14, 16, 5, 1, 1})) << "15 inputs in a PE of 12";
    EXPECT_TRUE(refused({25, 1, 14, 25, 1, 1, 1})) << "25 sums in a PE of 24";
    EXPECT_TRUE(refused({16, 1, 14, 16, 4, 1, 5})) << "five blocks of 3 x 14";
    EXPECT_TRUE(refused({256, 1, 28, 16, 4, 1, 1})) << "200,704 sums in the buffer";
    EXPECT_TRUE(refused({0, 1, 1, 1, 1, 1, 1}));
    EXPECT_FALSE(fastestEyerissMapping(convolution(1, 8, 8, 28, 13)).ok())
        << "13 kernel rows on 12 rows of PEs";
    EXPECT_FALSE(fastestEyerissMapping(convolution(1, 0, 8, 28, 3)).ok());
}

TEST(Eyeriss, RefusesMalformedRowsWithTheirPlace) {
    const std::string header =
        "layer,batch,processing_latency_ms,active_pes,glb_access_MB,dram_access_MB,C,M,output_EF\n";
    EXPECT_TRUE(eyeriss(tableOf(header + "a,3,38,156,112.6,15.4,3,64,224\n")).ok());
    expectRefused(eyeriss(tableOf(header + "a,0,38,156,112.6,15.4,3,64,224\n")), "batch");
    expectRefused(eyeriss(tableOf(header + "a,3,nan,156,112.6,15.4,3,64,224\n")), "line 2");
    expectRefused(eyeriss(tableOf(header + "a,3,38,156,112.6,15.4,3,64,99999999\n")), "output_EF");
    expectRefused(eyeriss(tableOf("layer,groups\n")), "no column");
}

}  // namespace
}  // namespace cohelix::validate
