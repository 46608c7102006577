// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/designs/designs_view.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/units.h"

#include "ui/hub/text.h"
#include "ui/models/designs_model.h"

namespace cohelix::ui {

namespace {

QString grouped(std::size_t count) {
    return QString::fromStdString(base::grouped(static_cast<std::int64_t>(count)));
}

}  // namespace

DesignsView::DesignsView(Hub& hub, QWidget* parent)
    : QWidget(parent),
      m_hub(hub),
      m_model(new DesignsModel(hub, this)),
      m_proxy(new DesignsProxy(hub, *m_model, this)),
      m_table(new QTableView(this)),
      m_count(new QLabel(this)),
      m_empty(new QLabel(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 2, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_count);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_table, 1);
    m_count->setContentsMargins(6, 0, 6, 0);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    connectSelection();
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setAccessibleName(tr("Designs"));
    m_table->verticalHeader()->hide();
    // Fixed heights: asking each of 100,000 rows would take seconds.
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_table->horizontalHeader()->setSectionsMovable(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(static_cast<int>(Column::Id), Qt::AscendingOrder);
    for (int column = 0; column < kColumns; ++column) {
        const int title = fontMetrics().horizontalAdvance(columnTitle(static_cast<Column>(column)));
        m_table->setColumnWidth(column, std::max(72, title + 34));
    }
    // Of words the longest stands in full, also in the bold rows of the front.
    QFont bold = font();
    bold.setBold(true);
    const auto widen = [this, metrics = QFontMetrics(bold)](Column column, const QString& longest) {
        m_table->setColumnWidth(static_cast<int>(column), metrics.horizontalAdvance(longest) + 24);
    };
    widen(Column::State, fromStd(word(store::DesignState::Estimated)));
    widen(Column::Grade, QStringLiteral("trained from scratch"));
    connect(m_table, &QTableView::customContextMenuRequested, this, &DesignsView::showMenu);
    syncSelection();
    updateCount();
}

void DesignsView::connectSelection() {
    // When rows go or move, the view picks another current row before it hears of our selection:
    // these connections, made before the view's own, tell its choices from the user's.
    const auto hush = [this] { m_quiet = true; };
    const auto resume = [this] {
        m_quiet = false;
        updateCount();
    };
    connect(m_proxy, &QAbstractItemModel::rowsAboutToBeRemoved, this, hush);
    connect(m_proxy, &QAbstractItemModel::modelAboutToBeReset, this, hush);
    connect(m_proxy, &QAbstractItemModel::layoutAboutToBeChanged, this, hush);
    m_table->setModel(m_proxy);
    connect(m_proxy, &QAbstractItemModel::rowsRemoved, this, resume);
    connect(m_proxy, &QAbstractItemModel::modelReset, this, resume);
    connect(m_proxy, &QAbstractItemModel::layoutChanged, this, resume);
    connect(&m_hub.projection(), &Projection::designsChanged, this, &DesignsView::updateCount);
    connect(&m_hub.filter(), &FilterStack::changed, this, [this] {
        syncSelection();
        updateCount();
    });
    connect(&m_hub, &Hub::selectionChanged, this, &DesignsView::syncSelection);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (m_quiet || !current.isValid()) return;
                m_hub.select(m_model->rowAt(m_proxy->mapToSource(current).row()).id);
            });
}

void DesignsView::syncSelection() {
    const int row = m_model->rowOf(m_hub.selectedDesign());
    const QModelIndex shown =
        row < 0 ? QModelIndex() : m_proxy->mapFromSource(m_model->index(row, 0));
    if (shown.isValid() && shown.row() == m_table->currentIndex().row()) return;
    m_quiet = true;
    const auto how = QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows;
    if (shown.isValid()) {
        m_table->selectionModel()->setCurrentIndex(shown, how);
        m_table->scrollTo(shown);
    } else {
        m_table->selectionModel()->clear();
    }
    m_quiet = false;
}

void DesignsView::updateCount() {
    const std::size_t all = m_hub.projection().designs().size();
    const auto shown = static_cast<std::size_t>(m_proxy->rowCount());
    const auto onFront =
        std::count_if(m_hub.projection().designs().begin(), m_hub.projection().designs().end(),
                      [](const store::DesignRow& row) { return row.front; });
    QString text = shown != all ? tr("%1 of %2 designs").arg(grouped(shown), grouped(all))
                   : all == 1   ? tr("1 design")
                                : tr("%1 designs").arg(grouped(all));
    text += tr(", %1 on the front").arg(grouped(static_cast<std::size_t>(onFront)));
    m_count->setText(text);
    m_count->setVisible(all > 0);
    m_table->setVisible(shown > 0);
    m_empty->setVisible(shown == 0);
    m_empty->setText(all == 0 ? tr("No designs yet. They are listed here as the search finds them.")
                              : tr("No design passes the filter."));
}

std::vector<std::int64_t> DesignsView::designsOf(ExportScope scope) const {
    std::vector<std::int64_t> result;
    if (scope == ExportScope::All) {
        for (const store::DesignRow& row : m_hub.projection().designs()) result.push_back(row.id);
        return result;
    }
    for (int row = 0; row < m_proxy->rowCount(); ++row) {
        const QModelIndex index = m_proxy->index(row, 0);
        if (scope == ExportScope::Selected &&
            !m_table->selectionModel()->isRowSelected(row, QModelIndex())) {
            continue;
        }
        result.push_back(m_model->rowAt(m_proxy->mapToSource(index).row()).id);
    }
    return result;
}

QString DesignsView::selectedText() const {
    QStringList header;
    for (int column = 0; column < kColumns; ++column) {
        header << columnTitle(static_cast<Column>(column));
    }
    QStringList lines = {header.join('\t')};
    for (const std::int64_t design : designsOf(ExportScope::Selected)) {
        const store::DesignRow* row = m_hub.projection().designList().find(design);
        QStringList cells;
        for (int column = 0; column < kColumns; ++column) {
            cells << columnText(*row, static_cast<Column>(column));
        }
        lines << cells.join('\t');
    }
    return lines.join('\n');
}

void DesignsView::copySelected() { QApplication::clipboard()->setText(selectedText()); }

void DesignsView::exportCsv(ExportScope scope) {
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Export designs"), m_hub.document().title() + QStringLiteral(".csv"),
        tr("Comma-separated values (*.csv)"));
    if (!path.isEmpty()) m_hub.files().exportDesigns(path, designsOf(scope));
}

void DesignsView::showMenu(const QPoint& position) {
    const bool any = m_table->selectionModel()->hasSelection();
    QMenu menu(this);
    const auto add = [&menu](const QString& text, bool enabled, auto work) {
        QAction* action = menu.addAction(text);
        action->setEnabled(enabled);
        QObject::connect(action, &QAction::triggered, &menu, work);
    };
    add(tr("Copy rows"), any, [this] { copySelected(); });
    menu.addSeparator();
    add(tr("Export selected rows as CSV…"), any, [this] { exportCsv(ExportScope::Selected); });
    add(tr("Export filtered rows as CSV…"), true, [this] { exportCsv(ExportScope::Filtered); });
    add(tr("Export all rows as CSV…"), true, [this] { exportCsv(ExportScope::All); });
    menu.exec(m_table->viewport()->mapToGlobal(position));
}

}  // namespace cohelix::ui
