// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/marks.h"

#include <QPolygonF>
#include <cmath>

namespace cohelix::ui {

namespace {

constexpr double kPi = 3.14159265358979323846;

/// Corners on circles around the centre; `inner` < 1 pulls every second one in (a star).
QPolygonF polygon(const QPointF& center, int corners, double radius, double startDegrees,
                  double inner = 1.0) {
    QPolygonF result;
    const int points = inner < 1.0 ? 2 * corners : corners;
    for (int i = 0; i < points; ++i) {
        const double angle = (startDegrees + 360.0 * i / points) * kPi / 180;
        const double r = i % 2 == 1 ? radius * inner : radius;
        result << center + QPointF(r * std::cos(angle), r * std::sin(angle));
    }
    return result;
}

void drawCross(QPainter& painter, const QPointF& center, const MarkLook& look) {
    const double r = look.size * 0.4;
    painter.setPen(QPen(look.color, 1.6));
    painter.drawLine(center + QPointF(-r, -r), center + QPointF(r, r));
    painter.drawLine(center + QPointF(-r, r), center + QPointF(r, -r));
}

void drawPlus(QPainter& painter, const QPointF& center, const MarkLook& look) {
    const double r = look.size / 2;
    painter.setPen(QPen(look.color, 1.4));
    painter.drawLine(center + QPointF(-r, 0), center + QPointF(r, 0));
    painter.drawLine(center + QPointF(0, -r), center + QPointF(0, r));
}

void setPenAndBrush(QPainter& painter, const MarkLook& look) {
    if (look.hollow) {
        painter.setPen(QPen(look.color, 1.6));
        painter.setBrush(Qt::NoBrush);
        return;
    }
    painter.setPen(look.outline.isValid() ? QPen(look.outline, 1) : QPen(Qt::NoPen));
    painter.setBrush(look.color);
}

}  // namespace

void drawMark(QPainter& painter, const QPointF& center, const MarkLook& look) {
    const double r = look.size / 2;
    setPenAndBrush(painter, look);
    switch (look.shape) {
        case Shape::Circle:
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(look.color, 1.6));
            painter.drawEllipse(center, r - 0.8, r - 0.8);
            break;
        case Shape::Disc: painter.drawEllipse(center, r, r); break;
        case Shape::Square: painter.drawPolygon(polygon(center, 4, r * 1.2, 45)); break;
        case Shape::Diamond: painter.drawPolygon(polygon(center, 4, r * 1.25, 0)); break;
        case Shape::Triangle: painter.drawPolygon(polygon(center, 3, r * 1.25, -90)); break;
        case Shape::TriangleDown: painter.drawPolygon(polygon(center, 3, r * 1.25, 90)); break;
        case Shape::Star: painter.drawPolygon(polygon(center, 5, r * 1.35, -90, 0.45)); break;
        case Shape::Cross: drawCross(painter, center, look); break;
        case Shape::Plus: drawPlus(painter, center, look); break;
    }
}

MarkStamps::MarkStamps(QPainter& painter, bool vectors)
    : m_painter(painter),
      m_vectors(vectors),
      m_ratio(std::max(1.0, std::abs(painter.deviceTransform().m11()))) {}

void MarkStamps::draw(const QPointF& center, const MarkLook& look) {
    if (m_vectors) return drawMark(m_painter, center, look);
    const QPixmap& stamp = stampOf(look);
    const double half = stamp.width() / m_ratio / 2;
    m_painter.drawPixmap(center - QPointF(half, half), stamp);
}

const QPixmap& MarkStamps::stampOf(const MarkLook& look) {
    const Key key{static_cast<int>(look.shape), qRound(look.size * 4), look.color.rgba(),
                  look.outline.isValid() ? look.outline.rgba() : 0, look.hollow};
    QPixmap& stamp = m_stamps[key];
    if (!stamp.isNull()) return stamp;
    const double side = std::ceil(look.size * 1.4) + 4;
    stamp = QPixmap(static_cast<int>(std::ceil(side * m_ratio)),
                    static_cast<int>(std::ceil(side * m_ratio)));
    stamp.setDevicePixelRatio(m_ratio);
    stamp.fill(Qt::transparent);
    QPainter painter(&stamp);
    painter.setRenderHint(QPainter::Antialiasing);
    const double half = stamp.width() / m_ratio / 2;
    drawMark(painter, QPointF(half, half), look);
    return stamp;
}

}  // namespace cohelix::ui
