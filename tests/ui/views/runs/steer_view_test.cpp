// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/runs/steer_view.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QTest>

#include <gtest/gtest.h>

#include "ui/views/runs/steer_numbers.h"

#include "tests/ui/support/fake_session.h"
#include "tests/ui/support/find.h"

namespace cohelix::ui {
namespace {

class SteerViewTest : public testing::Test {
protected:
    void begin() {
        m_run = world.openWithRun();
        ASSERT_TRUE(waitFor([&] { return find<QWidget>(view, "steerBody").isEnabled(); }));
    }
    void type(QLineEdit& line, const char* text) {
        line.selectAll();
        QTest::keyClicks(&line, text);
    }
    spec::InForce inForce() {
        spec::InForce now;
        world.session->call([&](store::Project& project) { now = project.inForce(m_run).value(); });
        return now;
    }
    bool settled() {
        return waitFor([&] { return steering.waiting().empty(); });
    }

    FakeWorld world;
    Steering& steering = world.hub.steering();
    SteerView view{world.context};
    std::int64_t m_run = 0;
};

TEST_F(SteerViewTest, WithoutARunItSaysWhatToDo) {
    EXPECT_FALSE(find<QWidget>(view, "steerBody").isEnabled());
    EXPECT_TRUE(labelText(view, "steerHead").contains(QStringLiteral("Start a search (F5)")));
    begin();
    EXPECT_TRUE(labelText(view, "steerHead").contains(QStringLiteral("Run %1").arg(m_run)));
    world.session->setState(m_run, store::RunState::Finished);
    ASSERT_TRUE(waitFor([&] { return !find<QWidget>(view, "steerBody").isEnabled(); }));
    EXPECT_TRUE(labelText(view, "steerHead").contains(QStringLiteral("No run is at work")));
}

TEST_F(SteerViewTest, EditedNumbersAreAppliedTogether) {
    begin();
    auto& numbers = find<SteerNumbers>(view);
    EXPECT_FALSE(view.hasEdits());
    type(numbers.limit(spec::LimitKind::LeastFps), "60.5");
    type(numbers.low(0), "70");
    type(numbers.high(0), "90");
    type(numbers.weight(1), "4");
    EXPECT_TRUE(view.hasEdits());
    QTest::keyClick(&numbers.weight(1), Qt::Key_Return);
    ASSERT_TRUE(settled());
    EXPECT_FALSE(view.hasEdits());
    const auto now = inForce();
    EXPECT_EQ(now.specification.limits.leastFps, 60.5);
    EXPECT_EQ(now.specification.objective.targets[0], (spec::Window{70, 90}));
    EXPECT_EQ(now.weights[1], 4);
    ASSERT_TRUE(waitFor([&] { return find<QTableWidget>(view).rowCount() == 3; }));
    EXPECT_EQ(find<QTableWidget>(view).item(0, 2)->text(), QStringLiteral("applied"));
    ASSERT_TRUE(waitFor([&] { return numbers.weight(1).text() == QStringLiteral("4"); }));
    EXPECT_EQ(numbers.limit(spec::LimitKind::LeastFps).text(), QStringLiteral("60.5"));
}

TEST_F(SteerViewTest, AnEmptyLineTakesTheLimitBack) {
    begin();
    steering.ask(spec::MoveLimit{spec::LimitKind::Dsp, 123});
    auto& line = find<SteerNumbers>(view).limit(spec::LimitKind::Dsp);
    ASSERT_TRUE(waitFor([&] { return line.text() == QStringLiteral("123"); }));
    line.selectAll();
    QTest::keyClick(&line, Qt::Key_Delete);
    view.applyEdits();
    ASSERT_TRUE(waitFor([&] { return line.text().isEmpty(); }));
    EXPECT_FALSE(inForce().specification.limits.dsp);
    EXPECT_TRUE(line.placeholderText().contains(QStringLiteral("device")));
}

TEST_F(SteerViewTest, WhatIsNoNumberIsSaidAndKept) {
    begin();
    auto& line = find<SteerNumbers>(view).limit(spec::LimitKind::MostLatencyMs);
    type(line, "soon");
    view.applyEdits();
    const auto* problem = view.findChild<QLabel*>(QStringLiteral("steerProblem"));
    EXPECT_TRUE(problem->text().contains(QStringLiteral("'soon' is no number")));
    EXPECT_EQ(line.text(), QStringLiteral("soon"));
    EXPECT_TRUE(steering.changes().empty());
    view.dropEdits();
    EXPECT_EQ(line.text(), QString());
    EXPECT_TRUE(problem->text().isEmpty());
}

TEST_F(SteerViewTest, EditsSurviveAChangeThatComesIntoForceMeanwhile) {
    begin();
    auto& line = find<SteerNumbers>(view).limit(spec::LimitKind::Dsp);
    type(line, "77");
    steering.ask(spec::WeighTarget{0, 3});
    ASSERT_TRUE(waitFor([&] { return find<QTableWidget>(view).rowCount() == 1; }));
    EXPECT_EQ(line.text(), QStringLiteral("77"));
    EXPECT_TRUE(view.hasEdits());
}

TEST_F(SteerViewTest, ChoicesArePinnedAndFreed) {
    begin();
    find<QComboBox>(view, "pinChoice").setCurrentText(QStringLiteral("chunk0.tm"));
    find<QComboBox>(view, "pinOption").setCurrentIndex(1);
    const auto option = find<QComboBox>(view, "pinOption").currentText();
    QTest::mouseClick(&find<QPushButton>(view, "pin"), Qt::LeftButton);
    QPushButton* free = nullptr;
    ASSERT_TRUE(waitFor([&] {
        for (auto* button : view.findChildren<QPushButton*>()) {
            if (button->accessibleName() == QStringLiteral("Free chunk0.tm")) free = button;
        }
        return free != nullptr;
    }));
    EXPECT_EQ(find<QTableWidget>(view).item(0, 1)->text(),
              QStringLiteral("chunk0.tm pinned to %1").arg(option));
    QTest::mouseClick(free, Qt::LeftButton);
    ASSERT_TRUE(waitFor([&] { return find<QTableWidget>(view).rowCount() == 2; }));
    ASSERT_TRUE(waitFor([&] { return !spec::pinsAny(inForce().pins.parameters); }));
}

TEST_F(SteerViewTest, TargetsAreStoppedButNotTheLast) {
    begin();
    const int targets = static_cast<int>(inForce().stopped.size());
    for (int t = 0; t + 1 < targets; ++t) {
        QTest::mouseClick(&find<SteerNumbers>(view).stop(t), Qt::LeftButton);
        ASSERT_TRUE(waitFor([&] { return find<QTableWidget>(view).rowCount() == t + 1; }));
        ASSERT_TRUE(waitFor([&] { return !find<SteerNumbers>(view).stop(t).isEnabled(); }));
        EXPECT_FALSE(find<SteerNumbers>(view).low(t).isEnabled());
    }
    ASSERT_TRUE(waitFor([&] { return !find<SteerNumbers>(view).stop(targets - 1).isEnabled(); }));
    EXPECT_TRUE(find<SteerNumbers>(view).low(targets - 1).isEnabled());
}

TEST_F(SteerViewTest, ARefusedChangeIsSaidAndShownInTheHistory) {
    begin();
    Message said;
    QObject::connect(&world.hub.messages(), &Messages::said,
                     [&](const Message& message) { said = message; });
    steering.ask(spec::PinChoice{"block77", "k3_e1"});
    ASSERT_TRUE(waitFor([&] { return find<QTableWidget>(view).rowCount() == 1; }));
    EXPECT_EQ(find<QTableWidget>(view).item(0, 2)->text(), QStringLiteral("refused"));
    EXPECT_TRUE(
        find<QTableWidget>(view).item(0, 1)->toolTip().contains(QStringLiteral("no such choice")));
    EXPECT_EQ(said.severity, Severity::Warning);
    EXPECT_TRUE(said.what.contains(QStringLiteral("no such choice")));
}

TEST_F(SteerViewTest, ThePlotsLimitLinesBecomeHardLimits) {
    begin();
    world.hub.filter().setLimit({Column::Fps, 45.0, std::nullopt});
    world.hub.filter().setLimit({Column::Dsp, std::nullopt, 300.0});
    world.hub.filter().setLimit({Column::Accuracy, 0.5, std::nullopt});
    steering.askForLimitsOf(world.hub.filter().current());
    ASSERT_TRUE(waitFor([&] { return find<QTableWidget>(view).rowCount() == 2; }));
    EXPECT_EQ(inForce().specification.limits.leastFps, 45.0);
    EXPECT_EQ(inForce().specification.limits.dsp, 300.0);
}

}  // namespace
}  // namespace cohelix::ui
