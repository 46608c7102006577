// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/learn/folding.h"
#include "core/learn/learn.h"

namespace cohelix::learn {
namespace {

TrainedWeights sample() {
    TrainedWeights weights;
    weights.tensors = {{"stem.weight", {2, 1, 1, 2}, {1.5F, -0.0F, 3e-30F, 4}},
                       {"stem.bias", {2}, {0.25F, -7}}};
    weights.mean = {0.1F};
    weights.deviation = {0.3F};
    return weights;
}

TEST(TrainedWeights, ComeBackFromBytesAsTheyWere) {
    const auto back = weightsFromBytes(toBytes(sample()));
    ASSERT_TRUE(back.ok()) << base::toText(back.error());
    EXPECT_EQ(back->mean, sample().mean);
    EXPECT_EQ(back->deviation, sample().deviation);
    ASSERT_EQ(back->tensors.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(back->tensors[i].name, sample().tensors[i].name);
        EXPECT_EQ(back->tensors[i].shape, sample().tensors[i].shape);
        EXPECT_EQ(back->tensors[i].values, sample().tensors[i].values);
    }
    EXPECT_TRUE(std::signbit(back->tensors[0].values[1]));
}

TEST(TrainedWeights, KeepThePrecisionTheyWereEvaluatedAt) {
    auto weights = sample();
    EXPECT_TRUE(weightsFromBytes(toBytes(weights))->precision.empty());
    weights.precision = {{8, -1.5F, 3}, {16, 0, 0}, {4, 0, 6.25F}};
    const auto back = weightsFromBytes(toBytes(weights));
    ASSERT_TRUE(back.ok()) << base::toText(back.error());
    EXPECT_EQ(back->precision, weights.precision);
    EXPECT_EQ(back->tensors.size(), weights.tensors.size());
}

TEST(TrainedWeights, AreRefusedAfterAnySingleByteChanged) {
    const auto whole = toBytes(sample());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        auto bytes = whole;
        bytes[i] ^= 0x10;
        const auto back = weightsFromBytes(bytes);
        ASSERT_FALSE(back.ok()) << "byte " << i;
        EXPECT_FALSE(back.error().what.empty());
    }
}

TEST(TrainedWeights, AreRefusedWhenCutAnywhereOrEmpty) {
    const auto whole = toBytes(sample());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(weightsFromBytes(std::span(whole).first(size)).ok()) << size;
    }
    EXPECT_FALSE(weightsFromBytes(std::vector<std::uint8_t>(1000, 'x')).ok());
}

TEST(Folding, GivesWhatNormalisationAfterTheConvolutionGives) {
    base::Random random(3, "folding");
    std::vector<float> weight(6);
    for (float& w : weight) w = static_cast<float>(random.normal());
    const std::vector<float> scale = {0.7F, -1.3F};
    const std::vector<float> shift = {0.2F, 5};
    const std::vector<float> mean = {-2, 0.4F};
    const std::vector<float> variance = {1e-7F, 3};
    const FoldedLayer folded = fold(weight, {scale, shift, mean, variance});
    const std::vector<double> input = {0.3, -1.7, 2.2};
    for (std::size_t k = 0; k < 2; ++k) {
        double plain = 0;
        double once = folded.bias[k];
        for (std::size_t c = 0; c < 3; ++c) {
            plain += double(weight[k * 3 + c]) * input[c];
            once += double(folded.weight[k * 3 + c]) * input[c];
        }
        const double expected =
            (plain - double(mean[k])) / std::sqrt(double(variance[k]) + 1e-5) * double(scale[k]) +
            double(shift[k]);
        EXPECT_NEAR(once, expected, 1e-5 * std::abs(expected) + 1e-4);
    }
}

}  // namespace
}  // namespace cohelix::learn
