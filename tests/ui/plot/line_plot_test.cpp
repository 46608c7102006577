// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/line_plot.h"

#include <QApplication>
#include <QImage>

#include <gtest/gtest.h>

#include "ui/plot/point_cloud.h"
#include "ui/plot/qcustomplot_wrapper.h"

namespace cohelix::ui {
namespace {

LinePlotData twoLines() {
    LinePlotData data;
    data.xTitle = QStringLiteral("steps");
    data.yTitle = QStringLiteral("value (%)");
    data.lines = {{QStringLiteral("one"), {{1, 10}, {50, 60}, {100, 60}}, true},
                  {QStringLiteral("two"), {{1, 20}, {80, 90}}, false}};
    return data;
}

class LinePlotTest : public testing::Test {
protected:
    LinePlotTest() {
        plot.resize(600, 300);
        plot.setData(twoLines());
        plot.setHoverText([](std::size_t line, const QPointF& at) {
            return QStringLiteral("%1: %2 at %3").arg(line).arg(at.y()).arg(at.x());
        });
        plot.show();
        QApplication::processEvents();
        plot.canvas().replot();
    }
    QPointF pixel(double x, double y) const {
        return {plot.canvas().xAxis->coordToPixel(x), plot.canvas().yAxis->coordToPixel(y)};
    }

    LinePlot plot;
};

TEST_F(LinePlotTest, BeginsAtNothingDoneAndShowsAllOfEachLine) {
    const PlotRanges ranges = plot.ranges();
    EXPECT_EQ(ranges.xLow, 0);
    EXPECT_GT(ranges.xHigh, 100);
    EXPECT_LT(ranges.yLow, 10);
    EXPECT_GT(ranges.yHigh, 90);
}

TEST_F(LinePlotTest, ALineIsFoundOnItsStepsAndNotBetweenThem) {
    EXPECT_EQ(plot.lineAt(pixel(30, 10)), std::optional<std::size_t>(0));
    EXPECT_EQ(plot.lineAt(pixel(50, 40)), std::optional<std::size_t>(0)) << "where it rises";
    EXPECT_EQ(plot.lineAt(pixel(60, 20)), std::optional<std::size_t>(1));
    EXPECT_EQ(plot.lineAt(pixel(25, 38)), std::nullopt) << "lines step, they do not slope";
    EXPECT_EQ(plot.lineAt({0, 0}), std::nullopt);
}

TEST_F(LinePlotTest, AClickSaysWhichLine) {
    std::vector<std::size_t> clicked;
    QObject::connect(&plot, &LinePlot::lineClicked,
                     [&clicked](std::size_t line) { clicked.push_back(line); });
    for (const QPointF& at : {pixel(60, 20), pixel(25, 38), pixel(30, 10)}) {
        for (const auto type : {QEvent::MouseButtonPress, QEvent::MouseButtonRelease}) {
            QMouseEvent event(type, at, plot.canvas().mapToGlobal(at), Qt::LeftButton,
                              type == QEvent::MouseButtonPress ? Qt::LeftButton : Qt::NoButton,
                              Qt::NoModifier);
            QApplication::sendEvent(&plot.canvas(), &event);
        }
    }
    EXPECT_EQ(clicked, (std::vector<std::size_t>{1, 0}));
}

TEST_F(LinePlotTest, TheEmphasisedLineStandsOutByWidthAndIsDrawnLast) {
    auto& canvas = plot.canvas();
    ASSERT_EQ(canvas.graphCount(), 2);
    EXPECT_EQ(canvas.graph(1)->data()->size(), 3) << "the first of the data is drawn on top";
    EXPECT_GT(canvas.graph(1)->pen().widthF(), canvas.graph(0)->pen().widthF() + 0.5);
    EXPECT_EQ(canvas.graph(1)->pen().color(), plot.theme().accent);
    plot.setPalette(darkPalette());
    EXPECT_EQ(canvas.graph(1)->pen().color(), plot.theme().accent);
    EXPECT_TRUE(plot.theme().dark);
    LinePlotData runs = twoLines();
    runs.lines[0].run = 2;
    plot.setData(runs);
    EXPECT_EQ(canvas.graph(1)->pen().color(), runColor(2, plot.theme()));
}

TEST_F(LinePlotTest, EachLineIsNamedAtItsEnd) {
    const auto picture = [this] { return plot.canvas().toPixmap(600, 300).toImage(); };
    const QImage both = picture();
    auto unnamed = twoLines();
    unnamed.lines[0].name.clear();
    plot.setData(unnamed);
    const QImage one = picture();
    EXPECT_NE(one, both);
    unnamed.lines[1].name.clear();
    plot.setData(unnamed);
    EXPECT_NE(picture(), one);
}

TEST_F(LinePlotTest, WithoutLinesItsAxesSayNothing) {
    plot.setData({});
    EXPECT_EQ(plot.canvas().graphCount(), 0);
    EXPECT_FALSE(plot.canvas().xAxis->tickLabels());
    plot.setData(twoLines());
    EXPECT_TRUE(plot.canvas().xAxis->tickLabels());
}

TEST_F(LinePlotTest, ALineThatNeverChangesHasRoomAboveAndBelow) {
    LinePlotData flat;
    flat.lines = {{QStringLiteral("flat"), {{1, 100}, {20, 100}}, true}};
    plot.setData(flat);
    EXPECT_LT(plot.ranges().yLow, 100);
    EXPECT_GT(plot.ranges().yHigh, 100);
}

}  // namespace
}  // namespace cohelix::ui
