// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The designs as a table with the hub's selection and filter: sortable, copied as text, exported as
// CSV.

#include <QWidget>
#include <cstdint>
#include <vector>

#include "ui/hub/view_context.h"

class QLabel;
class QModelIndex;
class QTableView;

namespace cohelix::ui {

class DesignsModel;
class DesignsProxy;

enum class ExportScope : std::uint8_t { Selected, Filtered, All };

class DesignsView : public QWidget {
    Q_OBJECT

public:
    explicit DesignsView(const ViewContext& context, QWidget* parent = nullptr);

    /// The selected rows as tab-separated text with a header line, in the order shown.
    QString selectedText() const;
    void copySelected();
    /// Designs of a scope in the order shown (all: by number).
    std::vector<std::int64_t> designsOf(ExportScope scope) const;
    /// Asks for a file and writes the designs of a scope as CSV.
    void exportCsv(ExportScope scope);

private:
    void offerActions(Actions& actions);
    void connectSelection();
    void showMenu(const QPoint& position);
    std::int64_t designAt(int row) const;
    /// Invalid where the filter hides it.
    QModelIndex shownAt(std::int64_t design) const;
    /// What the user selected in the table is what is selected everywhere.
    void takeSelection();
    void syncSelection();
    void updateCount();

    Hub& m_hub;
    DesignsModel* m_model;
    DesignsProxy* m_proxy;
    QTableView* m_table;
    QLabel* m_count;
    QLabel* m_empty;
    bool m_quiet = false;  ///< the table's current row moves by itself
};

}  // namespace cohelix::ui
