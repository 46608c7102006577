// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/depthwise.h"

#include <vector>

#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <rapidcheck/gtest.h>

#include "core/base/random.h"

namespace cohelix::learn {
namespace {

std::vector<float> drawn(std::size_t count, const std::string& name) {
    base::Random random(1, name);
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(random.normal());
    return values;
}

/// The size of the outputs follows from the padding on both sides.
ConvolvedAxis axis(std::size_t inputs, std::size_t kernel, std::size_t stride) {
    const std::size_t padding = (kernel - 1) / 2;
    return {inputs, (inputs + 2 * padding - kernel) / stride + 1, kernel, stride, padding};
}

struct Case {
    DepthwiseShape shape;
    std::vector<float> maps;
    std::vector<float> byOutput;

    explicit Case(const DepthwiseShape& of)
        : shape(of),
          maps(drawn(of.images * of.rows.inputs * of.columns.inputs * of.channels, "maps")),
          byOutput(drawn(of.images * of.rows.outputs * of.columns.outputs * of.channels, "by")) {}

    std::vector<float> gradient() const {
        std::vector<float> byWeight(shape.channels * shape.rows.kernel * shape.columns.kernel);
        depthwiseByWeight(shape, maps, byOutput, byWeight);
        return byWeight;
    }

    /// One weight's gradient as the definition of a convolution gives it.
    double expected(std::size_t channel, std::size_t r, std::size_t s) const {
        double sum = 0;
        for (std::size_t n = 0; n < shape.images; ++n) {
            for (std::size_t p = 0; p < shape.rows.outputs; ++p) {
                for (std::size_t q = 0; q < shape.columns.outputs; ++q) {
                    const std::size_t y = p * shape.rows.stride + r;
                    const std::size_t x = q * shape.columns.stride + s;
                    if (y < shape.rows.padding || y - shape.rows.padding >= shape.rows.inputs ||
                        x < shape.columns.padding ||
                        x - shape.columns.padding >= shape.columns.inputs) {
                        continue;
                    }
                    const std::size_t in =
                        (n * shape.rows.inputs + y - shape.rows.padding) * shape.columns.inputs +
                        x - shape.columns.padding;
                    const std::size_t out =
                        (n * shape.rows.outputs + p) * shape.columns.outputs + q;
                    sum += double(maps[in * shape.channels + channel]) *
                           double(byOutput[out * shape.channels + channel]);
                }
            }
        }
        return sum;
    }
};

RC_GTEST_PROP(DepthwiseByWeight, IsTheGradientOfItsDefinition, ()) {
    const auto axisOf = [] {
        const auto kernel = *rc::gen::element<std::size_t>(1, 2, 3, 4, 5, 7);
        return axis(*rc::gen::inRange<std::size_t>(kernel > 1 ? 2 : 1, 12), kernel,
                    *rc::gen::inRange<std::size_t>(1, 4));
    };
    const Case drawnCase({*rc::gen::inRange<std::size_t>(1, 4),
                          *rc::gen::inRange<std::size_t>(1, 40), axisOf(), axisOf()});
    const auto found = drawnCase.gradient();
    const auto& shape = drawnCase.shape;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const std::size_t s = i % shape.columns.kernel;
        const std::size_t r = i / shape.columns.kernel % shape.rows.kernel;
        const double expected =
            drawnCase.expected(i / (shape.columns.kernel * shape.rows.kernel), r, s);
        RC_ASSERT(std::abs(double(found[i]) - expected) < 1e-4 * (1 + std::abs(expected)));
    }
}

TEST(DepthwiseByWeight, IsTheSameBitsOnEveryKindOfProcessor) {
    const Case one({3, 61, axis(9, 5, 1), axis(11, 5, 2)});
    const auto expected = one.gradient();
    int kinds = 0;
    for (std::int64_t rest = hwy::SupportedTargets(); rest != 0; rest &= rest - 1) {
        hwy::SetSupportedTargetsForTest(rest & -rest);
        EXPECT_EQ(one.gradient(), expected) << hwy::TargetName(rest & -rest);
        hwy::SetSupportedTargetsForTest(0);
        ++kinds;
    }
    EXPECT_GE(kinds, 1);
}

}  // namespace
}  // namespace cohelix::learn
