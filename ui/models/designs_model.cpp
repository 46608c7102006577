// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/designs_model.h"

#include <QFont>

namespace cohelix::ui {

namespace {

/// Names are centred, words begin and figures end at one line.
QVariant alignment(Column column) {
    Qt::Alignment result = Qt::AlignVCenter;
    switch (column) {
        case Column::Id:
        case Column::Run:
        case Column::Front: result |= Qt::AlignHCenter; break;
        case Column::State:
        case Column::Grade: result |= Qt::AlignLeft; break;
        default: result |= Qt::AlignRight; break;
    }
    return QVariant::fromValue(result);
}

}  // namespace

DesignsModel::DesignsModel(const Projection& projection, QObject* parent)
    : QAbstractTableModel(parent),
      m_projection(projection),
      m_count(static_cast<int>(projection.designs().size())) {
    connect(&projection, &Projection::designsReset, this, [this] {
        beginResetModel();
        m_count = static_cast<int>(m_projection.designs().size());
        endResetModel();
    });
    connect(&projection, &Projection::designsChanged, this, &DesignsModel::take);
}

void DesignsModel::take(const RowsChange& change) {
    if (change.added > 0) {
        const int first = static_cast<int>(change.firstAdded);
        const int last = first + static_cast<int>(change.added) - 1;
        beginInsertRows({}, first, last);
        m_count = last + 1;
        endInsertRows();
    }
    // Neighbours are announced together: a proxy sorts again for every announcement.
    for (std::size_t i = 0; i < change.changed.size();) {
        std::size_t end = i + 1;
        while (end < change.changed.size() && change.changed[end] == change.changed[end - 1] + 1) {
            ++end;
        }
        Q_EMIT dataChanged(index(static_cast<int>(change.changed[i]), 0),
                           index(static_cast<int>(change.changed[end - 1]), kColumns - 1));
        i = end;
    }
}

const store::DesignRow& DesignsModel::rowAt(int row) const {
    return m_projection.designs()[static_cast<std::size_t>(row)];
}

int DesignsModel::rowOf(std::int64_t design) const {
    const auto place = m_projection.designList().placeOf(design);
    return place && static_cast<int>(*place) < m_count ? static_cast<int>(*place) : -1;
}

int DesignsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_count;
}

int DesignsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kColumns;
}

QVariant DesignsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= m_count) return {};
    const auto column = static_cast<Column>(index.column());
    const store::DesignRow& row = rowAt(index.row());
    switch (role) {
        case Qt::DisplayRole: return columnText(row, column);
        case Qt::TextAlignmentRole: return alignment(column);
        case Qt::ToolTipRole:
            return column == Column::Accuracy ? QVariant(columnText(row, Column::Grade))
                                              : QVariant(columnHelp(column));
        case Qt::FontRole: {
            if (!row.front) return {};
            QFont font;
            font.setBold(true);
            return font;
        }
        default: return {};
    }
}

QVariant DesignsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    const auto column = static_cast<Column>(section);
    switch (role) {
        case Qt::DisplayRole: return columnTitle(column);
        case Qt::ToolTipRole: return columnHelp(column);
        case Qt::TextAlignmentRole: return alignment(column);
        default: return {};
    }
}

DesignsProxy::DesignsProxy(const FilterStack& filter, DesignsModel& model, QObject* parent)
    : QSortFilterProxyModel(parent), m_filter(filter), m_model(model) {
    setSourceModel(&model);
    setDynamicSortFilter(true);
    connect(&filter, &FilterStack::changed, this, [this] { invalidateFilter(); });
}

bool DesignsProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    return columnLess(m_model.rowAt(left.row()), m_model.rowAt(right.row()),
                      static_cast<Column>(left.column()));
}

bool DesignsProxy::filterAcceptsRow(int row, const QModelIndex&) const {
    return accepts(m_filter.current(), m_model.rowAt(row));
}

}  // namespace cohelix::ui
