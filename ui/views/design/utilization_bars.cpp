// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/utilization_bars.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "core/base/units.h"

#include "ui/hub/plain_text.h"
#include "ui/views/design/design_words.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {

UtilizationBars::UtilizationBars(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Work of each chunk against the period"));
}

void UtilizationBars::setLoads(std::vector<ChunkLoad> loads, double periodCycles) {
    m_loads = std::move(loads);
    m_period = periodCycles;
    updateGeometry();
    update();
}

QString UtilizationBars::textAt(std::size_t load) const {
    const auto& at = m_loads[load];
    const auto share = m_period > 0 ? percentText(at.cycles / m_period, 0) : QString();
    return quantity(at.cycles, "cycles") + QStringLiteral(", ") +
           (at.slowest ? tr("slowest") : share);
}

int UtilizationBars::lineHeight() const { return fontMetrics().height() + 5; }

QSize UtilizationBars::sizeHint() const {
    return {320, lineHeight() * static_cast<int>(m_loads.size())};
}

QSize UtilizationBars::minimumSizeHint() const { return {240, sizeHint().height()}; }

void UtilizationBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const auto theme = themeOf(palette());
    int nameWidth = 0;
    int textWidth = 0;
    for (std::size_t i = 0; i < m_loads.size(); ++i) {
        nameWidth = std::max(nameWidth, fontMetrics().horizontalAdvance(m_loads[i].name));
        textWidth = std::max(textWidth, fontMetrics().horizontalAdvance(textAt(i)));
    }
    nameWidth = std::min(nameWidth + 2, width() * 2 / 5);
    for (std::size_t i = 0; i < m_loads.size(); ++i) {
        const auto& load = m_loads[i];
        const QRectF line(0, lineHeight() * static_cast<int>(i), width(), lineHeight());
        painter.setPen(theme.text);
        painter.drawText(QRectF(line.left(), line.top(), nameWidth, line.height()),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         fontMetrics().elidedText(load.name, Qt::ElideRight, nameWidth));
        const QRectF bar(nameWidth + 8, line.center().y() - 5, width() - nameWidth - textWidth - 18,
                         10);
        if (bar.width() > 8) {
            drawBar(painter, bar, m_period > 0 ? load.cycles / m_period : 0,
                    load.slowest ? theme.warning : theme.accent, palette());
        }
        painter.setPen(load.slowest ? theme.warning : theme.text);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, textAt(i));
    }
}

bool UtilizationBars::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto index = static_cast<std::size_t>(std::max(help->pos().y() / lineHeight(), 0));
    if (index < m_loads.size()) {
        const auto text =
            DesignWords::tr("%1: %2 of a period of %3 cycles")
                .arg(m_loads[index].name, fromStd(base::fixed(m_loads[index].cycles, 0)),
                     fromStd(base::fixed(m_period, 0)));
        QToolTip::showText(help->globalPos(), plainToolTip(text), this);
    }
    return true;
}

}  // namespace cohelix::ui
