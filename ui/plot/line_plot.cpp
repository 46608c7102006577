// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/line_plot.h"

#include <algorithm>
#include <utility>

#include "ui/plot/figure_ticker.h"
#include "ui/plot/point_cloud.h"
#include "ui/plot/qcustomplot_wrapper.h"

namespace cohelix::ui {

namespace {

/// Pixels from a line at which it is meant.
constexpr double kLineReach = 9;
constexpr double kEmphasisedWidth = 2.2;
constexpr double kOtherWidth = 1.2;
constexpr double kEndDisc = 7;
/// Pixels between the end of a line and its name.
constexpr double kNameGap = 4;
/// Of the values' span that is left free above and below them.
constexpr double kMargin = 0.06;

/// Emphasised ones last: drawn on top, and first to be meant.
std::vector<std::size_t> drawingOrder(const LinePlotData& data) {
    std::vector<std::size_t> order;
    for (const bool emphasised : {false, true}) {
        for (std::size_t i = 0; i < data.lines.size(); ++i) {
            if (data.lines[i].emphasised == emphasised) order.push_back(i);
        }
    }
    return order;
}

}  // namespace

/// The end of each line and its name, above the lines; a name that would cover another is left out.
class LinePlot::Names : public QCPLayerable {
public:
    Names(QCustomPlot& plot, const LinePlot& lines)
        : QCPLayerable(&plot, "overlay"), m_lines(lines) {}

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override {
        applyAntialiasingHint(painter, true, QCP::aePlottables);
    }
    QRect clipRect() const override { return mParentPlot->axisRect()->rect(); }

    void draw(QCPPainter* painter) override {
        const auto order = drawingOrder(m_lines.m_data);
        std::vector<QRectF> taken;
        for (auto line = order.rbegin(); line != order.rend(); ++line) {
            drawEnd(*painter, m_lines.m_data.lines[*line], taken);
        }
    }

private:
    void drawEnd(QCPPainter& painter, const StepLine& line, std::vector<QRectF>& taken) const {
        if (line.points.empty()) return;
        const QPointF end(mParentPlot->xAxis->coordToPixel(line.points.back().x()),
                          mParentPlot->yAxis->coordToPixel(line.points.back().y()));
        if (!clipRect().contains(end.toPoint())) return;
        const QColor color = m_lines.colorOf(line);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        const double disc = line.emphasised ? kEndDisc : kEndDisc - 3;
        painter.drawEllipse(end, disc / 2, disc / 2);
        QFont font = mParentPlot->xAxis->tickLabelFont();
        font.setBold(line.emphasised);
        painter.setFont(font);
        const QRectF name = placeName(QFontMetricsF(font).size(0, line.name), end);
        const auto covers = [&name](const QRectF& other) { return other.intersects(name); };
        if (std::any_of(taken.begin(), taken.end(), covers)) return;
        taken.push_back(name);
        drawName(painter, line, name);
    }

    /// Behind the end, where the line does not go on; before it and above, where there is no room.
    QRectF placeName(const QSizeF& size, const QPointF& end) const {
        const QRectF inside = clipRect();
        QRectF area(QPointF(), size);
        area.moveCenter(end);
        area.moveLeft(end.x() + kEndDisc / 2 + kNameGap);
        if (area.right() <= inside.right()) {
            area.moveTop(std::clamp(area.top(), inside.top(),
                                    std::max(inside.top(), inside.bottom() - area.height())));
            return area;
        }
        area.moveBottomRight(end - QPointF(0, kNameGap));
        if (area.top() < inside.top()) area.moveTop(end.y() + kNameGap);
        return area;
    }

    /// On a rim of the background, so that it can be read where other lines pass.
    void drawName(QCPPainter& painter, const StepLine& line, const QRectF& area) const {
        const Theme& theme = m_lines.theme();
        painter.setPen(theme.background);
        for (const QPointF& off : {QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)}) {
            painter.drawText(area.translated(off), Qt::AlignCenter, line.name);
        }
        painter.setPen(line.emphasised ? theme.text : theme.mutedText);
        painter.drawText(area, Qt::AlignCenter, line.name);
    }

    const LinePlot& m_lines;
};

LinePlot::LinePlot(QWidget* parent) : Plot(parent), m_names(new Names(canvas(), *this)) {
    for (QCPAxis* axis : {canvas().xAxis, canvas().yAxis}) {
        axis->setTicker(QSharedPointer<FigureTicker>::create(false));
    }
    LinePlot::applyTheme();
}

LinePlot::~LinePlot() = default;

void LinePlot::setData(LinePlotData data) {
    const bool otherAxes = data.xTitle != m_data.xTitle || data.yTitle != m_data.yTitle;
    m_data = std::move(data);
    makeGraphs();
    setAxisTitles(m_data.xTitle, m_data.yTitle);
    if (otherAxes) {
        fit();
    } else {
        dataChanged();
    }
}

void LinePlot::makeGraphs() {
    canvas().clearGraphs();
    bool any = false;
    for (const std::size_t line : drawingOrder(m_data)) {
        QCPGraph* graph = canvas().addGraph();
        graph->setLineStyle(QCPGraph::lsStepLeft);
        QVector<double> x;
        QVector<double> y;
        for (const QPointF& point : m_data.lines[line].points) {
            x.push_back(point.x());
            y.push_back(point.y());
        }
        any = any || !x.isEmpty();
        graph->setData(x, y, true);
    }
    for (QCPAxis* axis : {canvas().xAxis, canvas().yAxis}) {
        // Figures on the axes of an empty plot would mean nothing.
        axis->setTicks(any);
        axis->setTickLabels(any);
        axis->grid()->setVisible(any);
    }
    styleGraphs();
}

QColor LinePlot::colorOf(const StepLine& line) const {
    if (line.run != 0) return runColor(line.run, theme());
    return line.emphasised ? theme().accent : theme().mutedText;
}

void LinePlot::styleGraphs() {
    const auto order = drawingOrder(m_data);
    for (int i = 0; i < canvas().graphCount(); ++i) {
        const StepLine& line = m_data.lines[order[static_cast<std::size_t>(i)]];
        QPen pen(colorOf(line), line.emphasised ? kEmphasisedWidth : kOtherWidth);
        pen.setJoinStyle(Qt::MiterJoin);
        canvas().graph(i)->setPen(pen);
    }
}

void LinePlot::setHoverText(std::function<QString(std::size_t, const QPointF&)> text) {
    m_hoverText = std::move(text);
}

std::optional<std::size_t> LinePlot::lineAt(const QPointF& position) const {
    if (!canvas().axisRect()->rect().contains(position.toPoint())) return std::nullopt;
    const auto order = drawingOrder(m_data);
    std::optional<std::size_t> nearest;
    double best = kLineReach;
    for (std::size_t i = order.size(); i-- > 0;) {
        const double away = canvas().graph(static_cast<int>(i))->selectTest(position, false);
        if (away < 0 || away >= best) continue;
        best = away;
        nearest = order[i];
    }
    return nearest;
}

std::optional<PlotRanges> LinePlot::dataRanges() const {
    double right = 0;
    std::optional<QCPRange> values;
    for (const StepLine& line : m_data.lines) {
        for (const QPointF& point : line.points) {
            right = std::max(right, point.x());
            if (!values) values = QCPRange(point.y(), point.y());
            values->expand(point.y());
        }
    }
    if (!values) return std::nullopt;
    // A line that never changes still needs a height to stand in.
    const double span = values->size() > 0 ? values->size() : std::max(1e-9, values->upper);
    return PlotRanges{0, std::max(1.0, right) * (1 + kMargin / 2), values->lower - span * kMargin,
                      values->upper + span * kMargin};
}

void LinePlot::applyTheme() {
    Plot::applyTheme();
    styleGraphs();
}

QString LinePlot::hoverText(const QPointF& position) const {
    const auto line = lineAt(position);
    if (!line || !m_hoverText) return {};
    const auto& points = m_data.lines[*line].points;
    const double x = canvas().xAxis->pixelToCoord(position.x());
    auto after = std::upper_bound(points.begin(), points.end(), x,
                                  [](double at, const QPointF& point) { return at < point.x(); });
    if (after != points.begin()) --after;
    return m_hoverText(*line, *after);
}

void LinePlot::clickedAt(const QPointF& position, Qt::KeyboardModifiers) {
    if (const auto line = lineAt(position)) Q_EMIT lineClicked(*line);
}

std::optional<Qt::CursorShape> LinePlot::dragCursor(const QPointF& position) const {
    return lineAt(position) ? std::optional(Qt::PointingHandCursor) : std::nullopt;
}

}  // namespace cohelix::ui
