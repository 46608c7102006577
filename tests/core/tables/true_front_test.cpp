// SPDX-License-Identifier: GPL-3.0-or-later
// The true front of NAS-Bench-Macro and the wide space against independently computed figures.
#include "core/tables/true_front.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "core/specification/accelerator_presets.h"

namespace cohelix::tables {
namespace {

std::filesystem::path tableOf(const char* name) {
    return std::filesystem::path(COHELIX_DATA) / name;
}

TEST(TrueFrontOfNasBenchMacro, EqualsTheReference) {
    const auto path = tableOf("nasbench_macro.csv");
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
    const auto networks = readNasBenchMacro(path);
    ASSERT_TRUE(networks) << base::toText(networks.error());
    auto space = *spec::acceleratorPreset("wide");
    space.fpgaModel = model::FpgaModel::PublishedFormulas;
    base::Executor executor(2);
    const auto problem = Problem::create(*networks, space, {900, 700}, executor);
    ASSERT_TRUE(problem) << base::toText(problem.error());
    const auto truth = trueFront(*problem, executor);
    ASSERT_TRUE(truth) << base::toText(truth.error());

    EXPECT_EQ(truth->front.size(), 32u);
    EXPECT_NEAR(truth->hypervolume, 8994.906, 0.001);
    const auto [slowest, fastest] = std::minmax_element(
        truth->networks.begin(), truth->networks.end(),
        [](const PricedNetwork& a, const PricedNetwork& b) { return a.fps < b.fps; });
    EXPECT_NEAR(slowest->fps, 233.09, 0.005);
    EXPECT_NEAR(fastest->fps, 1771.54, 0.005);
    EXPECT_NEAR(truth->bestSingleAcceleratorRatio, 0.971, 0.0005);  // joint search is worth 2.9 %
    EXPECT_EQ(std::count_if(truth->front.begin(), truth->front.end(),
                            [&](std::size_t i) { return networks->accuracies[i] > 85; }),
              23);
    const auto fpsOf = [&](std::vector<int> options) {
        const auto i = networks->indexOf(options);
        EXPECT_NE(std::find(truth->front.begin(), truth->front.end(), i), truth->front.end())
            << networks->nameOf(i);
        return truth->networks[i].fps;
    };
    EXPECT_NEAR(fpsOf({1, 1, 2, 0, 1, 0, 0, 0}), 1144.112, 0.001);
    EXPECT_NEAR(fpsOf({2, 2, 2, 1, 2, 0, 0, 0}), 753.489, 0.001);
    EXPECT_NEAR(fpsOf({2, 2, 2, 1, 2, 2, 0, 2}), 341.139, 0.001);
}

}  // namespace
}  // namespace cohelix::tables
