// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/utilization_view.h"

#include <QSignalSpy>
#include <QTest>

#include <cmath>

#include "sample_design.h"
#include "ui/plot/qcustomplot_wrapper.h"
#include "ui/views/utilization_bars.h"

namespace cohelix::ui {
namespace {

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
                    EXPECT_TRUE(cell.hover.contains(QString::fromStdString(cost.limit)));
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
    auto& canvas = view.heatMap().canvas();
    const int layer = 4;
    const int chunk = design.cost.layers[layer].chunk;
    const double rows = static_cast<double>(design.network.layers.size());
    const QPoint at(static_cast<int>(canvas.xAxis->coordToPixel(chunk + 0.5)),
                    static_cast<int>(canvas.yAxis->coordToPixel(rows - layer - 0.5)));
    QTest::mouseClick(&canvas, Qt::LeftButton, Qt::NoModifier, at);
    ASSERT_EQ(selected.size(), 1);
    EXPECT_EQ(selected.front().front().toInt(), layer);
}

TEST(UtilizationViewTest, BarsSayWhichChunkSetsThePeriod) {
    const auto design = test::fpgaDesign();
    UtilizationView view;
    view.setDesign(design);
    const auto& loads = view.bars().loads();
    ASSERT_EQ(loads.size(), design.cost.chunks.size());
    int slowest = 0;
    for (std::size_t i = 0; i < loads.size(); ++i) {
        EXPECT_EQ(loads[i].cycles, design.cost.chunks[i].cycles);
        if (!loads[i].slowest) continue;
        ++slowest;
        EXPECT_EQ(loads[i].cycles, design.cost.periodCycles);
        EXPECT_TRUE(view.bars().textAt(i).endsWith("slowest"));
        EXPECT_TRUE(view.summaryText().contains(loads[i].name));
    }
    EXPECT_EQ(slowest, 1);
}

TEST(UtilizationViewTest, ADesignWithoutFiguresPerLayerSaysSo) {
    auto design = test::fpgaDesign();
    design.cost = {};
    UtilizationView view;
    view.setDesign(design);
    EXPECT_FALSE(view.heatMap().emptyText().isEmpty());
    view.setDesign(test::fpgaDesign());
    EXPECT_TRUE(view.heatMap().emptyText().isEmpty());
}

}  // namespace
}  // namespace cohelix::ui
