// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/accelerator_bars.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "core/base/units.h"

#include "ui/hub/plain_text.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

constexpr int kBarHeight = 14;
constexpr int kGap = 3;

QString amountText(double amount) {
    return fromStd(base::fixed(amount, amount == static_cast<double>(qRound64(amount)) ? 0 : 1));
}

}  // namespace

ResourceBar::ResourceBar(const QString& resource, QWidget* parent)
    : QWidget(parent), m_resource(resource) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setShares({}, 0);
}

void ResourceBar::setShares(std::vector<ResourceShare> shares, double limit) {
    m_shares = std::move(shares);
    m_limit = limit;
    setAccessibleName(text());
    update();
}

double ResourceBar::sum() const {
    double total = 0;
    for (const auto& share : m_shares) total += share.amount;
    return total;
}

QString ResourceBar::text() const {
    auto line = m_resource + QLatin1Char(' ') + amountText(sum());
    if (m_limit > 0) line += QStringLiteral(" / ") + amountText(m_limit);
    return line;
}

bool ResourceBar::beyondLimit() const { return m_limit > 0 && sum() > m_limit; }

QRectF ResourceBar::barArea() const {
    return QRectF(0.5, fontMetrics().height() + kGap, width() - 1, kBarHeight);
}

std::vector<QRectF> ResourceBar::shareAreas() const {
    const QRectF bar = barArea();
    const double full = std::max(m_limit, sum());
    std::vector<QRectF> areas;
    qreal left = bar.left();
    for (const auto& share : m_shares) {
        const qreal wide = full > 0 ? bar.width() * share.amount / full : 0;
        areas.emplace_back(left, bar.top(), wide, bar.height());
        left += wide;
    }
    return areas;
}

void ResourceBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const auto theme = themeOf(palette());
    const QRectF line(0, 0, width(), fontMetrics().height());
    painter.setPen(beyondLimit() ? theme.error : theme.text);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, text());
    if (m_limit > 0) {
        painter.setPen(beyondLimit() ? theme.error : theme.mutedText);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter,
                         beyondLimit() ? tr("beyond the limit") : percentText(sum() / m_limit));
    }
    painter.fillRect(barArea(), trackColor(palette()));
    const auto areas = shareAreas();
    for (std::size_t i = 0; i < areas.size(); ++i) {
        const auto color = chunkColor(m_shares[i].chunk, palette());
        painter.fillRect(areas[i].adjusted(0, 0, areas[i].width() > 2 ? -1 : 0, 0), color);
        const QString number = QString::number(m_shares[i].chunk + 1);
        if (m_shares.size() > 1 && areas[i].width() > fontMetrics().horizontalAdvance(number) + 4) {
            painter.setPen(textOn(color));
            painter.drawText(areas[i], Qt::AlignCenter, number);
        }
    }
    painter.setPen(beyondLimit() ? theme.error : theme.border);
    painter.drawRect(barArea());
}

QString ResourceBar::shareAt(const QPoint& position) const {
    const auto areas = shareAreas();
    for (std::size_t i = 0; i < areas.size(); ++i) {
        if (!areas[i].contains(position)) continue;
        return QStringLiteral("%1: %2 %3")
            .arg(m_shares[i].name, amountText(m_shares[i].amount), m_resource);
    }
    return {};
}

bool ResourceBar::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString share = shareAt(help->pos());
    QToolTip::showText(help->globalPos(), plainToolTip(share.isEmpty() ? text() : share), this);
    return true;
}

QSize ResourceBar::sizeHint() const {
    return {160, fontMetrics().height() + kGap + kBarHeight + 1};
}

QSize ResourceBar::minimumSizeHint() const {
    return {fontMetrics().horizontalAdvance(text()) + 60, sizeHint().height()};
}

}  // namespace cohelix::ui
