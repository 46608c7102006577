// SPDX-License-Identifier: GPL-3.0-or-later
// The compared searches keep their budget and are repeated exactly by the same seed; the joint
// search reaches what it is built for.
#include "core/lab/methods/methods.h"

#include <cmath>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "core/lab/methods/comparison.h"
#include "core/specification/accelerator_presets.h"

namespace cohelix::lab {
namespace {

class Methods : public testing::Test {
protected:
    void SetUp() override {
        const auto path = std::filesystem::path(COHELIX_DATA) / "nasbench_macro.csv";
        if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
        auto space = tables::readNasBenchMacro(path);
        ASSERT_TRUE(space) << base::toText(space.error());
        m_space = std::move(*space);
        auto accelerators = *spec::acceleratorPreset("wide");
        accelerators.fpgaModel = model::FpgaModel::PublishedFormulas;
        auto problem = tables::Problem::create(m_space, accelerators, {900, 700}, m_executor);
        ASSERT_TRUE(problem) << base::toText(problem.error());
        m_problem.emplace(std::move(*problem));
    }

    base::Executor m_executor{2};
    tables::TabularSpace m_space;
    std::optional<tables::Problem> m_problem;
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
        if (method.name.starts_with("accelerator-only")) {
            EXPECT_EQ(networks.size(), 1u);  // there is no network to search
            continue;
        }
        EXPECT_GE(networks.size(), kBudget / 2) << method.name;
        EXPECT_EQ(std::set<std::size_t>(networks.begin(), networks.end()).size(), networks.size())
            << method.name;
        EXPECT_EQ(run(1), networks) << method.name;
        EXPECT_NE(run(2), networks) << method.name;
    }
}

TEST_F(Methods, TheJointSearchComesNearTheTrueFront) {
    const auto truth = tables::trueFront(*m_problem, m_executor);
    ASSERT_TRUE(truth);
    const auto standings = compare(*m_problem, *truth, {&methods().front()}, {66}, 10, m_executor,
                                   [](const Standing&) {})
                               .value();
    EXPECT_GE(standings.front().hypervolumeRatio.median, 0.975);
}

const Method& methodOf(std::string_view name) {
    return *std::find_if(methods().begin(), methods().end(),
                         [name](const Method& method) { return method.name == name; });
}

// Each ablation gives up something that the joint search has, and so ends below it.
TEST_F(Methods, TheJointSearchIsAheadOfItsAblations) {
    const auto truth = tables::trueFront(*m_problem, m_executor);
    ASSERT_TRUE(truth);
    const auto ratioOf = [&](std::string_view name) {
        return compare(*m_problem, *truth, {&methodOf(name)}, {66}, 3, m_executor,
                       [](const Standing&) {})
            .value()
            .front()
            .hypervolumeRatio.median;
    };
    const double joint = ratioOf("joint");
    for (const char* name :
         {"joint-gradient-only", "network-only", "network-only-median", "accelerator-only",
          "accelerator-only-median", "sequential", "sequential-accuracy"}) {
        const double ratio = ratioOf(name);
        EXPECT_GT(ratio, 0) << name;
        EXPECT_LT(ratio, joint) << name;
    }
    // One accelerator for all networks cannot reach more than the best such accelerator.
    EXPECT_LE(ratioOf("network-only-median"), truth->bestSingleAcceleratorRatio);
}

// On one accelerator a network is as fast as that accelerator prices it, never faster than on its
// own; its own network is exactly as fast.
TEST_F(Methods, AFixedAcceleratorIsNeverFasterThanTheProvenOne) {
    const auto& largest = m_problem->largest();
    EXPECT_EQ(m_space.nameOf(largest.network), "22222222");
    EXPECT_DOUBLE_EQ(m_problem->fpsOn(largest.rows, largest.network),
                     m_problem->exactFps(largest.network));
    base::Random random(3, "test");
    for (int i = 0; i < 50; ++i) {
        const auto network = static_cast<std::size_t>(random.below(m_space.networks()));
        EXPECT_LE(m_problem->fpsOn(largest.rows, network),
                  m_problem->exactFps(network) * (1 + 1e-12));
    }
}

TEST_F(Methods, ASequentialSearchHoldsNothingUntilItsAcceleratorsAreThere) {
    const auto& method = methodOf("sequential");
    Trial trial(*m_problem, method.inner, 1, 20);
    method.run(trial);
    EXPECT_EQ(trial.costEvaluations(), 0) << "hardware is priced after the search of networks";
    trial.finish();
    EXPECT_TRUE(trial.designs(19).empty());
    const auto designs = trial.designs(20);
    ASSERT_FALSE(designs.empty());
    EXPECT_EQ(trial.designs(20), designs) << "looking at them prices nothing again";
    EXPECT_EQ(trial.moments().back().costEvaluations, trial.costEvaluations());
    EXPECT_EQ(trial.costEvaluations(), static_cast<std::int64_t>(designs.size()));
}

// What a run reaches is reached at the first look with which it holds so much.
TEST_F(Methods, TheReachIsTheFirstLookThatHoldsTheShare) {
    const auto truth = tables::trueFront(*m_problem, m_executor);
    ASSERT_TRUE(truth);
    const auto standing = compare(*m_problem, *truth, {&methodOf("nsga2")}, {120}, 1, m_executor,
                                  [](const Standing&) {})
                              .value()
                              .front();
    const auto& own = standing.reachOfOwn;
    ASSERT_EQ(own.runs, 1u);
    Trial trial(*m_problem, Inner::Exact, 1, 120);
    methodOf("nsga2").run(trial);
    const model::Point reference{m_space.leastAccuracy, 0};
    const auto held = [&](double looks) {
        return model::hypervolume(trial.designs(static_cast<std::size_t>(looks)), reference);
    };
    const double most = held(static_cast<double>(trial.networks().size()));
    EXPECT_GE(held(own.lookups.median), kReach * most * (1 - 1e-12));
    EXPECT_LT(held(own.lookups.median - 1), kReach * most);
    EXPECT_LE(own.lookups.median, 120);
    EXPECT_EQ(own.costEvaluations.median, own.lookups.median);  // a network a look
    // Far from the true front: never.
    EXPECT_EQ(standing.reachOfTrue.runs, 0u);
    EXPECT_FALSE(std::isfinite(standing.reachOfTrue.lookups.median));
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
}  // namespace cohelix::lab
