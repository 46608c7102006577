// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/mapping_traffic.h"

#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStringList>
#include <QToolTip>
#include <algorithm>
#include <array>
#include <numeric>

#include "core/base/units.h"

#include "ui/hub/plain_text.h"
#include "ui/views/design/design_words.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

constexpr qreal kMostWidth = 34;
constexpr qreal kLeastWidth = 1.5;
constexpr qreal kWing = 4;  ///< what an arrow head adds on each side

}  // namespace

MappingTraffic::MappingTraffic(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Traffic between the memories"));
}

void MappingTraffic::setTraffic(std::vector<model::MemoryTraffic> traffic, int bits) {
    m_traffic = std::move(traffic);
    m_bits = bits;
    m_most = 0;
    for (std::size_t memory = 0; memory < m_traffic.size(); ++memory) {
        for (const auto tensor : model::kAllTensors) {
            m_most = std::max({m_most, down(memory, tensor), up(memory, tensor)});
        }
    }
    updateGeometry();
    update();
}

double MappingTraffic::down(std::size_t memory, model::Tensor tensor) const {
    const auto at = static_cast<std::size_t>(tensor);
    // Outputs that are read but never written below the outermost memory are on their way out.
    const bool leaving =
        tensor == model::Tensor::Outputs && memory > 0 && m_traffic[memory].writes[at] <= 0;
    return leaving ? 0 : m_traffic[memory].reads[at];
}

double MappingTraffic::up(std::size_t memory, model::Tensor tensor) const {
    return tensor == model::Tensor::Outputs
               ? m_traffic[memory].writes[static_cast<std::size_t>(tensor)]
               : 0;
}

bool MappingTraffic::movesBelow(std::size_t memory) const {
    return std::any_of(model::kAllTensors.begin(), model::kAllTensors.end(), [&](auto tensor) {
        return down(memory, tensor) > 0 || up(memory, tensor) > 0;
    });
}

QString MappingTraffic::numbersAt(std::size_t memory, model::Tensor tensor) const {
    QStringList lines;
    const double inwards = down(memory, tensor);
    const double outwards = up(memory, tensor);
    if (inwards > 0) lines << QStringLiteral("↓ ") + fromStd(base::bytes(bytes(inwards)));
    if (outwards > 0) lines << QStringLiteral("↑ ") + fromStd(base::bytes(bytes(outwards)));
    return lines.join(QLatin1Char('\n'));
}

QString MappingTraffic::holdsText(std::size_t memory) const {
    const auto& at = m_traffic[memory];
    const double held = std::accumulate(at.tileWords.begin(), at.tileWords.end(), 0.0);
    if (held <= 0) return {};
    auto text = DesignWords::tr("holds ") + fromStd(base::bytes(bytes(held)));
    if (at.capacityWords > 0) {
        text += QStringLiteral(" of %1 (%2)")
                    .arg(fromStd(base::bytes(bytes(at.capacityWords))),
                         percentText(held / at.capacityWords));
    }
    return text;
}

int MappingTraffic::boxHeight() const { return fontMetrics().height() + 18; }

int MappingTraffic::gapHeight() const { return 3 * fontMetrics().height() + 14; }

QSize MappingTraffic::sizeHint() const {
    const int memories = static_cast<int>(m_traffic.size());
    if (memories == 0) return {260, fontMetrics().height() + 4};
    const int inner = movesBelow(m_traffic.size() - 1) ? gapHeight() + boxHeight() : 0;
    return {320, memories * boxHeight() + (memories - 1) * gapHeight() + inner + 2};
}

QSize MappingTraffic::minimumSizeHint() const { return {260, sizeHint().height()}; }

void MappingTraffic::drawMemory(QPainter& painter, std::size_t memory, const QRectF& box) const {
    const auto theme = themeOf(palette());
    const auto& at = m_traffic[memory];
    painter.setBrush(theme.panel);
    painter.setPen(theme.border);
    painter.drawRoundedRect(box, 3, 3);
    const QRectF line = box.adjusted(8, 2, -8, -10);
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(theme.text);
    QString name = fromStd(at.memory);
    if (!name.isEmpty()) name[0] = name[0].toUpper();
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, name);
    painter.setFont(font());
    painter.setPen(theme.mutedText);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, holdsText(memory));
    const double held = std::accumulate(at.tileWords.begin(), at.tileWords.end(), 0.0);
    const double full = at.capacityWords > 0 ? std::max(at.capacityWords, held) : held;
    if (full <= 0) return;
    const QRectF bar(box.left() + 8, box.bottom() - 9, box.width() - 16, 5);
    painter.fillRect(bar, trackColor(palette()));
    qreal x = bar.left();
    for (const auto tensor : model::kAllTensors) {
        const qreal wide = bar.width() * at.tileWords[static_cast<std::size_t>(tensor)] / full;
        painter.fillRect(QRectF(x, bar.top(), wide, bar.height()), tensorColor(tensor, palette()));
        x += wide;
    }
}

void MappingTraffic::drawArrow(QPainter& painter, double words, bool down, qreal x,
                               const QRectF& gap, const QColor& color) const {
    if (words <= 0 || m_most <= 0) return;
    const qreal wide = std::max(kLeastWidth, kMostWidth * words / m_most);
    const qreal head = std::min<qreal>(8, gap.height() / 3);
    const qreal wing = wide / 2 + kWing;
    const qreal from = down ? gap.top() + 1 : gap.bottom() - 1;
    const qreal tip = down ? gap.bottom() - 1 : gap.top() + 1;
    const qreal neck = down ? tip - head : tip + head;
    QPainterPath path(QPointF(x - wide / 2, from));
    path.lineTo(x + wide / 2, from);
    path.lineTo(x + wide / 2, neck);
    path.lineTo(x + wing, neck);
    path.lineTo(x, tip);
    path.lineTo(x - wing, neck);
    path.lineTo(x - wide / 2, neck);
    path.closeSubpath();
    painter.fillPath(path, color);
}

void MappingTraffic::drawArrows(QPainter& painter, std::size_t memory, const QRectF& gap) const {
    // Outputs go both ways and need more room.
    constexpr std::array kShares = {0.3, 0.3, 0.4};
    qreal left = gap.left();
    for (const auto tensor : model::kAllTensors) {
        const auto at = static_cast<std::size_t>(tensor);
        const auto color = tensorColor(tensor, palette());
        const qreal column = gap.width() * kShares[at];
        const double inwards = down(memory, tensor);
        const double outwards = up(memory, tensor);
        qreal x = left + 2;
        for (const bool isDown : {true, false}) {
            const double words = isDown ? inwards : outwards;
            if (words <= 0) continue;
            const qreal half = std::max(kLeastWidth, kMostWidth * words / m_most) / 2 + kWing;
            drawArrow(painter, words, isDown, x + half, gap, color);
            x += 2 * half + 3;
        }
        painter.setPen(themeOf(palette()).text);
        const auto numbers = inwards > 0 || outwards > 0 ? numbersAt(memory, tensor) : tr("none");
        painter.drawText(QRectF(x + 3, gap.top(), left + column - x - 3, gap.height()),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         fromStd(word(tensor)) + QLatin1Char('\n') + numbers);
        left += column;
    }
}

void MappingTraffic::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto theme = themeOf(palette());
    if (m_traffic.empty()) {
        painter.setPen(theme.mutedText);
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter,
                         tr("The cost model has no traffic figures for this layer"));
        return;
    }
    qreal top = 0.5;
    for (std::size_t i = 0; i < m_traffic.size(); ++i) {
        drawMemory(painter, i, QRectF(0.5, top, width() - 1, boxHeight()));
        top += boxHeight();
        if (i + 1 == m_traffic.size() && !movesBelow(i)) return;
        drawArrows(painter, i, QRectF(0, top, width(), gapHeight()));
        top += gapHeight();
    }
    const QRectF box(0.5, top, width() - 1, boxHeight());
    painter.setBrush(theme.panel);
    painter.setPen(theme.border);
    painter.drawRoundedRect(box, 3, 3);
    painter.setPen(theme.text);
    painter.drawText(box, Qt::AlignCenter, tr("PEs"));
}

bool MappingTraffic::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip || m_traffic.empty()) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int step = boxHeight() + gapHeight();
    const auto index = static_cast<std::size_t>(std::max(help->pos().y() / step, 0));
    QStringList lines;
    if (index < m_traffic.size()) {
        const auto& memory = m_traffic[index];
        for (const auto tensor : model::kAllTensors) {
            const auto at = static_cast<std::size_t>(tensor);
            lines << DesignWords::tr("%1 %2: %3 words read, %4 written, holds %5")
                         .arg(fromStd(memory.memory), fromStd(word(tensor)),
                              fromStd(base::fixed(memory.reads[at], 0)),
                              fromStd(base::fixed(memory.writes[at], 0)),
                              fromStd(base::fixed(memory.tileWords[at], 0)));
        }
        if (memory.energyPicojoule > 0) {
            lines << DesignWords::tr("energy %1").arg(quantity(memory.energyPicojoule, "pJ"));
        }
    }
    QToolTip::showText(help->globalPos(), plainToolTip(lines.join(QLatin1Char('\n'))), this);
    return true;
}

}  // namespace cohelix::ui
