// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The runs of the project: their state, and what can be done with one: show only its designs,
// go on with it.

#include <QWidget>

#include "ui/hub/view_context.h"

class QLabel;
class QTableView;

namespace cohelix::ui {

class RunsModel;

class RunsView : public QWidget {
    Q_OBJECT

public:
    explicit RunsView(const ViewContext& context, QWidget* parent = nullptr);

private:
    void takeSelection();
    void syncSelection();
    void showMenu(const QPoint& position);
    void updateEmptyText();

    Hub& m_hub;
    RunsModel* m_model;
    QTableView* m_table;
    QLabel* m_empty;
    bool m_quiet = false;  ///< the table's current row moves by itself
};

}  // namespace cohelix::ui
