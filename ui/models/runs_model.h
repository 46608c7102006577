// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The runs of the open project as a table, the newest last.

#include <QAbstractTableModel>

#include "ui/hub/projection.h"

namespace cohelix::ui {

class RunsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Columns { Id, State, Designs, Time, Seed, Name, Started, ColumnCount };

    /// `projection` must outlive the model.
    explicit RunsModel(const Projection& projection, QObject* parent = nullptr);

    const store::RunRow& rowAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const store::RunRow& run, int column) const;
    void refresh();
    void countDesigns();

    const Projection& m_projection;
    std::vector<store::RunRow> m_rows;
    std::map<std::int64_t, std::int64_t> m_designs;  ///< counted in the hub: live
};

}  // namespace cohelix::ui
