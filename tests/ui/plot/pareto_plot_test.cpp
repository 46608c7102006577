// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/pareto_plot.h"

#include <QApplication>
#include <QFile>
#include <QImage>
#include <QMouseEvent>
#include <QTemporaryDir>

#include <gtest/gtest.h>

#include "ui/plot/marks.h"
#include "ui/plot/point_cloud.h"
#include "ui/plot/qcustomplot_wrapper.h"
#include "ui/plot/reference_layer.h"

namespace cohelix::ui {
namespace {

ParetoData sample(int dominated = 20) {
    ParetoData data;
    data.x.title = QStringLiteral("FPS (1/s)");
    data.y.title = QStringLiteral("Accuracy (%)");
    const auto add = [&data](double x, double y, bool front, model::AccuracyGrade grade) {
        ParetoPoint point;
        point.id = static_cast<std::int64_t>(data.points.size()) + 1;
        point.run = 1;
        point.x = x;
        point.y = y;
        point.front = front;
        point.grade = grade;
        data.points.push_back(point);
    };
    add(100, 90, true, model::AccuracyGrade::TrainedFromScratch);
    add(400, 85, true, model::AccuracyGrade::TrainedFromScratch);
    add(800, 70, true, model::AccuracyGrade::TrainedFromScratch);
    for (int i = 0; i < dominated; ++i) {
        add(100 + 10.0 * (i % 30), 60 + (i * 7 % 40) * 0.2, false,
            model::AccuracyGrade::SupernetEstimate);
    }
    return data;
}

/// A published group with a name that is nowhere else, and a true front of two designs.
std::vector<ReferenceSeries> references() {
    ReferenceSeries group;
    group.filledName = QStringLiteral("Theirs");
    group.hollowName = QStringLiteral("others");
    group.source = QStringLiteral("published: figure files");
    group.points = {{1500, 95, QStringLiteral("Quick-A"), QStringLiteral("card of A"), true},
                    {50, 55, QStringLiteral("Slow-B"), QStringLiteral("card of B"), false}};
    ReferenceSeries front;
    front.kind = ReferenceKind::TrueFront;
    front.filledName = QStringLiteral("true front (proven)");
    front.source = QStringLiteral("table on wide");
    front.points = {{200, 92, {}, QStringLiteral("card of 1"), true},
                    {900, 88, {}, QStringLiteral("card of 2"), true}};
    return {group, front};
}

/// A shown plot has a layout, which positions depend on.
class ParetoPlotTest : public testing::Test {
protected:
    void SetUp() override {
        plot.resize(700, 450);
        plot.setData(sample());
        plot.show();
        settle();
    }

    void settle() {
        QApplication::processEvents();
        plot.canvas().replot();
        QApplication::processEvents();
    }

    void send(QEvent::Type type, const QPointF& at, Qt::MouseButton button,
              Qt::MouseButtons buttons) {
        QMouseEvent event(type, at, plot.canvas().mapToGlobal(at), button, buttons, Qt::NoModifier);
        QApplication::sendEvent(&plot.canvas(), &event);
    }

    void press(const QPointF& at) {
        send(QEvent::MouseButtonPress, at, Qt::LeftButton, Qt::LeftButton);
    }
    void move(const QPointF& at) { send(QEvent::MouseMove, at, Qt::NoButton, Qt::LeftButton); }
    void release(const QPointF& at) {
        send(QEvent::MouseButtonRelease, at, Qt::LeftButton, Qt::NoButton);
    }

    ParetoPlot plot;
};

TEST_F(ParetoPlotTest, AClickOnAPointSelectsThatDesign) {
    std::int64_t clicked = -1;
    QObject::connect(&plot, &ParetoPlot::designClicked,
                     [&clicked](std::int64_t design) { clicked = design; });
    for (const std::int64_t design : {1, 2, 3}) {
        const QPointF at = *plot.positionOf(design) + QPointF(3, -2);
        press(at);
        release(at);
        EXPECT_EQ(clicked, design);
    }
    const QPointF beside = *plot.positionOf(3) + QPointF(-5, -60);
    press(beside);
    release(beside);
    EXPECT_EQ(clicked, 0);
}

TEST_F(ParetoPlotTest, ADragPansAndIsNoClick) {
    int clicks = 0;
    QObject::connect(&plot, &ParetoPlot::designClicked, [&clicks] { ++clicks; });
    const PlotRanges before = plot.ranges();
    const QPointF at = *plot.positionOf(2);
    press(at);
    move(at + QPointF(40, 0));
    move(at + QPointF(60, 20));
    release(at + QPointF(60, 20));
    EXPECT_EQ(clicks, 0);
    EXPECT_LT(plot.ranges().xLow, before.xLow);
    EXPECT_TRUE(plot.userHasZoomed());
}

TEST_F(ParetoPlotTest, NewDataIsShownUntilTheUserZoomsAndThenLeavesTheZoomAlone) {
    ParetoData grown = sample();
    grown.points[2].x = 2000;
    plot.setData(grown);
    EXPECT_GT(plot.ranges().xHigh, 2000);

    const PlotRanges mine{100, 300, 60, 80};
    plot.zoomTo(mine);
    grown.points[2].x = 9000;
    plot.setData(grown);
    EXPECT_EQ(plot.ranges(), mine);
    plot.fit();
    EXPECT_GT(plot.ranges().xHigh, 9000);
}

TEST_F(ParetoPlotTest, ALimitLineIsDraggedToAValue) {
    plot.setLimit(AxisKind::X, 400);
    std::optional<double> dropped;
    QObject::connect(&plot, &ParetoPlot::limitDragged, [&dropped](AxisKind axis, double value) {
        if (axis == AxisKind::X) dropped = value;
    });
    const QPointF line = *plot.positionOf(2);
    const QPointF target = *plot.positionOf(3);
    press(QPointF(line.x(), 60));
    move(QPointF(target.x(), 60));
    release(QPointF(target.x(), 60));
    ASSERT_TRUE(dropped);
    EXPECT_NEAR(*dropped, 800, 1);
    EXPECT_FALSE(plot.userHasZoomed());
}

TEST_F(ParetoPlotTest, ALogarithmicAxisLeavesOutWhatItCannotShow) {
    ParetoData data = sample(0);
    data.points[0].x = 0;
    data.x.logarithmic = true;
    plot.setData(data);
    EXPECT_EQ(plot.data().points.size(), 2u);
    EXPECT_GT(plot.ranges().xLow, 0);
    EXPECT_LT(plot.ranges().xLow, 400);
    EXPECT_GT(plot.ranges().xHigh, 800);
}

TEST_F(ParetoPlotTest, ManyPointsAreAllCountedAndCanBePicked) {
    plot.setData(sample(100000));
    settle();
    EXPECT_EQ(plot.data().points.size(), 100003u);
    EXPECT_EQ(plot.designAt(*plot.positionOf(1)), 1);
}

TEST_F(ParetoPlotTest, PointsBeyondALimitCannotBePicked) {
    ParetoData data = sample(0);
    data.points[1].within = false;
    plot.setData(data);
    settle();
    EXPECT_EQ(plot.designAt(*plot.positionOf(2)), 0);
    EXPECT_EQ(plot.designAt(*plot.positionOf(3)), 3);
}

TEST_F(ParetoPlotTest, ReferencesAreInSightAndTellTheirCards) {
    ParetoData data = sample();
    data.references = references();
    plot.setData(data);
    settle();
    const PlotRanges shown = plot.ranges();
    EXPECT_GT(shown.xHigh, 1500);
    EXPECT_LT(shown.xLow, 50);
    EXPECT_GT(shown.yHigh, 95);
    EXPECT_LT(shown.yLow, 55);
    for (const ReferenceSeries& series : plot.data().references) {
        for (const ReferencePoint& point : series.points) {
            EXPECT_EQ(plot.referenceAt(plot.positionOf(point) + QPointF(2, 2)), &point);
        }
    }
    EXPECT_EQ(plot.referenceAt(*plot.positionOf(3) + QPointF(0, 40)), nullptr);
    EXPECT_EQ(plot.designAt(*plot.positionOf(1)), 1) << "designs are picked as before";
}

TEST_F(ParetoPlotTest, AReferenceIsNoDesign) {
    ParetoData data = sample();
    data.references = references();
    plot.setData(data);
    settle();
    std::int64_t clicked = -1;
    QObject::connect(&plot, &ParetoPlot::designClicked,
                     [&clicked](std::int64_t design) { clicked = design; });
    const QPointF at = plot.positionOf(plot.data().references[0].points[0]);
    press(at);
    release(at);
    EXPECT_EQ(clicked, 0);
}

TEST_F(ParetoPlotTest, ReferencesAloneAreShownWithTheirAxes) {
    ParetoData data;
    data.references = references();
    plot.setData(data);
    settle();
    EXPECT_GT(plot.ranges().xHigh, 1500);
    EXPECT_TRUE(plot.canvas().xAxis->tickLabels());
}

TEST_F(ParetoPlotTest, ALogarithmicAxisLeavesOutReferencesToo) {
    ParetoData data = sample();
    data.references = references();
    data.references[0].points[1].x = 0;
    data.x.logarithmic = true;
    plot.setData(data);
    EXPECT_EQ(plot.data().references[0].points.size(), 1u);
}

TEST(ParetoMarks, OfPublishedFiguresAreThoseOfNoDesign) {
    const Theme theme = themeOf(lightPalette());
    const ReferenceSeries published = references()[0];
    using model::AccuracyGrade;
    for (const Shape shape : {Shape::Triangle, Shape::TriangleDown, Shape::Star}) {
        for (const auto grade : {AccuracyGrade::None, AccuracyGrade::SupernetEstimate,
                                 AccuracyGrade::TrainedFromScratch, AccuracyGrade::Tabulated}) {
            EXPECT_NE(shape, markLook(grade, true, theme, theme.accent).shape);
        }
    }
    for (const bool dark : {false, true}) {
        const Theme t = themeOf(dark ? darkPalette() : lightPalette());
        const QColor color = referenceLook(published, true, t).color;
        for (const QColor& series : t.series) EXPECT_NE(color, series);
        EXPECT_NE(color, t.dominated);
    }
}

TEST(ParetoMarks, GradesDifferByShape) {
    const Theme theme = themeOf(lightPalette());
    const auto shape = [&theme](model::AccuracyGrade grade) {
        return markLook(grade, true, theme, theme.accent).shape;
    };
    using model::AccuracyGrade;
    EXPECT_NE(shape(AccuracyGrade::SupernetEstimate), shape(AccuracyGrade::TrainedFromScratch));
    EXPECT_NE(shape(AccuracyGrade::TrainedFromScratch), shape(AccuracyGrade::Tabulated));
    EXPECT_NE(shape(AccuracyGrade::SupernetEstimate), shape(AccuracyGrade::Tabulated));
}

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

TEST(ParetoExport, SvgHasAxisTitlesAndThePointsAsShapes) {
    ParetoPlot plot;
    plot.setData(sample());
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("front.svg"));
    ASSERT_TRUE(plot.exportTo(path, {}).ok());
    const QByteArray svg = contentOf(path);
    EXPECT_TRUE(svg.contains("FPS (1/s)"));
    EXPECT_TRUE(svg.contains("Accuracy (%)"));
    EXPECT_TRUE(svg.contains("front, trained from scratch"));
    EXPECT_TRUE(svg.contains("supernet estimate"));
    EXPECT_FALSE(svg.contains("dominated")) << "grades are not compared";
    EXPECT_FALSE(svg.contains("<image")) << "points are drawn as vectors";
}

TEST(ParetoExport, SvgHasTheReferencesWithTheirNamesAndSource) {
    ParetoPlot plot;
    ParetoData data = sample();
    data.references = references();
    plot.setData(data);
    const auto bytes = plot.render(QStringLiteral("svg"), {});
    ASSERT_TRUE(bytes.ok());
    for (const char* text : {"published: figure files", "Theirs", "others", "Quick-A", "Slow-B",
                             "true front (proven)", "table on wide"}) {
        EXPECT_TRUE(bytes->contains(text)) << text;
    }
    plot.setData(sample());
    const auto without = plot.render(QStringLiteral("svg"), {});
    ASSERT_TRUE(without.ok());
    EXPECT_FALSE(without->contains("published"));
}

TEST(ParetoPlotLabels, DoNotRunIntoEachOther) {
    for (const int width : {200, 260, 350, 500, 900}) {
        ParetoPlot plot;
        plot.resize(width, 300);
        plot.show();
        ParetoData data = sample();
        for (ParetoPoint& point : data.points) point.x *= 70;
        plot.setData(data);
        plot.fit();
        plot.canvas().replot();
        plot.canvas().replot();
        const QCPAxis& axis = *plot.canvas().xAxis;
        const QVector<double> ticks = axis.tickVector();
        const QFontMetrics metrics(axis.tickLabelFont());
        double end = -1e9;
        for (qsizetype i = 0; i < ticks.size(); ++i) {
            if (!axis.range().contains(ticks[i])) continue;
            const double at = axis.coordToPixel(ticks[i]);
            const double half = metrics.horizontalAdvance(axis.tickVectorLabels()[i]) / 2.0;
            EXPECT_GT(at - half, end) << width;
            end = at + half;
        }
        EXPECT_GT(end, 0) << width;
    }
}

TEST(ParetoExport, PngHasTheSizeInMillimetres) {
    ParetoPlot plot;
    plot.setData(sample());
    const auto bytes = plot.render(QStringLiteral("png"), {127, 76.2, 100});
    ASSERT_TRUE(bytes.ok());
    const QImage image = QImage::fromData(*bytes, "PNG");
    EXPECT_EQ(image.width(), 500);
    EXPECT_EQ(image.height(), 300);
    EXPECT_NEAR(image.dotsPerMeterX(), 3937, 2);
}

TEST(ParetoExport, PdfIsAPageOfTheSize) {
    ParetoPlot plot;
    plot.setData(sample());
    const auto bytes = plot.render(QStringLiteral("pdf"), {254, 127, 300});
    ASSERT_TRUE(bytes.ok());
    EXPECT_TRUE(bytes->startsWith("%PDF"));
    EXPECT_TRUE(bytes->contains("/MediaBox [0 0 720"));
}

TEST(ParetoExport, WrongFormatsSizesAndFoldersAreRefusedWithAdvice) {
    ParetoPlot plot;
    plot.setData(sample());
    for (const auto& result : {plot.exportTo(QStringLiteral("/tmp/front.gif"), {}),
                               plot.exportTo(QStringLiteral("/tmp/front.png"), {1e9, 100, 300}),
                               plot.exportTo(QStringLiteral("/tmp/front.png"), {2000, 2000, 2400}),
                               plot.exportTo(QStringLiteral("/no/such/folder/front.svg"), {})}) {
        ASSERT_FALSE(result.ok());
        EXPECT_FALSE(result.error().what.empty());
        EXPECT_FALSE(result.error().advice.empty());
    }
}

TEST(ParetoExport, ANameWithoutASuffixIsCalledThat) {
    ParetoPlot plot;
    const auto result = plot.render(QString(), {});
    ASSERT_FALSE(result.ok());
    EXPECT_NE(result.error().what.find("does not say which format"), std::string::npos);
}

TEST(ParetoExport, TheWindowsColoursComeBackAfterAnExport) {
    ParetoPlot plot;
    plot.setPalette(darkPalette());
    plot.setData(sample());
    ASSERT_TRUE(plot.theme().dark);
    ASSERT_TRUE(plot.render(QStringLiteral("svg"), {}).ok());
    EXPECT_TRUE(plot.theme().dark);
}

}  // namespace
}  // namespace cohelix::ui
