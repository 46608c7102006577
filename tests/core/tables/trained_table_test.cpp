// SPDX-License-Identifier: GPL-3.0-or-later
// Tables that are trained here: complete whatever interrupts them, refused when they belong to
// another specification, and the same trainings that the joint search ends with.
#include "core/tables/trained_table.h"

#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "core/lab/methods/comparison.h"
#include "core/learn/learn.h"
#include "core/search/joint/cosearch.h"
#include "core/tables/reference_front.h"

#include "tests/support/small_data.h"
#include "tests/support/training.h"

namespace cohelix::tables {
namespace {

/// Nine networks, each trained in a fraction of a second.
class TrainedTable : public testing::Test {
protected:
    void SetUp() override {
        COHELIX_NEEDS_TRAINING();
        auto spec = test::smallSpecification(m_folder.path());
        if (!spec) GTEST_SKIP() << "Fashion-MNIST is not installed";
        specification = *spec;
        specification.network.stages = {{16, 1, 1}, {24, 1, 2}};
        specification.training.epochs = 1;
        data = learn::loadDataSet(specification.dataSet, specification.network).value();
    }
    std::vector<TrainedRow> trained(const TabularSpace& space, int threads) {
        base::Executor executor(threads);
        std::vector<TrainedRow> rows;
        const auto result = trainMissing(
            space, data, rows, executor, [] {}, [] { return true; });
        EXPECT_TRUE(result) << base::toText(result.error());
        return rows;
    }
    std::string file(const std::string& text) const {
        const auto path = (m_folder / "table.csv").string();
        std::ofstream(path) << text;
        return path;
    }
    test::TemporaryFolder m_folder;
    spec::Specification specification;
    std::shared_ptr<const learn::DataSet> data;
};

TEST_F(TrainedTable, IsTheSameHoweverItWasInterrupted) {
    const auto space = untrainedSpace(specification).value();
    ASSERT_EQ(space.networks(), 9u);
    std::vector<double> whole(9);
    for (const auto& row : trained(space, 2)) whole[row.network] = row.accuracy;

    base::Executor executor(1);
    std::vector<TrainedRow> rows;
    int told = 0;
    int asked = 0;
    ASSERT_TRUE(trainMissing(
        space, data, rows, executor, [&] { ++told; }, [&] { return rows.size() < 4; }));
    ASSERT_EQ(rows.size(), 4u);
    EXPECT_EQ(told, 4);
    ASSERT_TRUE(trainMissing(
        space, data, rows, executor, [&] { ++told; }, [&] { return ++asked < 5; }));
    EXPECT_EQ(rows.size(), 4u) << "a training is ended between two of its steps";
    EXPECT_EQ(told, 4);
    auto again = readTrainedRows(file(toCsv(space, rows)), space).value();
    EXPECT_EQ(again, rows);
    ASSERT_TRUE(trainMissing(
        space, data, again, executor, [] {}, [] { return true; }));
    const auto table = readTrainedTable(file(toCsv(space, again)), specification);
    ASSERT_TRUE(table) << base::toText(table.error());
    EXPECT_EQ(table->accuracies, whole);
    for (const double seconds : table->trainingSeconds) EXPECT_GT(seconds, 0);
}

TEST_F(TrainedTable, HoldsTheTrainingsThatTheSearchEndsWith) {
    const auto space = untrainedSpace(specification).value();
    const auto table =
        readTrainedTable(file(toCsv(space, trained(space, 2))), specification).value();
    base::Executor executor(2);
    const auto problem = Problem::create(table, specification.accelerator,
                                         spec::resourceLimits(specification), executor)
                             .value();

    auto search = search::CoSearch::create(specification, data, executor).value();
    std::vector<std::size_t> networks;
    while (!search->done()) {
        const auto report = search->step();
        ASSERT_TRUE(report) << base::toText(report.error());
        for (const auto& design : report->designs) {
            if (design.standing != search::Standing::Trained) continue;
            networks.push_back(table.indexOf(design.choices.network));
            EXPECT_EQ(design.accuracy * 100, table.accuracies[networks.back()]);
            EXPECT_NEAR(design.cost.fps, problem.exactFps(networks.back()), 1e-6);
        }
    }
    auto run = lab::runSupernet(problem, data, specification.seed, executor).value();
    EXPECT_GT(run.searchSeconds, 0);
    std::sort(networks.begin(), networks.end());
    std::sort(run.networks.begin(), run.networks.end());
    EXPECT_EQ(run.networks, networks);
}

TEST_F(TrainedTable, CountsTrainingsIntoTheTimeOfEveryMethod) {
    auto table = untrainedSpace(specification).value();
    table.trainingSeconds.assign(9, 100);
    for (std::size_t i = 0; i < 9; ++i) table.accuracies[i] = 60 - static_cast<double>(i);
    table.leastAccuracy = 40;
    base::Executor executor(1);
    const auto problem =
        Problem::create(table, specification.accelerator, {900, 700}, executor).value();
    const auto truth = trueFront(problem, executor).value();

    const lab::SupernetRun all{1000, truth.front};
    const lab::SupernetRun one{1000, {truth.front.front()}};
    const auto supernet = lab::standingOf(problem, truth, {all, all, one});
    EXPECT_NEAR(supernet.hypervolume, truth.hypervolume, 1e-9);
    EXPECT_EQ(supernet.standing.lookups, truth.front.size());
    EXPECT_NEAR(supernet.standing.hypervolumeRatio.median, 1, 1e-12);
    const auto trainings = static_cast<double>(truth.front.size());
    EXPECT_NEAR(supernet.standing.seconds, 1000 + 100 * (2 * trainings + 1) / 3, 1e-6);
    EXPECT_EQ(supernet.standing.reachOfTrue.runs, 2u);

    const auto* random = &lab::methods()[1];
    const auto standings =
        lab::compare(
            problem, truth, {random}, {9}, 2, executor, [](const auto&) {}, supernet.hypervolume)
            .value();
    ASSERT_EQ(standings.size(), 1u);
    EXPECT_NEAR(standings[0].seconds, 900, 20);
    ASSERT_TRUE(standings[0].reachOfSupernet);
    EXPECT_EQ(standings[0].reachOfSupernet->runs, 2u) << "it looks at every network";
    EXPECT_NEAR(standings[0].reachOfSupernet->seconds.median,
                100 * standings[0].reachOfSupernet->lookups.median, 20);
}

TEST_F(TrainedTable, GivesTheReferenceOfItsSpecification) {
    const auto space = untrainedSpace(specification).value();
    std::vector<TrainedRow> rows;
    for (std::size_t i = 0; i < 9; ++i) rows.push_back({i, 60 - static_cast<double>(i), 1});
    FrontRequest request;
    request.table = file(toCsv(space, rows));
    request.benchmark = "trained";
    base::Executor executor(1);
    EXPECT_FALSE(computeReference(request, executor, {})) << "of which specification?";
    request.specification = std::make_shared<const spec::Specification>(specification);
    const auto front = computeReference(request, executor, {});
    ASSERT_TRUE(front) << base::toText(front.error());
    EXPECT_TRUE(sameSpaces(*front, specification));
    EXPECT_EQ(front->acceleratorSpace, kOwnAccelerators);
    EXPECT_EQ(front->designs.front().accuracy, 0.6);
}

TEST_F(TrainedTable, IsRefusedWhereItDoesNotBelong) {
    const auto space = untrainedSpace(specification).value();
    const std::vector<TrainedRow> two = {{0, 50, 1}, {3, 60, 1}};
    const auto says = [&](const std::string& text, const spec::Specification& of) {
        return base::toText(readTrainedTable(file(text), of).error());
    };
    EXPECT_NE(says(toCsv(space, two), specification).find("7 of the 9 networks are missing"),
              std::string::npos);
    auto other = specification;
    other.training.epochs = 2;
    EXPECT_NE(says(toCsv(space, two), other).find("trained by another specification"),
              std::string::npos);
    other = specification;
    other.dataSet.path = "/elsewhere";  // the same images, in another place
    EXPECT_NE(says(toCsv(space, two), other).find("are missing"), std::string::npos);
    EXPECT_NE(says(toCsv(space, {two[0], two[0]}), specification).find("listed twice"),
              std::string::npos);
    EXPECT_NE(says(toCsv(space, {{0, 101, 1}}), specification).find("from 0 to 100 %"),
              std::string::npos);
    EXPECT_NE(says(toCsv(space, {{0, std::nan(""), 1}}), specification).find("accuracy"),
              std::string::npos);
    EXPECT_NE(says(toCsv(space, {{0, 50, -1}}), specification).find("negative"), std::string::npos);
    EXPECT_NE(says("network,accuracy,seconds,recipe\nk9_e9,1,1,x\n", specification)
                  .find("is no network of the specification"),
              std::string::npos);
    EXPECT_NE(says("network,accuracy\n", specification).find("seconds"), std::string::npos);
}

TEST(UntrainedSpace, IsOfAFewNetworksOfOneAccuracyEach) {
    auto spec = spec::preset("fashion-mnist-zc706").value();
    EXPECT_NE(base::toText(untrainedSpace(spec).error()).find("too many for a table"),
              std::string::npos);
    spec = spec::preset("fashion-mnist-table").value();
    EXPECT_EQ(untrainedSpace(spec).value().networks(), 1024u);
    spec.accelerator.pipeline[0].bits = {16, 8};
    EXPECT_NE(base::toText(untrainedSpace(spec).error()).find("several accuracies"),
              std::string::npos);
}

}  // namespace
}  // namespace cohelix::tables
