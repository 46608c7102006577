// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How two columns of the network's table are drawn: the name with the skip connections that pass
// beside it, and the share of the MACs as a bar with its number.

#include <QStyledItemDelegate>

#include "ui/views/design/network_model.h"

namespace cohelix::ui {

class NetworkNameDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit NetworkNameDelegate(const NetworkModel& model, QObject* parent);
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    int gutter() const;
    const NetworkModel& m_model;
};

class NetworkShareDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace cohelix::ui
