// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/runs/run_bar.h"

#include <QLabel>
#include <QProgressBar>
#include <QTest>
#include <QToolButton>

#include <gtest/gtest.h>

#include "tests/ui/support/fake_session.h"

namespace cohelix::ui {
namespace {

class RunBarTest : public testing::Test {
protected:
    QToolButton* button(const char* action) const {
        for (auto* candidate : bar.findChildren<QToolButton*>()) {
            if (candidate->defaultAction()->objectName() == QLatin1String(action)) return candidate;
        }
        return nullptr;
    }
    QString phase() const { return bar.findChild<QLabel*>(QStringLiteral("phase"))->text(); }

    FakeWorld world;
    RunBar bar{world.context};
};

TEST_F(RunBarTest, ItsButtonsStartPauseAndStopASearch) {
    EXPECT_FALSE(button("search.start")->isEnabled());
    world.hub.document().createUntitled(*spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return button("search.start")->isEnabled(); }));
    EXPECT_EQ(phase(), QStringLiteral("Ready to search"));
    QTest::mouseClick(button("search.start"), Qt::LeftButton);
    ASSERT_TRUE(waitFor([&] { return button("search.pause")->isEnabled(); }));
    QTest::mouseClick(button("search.pause"), Qt::LeftButton);
    ASSERT_TRUE(waitFor([&] { return phase().contains(QStringLiteral("paused")); }));
    EXPECT_EQ(button("search.pause")->text(), QStringLiteral("Resume"));
    QTest::mouseClick(button("search.stop"), Qt::LeftButton);
    EXPECT_TRUE(waitFor([&] { return phase().contains(QStringLiteral("stopped")); }));
}

TEST_F(RunBarTest, SaysHowFarTheSearchIs) {
    const std::int64_t run = world.openWithRun();
    run::Progress progress;
    progress.run = run;
    progress.step = 25;
    progress.steps = 100;
    progress.secondsLeft = 90;
    world.session->listener().progressed(progress);
    const auto* share = bar.findChild<QProgressBar*>();
    ASSERT_TRUE(waitFor([&] { return share->value() == 250; }));
    const auto labels = bar.findChildren<QLabel*>();
    EXPECT_TRUE(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->text().startsWith(QStringLiteral("25 % · ")) &&
               label->text().contains(QStringLiteral("left"));
    }));
}

}  // namespace
}  // namespace cohelix::ui
