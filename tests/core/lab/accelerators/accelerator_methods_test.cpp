// SPDX-License-Identifier: GPL-3.0-or-later
// Accelerator searches keep their budget, never beat the proof, and rank as they are built to.
#include "core/lab/accelerators/accelerator_methods.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/lab/accelerators/accelerator_comparison.h"
#include "core/lab/accelerators/authors_network.h"
#include "core/model/priced_layers.h"
#include "core/specification/accelerator_presets.h"

namespace cohelix::lab {
namespace {

AcceleratorContest contestOf(const char* name, base::Executor& executor) {
    auto space = *spec::acceleratorPreset(name);
    space.fpgaModel = model::FpgaModel::PublishedClipped;
    return *makeContest(authorsCifarNetwork(), space, {900, 700}, executor);
}

const AcceleratorMethod& methodOf(std::string_view name) {
    return *std::find_if(acceleratorMethods().begin(), acceleratorMethods().end(),
                         [name](const AcceleratorMethod& method) { return method.name == name; });
}

TEST(AcceleratorMethods, EndWhereThereIsASingleAccelerator) {
    base::Executor executor(2);
    auto contest = contestOf("r1", executor);
    for (auto& chunk : contest.specification.accelerator.pipeline) {
        chunk.parallelism.resize(1);
        for (auto* options : {&chunk.rows, &chunk.columns, &chunk.outputs, &chunk.inputs}) {
            *options = {options->back()};
        }
    }
    for (const auto& method : acceleratorMethods()) {
        AcceleratorTrial trial(contest.specification, contest.network, 20);
        method.run(trial);
        EXPECT_LE(trial.spent(), 20) << method.name;
        EXPECT_TRUE(trial.best()) << method.name;
    }
}

TEST(AcceleratorMethods, KeepTheirBudgetAndNeverBeatTheProof) {
    base::Executor executor(2);
    auto contest = contestOf("r1", executor);
    const double proven = contest.proven.periodCycles;
    for (const auto& method : acceleratorMethods()) {
        const auto run = [&](std::uint64_t seed) {
            contest.specification.seed = seed;
            AcceleratorTrial trial(contest.specification, contest.network, 300);
            method.run(trial);
            EXPECT_LE(trial.spent(), 300) << method.name;
            EXPECT_GE(trial.spent(), 150) << method.name;
            EXPECT_TRUE(trial.best()) << method.name;
            return trial.best() ? *trial.best() : search::FoundAccelerator();
        };
        const auto found = run(1);
        EXPECT_GE(200e6 / found.appraisal.metric, proven * (1 - 1e-9)) << method.name;
        EXPECT_LE(found.appraisal.dsp, 900) << method.name;
        EXPECT_LE(found.appraisal.bram18k, 700) << method.name;
        EXPECT_EQ(run(1).choices, found.choices) << method.name;
        EXPECT_NE(run(2).choices, found.choices) << method.name;
    }
}

// At equal evaluations, medians of ten seeds.
TEST(AcceleratorMethods, TheDifferentiableSearchIsAheadOfRandomSamplesAndOfItsShippedForm) {
    base::Executor executor(2);
    for (const char* name : {"r1", "r2", "wide"}) {
        const auto contest = contestOf(name, executor);
        const auto ratioOf = [&](std::string_view method) {
            return compare(contest, {&methodOf(method)}, {1000}, 10, executor,
                           [](const AcceleratorStanding&) {})
                .value()
                .front()
                .periodRatio.median;
        };
        const double das = ratioOf("das");
        EXPECT_GE(das, 1 - 1e-9) << name;
        EXPECT_LT(das, 1.15) << name;
        EXPECT_LT(das, ratioOf("random")) << name;
        EXPECT_LT(das, ratioOf("random-within")) << name;
        EXPECT_LT(das, ratioOf("das-as-shipped")) << name;
        // On a par where annealing does well, several times as fast in R2.
        EXPECT_LE(das, 1.06 * ratioOf("annealing")) << name;
        if (std::string_view(name) == "r2") {
            EXPECT_LT(2 * das, ratioOf("annealing"));
        }
    }
}

TEST(AcceleratorTrial, CountsEveryAcceleratorPricedAndStops) {
    base::Executor executor(1);
    const auto contest = contestOf("r1", executor);
    AcceleratorTrial trial(contest.specification, contest.network, 3);
    base::Random random(1, "test");
    for (int i = 1; i <= 3; ++i) {
        ASSERT_TRUE(trial.price(trial.draw(random)));
        EXPECT_EQ(trial.spent(), i);
    }
    EXPECT_TRUE(trial.isOver());
    EXPECT_FALSE(trial.price(trial.draw(random)));
    EXPECT_FALSE(trial.priceWithin(trial.draw(random)));
    EXPECT_EQ(trial.spent(), 3);
}

TEST(AcceleratorContest, RefusesLimitsThatNoAcceleratorKeeps) {
    base::Executor executor(1);
    const auto contest =
        makeContest(authorsCifarNetwork(), *spec::acceleratorPreset("r1"), {1, 1}, executor);
    ASSERT_FALSE(contest);
    EXPECT_NE(contest.error().what.find("no accelerator"), std::string::npos);
}

TEST(AuthorsNetwork, HasTheMultiplyAccumulatesOfTheirCount) {
    constexpr auto kForm = model::FpgaModel::PublishedClipped;
    double macs = 0;
    for (const auto& layer : model::layersAsPriced(authorsCifarNetwork().layers, kForm)) {
        if (!model::costsNothing(layer, kForm)) macs += static_cast<double>(model::macs(layer));
    }
    EXPECT_NEAR(macs / 1e6, 98.4, 0.05);
}

}  // namespace
}  // namespace cohelix::lab
