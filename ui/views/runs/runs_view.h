// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The runs of the project: their state, and what can be done with one: show only its designs,
// go on with it.

#include <QWidget>

#include "ui/hub/hub.h"

class QLabel;
class QTableView;

namespace cohelix::ui {

class RunsModel;

class RunsView : public QWidget {
    Q_OBJECT

public:
    explicit RunsView(Hub& hub, QWidget* parent = nullptr);

    /// The run of the selected row; nothing when none is selected.
    std::optional<std::int64_t> selectedRun() const;

private:
    void showMenu(const QPoint& position);
    void updateEmptyText();

    Hub& m_hub;
    RunsModel* m_model;
    QTableView* m_table;
    QLabel* m_empty;
};

}  // namespace cohelix::ui
