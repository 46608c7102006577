// SPDX-License-Identifier: GPL-3.0-or-later
// What a line in the table of views is enough for.
#include "ui/shell/view_table.h"

#include <QApplication>
#include <QDockWidget>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <set>

#include <gtest/gtest.h>

#include "ui/shell/main_window.h"

#include "tests/ui/support/fake_session.h"

namespace cohelix::ui {
namespace {

/// A view that offers something to do.
QWidget* makeProbe(const ViewContext& context, QWidget* parent) {
    auto* probe = new QLabel(QStringLiteral("probe"), parent);
    context.actions.add(QStringLiteral("search.probe"), QStringLiteral("Probe it"), {},
                        [probe] { probe->setText(QStringLiteral("probed")); });
    return probe;
}

std::vector<ViewRow> withProbe() {
    const auto table = viewTable();
    std::vector<ViewRow> rows(table.begin(), table.end());
    rows.push_back({"probe", "Probe", Place::Bottom, "Ctrl+9", makeProbe});
    return rows;
}

const QMenu* menuOf(const MainWindow& window, const QString& title) {
    for (const QAction* action : window.menuBar()->actions()) {
        if (action->text() == title) return action->menu<QMenu*>();
    }
    return nullptr;
}

TEST(ViewTableTest, EveryRowHasANameOfItsOwn) {
    std::set<std::string> ids;
    for (const ViewRow& row : viewTable()) {
        EXPECT_TRUE(ids.insert(row.id).second) << row.id;
        EXPECT_FALSE(titleOf(row).isEmpty());
    }
}

TEST(ViewTableTest, AViewGetsItsDockItsMenuEntryAndPlacesForItsActions) {
    FakeWorld world;
    const auto rows = withProbe();
    MainWindow window(world.hub, world.settings, rows);
    window.show();
    auto* dock = window.findChild<QDockWidget*>(QStringLiteral("probe"));
    ASSERT_TRUE(dock);
    EXPECT_EQ(dock->windowTitle(), QStringLiteral("Probe"));
    EXPECT_TRUE(
        window.tabifiedDockWidgets(window.findChild<QDockWidget*>("designs")).contains(dock));
    EXPECT_EQ(dock->toggleViewAction()->shortcut(), QKeySequence(QStringLiteral("Ctrl+9")));
    EXPECT_TRUE(
        menuOf(window, QStringLiteral("&View"))->actions().contains(dock->toggleViewAction()));
    auto* probing = window.findChild<QAction*>(QStringLiteral("search.probe"));
    ASSERT_TRUE(probing);
    EXPECT_EQ(menuOf(window, QStringLiteral("&Search"))->actions().last(), probing);
    probing->trigger();
    EXPECT_EQ(static_cast<QLabel*>(dock->widget())->text(), QStringLiteral("probed"));
}

TEST(ViewTableTest, ALayoutThatIsOlderThanAViewIsRestoredAndTheViewJoinsItsPlace) {
    FakeWorld world;
    {
        MainWindow before(world.hub, world.settings);
        before.show();
        before.findChild<QDockWidget*>("log")->close();
        before.addDockWidget(Qt::RightDockWidgetArea, before.findChild<QDockWidget*>("runs"));
        QApplication::processEvents();
        before.close();
    }
    const auto rows = withProbe();
    MainWindow after(world.hub, world.settings, rows);
    after.show();
    QApplication::processEvents();
    EXPECT_FALSE(after.findChild<QDockWidget*>("log")->isVisible());
    auto* runs = after.findChild<QDockWidget*>("runs");
    EXPECT_EQ(after.dockWidgetArea(runs), Qt::RightDockWidgetArea);
    auto* probe = after.findChild<QDockWidget*>("probe");
    EXPECT_TRUE(
        after.tabifiedDockWidgets(after.findChild<QDockWidget*>("designs")).contains(probe));
    EXPECT_TRUE(probe->toggleViewAction()->isChecked());
}

}  // namespace
}  // namespace cohelix::ui
