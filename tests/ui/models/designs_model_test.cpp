// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/designs_model.h"

#include <gtest/gtest.h>

#include "ui/models/runs_model.h"

#include "tests/ui/support/fake_session.h"

namespace cohelix::ui {
namespace {

QString cell(const QAbstractItemModel& model, int row, Column column) {
    return model.index(row, static_cast<int>(column)).data().toString();
}

class DesignsModelTest : public testing::Test {
protected:
    void SetUp() override { run = world.openWithRun(); }

    std::vector<store::DesignRow> report(const std::vector<store::DesignRow>& rows) {
        const auto stored = world.session->report(run, rows);
        waitFor(
            [&] { return world.hub.projection().designList().find(stored.back().id) != nullptr; });
        return stored;
    }

    FakeWorld world;
    std::int64_t run = 0;
};

TEST_F(DesignsModelTest, ShowsFiguresUnderTitlesWithUnits) {
    DesignsModel model(world.hub.projection());
    report({sampleDesign(run, 1, 0.875, 100)});
    ASSERT_EQ(model.rowCount(), 1);
    EXPECT_EQ(cell(model, 0, Column::Accuracy), QStringLiteral("87.50"));
    EXPECT_EQ(cell(model, 0, Column::Fps), QStringLiteral("100"));
    EXPECT_EQ(cell(model, 0, Column::LatencyMs), QStringLiteral("20.0"));
    EXPECT_EQ(cell(model, 0, Column::Grade), QStringLiteral("supernet estimate"));
    EXPECT_EQ(cell(model, 0, Column::Front), QStringLiteral("front"));
    EXPECT_EQ(model.headerData(static_cast<int>(Column::LatencyMs), Qt::Horizontal, Qt::DisplayRole)
                  .toString(),
              QStringLiteral("Latency (ms)"));
}

TEST_F(DesignsModelTest, AnnouncesNewAndChangedRows) {
    DesignsModel model(world.hub.projection());
    report({sampleDesign(run, 1, 0.8, 100)});
    int inserted = 0;
    int changed = 0;
    QObject::connect(
        &model, &QAbstractItemModel::rowsInserted,
        [&inserted](const QModelIndex&, int first, int last) { inserted += last - first + 1; });
    QObject::connect(&model, &QAbstractItemModel::dataChanged, [&changed] { ++changed; });
    // The first design leaves the front, which changes its row too.
    report({sampleDesign(run, 2, 0.9, 200), sampleDesign(run, 3, 0.7, 50)});
    EXPECT_EQ(inserted, 2);
    EXPECT_EQ(changed, 1);
    EXPECT_EQ(model.rowCount(), 3);
    EXPECT_EQ(cell(model, 0, Column::Front), QString());
}

TEST_F(DesignsModelTest, SortsFiguresBySizeAndNotByText) {
    DesignsModel model(world.hub.projection());
    DesignsProxy proxy(world.hub.filter(), model);
    report({sampleDesign(run, 1, 0.8, 1000), sampleDesign(run, 2, 0.7, 90),
            sampleDesign(run, 3, 0.6, 200)});
    proxy.sort(static_cast<int>(Column::Fps), Qt::AscendingOrder);
    EXPECT_EQ(cell(proxy, 0, Column::Fps), QStringLiteral("90.0"));
    EXPECT_EQ(cell(proxy, 1, Column::Fps), QStringLiteral("200"));
    EXPECT_EQ(cell(proxy, 2, Column::Fps), QStringLiteral("1,000"));
}

TEST_F(DesignsModelTest, TheFilterOfTheHubHidesRows) {
    DesignsModel model(world.hub.projection());
    DesignsProxy proxy(world.hub.filter(), model);
    report({sampleDesign(run, 1, 0.8, 1000), sampleDesign(run, 2, 0.7, 90)});
    world.hub.filter().setLimit({Column::Fps, 100.0, std::nullopt});
    ASSERT_EQ(proxy.rowCount(), 1);
    EXPECT_EQ(cell(proxy, 0, Column::Fps), QStringLiteral("1,000"));
    world.hub.filter().clear();
    EXPECT_EQ(proxy.rowCount(), 2);
}

TEST_F(DesignsModelTest, AHundredThousandRowsAreSortedAndFiltered) {
    std::vector<store::DesignRow> rows(100000, sampleDesign(run, 1, 0.5, 1));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].id = static_cast<std::int64_t>(i) + 1;
        rows[i].fps = static_cast<double>((i * 7919) % rows.size()) + 1;
    }
    DesignsModel model(world.hub.projection());
    DesignsProxy proxy(world.hub.filter(), model);
    world.session->listener().designsChanged(run, rows);
    ASSERT_TRUE(waitFor([&] { return model.rowCount() == 100000; }));
    proxy.sort(static_cast<int>(Column::Fps), Qt::DescendingOrder);
    EXPECT_EQ(cell(proxy, 0, Column::Fps), QStringLiteral("100,000"));
    world.hub.filter().setLimit({Column::Fps, std::nullopt, 10.0});
    EXPECT_EQ(proxy.rowCount(), 10);
}

TEST_F(DesignsModelTest, RunsShowStateAndTheirDesigns) {
    RunsModel model(world.hub.projection());
    report({sampleDesign(run, 1, 0.8, 1000), sampleDesign(run, 2, 0.7, 90)});
    ASSERT_EQ(model.rowCount(), 1);
    EXPECT_EQ(model.index(0, RunsModel::State).data().toString(), QStringLiteral("running"));
    EXPECT_EQ(model.index(0, RunsModel::Designs).data().toString(), QStringLiteral("2"));
    world.session->setState(run, store::RunState::Stopped);
    ASSERT_TRUE(waitFor([&] { return !world.hub.projection().activeRun(); }));
    EXPECT_EQ(model.index(0, RunsModel::State).data().toString(), QStringLiteral("stopped"));
}

}  // namespace
}  // namespace cohelix::ui
