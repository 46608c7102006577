// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/reference_layer.h"

#include <algorithm>
#include <array>

namespace cohelix::ui {

namespace {

constexpr double kPublishedSize = 10;
constexpr double kTrueFrontSize = 7;
constexpr double kGap = 3;  ///< between a mark and its name

}  // namespace

MarkLook referenceLook(const ReferenceSeries& series, bool filled, const Theme& theme) {
    const bool front = series.kind == ReferenceKind::TrueFront;
    MarkLook look;
    look.shape = front ? Shape::Plus : series.shape;
    look.size = front ? kTrueFrontSize : kPublishedSize;
    look.color = front ? theme.text : theme.published;
    look.hollow = !filled;
    return look;
}

QPen trueFrontPen(const Theme& theme) { return QPen(theme.text, 1.3, Qt::DotLine); }

ReferenceLayer::ReferenceLayer(QCustomPlot& plot, const ParetoData& data, const Theme& theme,
                               Part part)
    : QCPLayerable(&plot, QStringLiteral("main")),
      m_data(data),
      m_theme(theme),
      m_kind(part == Part::Fronts ? ReferenceKind::TrueFront : ReferenceKind::Published) {}

QPointF ReferenceLayer::pixelOf(const ReferencePoint& point) const {
    return {mParentPlot->xAxis->coordToPixel(point.x), mParentPlot->yAxis->coordToPixel(point.y)};
}

void ReferenceLayer::applyDefaultAntialiasingHint(QCPPainter* painter) const {
    applyAntialiasingHint(painter, true, QCP::aeScatters);
}

QRect ReferenceLayer::clipRect() const { return mParentPlot->axisRect()->rect(); }

void ReferenceLayer::draw(QCPPainter* painter) {
    if (m_kind == ReferenceKind::Published) {
        drawMarks(*painter);
        drawNames(*painter);
        return;
    }
    for (const ReferenceSeries& series : m_data.references) {
        if (series.kind == m_kind) drawFront(*painter, series);
    }
}

void ReferenceLayer::drawFront(QCPPainter& painter, const ReferenceSeries& series) const {
    painter.setPen(trueFrontPen(m_theme));
    for (std::size_t i = 1; i < series.points.size(); ++i) {
        // Up to the speed of the right design its accuracy can be had, and no more.
        const QPointF from = pixelOf(series.points[i - 1]);
        const QPointF to = pixelOf(series.points[i]);
        const QPointF corner(from.x(), to.y());
        painter.drawLine(QLineF(from, corner));
        painter.drawLine(QLineF(corner, to));
    }
    for (const ReferencePoint& point : series.points) {
        drawMark(painter, pixelOf(point), referenceLook(series, point.filled, m_theme));
    }
}

void ReferenceLayer::drawMarks(QCPPainter& painter) const {
    for (const ReferenceSeries& series : m_data.references) {
        if (series.kind != m_kind) continue;
        for (const ReferencePoint& point : series.points) {
            drawMark(painter, pixelOf(point), referenceLook(series, point.filled, m_theme));
        }
    }
}

void ReferenceLayer::drawNames(QCPPainter& painter) const {
    std::vector<QRectF> taken;
    const QPointF half(kPublishedSize / 2, kPublishedSize / 2);
    for (const ReferenceSeries& series : m_data.references) {
        if (series.kind != m_kind) continue;
        for (const ReferencePoint& point : series.points) {
            taken.emplace_back(pixelOf(point) - half, pixelOf(point) + half);
        }
    }
    painter.setFont(mParentPlot->xAxis->tickLabelFont());
    painter.setPen(m_theme.published);
    const QFontMetricsF metrics(painter.font());
    for (const ReferenceSeries& series : m_data.references) {
        if (series.kind != m_kind) continue;
        for (const ReferencePoint& point : series.points) {
            const QSizeF size(metrics.horizontalAdvance(point.name), metrics.height());
            const auto place = placeFor(size, pixelOf(point), taken);
            if (!place || point.name.isEmpty()) continue;
            painter.drawText(*place, Qt::AlignCenter | Qt::TextDontClip, point.name);
            taken.push_back(*place);
        }
    }
}

std::optional<QRectF> ReferenceLayer::placeFor(const QSizeF& size, const QPointF& mark,
                                               const std::vector<QRectF>& taken) const {
    const double away = kPublishedSize / 2 + kGap;
    const QRectF area = clipRect();
    if (!area.contains(mark)) return std::nullopt;
    const std::array corners = {mark + QPointF(away, -size.height() / 2),  // right of it
                                mark + QPointF(-away - size.width(), -size.height() / 2),  // left
                                mark + QPointF(-size.width() / 2, -away - size.height()),  // above
                                mark + QPointF(-size.width() / 2, away)};                  // below
    for (const QPointF& corner : corners) {
        const QRectF place(corner, size);
        const auto touches = [&place](const QRectF& other) { return other.intersects(place); };
        if (area.contains(place) && std::none_of(taken.begin(), taken.end(), touches)) return place;
    }
    return std::nullopt;
}

}  // namespace cohelix::ui
