// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/loss_bars.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ui/hub/plain_text.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

constexpr int kSwatch = 12;
constexpr int kBarGap = 6;

std::array<double, 5> sharesOf(const explain::UtilizationShares& shares) {
    return {shares.reached, shares.shapeMismatch, shares.edgeTiles, shares.bandwidthStall,
            shares.pipelineImbalance};
}

QColor partColor(std::size_t part, const Theme& theme) {
    const std::array colors = {theme.accent, theme.series[1], theme.series[3], theme.series[6],
                               theme.border};
    return colors[part];
}

/// Losses are hatched, each in its own direction, so that colour is not all that tells them apart.
void fillPart(QPainter& painter, const QRectF& area, std::size_t part, const Theme& theme) {
    constexpr std::array kHatching = {Qt::SolidPattern, Qt::BDiagPattern, Qt::FDiagPattern,
                                      Qt::VerPattern, Qt::Dense6Pattern};
    const QColor color = partColor(part, theme);
    painter.fillRect(area, theme.background);
    if (part > 0) {
        QColor wash = color;
        wash.setAlpha(70);
        painter.fillRect(area, wash);
    }
    painter.fillRect(area, QBrush(color, kHatching[part]));
}

QString tenths(int value) { return QStringLiteral("%1.%2 %").arg(value / 10).arg(value % 10); }

}  // namespace

const std::array<const char*, 5>& lossNames() {
    static constexpr std::array kNames = {"reached", "shape mismatch", "edge tiles",
                                          "bandwidth stall", "pipeline imbalance"};
    return kNames;
}

std::array<int, 5> roundedShares(const explain::UtilizationShares& shares) {
    const auto exact = sharesOf(shares);
    std::array<int, 5> rounded = {};
    for (std::size_t i = 0; i < exact.size(); ++i) {
        rounded[i] = static_cast<int>(std::floor(exact[i] * 1000 + 1e-9));
    }
    const auto rest = [&](std::size_t i) { return exact[i] * 1000 - rounded[i]; };
    // What rounding down leaves over goes to those that lost most by it.
    std::array<std::size_t, 5> order = {0, 1, 2, 3, 4};
    std::ranges::stable_sort(order, [&](auto a, auto b) { return rest(a) > rest(b); });
    const int missing = 1000 - std::accumulate(rounded.begin(), rounded.end(), 0);
    for (int i = 0; i < std::min(missing, 5); ++i) {
        ++rounded[order[static_cast<std::size_t>(i)]];
    }
    return rounded;
}

LossBars::LossBars(QWidget* parent) : QWidget(parent) {
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Where the multipliers' cycles go"));
}

void LossBars::setBars(std::vector<LossBar> bars) {
    m_bars = std::move(bars);
    setAccessibleDescription(m_bars.empty() ? QString() : toolTipOf(0));
    updateGeometry();
    update();
}

QString LossBars::toolTipOf(std::size_t bar) const {
    QString text = m_bars[bar].name;
    const auto shares = roundedShares(m_bars[bar].shares);
    for (std::size_t part = 0; part < shares.size(); ++part) {
        text +=
            QStringLiteral("\n%1: %2").arg(QLatin1String(lossNames()[part]), tenths(shares[part]));
    }
    return text;
}

int LossBars::lineHeight() const { return fontMetrics().height() + 6; }

int LossBars::nameWidth() const {
    int widest = 0;
    for (const auto& bar : m_bars) {
        widest = std::max(widest, fontMetrics().horizontalAdvance(bar.name));
    }
    return std::min(widest + 2, width() * 2 / 5);
}

QString LossBars::legendText(std::size_t part) const {
    const auto shares = roundedShares(m_bars.front().shares);
    return QLatin1String(lossNames()[part]) + QLatin1Char(' ') + tenths(shares[part]);
}

std::array<QPoint, 5> LossBars::legendPlaces(int width) const {
    std::array<QPoint, 5> places;
    QPoint at;
    for (std::size_t part = 0; part < places.size(); ++part) {
        const int needed = kSwatch + kBarGap + fontMetrics().horizontalAdvance(legendText(part));
        if (at.x() > 0 && at.x() + needed > width) at = {0, at.y() + lineHeight()};
        places[part] = at;
        at.rx() += needed + 2 * kBarGap;
    }
    return places;
}

int LossBars::heightForWidth(int width) const {
    if (m_bars.empty()) return 0;
    const int rows = static_cast<int>(m_bars.size());
    return rows * lineHeight() + kBarGap + legendPlaces(width).back().y() + lineHeight();
}

QSize LossBars::sizeHint() const { return {320, heightForWidth(std::max(width(), 240))}; }

QSize LossBars::minimumSizeHint() const { return {240, sizeHint().height()}; }

void LossBars::paintBar(QPainter& painter, const LossBar& bar, const QRectF& area) const {
    const auto theme = themeOf(palette());
    const auto shares = sharesOf(bar.shares);
    const auto rounded = roundedShares(bar.shares);
    double left = area.left();
    for (std::size_t part = 0; part < shares.size(); ++part) {
        const QRectF segment(left, area.top(), shares[part] * area.width(), area.height());
        left = segment.right();
        if (segment.width() < 0.5) continue;
        fillPart(painter, segment, part, theme);
        const auto text = QString::number((rounded[part] + 5) / 10);
        const int needed = fontMetrics().horizontalAdvance(text) + 6;
        if (segment.width() < needed) continue;
        // On its own ground, so that the hatching does not run through the digits.
        QRectF ground(0, 0, needed, area.height() - 2);
        ground.moveCenter(segment.center());
        if (part > 0) painter.fillRect(ground, theme.background);
        painter.setPen(part > 0 ? theme.text : textOn(partColor(part, theme)));
        painter.drawText(segment, Qt::AlignCenter, text);
    }
}

void LossBars::paintLegend(QPainter& painter, int top) const {
    const auto theme = themeOf(palette());
    const auto places = legendPlaces(width());
    for (std::size_t part = 0; part < places.size(); ++part) {
        const QRectF line(places[part].x(), top + places[part].y(), width(), lineHeight());
        const QRectF swatch(line.left(), line.center().y() - kSwatch / 2.0, kSwatch, kSwatch);
        fillPart(painter, swatch, part, theme);
        painter.setPen(theme.text);
        painter.drawText(line.adjusted(kSwatch + kBarGap, 0, 0, 0),
                         Qt::AlignLeft | Qt::AlignVCenter, legendText(part));
    }
}

void LossBars::paintEvent(QPaintEvent*) {
    if (m_bars.empty()) return;
    QPainter painter(this);
    const auto theme = themeOf(palette());
    const int names = nameWidth();
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const QRectF line(0, lineHeight() * static_cast<int>(i), width(), lineHeight());
        painter.setPen(theme.text);
        painter.drawText(QRectF(0, line.top(), names, line.height()),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         fontMetrics().elidedText(m_bars[i].name, Qt::ElideRight, names));
        paintBar(painter, m_bars[i], line.adjusted(names + 8, 2, 0, -2));
    }
    paintLegend(painter, lineHeight() * static_cast<int>(m_bars.size()) + kBarGap);
}

bool LossBars::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto index = static_cast<std::size_t>(std::max(help->pos().y() / lineHeight(), 0));
    if (index < m_bars.size()) {
        QToolTip::showText(help->globalPos(), plainToolTip(toolTipOf(index)), this);
    } else {
        QToolTip::hideText();
    }
    return true;
}

}  // namespace cohelix::ui
