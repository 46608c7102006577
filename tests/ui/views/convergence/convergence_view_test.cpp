// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/convergence/convergence_view.h"

#include <QComboBox>
#include <QLabel>
#include <QTest>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/model/pareto.h"

#include "ui/plot/line_plot.h"

#include "tests/ui/support/fake_session.h"

namespace cohelix::ui {
namespace {

store::DesignRow found(std::int64_t run, double accuracy, double fps) {
    store::DesignRow row;
    row.run = run;
    row.grade = model::AccuracyGrade::SupernetEstimate;
    row.accuracy = accuracy;
    row.fps = fps;
    return row;
}

TEST(FrontAreaTest, IsTheHypervolumeOfThePointsWhateverTheirOrder) {
    base::Random random(3, "front area");
    for (int trial = 0; trial < 200; ++trial) {
        FrontArea front;
        std::vector<model::Point> points;
        const int count = 1 + static_cast<int>(random.uniform() * 40);
        for (int i = 0; i < count; ++i) {
            // A coarse grid, so that many are equal in one figure or both; some add nothing.
            const model::Point point{std::floor(random.uniform() * 12) - 2,
                                     std::floor(random.uniform() * 12) - 2};
            points.push_back(point);
            front.add(point.accuracy, point.merit);
            ASSERT_NEAR(front.area(), model::hypervolume(points, {0, 0}), 1e-9);
        }
    }
}

TEST(ConvergenceTest, OfTwoRunsTheAreaIsInPercentOfBothTogether) {
    // Above 70 % and 0 FPS: 10 x 100, then 20 x 100; the other run 10 x 400.
    const std::vector<store::DesignRow> designs = {found(1, 0.70, 900), found(1, 0.80, 100),
                                                   found(2, 0.80, 400), found(1, 0.75, 50),
                                                   found(1, 0.90, 100)};
    const auto curves = convergence(designs, std::nullopt);
    ASSERT_EQ(curves.size(), 2u);
    EXPECT_EQ(curves[0].run, 1);
    EXPECT_EQ(curves[0].designs, 4);
    EXPECT_EQ(curves[0].lastBetter, 4);
    ASSERT_EQ(curves[0].points.size(), 2u);
    EXPECT_EQ(curves[0].points[0].x(), 2);
    EXPECT_NEAR(curves[0].points[0].y(), 100 * 1000.0 / 5000, 1e-9);
    EXPECT_NEAR(curves[0].points[1].y(), 100 * 2000.0 / 5000, 1e-9);
    ASSERT_EQ(curves[1].points.size(), 1u);
    EXPECT_NEAR(curves[1].points[0].y(), 100 * 4000.0 / 5000, 1e-9);
}

TEST(ConvergenceTest, AFiguresBestIsTheLeastWhereLessIsBetter) {
    auto slow = found(1, 0.8, 10);
    slow.latencyMs = 20;
    auto fast = slow;
    fast.latencyMs = 5;
    const auto curves = convergence({slow, fast, slow}, Column::LatencyMs);
    ASSERT_EQ(curves.size(), 1u);
    EXPECT_EQ(curves[0].points, (std::vector<QPointF>{{1, 20}, {2, 5}, {3, 5}}));
    EXPECT_EQ(curves[0].lastBetter, 2);
}

TEST(ConvergenceTest, CountsWhatIsBeyondTheLimitsButNeverAsGoodAndAccuraciesAsTheyWereSeen) {
    auto beyond = found(1, 0.99, 1000);
    beyond.within = false;
    auto trained = found(1, 0.95, 100);
    trained.grade = model::AccuracyGrade::TrainedFromScratch;
    trained.supernetAccuracy = 0.60;
    auto unknown = found(1, 0, 100);
    unknown.grade = model::AccuracyGrade::None;
    const auto curves =
        convergence({beyond, trained, unknown, found(1, 0.7, 50)}, Column::Accuracy);
    ASSERT_EQ(curves.size(), 1u);
    EXPECT_EQ(curves[0].points, (std::vector<QPointF>{{2, 60}, {4, 70}}));
    EXPECT_EQ(curves[0].designs, 4);
}

class ConvergenceViewTest : public testing::Test {
protected:
    void SetUp() override {
        view.resize(600, 300);
        view.show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    }
    void report(std::int64_t run, const std::vector<std::pair<double, double>>& figures) {
        std::vector<store::DesignRow> rows;
        for (const auto& [accuracy, fps] : figures) {
            rows.push_back(sampleDesign(run, m_variant++, accuracy, fps));
        }
        world.session->report(run, rows);
    }
    const std::vector<StepLine>& lines() const { return view.findChild<LinePlot*>()->data().lines; }
    QString summary() const {
        return view.findChild<QLabel*>(QStringLiteral("convergenceSummary"))->text();
    }

    FakeWorld world;
    ConvergenceView view{world.context};
    int m_variant = 0;
};

TEST_F(ConvergenceViewTest, FollowsTheRunAtWorkAndSaysSinceWhenNothingBetterCame) {
    const auto& plot = *view.findChild<LinePlot*>();
    EXPECT_TRUE(plot.emptyText().contains(QStringLiteral("as designs are found")));
    const std::int64_t run = world.openWithRun();
    report(run, {{0.7, 300}});
    ASSERT_TRUE(waitFor([&] { return plot.emptyText().contains(QStringLiteral("two designs")); }));
    report(run, {{0.8, 100}, {0.75, 90}, {0.74, 80}});
    ASSERT_TRUE(waitFor([&] { return lines().size() == 1; }));
    EXPECT_TRUE(plot.emptyText().isEmpty());
    EXPECT_TRUE(lines()[0].emphasised);
    EXPECT_EQ(lines()[0].points.back(), QPointF(4, 100));
    EXPECT_TRUE(summary().contains(
        QStringLiteral(": 100.0 % of all runs' area, unchanged for 2 of 4 designs")))
        << summary().toStdString();
}

TEST_F(ConvergenceViewTest, TheSelectedRunStandsOutAndAClickSelectsOne) {
    const std::int64_t first = world.openWithRun();
    report(first, {{0.7, 300}, {0.8, 100}});
    world.session->setState(first, store::RunState::Stopped);
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    world.hub.control().start();
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().runs().size() == 2; }));
    const std::int64_t second = world.hub.projection().runs().back().id;
    report(second, {{0.9, 200}});
    ASSERT_TRUE(waitFor([&] { return lines().size() == 2; }));
    EXPECT_FALSE(lines()[0].emphasised);
    EXPECT_TRUE(lines()[1].emphasised);
    world.hub.selection().selectRun(first);
    EXPECT_TRUE(lines()[0].emphasised);
    EXPECT_FALSE(lines()[1].emphasised);
    EXPECT_TRUE(summary().startsWith(QStringLiteral("Run %1:").arg(first)));
    Q_EMIT view.findChild<LinePlot*>()->lineClicked(1);
    EXPECT_EQ(world.hub.selection().now().run, second);
}

TEST_F(ConvergenceViewTest, AnotherMeasureIsChosenByKey) {
    const std::int64_t run = world.openWithRun();
    report(run, {{0.7, 300}, {0.8, 100}});
    ASSERT_TRUE(waitFor([&] { return lines().size() == 1; }));
    auto* measures = view.findChild<QComboBox*>();
    measures->setFocus();
    QTest::keyClick(measures, Qt::Key_Down);
    EXPECT_EQ(measures->currentText(), QStringLiteral("Best: Accuracy while searching (%)"));
    EXPECT_EQ(lines()[0].points, (std::vector<QPointF>{{1, 70}, {2, 80}}));
    EXPECT_TRUE(summary().contains(
        QStringLiteral("Accuracy while searching 80.00 %, better with design 2")))
        << summary().toStdString();
}

TEST_F(ConvergenceViewTest, WhatCameWhileItWasHiddenIsThereWhenItIsSeen) {
    view.hide();
    const std::int64_t run = world.openWithRun();
    report(run, {{0.7, 300}, {0.8, 100}});
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().designs().size() == 2; }));
    QTest::qWait(300);
    EXPECT_TRUE(lines().empty()) << "nobody sees it";
    view.show();
    EXPECT_EQ(lines().size(), 1u);
}

}  // namespace
}  // namespace cohelix::ui
