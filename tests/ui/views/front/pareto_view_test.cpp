// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/front/pareto_view.h"

#include <QComboBox>
#include <QTest>
#include <QToolBar>
#include <QToolButton>
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/ui/support/fake_session.h"

namespace cohelix::ui {
namespace {

class ParetoViewTest : public testing::Test {
protected:
    void SetUp() override {
        const std::int64_t run = world.openWithRun();
        world.session->report(run, {sampleDesign(run, 1, 0.8, 100), sampleDesign(run, 2, 0.7, 300),
                                    sampleDesign(run, 3, 0.6, 200)});
        ASSERT_TRUE(waitFor([&] { return world.hub.projection().designs().size() == 3; }));
        view.resize(900, 500);
        view.show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    }

    /// The button of the plot's bar, or the chip, that is called so.
    QToolButton* button(const QString& text) const {
        for (auto* candidate : view.findChildren<QToolButton*>()) {
            if (candidate->isVisible() && candidate->text().contains(text)) return candidate;
        }
        return nullptr;
    }
    /// Those that can be picked; others are drawn faint.
    std::ptrdiff_t shown() const {
        const auto& points = view.plot().data().points;
        return std::count_if(points.begin(), points.end(),
                             [](const ParetoPoint& point) { return point.within; });
    }

    FakeWorld world;
    ParetoView view{world.context};
};

TEST_F(ParetoViewTest, TheFrontAloneIsShownByAButtonAndAllAgainByItsChip) {
    EXPECT_EQ(shown(), 3);
    auto* front = button(QStringLiteral("front only"));
    ASSERT_TRUE(front);
    QTest::mouseClick(front, Qt::LeftButton);
    EXPECT_EQ(shown(), 2);
    EXPECT_TRUE(world.hub.filter().current().frontOnly);
    ASSERT_TRUE(waitFor([this] { return button(QStringLiteral("✕")) != nullptr; }));
    QTest::mouseClick(button(QStringLiteral("✕")), Qt::LeftButton);
    EXPECT_EQ(shown(), 3);
    EXPECT_FALSE(front->isChecked());
}

TEST_F(ParetoViewTest, ALimitLineFiltersAndItsButtonTakesItBack) {
    auto* limit = button(QStringLiteral("x axis: drag"));
    ASSERT_TRUE(limit);
    QTest::mouseClick(limit, Qt::LeftButton);
    const auto drawn = world.hub.filter().limit(Column::Fps);
    ASSERT_TRUE(drawn);
    EXPECT_TRUE(drawn->least) << "more FPS is better";
    EXPECT_LT(shown(), 3);
    QTest::mouseClick(limit, Qt::LeftButton);
    EXPECT_TRUE(world.hub.filter().empty());
}

TEST_F(ParetoViewTest, AnAxisIsChosenByKeyAndTheSelectionStays) {
    const auto design = world.hub.projection().designs()[1].id;
    world.hub.selection().selectDesign(design);
    EXPECT_EQ(view.plot().selected(), design);
    for (auto* box : view.findChildren<QComboBox*>()) {
        if (box->accessibleName() != QStringLiteral("x")) continue;
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Down);
    }
    EXPECT_EQ(view.options().x, Column::LatencyMs);
    EXPECT_EQ(view.plot().selected(), design);
}

}  // namespace
}  // namespace cohelix::ui
