// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/pareto_overlay.h"

#include <algorithm>

#include "ui/hub/theme.h"
#include "ui/plot/figure_ticker.h"

namespace cohelix::ui {

namespace {

constexpr double kRing = 9;
constexpr int kVeil = 16;

QString limitText(const ParetoAxis& axis, double value) {
    return (axis.largerIsBetter ? QStringLiteral("≥ ") : QStringLiteral("≤ ")) + tickText(value);
}

}  // namespace

ParetoOverlay::ParetoOverlay(QCustomPlot& plot, const ParetoData& data, const Theme& theme)
    : QCPLayerable(&plot, QStringLiteral("overlay")), m_data(data), m_theme(theme) {}

void ParetoOverlay::applyDefaultAntialiasingHint(QCPPainter* painter) const {
    applyAntialiasingHint(painter, true, QCP::aeOther);
}

QRect ParetoOverlay::clipRect() const { return mParentPlot->axisRect()->rect(); }

void ParetoOverlay::draw(QCPPainter* painter) {
    if (limitX) drawLimit(*painter, m_data.x, *limitX, true);
    if (limitY) drawLimit(*painter, m_data.y, *limitY, false);
    if (selected) drawSelected(*painter);
}

void ParetoOverlay::drawLimit(QCPPainter& painter, const ParetoAxis& axis, double value,
                              bool vertical) const {
    const QRectF area = clipRect();
    const double at = vertical ? mParentPlot->xAxis->coordToPixel(value)
                               : mParentPlot->yAxis->coordToPixel(value);
    // Small figures lie left and at the bottom.
    QRectF beyond = area;
    if (vertical && axis.largerIsBetter) beyond.setRight(std::clamp(at, area.left(), area.right()));
    if (vertical && !axis.largerIsBetter) beyond.setLeft(std::clamp(at, area.left(), area.right()));
    if (!vertical && axis.largerIsBetter) beyond.setTop(std::clamp(at, area.top(), area.bottom()));
    if (!vertical && !axis.largerIsBetter) {
        beyond.setBottom(std::clamp(at, area.top(), area.bottom()));
    }
    QColor veil = m_theme.error;
    veil.setAlpha(kVeil);
    painter.fillRect(beyond, veil);
    painter.setPen(QPen(m_theme.error, 1.5, Qt::DashLine));
    painter.drawLine(vertical ? QLineF(at, area.top(), at, area.bottom())
                              : QLineF(area.left(), at, area.right(), at));

    painter.setFont(mParentPlot->xAxis->tickLabelFont());
    const QString text = limitText(axis, value);
    QRectF label = painter.boundingRect(QRectF(0, 0, 300, 40), Qt::AlignLeft, text);
    label.adjust(0, 0, 8, 4);
    label.moveTopLeft(vertical ? QPointF(at + 3, area.top() + 3)
                               : QPointF(area.left() + 3, at - label.height() - 3));
    if (label.right() > area.right()) label.moveRight(at - 3);
    if (label.top() < area.top()) label.moveTop(at + 3);
    painter.setPen(QPen(m_theme.error, 1));
    painter.setBrush(m_theme.background);
    painter.drawRect(label);
    painter.drawText(label, Qt::AlignCenter, text);
}

void ParetoOverlay::drawSelected(QCPPainter& painter) const {
    const QPointF at(mParentPlot->xAxis->coordToPixel(selected->x()),
                     mParentPlot->yAxis->coordToPixel(selected->y()));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.background, 4.5));
    painter.drawEllipse(at, kRing, kRing);
    painter.setPen(QPen(m_theme.selection, 2.5));
    painter.drawEllipse(at, kRing, kRing);
    for (const QPointF& way : {QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)}) {
        painter.drawLine(QLineF(at + way * kRing, at + way * (kRing + 5)));
    }
}

}  // namespace cohelix::ui
