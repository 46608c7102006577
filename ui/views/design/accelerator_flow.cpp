// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/accelerator_flow.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "ui/views/design/accelerator_card.h"
#include "ui/views/design/design_words.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

constexpr int kMemoryWidth = 26;
constexpr int kLeft = kMemoryWidth + 24;  ///< where the cards begin
constexpr int kCardGap = 24;              ///< between cards of a row, for the arrow
constexpr int kRowGap = 30;               ///< above a row, for the bus and the wrapped arrow
constexpr int kBusAbove = 9;
constexpr int kWrapAbove = 20;
constexpr int kLeastCard = 200;
constexpr int kMostCard = 300;

void drawArrowHead(QPainter& painter, const QPointF& tip, const QColor& color) {
    QPainterPath head(tip);
    head.lineTo(tip + QPointF(-7, -4));
    head.lineTo(tip + QPointF(-7, 4));
    head.closeSubpath();
    painter.fillPath(head, color);
}

}  // namespace

AcceleratorFlow::AcceleratorFlow(QWidget* parent) : QWidget(parent) {
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void AcceleratorFlow::setCards(std::vector<ChunkCard*> cards, bool pipelined) {
    qDeleteAll(m_cards);
    m_cards = std::move(cards);
    m_pipelined = pipelined;
    for (auto* card : m_cards) {
        card->setParent(this);
        card->show();
    }
    updateGeometry();
    resizeEvent(nullptr);
    update();
}

std::vector<QRect> AcceleratorFlow::places(int width) const {
    std::vector<QRect> found;
    const int room = std::max(width - kLeft, kLeastCard);
    const int perRow = std::max(1, (room + kCardGap) / (kLeastCard + kCardGap));
    const int cardWidth = std::min(kMostCard, (room + kCardGap) / perRow - kCardGap);
    int top = kRowGap;
    for (std::size_t first = 0; first < m_cards.size(); first += static_cast<std::size_t>(perRow)) {
        const auto end = std::min(m_cards.size(), first + static_cast<std::size_t>(perRow));
        int height = 0;
        for (std::size_t i = first; i < end; ++i) {
            height = std::max(height, m_cards[i]->hasHeightForWidth()
                                          ? m_cards[i]->heightForWidth(cardWidth)
                                          : m_cards[i]->sizeHint().height());
        }
        for (std::size_t i = first; i < end; ++i) {
            const int column = static_cast<int>(i - first);
            found.emplace_back(kLeft + column * (cardWidth + kCardGap), top, cardWidth, height);
        }
        top += height + kRowGap;
    }
    return found;
}

int AcceleratorFlow::heightForWidth(int width) const {
    const auto all = places(width);
    return all.empty() ? 0 : all.back().bottom() + 8;
}

QSize AcceleratorFlow::sizeHint() const { return {2 * kLeastCard, heightForWidth(width())}; }

QSize AcceleratorFlow::minimumSizeHint() const {
    return {kLeft + kLeastCard, heightForWidth(std::max(width(), kLeft + kLeastCard))};
}

void AcceleratorFlow::resizeEvent(QResizeEvent*) {
    const auto all = places(width());
    for (std::size_t i = 0; i < m_cards.size(); ++i) m_cards[i]->setGeometry(all[i]);
}

void AcceleratorFlow::drawMemory(QPainter& painter) const {
    const auto theme = themeOf(palette());
    const QRectF box(1, kRowGap - kBusAbove - 8, kMemoryWidth,
                     m_cards.back()->geometry().bottom() - kRowGap + kBusAbove + 8);
    painter.setBrush(theme.panel);
    painter.setPen(QPen(theme.border, 1));
    painter.drawRoundedRect(box, 4, 4);
    painter.save();
    painter.translate(box.center().x(), box.top() + 34);
    painter.rotate(-90);
    painter.setPen(theme.text);
    painter.drawText(QRectF(-60, -box.width() / 2, 120, box.width()), Qt::AlignCenter,
                     DesignWords::tr("DRAM"));
    painter.restore();
}

void AcceleratorFlow::drawBus(QPainter& painter) const {
    painter.setPen(QPen(themeOf(palette()).border, 2));
    const qreal left = kMemoryWidth + 1;
    for (const auto* card : m_cards) {
        const QRect place = card->geometry();
        const qreal y = place.top() - kBusAbove;
        const qreal x = place.center().x();
        painter.drawLine(QPointF(left, y), QPointF(x, y));
        painter.drawLine(QPointF(x, y), QPointF(x, place.top()));
    }
}

void AcceleratorFlow::drawArrows(QPainter& painter) const {
    const QColor color = themeOf(palette()).accent;
    painter.setPen(QPen(color, 2));
    painter.setBrush(Qt::NoBrush);
    for (std::size_t i = 1; i < m_cards.size(); ++i) {
        const QRect from = m_cards[i - 1]->geometry();
        const QRect to = m_cards[i]->geometry();
        const QPointF tip(to.left(), to.top() + 18);
        if (from.top() == to.top()) {
            painter.drawLine(QPointF(from.right() + 1, tip.y()), tip - QPointF(6, 0));
        } else {
            QPainterPath path(QPointF(from.center().x(), from.bottom() + 1));
            path.lineTo(from.center().x(), to.top() - kWrapAbove);
            path.lineTo(to.left() - 12, to.top() - kWrapAbove);
            path.lineTo(to.left() - 12, tip.y());
            path.lineTo(tip - QPointF(6, 0));
            painter.drawPath(path);
        }
        drawArrowHead(painter, tip, color);
    }
}

void AcceleratorFlow::paintEvent(QPaintEvent*) {
    if (m_cards.empty()) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    drawMemory(painter);
    drawBus(painter);
    if (m_pipelined) drawArrows(painter);
}

}  // namespace cohelix::ui
