// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tables/reference_front.h"

#include <atomic>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/lab/methods/comparison.h"
#include "core/lab/methods/kept_run.h"
#include "core/optimum/chunk_table.h"
#include "core/specification/accelerator_presets.h"

namespace cohelix::tables {
namespace {

std::string pathOf(const char* name) {
    return (std::filesystem::path(COHELIX_DATA) / name).string();
}

class ReferenceFrontTest : public testing::Test {
protected:
    void SetUp() override {
        request.table = pathOf("nasbench_macro.csv");
        if (!std::filesystem::exists(request.table)) GTEST_SKIP() << request.table << " is absent";
    }
    FrontRequest request;
    base::Executor executor{2};
};

TEST_F(ReferenceFrontTest, IsTheTrueFrontWithAllThatItHoldsFor) {
    const auto front = computeReference(request, executor, {});
    ASSERT_TRUE(front) << base::toText(front.error());
    EXPECT_EQ(front->designs.size(), 32u);
    EXPECT_EQ(front->networkSpace, "nasbench-macro");
    EXPECT_EQ(front->limits.dsp, 900);
    EXPECT_EQ(front->limits.bram18k, 700);
    EXPECT_GT(front->seconds, 0);
    const auto found = std::find_if(front->designs.begin(), front->designs.end(),
                                    [](const auto& d) { return d.network == "11201000"; });
    ASSERT_NE(found, front->designs.end());
    EXPECT_NEAR(found->fps, 1144.112, 0.001);
    EXPECT_NEAR(found->accuracy, 0.903267, 1e-6);
    EXPECT_LE(found->dsp, 900);
    EXPECT_FALSE(found->accelerator.empty());
    for (std::size_t i = 1; i < front->designs.size(); ++i) {
        EXPECT_GT(front->designs[i].fps, front->designs[i - 1].fps);
        EXPECT_LT(front->designs[i].accuracy, front->designs[i - 1].accuracy);
    }
}

TEST_F(ReferenceFrontTest, EndsWhenItIsCancelled) {
    std::atomic<int> asked = 0;
    const auto ended = computeReference(request, executor, [&](double share) {
        EXPECT_GE(share, 0);
        EXPECT_LE(share, 1);
        return ++asked < 3;
    });
    ASSERT_FALSE(ended);
    EXPECT_NE(ended.error().what.find("cancelled"), std::string::npos);
}

TEST_F(ReferenceFrontTest, SaysWhatIsWrongWithTheRequest) {
    const auto failed = [&](const FrontRequest& wrong) {
        const auto result = computeReference(wrong, executor, {});
        return result ? std::string() : base::toText(result.error());
    };
    auto wrong = request;
    wrong.table = "/no/such/table.csv";
    EXPECT_NE(failed(wrong).find("/no/such/table.csv"), std::string::npos);
    wrong = request;
    wrong.benchmark = "nasbench301";
    EXPECT_NE(failed(wrong).find("nasbench201"), std::string::npos);
    wrong = request;
    wrong.space = "vast";
    EXPECT_NE(failed(wrong).find("wide"), std::string::npos);
    wrong = request;
    wrong.limits.dsp = 1;
    EXPECT_NE(failed(wrong).find("Raise the limits"), std::string::npos);
    wrong = request;
    wrong.benchmark = "nasbench201";
    EXPECT_NE(failed(wrong).find("cell"), std::string::npos) << "the table is of another benchmark";
}

TEST_F(ReferenceFrontTest, IsComparedWithSearchesOfTheSameSpacesAndLimitsOnly) {
    const auto networks = readNasBenchMacro(request.table);
    auto accelerators = *spec::acceleratorPreset("r1");
    accelerators.fpgaModel = request.model;
    const auto problem = Problem::create(*networks, accelerators, {900, 700}, executor);
    ASSERT_TRUE(problem);
    request.space = "r1";
    const auto front = computeReference(request, executor, {});
    ASSERT_TRUE(front);
    const auto same = *lab::specificationOf(*problem, "a search");
    EXPECT_TRUE(sameSpaces(*front, same));
    auto other = same;
    other.seed += 1;
    other.objective.targets = {{1, 2}};
    EXPECT_TRUE(sameSpaces(*front, other)) << "how one searches does not change what there is";
    other = same;
    other.limits.dsp = 899;
    EXPECT_FALSE(sameSpaces(*front, other));
    other = same;
    other.limits.leastFps = 100;
    EXPECT_FALSE(sameSpaces(*front, other));
    other = same;
    other.network.operators.pop_back();
    EXPECT_FALSE(sameSpaces(*front, other));
    other = same;
    other.accelerator.fpgaModel = model::FpgaModel::Corrected;
    EXPECT_FALSE(sameSpaces(*front, other));
}

TEST_F(ReferenceFrontTest, CoverageIsOneForTheFrontItselfAndGrowsWithTheDesigns) {
    const auto front = computeReference(request, executor, {});
    ASSERT_TRUE(front);
    std::vector<store::DesignRow> rows;
    EXPECT_FALSE(coveredShare(*front, 1, rows));
    double last = 0;
    for (const auto& design : front->designs) {
        store::DesignRow row;
        row.run = 1;
        row.grade = model::AccuracyGrade::Tabulated;
        row.accuracy = design.accuracy;
        row.fps = design.fps;
        rows.push_back(row);
        const auto share = coveredShare(*front, 1, rows);
        ASSERT_TRUE(share);
        EXPECT_GE(*share, last);
        last = *share;
    }
    EXPECT_NEAR(last, 1, 1e-12);
    EXPECT_FALSE(coveredShare(*front, 2, rows)) << "another run's";
    for (auto& row : rows) row.grade = model::AccuracyGrade::TrainedFromScratch;
    EXPECT_FALSE(coveredShare(*front, 1, rows)) << "grades are not compared";
}

TEST_F(ReferenceFrontTest, WhatAMethodFindsIsKeptAsARunAndMeasured) {
    const auto networks = readNasBenchMacro(request.table);
    auto accelerators = *spec::acceleratorPreset("r1");
    accelerators.fpgaModel = request.model;
    const auto problem = Problem::create(*networks, accelerators, {900, 700}, executor);
    ASSERT_TRUE(problem);
    const auto truth = trueFront(*problem, executor);
    ASSERT_TRUE(truth);
    const auto path = std::filesystem::temp_directory_path() /
                      ("cohelix-kept-" + std::to_string(::getpid()) + ".cohelix");
    std::filesystem::remove(path);
    {
        const auto project = store::Project::create(path.string());
        ASSERT_TRUE(project);
        const auto& random = *std::find_if(lab::methods().begin(), lab::methods().end(),
                                           [](const lab::Method& m) { return m.name == "random"; });
        const auto run = lab::keepRun(**project, *problem, random, 40, 3);
        ASSERT_TRUE(run) << base::toText(run.error());
        const auto front = referenceOf(*problem, *truth, "r1");
        EXPECT_TRUE(sameSpaces(front, (*project)->specificationOf(*run).value()));
        const auto rows = (*project)->designs(*run).value();
        EXPECT_EQ(rows.size(), 40u);
        lab::Trial trial(*problem, random.inner, 3, 40);
        random.run(trial);
        const auto quality = lab::qualityOf(*problem, *truth, trial.points());
        EXPECT_NEAR(coveredShare(front, *run, rows).value(), quality.hypervolumeRatio, 1e-9);
        for (const auto& row : rows) {
            const auto index = networks->indexOf(row.choices.network);
            EXPECT_NEAR(row.fps, truth->networks[index].fps, 1e-6 * row.fps);
            EXPECT_NEAR(row.accuracy * 100, networks->accuracies[index], 1e-9);
        }
        EXPECT_EQ((*project)->check().value(), store::Findings{});
        EXPECT_EQ((*project)->run(*run)->state, store::RunState::Finished);
    }
    std::filesystem::remove(path);
}

TEST(NetworkSpaceOfATable, MakesTheSameLayersAsTheTablesNetworks) {
    TabularSpace macro;
    macro.name = "nasbench-macro";
    for (int place = 0; place < 8; ++place) macro.choices.push_back({"", {"0", "1", "2"}, ""});
    macro.accuracies.assign(6561, 50);
    const auto space = networkSpaceOf(macro);
    ASSERT_TRUE(space);
    const auto choices = spec::networkChoices(*space);
    ASSERT_EQ(choices.size(), macro.choices.size());
    for (std::size_t index = 0; index < macro.networks(); index += 41) {
        const auto tabulated = macro.network(index).layers;
        const auto built = spec::buildNetwork(*space, macro.optionsOf(index)).layers;
        ASSERT_EQ(tabulated.size(), built.size()) << macro.nameOf(index);
        for (std::size_t i = 0; i < built.size(); ++i) {
            EXPECT_EQ(model::layerShapeOf(tabulated[i]), model::layerShapeOf(built[i]))
                << built[i].name;
            EXPECT_EQ(tabulated[i].role, built[i].role) << built[i].name;
        }
    }
    macro.name = "nasbench201:cifar10";
    EXPECT_FALSE(networkSpaceOf(macro)) << "cells are no chain of blocks";
}

}  // namespace
}  // namespace cohelix::tables
