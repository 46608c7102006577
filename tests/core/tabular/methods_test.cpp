// SPDX-License-Identifier: GPL-3.0-or-later
// The compared searches keep their budget and are repeated exactly by the same seed; the joint
// search reaches what it is built for.
#include "core/tabular/methods.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "core/space/accelerator_presets.h"
#include "core/tabular/comparison.h"

namespace cohelix::tabular {
namespace {

class Methods : public testing::Test {
protected:
    void SetUp() override {
        const auto path = std::filesystem::path(COHELIX_DATA) / "nasbench_macro.csv";
        if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
        auto space = readNasBenchMacro(path);
        ASSERT_TRUE(space) << base::toText(space.error());
        m_space = std::move(*space);
        auto accelerators = *space::acceleratorPreset("wide");
        accelerators.fpgaModel = model::FpgaModel::PublishedFormulas;
        auto problem = Problem::create(m_space, accelerators, {900, 700}, m_executor);
        ASSERT_TRUE(problem) << base::toText(problem.error());
        m_problem.emplace(std::move(*problem));
    }

    base::Executor m_executor{2};
    TabularSpace m_space;
    std::optional<Problem> m_problem;
};

TEST_F(Methods, KeepTheirBudgetAndRepeatThemselves) {
    constexpr std::size_t kBudget = 30;
    for (const auto& method : methods()) {
        if (method.inner == Inner::Sampled) continue;  // the same functions, slower
        const auto run = [&](std::uint64_t seed) {
            Trial trial(*m_problem, method.inner, seed, kBudget);
            method.run(trial);
            return trial.networks();
        };
        const auto networks = run(1);
        EXPECT_LE(networks.size(), kBudget) << method.name;
        EXPECT_GE(networks.size(), kBudget / 2) << method.name;
        EXPECT_EQ(std::set<std::size_t>(networks.begin(), networks.end()).size(), networks.size())
            << method.name;
        EXPECT_EQ(run(1), networks) << method.name;
        EXPECT_NE(run(2), networks) << method.name;
    }
}

TEST_F(Methods, TheJointSearchComesNearTheTrueFront) {
    const auto truth = trueFront(*m_problem, m_executor);
    ASSERT_TRUE(truth);
    const auto standings = compare(*m_problem, *truth, {&methods().front()}, {66}, 10, m_executor,
                                   [](const Standing&) {});
    EXPECT_GE(standings.front().hypervolumeRatio.median, 0.975);
}

TEST_F(Methods, SampledAcceleratorsKeepTheLimitsAndAreNeverFasterThanTheProvenOne) {
    base::Random random(7, "test");
    for (int i = 0; i < 10; ++i) {
        const auto network = static_cast<std::size_t>(random.below(m_space.networks()));
        EXPECT_LE(m_problem->sampledFps(network, 300, random),
                  m_problem->exactFps(network) * (1 + 1e-12));
    }
}

}  // namespace
}  // namespace cohelix::tabular
