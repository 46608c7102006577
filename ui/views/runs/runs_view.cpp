// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/runs/runs_view.h"

#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/models/runs_model.h"

namespace cohelix::ui {

RunsView::RunsView(const ViewContext& context, QWidget* parent)
    : QWidget(parent),
      m_hub(context.hub),
      m_model(new RunsModel(m_hub.projection(), this)),
      m_table(new QTableView(this)),
      m_empty(new QLabel(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_empty);
    layout->addWidget(m_table);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    connect(m_table, &QTableView::customContextMenuRequested, this, &RunsView::showMenu);
    connect(&m_hub.projection(), &Projection::runsChanged, this, &RunsView::updateEmptyText);
    connect(&m_hub.control(), &Control::changed, this, &RunsView::updateEmptyText);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &RunsView::takeSelection);
    connect(m_model, &QAbstractItemModel::modelReset, this, &RunsView::syncSelection);
    connect(&m_hub.selection(), &Selection::runChanged, this, &RunsView::syncSelection);
    updateEmptyText();
}

void RunsView::takeSelection() {
    if (m_quiet) return;
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    m_hub.selection().selectRun(
        rows.isEmpty() ? std::nullopt : std::optional(m_model->rowAt(rows.first().row()).id));
}

void RunsView::syncSelection() {
    const auto wanted = m_hub.selection().now().run;
    int row = wanted ? m_model->rowCount() - 1 : -1;
    while (row >= 0 && m_model->rowAt(row).id != *wanted) --row;
    m_quiet = true;
    if (row < 0) {
        m_table->clearSelection();
    } else if (!m_table->selectionModel()->isRowSelected(row)) {
        m_table->selectRow(row);
    }
    m_quiet = false;
}

void RunsView::updateEmptyText() {
    m_empty->setText(m_hub.control().canStart() ? tr("No runs yet. Press Start (F5) to begin one.")
                                                : tr("No runs yet."));
    m_empty->setVisible(m_hub.projection().runs().empty());
    m_table->setVisible(!m_hub.projection().runs().empty());
}

void RunsView::showMenu(const QPoint& position) {
    const QModelIndex index = m_table->indexAt(position);
    if (!index.isValid()) return;
    const std::int64_t run = m_model->rowAt(index.row()).id;
    QMenu menu(this);
    const bool onlyThis = m_hub.filter().current().run == run;
    QAction* only = menu.addAction(tr("Show only designs of run %1").arg(run));
    only->setCheckable(true);
    only->setChecked(onlyThis);
    connect(only, &QAction::triggered, this, [this, run, onlyThis] {
        m_hub.filter().setRun(onlyThis ? std::nullopt : std::optional(run));
    });
    QAction* resume = menu.addAction(tr("Go on with run %1").arg(run));
    resume->setEnabled(m_hub.control().canResume(run));
    connect(resume, &QAction::triggered, this, [this, run] { m_hub.control().resume(run); });
    menu.exec(m_table->viewport()->mapToGlobal(position));
}

}  // namespace cohelix::ui
