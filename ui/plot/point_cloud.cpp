// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/point_cloud.h"

#include <algorithm>
#include <cmath>

namespace cohelix::ui {

namespace {

constexpr double kFrontSize = 11;
constexpr double kDominatedSize = 6.5;
/// Edge of a density cell in pixels.
constexpr int kDensityCell = 3;
constexpr int kFaint = 55;

}  // namespace

MarkLook markLook(model::AccuracyGrade grade, bool front, const Theme& theme, const QColor& color) {
    MarkLook look;
    look.size = front ? kFrontSize : kDominatedSize;
    look.color = front ? color : theme.dominated;
    switch (grade) {
        case model::AccuracyGrade::SupernetEstimate: look.shape = Shape::Circle; break;
        case model::AccuracyGrade::TrainedFromScratch: look.shape = Shape::Diamond; break;
        case model::AccuracyGrade::Tabulated: look.shape = Shape::Square; break;
        case model::AccuracyGrade::None: look.shape = Shape::Cross; break;
    }
    if (front && look.shape != Shape::Circle) look.outline = theme.background;
    return look;
}

QColor runColor(std::int64_t run, const Theme& theme) {
    const auto count = static_cast<std::int64_t>(theme.series.size());
    return theme.series[static_cast<std::size_t>(((run - 1) % count + count) % count)];
}

PointCloud::PointCloud(QCustomPlot& plot, const ParetoData& data, const Theme& theme)
    : QCPLayerable(&plot, QStringLiteral("main")), m_data(data), m_theme(theme) {}

void PointCloud::refresh() {
    m_front.clear();
    bool any = false;
    for (const ParetoPoint& point : m_data.points) {
        if (point.front) m_front.push_back(&point);
        if (!std::isfinite(point.color)) continue;
        const QCPRange own(point.color, point.color);
        m_colorRange = any ? m_colorRange.expanded(own) : own;
        any = true;
    }
    if (!any || m_colorRange.size() <= 0) {
        const double middle = any ? m_colorRange.center() : 0;
        m_colorRange = QCPRange(middle - 0.5, middle + 0.5);
    }
    std::sort(m_front.begin(), m_front.end(), [](const ParetoPoint* a, const ParetoPoint* b) {
        return std::tie(a->run, a->grade, a->x, b->y) < std::tie(b->run, b->grade, b->x, a->y);
    });
}

QPointF PointCloud::pixelOf(const ParetoPoint& point) const {
    return {mParentPlot->xAxis->coordToPixel(point.x), mParentPlot->yAxis->coordToPixel(point.y)};
}

void PointCloud::applyDefaultAntialiasingHint(QCPPainter* painter) const {
    applyAntialiasingHint(painter, true, QCP::aeScatters);
}

QRect PointCloud::clipRect() const { return mParentPlot->axisRect()->rect(); }

void PointCloud::draw(QCPPainter* painter) {
    MarkStamps stamps(*painter, painter->modes().testFlag(QCPPainter::pmVectorized));
    drawDominated(*painter, stamps);
    if (m_data.joinFront) drawStairs(*painter);
    drawFront(stamps);
}

void PointCloud::drawDominated(QCPPainter& painter, MarkStamps& stamps) const {
    const QCPRange x = mParentPlot->xAxis->range();
    const QCPRange y = mParentPlot->yAxis->range();
    std::vector<const ParetoPoint*> inSight;
    for (const ParetoPoint& point : m_data.points) {
        if (!point.front && x.contains(point.x) && y.contains(point.y)) inSight.push_back(&point);
    }
    if (inSight.size() > kMostSinglePoints) return drawDensity(painter, inSight);
    for (const ParetoPoint* point : inSight) stamps.draw(pixelOf(*point), lookOf(*point));
}

void PointCloud::drawDensity(QCPPainter& painter,
                             const std::vector<const ParetoPoint*>& points) const {
    const QRect area = clipRect();
    const int columns = area.width() / kDensityCell + 1;
    const int rows = area.height() / kDensityCell + 1;
    std::vector<int> counts(static_cast<std::size_t>(columns * rows));
    std::vector<double> sums(counts.size());
    for (const ParetoPoint* point : points) {
        const QPointF at = pixelOf(*point) - QPointF(area.topLeft());
        const int column = std::clamp(static_cast<int>(at.x()) / kDensityCell, 0, columns - 1);
        const int row = std::clamp(static_cast<int>(at.y()) / kDensityCell, 0, rows - 1);
        const auto cell = static_cast<std::size_t>(row * columns + column);
        ++counts[cell];
        sums[cell] += point->color;
    }
    QImage image(columns, rows, QImage::Format_ARGB32);
    image.fill(Qt::transparent);
    for (int cell = 0; cell < columns * rows; ++cell) {
        const int count = counts[static_cast<std::size_t>(cell)];
        if (count == 0) continue;
        const double mean = sums[static_cast<std::size_t>(cell)] / count;
        QColor color = std::isfinite(mean) ? scaled(mean) : m_theme.dominated;
        color.setAlphaF(static_cast<float>(std::min(1.0, 0.45 + 0.2 * std::log2(count))));
        image.setPixelColor(cell % columns, cell / columns, color);
    }
    painter.drawImage(QRectF(area.left(), area.top(), columns * kDensityCell, rows * kDensityCell),
                      image);
}

void PointCloud::drawStairs(QCPPainter& painter) const {
    for (std::size_t i = 1; i < m_front.size(); ++i) {
        const ParetoPoint& left = *m_front[i - 1];
        const ParetoPoint& right = *m_front[i];
        if (left.run != right.run || left.grade != right.grade) continue;
        // Up to the speed of the right design its accuracy can be had, and no more.
        const QPointF from = pixelOf(left);
        const QPointF to = pixelOf(right);
        const bool trained = left.grade == model::AccuracyGrade::TrainedFromScratch;
        QColor color = runColor(left.run, m_theme);
        if (!left.within && !right.within) color.setAlpha(kFaint);
        painter.setPen(QPen(color, trained ? 2 : 1.4, trained ? Qt::SolidLine : Qt::DashLine));
        const QPointF corner(from.x(), to.y());
        painter.drawLine(QLineF(from, corner));
        painter.drawLine(QLineF(corner, to));
    }
}

void PointCloud::drawFront(MarkStamps& stamps) const {
    for (const ParetoPoint* point : m_front) stamps.draw(pixelOf(*point), lookOf(*point));
}

MarkLook PointCloud::lookOf(const ParetoPoint& point) const {
    MarkLook look = markLook(point.grade, point.front, m_theme, runColor(point.run, m_theme));
    if (std::isfinite(point.color)) look.color = scaled(point.color);
    if (std::isfinite(point.color) && point.front && look.shape != Shape::Circle) {
        look.outline = m_theme.text;
    }
    if (!point.within) look.color.setAlpha(kFaint);
    return look;
}

QColor PointCloud::scaled(double value) const {
    // In steps, so that few stamps are needed.
    constexpr double kSteps = 32;
    const double share = (value - m_colorRange.lower) / m_colorRange.size();
    return scaleColor(std::round(share * kSteps) / kSteps);
}

}  // namespace cohelix::ui
