// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/pareto_plot.h"

#include <algorithm>
#include <cmath>

#include "ui/plot/color_bar.h"
#include "ui/plot/figure_ticker.h"
#include "ui/plot/pareto_legend.h"
#include "ui/plot/pareto_overlay.h"
#include "ui/plot/point_cloud.h"
#include "ui/plot/qcustomplot_wrapper.h"
#include "ui/plot/reference_layer.h"
#include "ui/plot/reference_legend.h"

namespace cohelix::ui {

namespace {

/// Pixels within which a point can be picked and a line grabbed.
constexpr double kReach = 14;
constexpr double kGrab = 5;
/// Share of the span left free around the data.
constexpr double kMargin = 0.07;

/// Where the axis has to reach from and to for all of [low, high] and a margin.
QCPRange withMargin(double low, double high, bool logarithmic) {
    if (logarithmic && low > 0) {
        const double ratio = std::max(high / low, 1.2);
        const double factor = std::pow(ratio, kMargin);
        return {low / factor, high * factor};
    }
    double span = high - low;
    if (span <= 0) span = std::max(std::abs(high) * 0.1, 1e-3);
    return {low - span * kMargin, high + span * kMargin};
}

/// Of designs and of references.
template <typename Point>
bool canDraw(const Point& point, const ParetoData& data) {
    return (!data.x.logarithmic || point.x > 0) && (!data.y.logarithmic || point.y > 0);
}

template <typename Point>
void dropWhatCannotBeDrawn(std::vector<Point>& points, const ParetoData& data) {
    std::erase_if(points, [&data](const Point& point) { return !canDraw(point, data); });
}

/// The least and largest figures of all points.
class Extent {
public:
    template <typename Point>
    void add(const std::vector<Point>& points) {
        for (const Point& point : points) {
            const QCPRange x(point.x, point.x);
            const QCPRange y(point.y, point.y);
            m_x = m_any ? m_x.expanded(x) : x;
            m_y = m_any ? m_y.expanded(y) : y;
            m_any = true;
        }
    }
    bool any() const { return m_any; }
    const QCPRange& x() const { return m_x; }
    const QCPRange& y() const { return m_y; }

private:
    QCPRange m_x;
    QCPRange m_y;
    bool m_any = false;
};

Extent extentOf(const ParetoData& data) {
    Extent extent;
    extent.add(data.points);
    for (const ReferenceSeries& series : data.references) extent.add(series.points);
    return extent;
}

}  // namespace

ParetoPlot::ParetoPlot(QWidget* parent)
    : Plot(parent),
      m_fronts(new ReferenceLayer(canvas(), m_data, theme(), ReferenceLayer::Part::Fronts)),
      m_cloud(new PointCloud(canvas(), m_data, theme())),
      m_published(new ReferenceLayer(canvas(), m_data, theme(), ReferenceLayer::Part::Published)),
      m_overlay(new ParetoOverlay(canvas(), m_data, theme())) {
    addColorBar(canvas());
    placeLegend();
    m_referenceLegend = &addReferenceLegend(canvas(), 1);
    connect(&canvas(), &QCustomPlot::afterReplot, this, [this] { m_drawn = true; });
    ParetoPlot::applyTheme();
}

ParetoPlot::~ParetoPlot() = default;

void ParetoPlot::setData(ParetoData data) {
    const bool otherAxes = !(data.x == m_data.x && data.y == m_data.y);
    dropWhatCannotBeDrawn(data.points, data);
    for (ReferenceSeries& series : data.references) dropWhatCannotBeDrawn(series.points, data);
    m_data = std::move(data);
    m_cloud->refresh();
    setUpAxes();
    setUpLegend();
    setUpColorScale();
    setSelected(m_selected);
    if (otherAxes) {
        fit();
    } else {
        dataChanged();
    }
}

void ParetoPlot::setUpAxes() {
    const bool any = extentOf(m_data).any();
    const auto setUp = [any](QCPAxis& axis, const ParetoAxis& wanted) {
        // Figures on the axes of an empty plot would mean nothing.
        axis.setTicks(any);
        axis.setTickLabels(any);
        axis.grid()->setVisible(any);
        axis.setScaleType(wanted.logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
        axis.setTicker(QSharedPointer<FigureTicker>::create(wanted.logarithmic));
        axis.setLabel(wanted.title);
    };
    setUp(*canvas().xAxis, m_data.x);
    setUp(*canvas().yAxis, m_data.y);
}

void ParetoPlot::placeLegend() {
    // In a row of its own: over the points it would hide the best of them.
    constexpr int kEntriesInARow = 3;
    auto* legend = canvas().legend;
    canvas().axisRect()->insetLayout()->take(legend);
    auto& layout = *canvas().plotLayout();
    layout.insertRow(0);
    layout.addElement(0, 0, legend);
    layout.setRowStretchFactor(0, 0.001);
    legend->setFillOrder(QCPLayoutGrid::foColumnsFirst);
    legend->setWrap(kEntriesInARow);
    legend->setRowSpacing(1);
    legend->setMargins(QMargins(6, 4, 8, 4));
    legend->setVisible(false);
    // An empty legend would hold its whole column, the axes with it, to its own width.
    constexpr int kWiderThanAnyScreen = 100'000;
    legend->setMaximumSize(kWiderThanAnyScreen, QWIDGETSIZE_MAX);
}

void ParetoPlot::setUpLegend() {
    fillLegend(*canvas().legend, m_data, theme());
    fillReferenceLegend(*m_referenceLegend, m_data, theme());
    if (!exporting() && width() < kLegendWidth) canvas().legend->setVisible(false);
}

void ParetoPlot::setUpColorScale() {
    showColorBar(canvas(), m_data.colorTitle, m_cloud->colorRange());
}

void ParetoPlot::setSelected(std::int64_t design) {
    m_selected = design;
    const auto found = std::find_if(m_data.points.begin(), m_data.points.end(),
                                    [design](const ParetoPoint& p) { return p.id == design; });
    const bool shown = design != 0 && found != m_data.points.end();
    m_overlay->selected = shown ? std::optional(QPointF(found->x, found->y)) : std::nullopt;
    redrawOverlay();
}

void ParetoPlot::setLimit(AxisKind axis, std::optional<double> value) {
    m_limits[static_cast<int>(axis)] = value;
    m_overlay->limitX = m_limits[0];
    m_overlay->limitY = m_limits[1];
    redrawOverlay();
}

std::optional<double> ParetoPlot::limit(AxisKind axis) const {
    return m_limits[static_cast<int>(axis)];
}

void ParetoPlot::redrawOverlay() {
    // The layer has no buffer before the first drawing, which comes by itself.
    if (m_drawn) m_overlay->layer()->replot();
}

std::optional<QPointF> ParetoPlot::positionOf(std::int64_t design) const {
    for (const ParetoPoint& point : m_data.points) {
        if (point.id == design) return m_cloud->pixelOf(point);
    }
    return std::nullopt;
}

std::int64_t ParetoPlot::designAt(const QPointF& position) const {
    if (!canvas().axisRect()->rect().contains(position.toPoint())) return 0;
    double best = kReach * kReach;
    std::int64_t result = 0;
    for (const ParetoPoint& point : m_data.points) {
        if (!point.within) continue;
        const QPointF away = m_cloud->pixelOf(point) - position;
        // Where points overlap, the one that is drawn on top is meant.
        const double distance = QPointF::dotProduct(away, away) * (point.front ? 0.5 : 1.0);
        if (distance >= best) continue;
        best = distance;
        result = point.id;
    }
    return result;
}

const ReferencePoint* ParetoPlot::referenceAt(const QPointF& position) const {
    if (!canvas().axisRect()->rect().contains(position.toPoint())) return nullptr;
    double best = kReach * kReach;
    const ReferencePoint* result = nullptr;
    for (const ReferenceSeries& series : m_data.references) {
        for (const ReferencePoint& point : series.points) {
            const QPointF away = positionOf(point) - position;
            const double distance = QPointF::dotProduct(away, away);
            if (distance >= best) continue;
            best = distance;
            result = &point;
        }
    }
    return result;
}

QPointF ParetoPlot::positionOf(const ReferencePoint& point) const {
    return m_published->pixelOf(point);
}

std::optional<PlotRanges> ParetoPlot::dataRanges() const {
    const Extent extent = extentOf(m_data);
    if (!extent.any()) return std::nullopt;
    const QCPRange x = withMargin(extent.x().lower, extent.x().upper, m_data.x.logarithmic);
    const QCPRange y = withMargin(extent.y().lower, extent.y().upper, m_data.y.logarithmic);
    return PlotRanges{x.lower, x.upper, y.lower, y.upper};
}

void ParetoPlot::applyTheme() {
    Plot::applyTheme();
    themeColorBar(canvas(), theme());
    setUpLegend();
}

QString ParetoPlot::hoverText(const QPointF& position) const {
    const auto distance = [&position](const QPointF& at) {
        return QPointF::dotProduct(at - position, at - position);
    };
    const std::int64_t design = m_hoverText ? designAt(position) : 0;
    const ReferencePoint* reference = referenceAt(position);
    // Of two at the same place the design is what the plot is about.
    if (reference &&
        (design == 0 || distance(positionOf(*reference)) < distance(*positionOf(design)))) {
        return reference->card;
    }
    return design == 0 ? QString() : m_hoverText(design);
}

void ParetoPlot::clickedAt(const QPointF& position, Qt::KeyboardModifiers) {
    if (!canvas().axisRect()->rect().contains(position.toPoint())) return;
    Q_EMIT designClicked(designAt(position));
}

std::optional<AxisKind> ParetoPlot::limitAt(const QPointF& position) const {
    if (!canvas().axisRect()->rect().contains(position.toPoint())) return std::nullopt;
    const auto x = limit(AxisKind::X);
    const auto y = limit(AxisKind::Y);
    if (x && std::abs(canvas().xAxis->coordToPixel(*x) - position.x()) <= kGrab) {
        return AxisKind::X;
    }
    if (y && std::abs(canvas().yAxis->coordToPixel(*y) - position.y()) <= kGrab) {
        return AxisKind::Y;
    }
    return std::nullopt;
}

bool ParetoPlot::dragStartedAt(const QPointF& position) {
    m_dragged = limitAt(position);
    return m_dragged.has_value();
}

void ParetoPlot::dragTo(const QPointF& position) {
    if (!m_dragged) return;
    const QRect area = canvas().axisRect()->rect();
    const QCPAxis* axis = *m_dragged == AxisKind::X ? canvas().xAxis : canvas().yAxis;
    const double pixel = *m_dragged == AxisKind::X
                             ? std::clamp(position.x(), double(area.left()), double(area.right()))
                             : std::clamp(position.y(), double(area.top()), double(area.bottom()));
    setLimit(*m_dragged, axis->pixelToCoord(pixel));
}

void ParetoPlot::dragEnded() {
    if (!m_dragged) return;
    const AxisKind axis = *m_dragged;
    m_dragged.reset();
    if (const auto value = limit(axis)) Q_EMIT limitDragged(axis, *value);
}

std::optional<Qt::CursorShape> ParetoPlot::dragCursor(const QPointF& position) const {
    const auto axis = limitAt(position);
    if (axis) return *axis == AxisKind::X ? Qt::SizeHorCursor : Qt::SizeVerCursor;
    return designAt(position) != 0 ? std::optional(Qt::PointingHandCursor) : std::nullopt;
}

void ParetoPlot::resizeEvent(QResizeEvent* event) {
    Plot::resizeEvent(event);
    setUpLegend();
}

}  // namespace cohelix::ui
