// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/network_delegates.h"

#include <QApplication>
#include <QPainter>
#include <QTreeView>

#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

constexpr int kLaneWidth = 12;
constexpr int kLayerIndent = 8;
constexpr int kLeastBar = 50;

void drawBackground(QPainter* painter, const QStyleOptionViewItem& option) {
    const auto* style = option.widget ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
}

QColor inkOf(const QStyleOptionViewItem& option) {
    return option.palette.color(option.state & QStyle::State_Selected ? QPalette::HighlightedText
                                                                      : QPalette::Text);
}

int outputWidth(const QWidget* widget) {
    const auto* tree = qobject_cast<const QTreeView*>(widget);
    return tree ? tree->columnWidth(NetworkModel::Output) : 0;
}

void drawLane(QPainter& painter, const SkipLanes& lanes, unsigned bit, qreal x, const QRect& cell,
              qreal rightEnd) {
    const QPointF middle(x, cell.center().y() + 0.5);
    if (lanes.above & bit) painter.drawLine(QPointF(x, cell.top()), middle);
    if (lanes.below & bit) painter.drawLine(middle, QPointF(x, cell.bottom() + 1));
    if (lanes.leaves & bit) {
        painter.drawLine(middle, QPointF(rightEnd, middle.y()));
        painter.drawEllipse(QPointF(rightEnd, middle.y()), 1.5, 1.5);
    }
    if (lanes.joins & bit) {
        painter.drawLine(middle, QPointF(rightEnd, middle.y()));
        painter.drawLine(QPointF(rightEnd - 3.5, middle.y() - 3.5), QPointF(rightEnd, middle.y()));
        painter.drawLine(QPointF(rightEnd - 3.5, middle.y() + 3.5), QPointF(rightEnd, middle.y()));
    }
}

}  // namespace

NetworkNameDelegate::NetworkNameDelegate(const NetworkModel& model, QObject* parent)
    : QStyledItemDelegate(parent), m_model(model) {}

int NetworkNameDelegate::gutter() const { return 8 + kLaneWidth * m_model.laneCount(); }

void NetworkNameDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const {
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const QString text = item.text;
    drawBackground(painter, item);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const auto lanes = index.data(NetworkModel::LanesRole).value<SkipLanes>();
    painter->setPen(QPen(
        item.state & QStyle::State_Selected ? inkOf(item) : themeOf(item.palette).accent, 1.4));
    const qreal rightEnd = option.rect.left() + gutter() - 2;
    for (int lane = 0; lane < m_model.laneCount(); ++lane) {
        const qreal x = option.rect.left() + gutter() - kLaneWidth * (lane + 1);
        drawLane(*painter, lanes, 1U << lane, x, option.rect, rightEnd);
    }
    painter->setFont(item.font);
    painter->setPen(inkOf(item));
    const bool isLayer = m_model.layerOfRow(index.row()) >= 0;
    // A heading may run into the next column where that has no text.
    const auto beside = index.siblingAtColumn(NetworkModel::Output).data().toString();
    const int more = !isLayer && beside.isEmpty() ? outputWidth(option.widget) : 0;
    const QRect area =
        option.rect.adjusted(gutter() + 4 + (isLayer ? kLayerIndent : 0), 0, more - 4, 0);
    painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter,
                      item.fontMetrics.elidedText(text, Qt::ElideRight, area.width()));
    painter->restore();
}

QSize NetworkNameDelegate::sizeHint(const QStyleOptionViewItem& option,
                                    const QModelIndex& index) const {
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.rwidth() += gutter() + kLayerIndent + 8;
    size.rheight() += 4;
    return size;
}

void NetworkShareDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const QString text = item.text;
    drawBackground(painter, item);
    if (text.isEmpty()) return;

    painter->save();
    painter->setFont(item.font);
    int numberWidth = item.fontMetrics.horizontalAdvance(QStringLiteral("100.0 %")) + 6;
    if (option.rect.width() < numberWidth + kLeastBar) {
        numberWidth = 0;  // the tool tip has the number
    } else {
        painter->setPen(inkOf(item));
        painter->drawText(option.rect.adjusted(0, 0, -6, 0), Qt::AlignRight | Qt::AlignVCenter,
                          text);
    }
    const QRectF bar(option.rect.left() + 6, option.rect.center().y() - 4,
                     option.rect.width() - numberWidth - 14, 9);
    if (bar.width() > 8) {
        const auto theme = themeOf(item.palette);
        const bool heading = index.data(NetworkModel::HeadingRole).toBool();
        drawBar(*painter, bar, index.data(NetworkModel::ShareRole).toDouble(),
                heading ? theme.accent : theme.dominated, item.palette);
    }
    painter->restore();
}

QSize NetworkShareDelegate::sizeHint(const QStyleOptionViewItem& option,
                                     const QModelIndex& index) const {
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setWidth(kLeastBar);
    return size;
}

}  // namespace cohelix::ui
