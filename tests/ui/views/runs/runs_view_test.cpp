// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/runs/runs_view.h"

#include <QLabel>
#include <QTableView>
#include <QTest>

#include <gtest/gtest.h>

#include "tests/ui/support/fake_session.h"

namespace cohelix::ui {
namespace {

TEST(RunsViewTest, WithoutARunItSaysHowToBeginOne) {
    FakeWorld world;
    RunsView view(world.context);
    view.show();
    const auto* empty = view.findChild<QLabel*>();
    EXPECT_EQ(empty->text(), QStringLiteral("No runs yet."));
    world.hub.document().createUntitled(*spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    EXPECT_TRUE(empty->text().contains(QStringLiteral("Start (F5)")));
    EXPECT_TRUE(empty->isVisible());
}

TEST(RunsViewTest, TheRunThatIsClickedIsSelectedAndStaysWhenAnotherBegins) {
    FakeWorld world;
    const std::int64_t run = world.openWithRun();
    RunsView view(world.context);
    view.resize(500, 200);
    view.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    auto* table = view.findChild<QTableView*>();
    EXPECT_FALSE(world.hub.selection().now().run);
    QTest::mouseClick(table->viewport(), Qt::LeftButton, Qt::NoModifier,
                      table->visualRect(table->model()->index(0, 0)).center());
    EXPECT_EQ(world.hub.selection().now().run, run);
    world.session->setState(run, store::RunState::Stopped);
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    world.hub.control().start();
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().runs().size() == 2; }));
    EXPECT_EQ(world.hub.selection().now().run, run);
    EXPECT_TRUE(table->selectionModel()->isRowSelected(0));
    // And the other way round.
    world.hub.selection().selectRun(world.hub.projection().runs().back().id);
    EXPECT_TRUE(table->selectionModel()->isRowSelected(1));
}

}  // namespace
}  // namespace cohelix::ui
