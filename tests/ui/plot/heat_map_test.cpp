// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/heat_map.h"

#include <QApplication>

#include <gtest/gtest.h>

#include "ui/plot/qcustomplot_wrapper.h"

namespace cohelix::ui {
namespace {

HeatMapData smallMap() {
    HeatMapData data;
    data.rows = {QStringLiteral("stem"), QStringLiteral("head")};
    data.columns = {QStringLiteral("chunk 0"), QStringLiteral("chunk 1"),
                    QStringLiteral("chunk 2")};
    data.cells.resize(6);
    data.cells[0] = {0.5, QStringLiteral("50 %"), QStringLiteral("stem on chunk 0")};
    data.cells[5] = {1.0, QStringLiteral("100 %"), QStringLiteral("head on chunk 2")};
    data.rowTitle = QStringLiteral("Layer");
    data.columnTitle = QStringLiteral("Chunk");
    data.scaleTitle = QStringLiteral("Utilization (%)");
    return data;
}

TEST(HeatMap, CellsLieInReadingOrder) {
    HeatMap map;
    map.resize(600, 400);
    map.setData(smallMap());
    map.show();
    QApplication::processEvents();
    map.canvas().replot();
    const QRect area = map.canvas().axisRect()->rect();
    const auto first = map.cellAt(QPointF(area.topLeft()) + QPointF(5, 5));
    const auto last = map.cellAt(QPointF(area.bottomRight()) - QPointF(5, 5));
    ASSERT_TRUE(first && last);
    EXPECT_EQ(*first, std::pair(0, 0));
    EXPECT_EQ(*last, std::pair(1, 2));
    EXPECT_FALSE(map.cellAt(QPointF(-10, -10)));
}

TEST(HeatMap, TextsLabelsAndUnitAreInTheExport) {
    HeatMap map;
    map.setData(smallMap());
    const auto svg = map.render(QStringLiteral("svg"), {});
    ASSERT_TRUE(svg.ok());
    for (const char* text :
         {"50 %", "100 %", "stem", "chunk 2", "Layer", "Chunk", "Utilization (%)"}) {
        EXPECT_TRUE(svg->contains(text)) << text;
    }
}

TEST(HeatMap, AnEmptyMapCanBeDrawn) {
    HeatMap map;
    map.setData({});
    EXPECT_TRUE(map.render(QStringLiteral("png"), {}).ok());
    EXPECT_FALSE(map.cellAt(QPointF(50, 50)));
}

}  // namespace
}  // namespace cohelix::ui
