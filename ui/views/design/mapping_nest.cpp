// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/mapping_nest.h"

#include <QFontDatabase>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/hub/plain_text.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

constexpr int kIndent = 11;
constexpr int kLeft = 6;

}  // namespace

MappingNest::MappingNest(QWidget* parent) : QWidget(parent) {
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void MappingNest::setMapping(const model::Mapping& mapping) {
    m_mapping = mapping;
    m_lines = nestLines(mapping);
    setAccessibleName(tr("Loop nest"));
    setAccessibleDescription(fromStd(model::loopNestText(mapping)));
    updateGeometry();
    update();
}

int MappingNest::lineHeight() const { return fontMetrics().height() + 5; }

int MappingNest::indentOf(const NestLine& line) const { return kLeft + kIndent * line.depth; }

QSize MappingNest::sizeHint() const {
    int widest = 0;
    for (const auto& line : m_lines) {
        const bool memory = line.kind == NestLine::Kind::Memory;
        const int text =
            fontMetrics().horizontalAdvance(memory ? line.text : line.text + line.note);
        widest = std::max(widest, indentOf(line) + text + 50);
    }
    return {widest, lineHeight() * static_cast<int>(m_lines.size()) + 4};
}

QSize MappingNest::minimumSizeHint() const { return sizeHint(); }

void MappingNest::drawMemory(QPainter& painter, const NestLine& line, const QRectF& area) const {
    const auto theme = themeOf(palette());
    painter.fillRect(QRectF(0, area.top(), width(), area.height() - 1), theme.panel);
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(theme.text);
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter, line.text);
    qreal x = area.left() + QFontMetricsF(bold).horizontalAdvance(line.text) + 12;
    painter.setFont(font());
    const auto& level = m_mapping.levels[static_cast<std::size_t>(line.level)];
    for (const auto tensor : model::kAllTensors) {
        if (!level.keeps[static_cast<std::size_t>(tensor)]) continue;
        painter.setPen(Qt::NoPen);
        painter.setBrush(tensorColor(tensor, palette()));
        painter.drawRoundedRect(QRectF(x, area.center().y() - 4, 8, 8), 2, 2);
        x += 11;
    }
    painter.setPen(theme.mutedText);
    const QRectF room(x + 3, area.top(), width() - x - 6, area.height());
    painter.drawText(
        room, Qt::AlignLeft | Qt::AlignVCenter,
        fontMetrics().elidedText(line.note, Qt::ElideRight, static_cast<int>(room.width())));
}

void MappingNest::drawLoop(QPainter& painter, const NestLine& line, const QRectF& area) const {
    const auto theme = themeOf(palette());
    QRectF text = area;
    if (line.kind == NestLine::Kind::Spatial) {
        const QColor color = loopColor(line.loop.kind, palette());
        const qreal wide = fontMetrics().horizontalAdvance(line.text) + 18;
        const QRectF box(area.left() + 0.5, area.top() + 1.5, wide, area.height() - 4);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(color, 1.5));
        painter.drawRoundedRect(box, 3, 3);
        painter.drawLine(QPointF(box.left() + 4, box.top()), QPointF(box.left() + 4, box.bottom()));
        painter.drawLine(QPointF(box.left() + 7, box.top()), QPointF(box.left() + 7, box.bottom()));
        text.translate(11, 0);
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, line.text);
        painter.drawText(QRectF(box.right() + 8, area.top(), width(), area.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, line.note);
        return;
    }
    painter.setPen(line.kind == NestLine::Kind::Body ? theme.accent : theme.text);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, line.text);
}

void MappingNest::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto theme = themeOf(palette());
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const auto& line = m_lines[i];
        const QRectF area(indentOf(line), lineHeight() * static_cast<int>(i), width(),
                          lineHeight());
        if (line.kind == NestLine::Kind::Memory) {
            drawMemory(painter, line, area);
        } else {
            painter.setPen(theme.grid);
            for (int depth = 0; depth < line.depth; ++depth) {
                const qreal x = kLeft + kIndent * depth + 3.5;
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
            }
            drawLoop(painter, line, area);
        }
    }
}

bool MappingNest::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto index = static_cast<std::size_t>(std::max(help->pos().y() / lineHeight(), 0));
    const auto text = index < m_lines.size() ? m_lines[index].toolTip : QString();
    QToolTip::showText(help->globalPos(), plainToolTip(text), this);
    return true;
}

}  // namespace cohelix::ui
