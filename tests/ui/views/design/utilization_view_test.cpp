// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/utilization_view.h"

#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "ui/views/design/utilization_bars.h"

#include "tests/ui/support/find.h"
#include "tests/ui/views/design/sample_design.h"

namespace cohelix::ui {
namespace {

QWidget* canvasOf(HeatMap& map) {
    for (auto* part : map.findChildren<QWidget*>()) {
        if (part->inherits("QCustomPlot")) return part;
    }
    return nullptr;
}

/// A pixel well inside a cell.
QPoint positionOf(HeatMap& map, const std::pair<int, int>& cell) {
    const auto* canvas = canvasOf(map);
    for (int y = 0; y < canvas->height(); y += 2) {
        for (int x = 0; x < canvas->width(); x += 4) {
            if (map.cellAt(QPointF(x, y)) == cell && map.cellAt(QPointF(x + 4, y + 4)) == cell) {
                return {x + 4, y + 4};
            }
        }
    }
    return {};
}

TEST(UtilizationViewTest, CellsAreTheCostsUtilizationOnTheLayersOwnChunkOnly) {
    for (const auto& design : {test::fpgaDesign(), test::asicDesign()}) {
        const auto data = utilizationData(design);
        const auto chunks = design.accelerator.chunkCount();
        ASSERT_EQ(data.cells.size(), design.network.layers.size() * chunks);
        for (std::size_t layer = 0; layer < design.cost.layers.size(); ++layer) {
            const auto& cost = design.cost.layers[layer];
            for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
                const auto& cell = data.cells[layer * chunks + chunk];
                if (static_cast<int>(chunk) == cost.chunk) {
                    EXPECT_DOUBLE_EQ(cell.value, 100 * cost.utilization());
                    EXPECT_TRUE(
                        cell.hover.contains(QString::fromStdString(model::limitText(cost))));
                } else {
                    EXPECT_TRUE(std::isnan(cell.value));
                    EXPECT_TRUE(cell.hover.isEmpty());
                }
            }
        }
    }
}

TEST(UtilizationViewTest, ClickOnACellSelectsItsLayer) {
    const auto design = test::fpgaDesign();
    UtilizationView view;
    view.setDesign(design);
    view.resize(600, 900);
    view.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    QTest::qWait(50);
    const QSignalSpy selected(&view, &UtilizationView::layerSelected);
    const int layer = 4;
    const std::pair cell(layer, design.cost.layers[layer].chunk);
    QTest::mouseClick(canvasOf(find<HeatMap>(view)), Qt::LeftButton, Qt::NoModifier,
                      positionOf(find<HeatMap>(view), cell));
    ASSERT_EQ(selected.size(), 1);
    EXPECT_EQ(selected.front().front().toInt(), layer);
}

TEST(UtilizationViewTest, BarsSayWhichChunkSetsThePeriod) {
    const auto design = test::fpgaDesign();
    UtilizationView view;
    view.setDesign(design);
    const auto& loads = find<UtilizationBars>(view).loads();
    ASSERT_EQ(loads.size(), design.cost.chunks.size());
    int slowest = 0;
    for (std::size_t i = 0; i < loads.size(); ++i) {
        EXPECT_EQ(loads[i].cycles, design.cost.chunks[i].cycles);
        if (!loads[i].slowest) continue;
        ++slowest;
        EXPECT_EQ(loads[i].cycles, design.cost.periodCycles);
        EXPECT_TRUE(find<UtilizationBars>(view).textAt(i).endsWith("slowest"));
        EXPECT_TRUE(labelText(view, "utilizationSummary").contains(loads[i].name));
    }
    EXPECT_EQ(slowest, 1);
}

TEST(UtilizationViewTest, SaysWhereTheSharedDramSetsThePeriod) {
    auto design = test::fpgaDesign();
    design.accelerator.dramGigabytesPerSecond = 1.6;
    design.cost.periodCycles *= 2;
    UtilizationView view;
    view.setDesign(design);
    EXPECT_TRUE(labelText(view, "utilizationSummary")
                    .contains(QStringLiteral("the DRAM that all chunks share")));
}

TEST(UtilizationViewTest, ADesignWithoutFiguresPerLayerSaysSo) {
    auto design = test::fpgaDesign();
    design.cost = {};
    UtilizationView view;
    view.setDesign(design);
    EXPECT_FALSE(find<HeatMap>(view).emptyText().isEmpty());
    view.setDesign(test::fpgaDesign());
    EXPECT_TRUE(find<HeatMap>(view).emptyText().isEmpty());
}

}  // namespace
}  // namespace cohelix::ui
