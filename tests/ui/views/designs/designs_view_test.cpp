// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/designs/designs_view.h"

#include <QHeaderView>
#include <QTableView>
#include <QTest>

#include <gtest/gtest.h>

#include "tests/ui/support/fake_session.h"

namespace cohelix::ui {
namespace {

using Designs = std::vector<std::int64_t>;

class DesignsViewTest : public testing::Test {
protected:
    void SetUp() override {
        const std::int64_t run = world.openWithRun();
        std::vector<store::DesignRow> rows;
        for (int i = 0; i < 5; ++i) rows.push_back(sampleDesign(run, i, 0.8, 100 + i));
        for (const auto& row : world.session->report(run, rows)) ids.push_back(row.id);
        ASSERT_TRUE(waitFor([&] { return world.hub.projection().designs().size() == 5; }));
        view.resize(700, 300);
        view.show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    }

    void click(int row, Qt::KeyboardModifiers with = Qt::NoModifier) const {
        const auto at = table().visualRect(table().model()->index(row, 0)).center();
        QTest::mouseClick(table().viewport(), Qt::LeftButton, with, at);
    }
    QTableView& table() const { return *view.findChild<QTableView*>(); }
    const Designs& selected() { return world.hub.selection().now().designs; }

    FakeWorld world;
    DesignsView view{world.context};
    Designs ids;
};

TEST_F(DesignsViewTest, RowsAddedByShiftAndCtrlAreSelectedEverywhere) {
    click(1);
    EXPECT_EQ(selected(), Designs{ids[1]});
    click(3, Qt::ShiftModifier);
    EXPECT_EQ(selected(), (Designs{ids[3], ids[1], ids[2]})) << "where the keyboard is comes first";
    click(2, Qt::ControlModifier);
    EXPECT_EQ(selected(), (Designs{ids[1], ids[3]}));
}

TEST_F(DesignsViewTest, ShowsWhatIsSelectedElsewhereThroughSortAndFilter) {
    world.hub.selection().selectDesigns({ids[4], ids[0]});
    EXPECT_EQ(view.designsOf(ExportScope::Selected), (Designs{ids[0], ids[4]}));
    EXPECT_EQ(table().currentIndex().row(), 4);
    table().sortByColumn(static_cast<int>(Column::Fps), Qt::DescendingOrder);
    EXPECT_EQ(view.designsOf(ExportScope::Selected), (Designs{ids[4], ids[0]}));
    EXPECT_EQ(table().currentIndex().row(), 0);
    world.hub.filter().setLimit({Column::Fps, std::nullopt, 102.0});
    EXPECT_EQ(view.designsOf(ExportScope::Selected), Designs{ids[0]});
    world.hub.filter().clear();
    EXPECT_EQ(view.designsOf(ExportScope::Selected), (Designs{ids[4], ids[0]}));
    EXPECT_EQ(selected(), (Designs{ids[4], ids[0]}));
}

TEST_F(DesignsViewTest, TheArrowKeysMoveTheSelection) {
    click(0);
    QTest::keyClick(&table(), Qt::Key_Down);
    EXPECT_EQ(selected(), Designs{ids[1]});
    QTest::keyClick(&table(), Qt::Key_A, Qt::ControlModifier);
    EXPECT_EQ(selected().size(), 5u);
    EXPECT_EQ(selected().front(), ids[1]);
}

}  // namespace
}  // namespace cohelix::ui
