// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/normalise.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace cohelix::learn {
namespace {

std::vector<float> drawn(std::size_t count, const char* purpose, double mean = 0) {
    base::Random random(11, purpose);
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(mean + random.normal());
    return values;
}

struct Case {
    std::size_t channels;
    std::size_t rows;
    bool adds;
    bool relu;
};

class Normalisation : public testing::TestWithParam<Case> {
protected:
    Normalisation()
        : maps(drawn(GetParam().channels * GetParam().rows, "maps", 3)),
          scale(drawn(GetParam().channels, "scale", 1)),
          shift(drawn(GetParam().channels, "shift")),
          added(drawn(GetParam().adds ? maps.size() : 0, "added")),
          byOutput(drawn(maps.size(), "gradient")) {}

    NormalisedLayer layer(const ChannelStatistics& statistics) const {
        return {statistics.mean, statistics.variance, scale, shift, added, GetParam().relu};
    }
    /// The sum of output * byOutput, by the definition and in double.
    double objective() const {
        const std::size_t channels = GetParam().channels;
        double sum = 0;
        for (std::size_t c = 0; c < channels; ++c) {
            double mean = 0;
            double squares = 0;
            for (std::size_t i = c; i < maps.size(); i += channels) mean += double(maps[i]);
            mean /= double(GetParam().rows);
            for (std::size_t i = c; i < maps.size(); i += channels) {
                squares += (double(maps[i]) - mean) * (double(maps[i]) - mean);
            }
            const double inverse = 1 / std::sqrt(squares / double(GetParam().rows) + 1e-5);
            for (std::size_t i = c; i < maps.size(); i += channels) {
                double value =
                    (double(maps[i]) - mean) * inverse * double(scale[c]) + double(shift[c]);
                if (!added.empty()) value += double(added[i]);
                if (GetParam().relu) value = std::max(0.0, value);
                sum += value * double(byOutput[i]);
            }
        }
        return sum;
    }
    /// How the objective changes with one input.
    double slope(float& input) {
        const float was = input;
        const double step = 1e-3;
        input = static_cast<float>(double(was) + step);
        const double up = objective();
        const double upStep = double(input) - double(was);
        input = static_cast<float>(double(was) - step);
        const double change = up - objective();
        const double width = upStep + double(was) - double(input);
        input = was;
        return change / width;
    }

    std::vector<float> maps, scale, shift, added, byOutput;
};

TEST_P(Normalisation, GivesTheOutputOfItsDefinition) {
    const auto statistics = channelStatistics(maps, GetParam().channels);
    EXPECT_EQ(statistics.count, GetParam().rows);
    std::vector<float> out(maps.size());
    normalise(maps, layer(statistics), out);
    double sum = 0;
    for (std::size_t i = 0; i < out.size(); ++i) sum += double(out[i]) * double(byOutput[i]);
    EXPECT_NEAR(sum, objective(), 2e-6 * double(maps.size()) + 1e-4);
}

TEST_P(Normalisation, GivesGradientsThatAreItsSlopes) {
    const auto statistics = channelStatistics(maps, GetParam().channels);
    std::vector<float> byMaps(maps.size());
    std::vector<float> byScale(scale.size());
    std::vector<float> byShift(shift.size());
    std::vector<float> byAdded(added.size());
    normaliseBackwards(maps, layer(statistics), byOutput, byMaps, byScale, byShift, byAdded);
    int wrong = 0;  // an output within the step of 0 has no slope to compare with
    const auto compare = [&](float gradient, float& input) {
        wrong +=
            std::abs(double(gradient) - slope(input)) > 5e-3 + 5e-3 * std::abs(double(gradient));
    };
    for (std::size_t i = 0; i < maps.size(); i += 1 + maps.size() / 37) {
        compare(byMaps[i], maps[i]);
        if (!added.empty()) compare(byAdded[i], added[i]);
    }
    EXPECT_LE(wrong, GetParam().relu ? 2 : 0);
    wrong = 0;
    for (std::size_t c = 0; c < scale.size(); ++c) {
        compare(byShift[c], shift[c]);
        compare(byScale[c], scale[c]);
    }
    EXPECT_LE(wrong, GetParam().relu ? 2 + static_cast<int>(scale.size()) / 4 : 0);
}

// Channels that fill a tile, do not, and exceed it; rows that leave part of a tile.
INSTANTIATE_TEST_SUITE_P(Shapes, Normalisation,
                         testing::Values(Case{16, 50, false, true}, Case{16, 50, true, false},
                                         Case{16, 50, true, true}, Case{3, 1000, false, false},
                                         Case{300, 7, false, true}, Case{300, 7, true, true},
                                         Case{1, 700, false, true}));

TEST(NormalisationOf, EqualValuesIsFinite) {
    const std::vector<float> maps(64, 7.25F);
    const auto statistics = channelStatistics(maps, 2);
    EXPECT_EQ(statistics.mean, (std::vector{7.25F, 7.25F}));
    EXPECT_EQ(statistics.variance, (std::vector{0.0F, 0.0F}));
    const std::vector<float> one = {1, 1};
    const std::vector<float> half = {0.5F, 0.5F};
    std::vector<float> out(64);
    normalise(maps, {statistics.mean, statistics.variance, one, half, {}, true}, out);
    for (const float value : out) EXPECT_NEAR(value, 0.5F, 1e-3F);
}

TEST(NormalisationOf, ValuesFarFromZeroKeepsItsVariance) {
    auto maps = drawn(40'000, "far", 1000);
    const auto statistics = channelStatistics(maps, 4);
    for (const float variance : statistics.variance) EXPECT_NEAR(variance, 1, 0.05);
}

TEST(NormalisationOf, NansIsNan) {
    std::vector<float> maps(32, 1);
    maps[5] = std::nanf("");
    const auto statistics = channelStatistics(maps, 1);
    const std::vector<float> one = {1};
    std::vector<float> out(32);
    normalise(maps, {statistics.mean, statistics.variance, one, one, {}, true}, out);
    EXPECT_TRUE(std::isnan(out[0]));
}

}  // namespace
}  // namespace cohelix::learn
