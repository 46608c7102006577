// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The designs as a table: one row a design, one column a figure. The model reads the hub's list
// and keeps nothing itself; the proxy filters as the hub does and sorts by figures, not by text.

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include "ui/hub/filter.h"
#include "ui/hub/projection.h"

namespace cohelix::ui {

class DesignsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    /// `projection` must outlive the model.
    explicit DesignsModel(const Projection& projection, QObject* parent = nullptr);

    const store::DesignRow& rowAt(int row) const;
    /// Row of a design, or -1.
    int rowOf(std::int64_t design) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void take(const RowsChange& change);

    const Projection& m_projection;
    int m_count = 0;  ///< rows announced; the hub's list may already be longer
};

class DesignsProxy : public QSortFilterProxyModel {
    Q_OBJECT

public:
    /// Both must outlive it.
    DesignsProxy(const FilterStack& filter, DesignsModel& model, QObject* parent = nullptr);

protected:
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    const FilterStack& m_filter;
    DesignsModel& m_model;
};

}  // namespace cohelix::ui
