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
#include <numeric>
#include <utility>

#include "core/base/units.h"

#include "ui/hub/text.h"
#include "ui/models/designs_model.h"

namespace cohelix::ui {

namespace {

QString grouped(std::size_t count) {
    return QString::fromStdString(base::grouped(static_cast<std::int64_t>(count)));
}

/// Those of whole rows, ascending.
std::vector<int> rowsOf(const QItemSelection& selection) {
    std::vector<int> rows;
    for (const QItemSelectionRange& range : selection) {
        for (int row = range.top(); row <= range.bottom(); ++row) rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

std::vector<int> rowsUpTo(int count) {
    std::vector<int> rows(static_cast<std::size_t>(count));
    std::iota(rows.begin(), rows.end(), 0);
    return rows;
}

/// Neighbours in one piece: the selection of a table grows slow with its pieces, not its rows.
QItemSelection rangesOf(std::vector<int> rows, const QAbstractItemModel& model) {
    std::sort(rows.begin(), rows.end());
    QItemSelection selection;
    for (std::size_t first = 0, next = 1; first < rows.size(); first = next++) {
        while (next < rows.size() && rows[next] == rows[next - 1] + 1) ++next;
        selection.select(model.index(rows[first], 0),
                         model.index(rows[next - 1], model.columnCount() - 1));
    }
    return selection;
}

}  // namespace

DesignsView::DesignsView(const ViewContext& context, QWidget* parent)
    : QWidget(parent),
      m_hub(context.hub),
      m_model(new DesignsModel(m_hub.projection(), this)),
      m_proxy(new DesignsProxy(m_hub.filter(), *m_model, this)),
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
    offerActions(context.actions);
    syncSelection();
    updateCount();
}

void DesignsView::offerActions(Actions& actions) {
    QAction* writing = actions.add(
        QStringLiteral("file.exportDesigns"), tr("Export &designs as CSV…"),
        QKeySequence(QStringLiteral("Ctrl+Shift+E")), [this] { exportCsv(ExportScope::Filtered); });
    actions.add(QStringLiteral("edit.copyRows"), tr("&Copy selected designs"),
                QKeySequence(QStringLiteral("Ctrl+Shift+C")), [this] { copySelected(); });
    const auto allow = [this, writing] {
        const Document& document = m_hub.document();
        writing->setEnabled(document.isOpen() && !document.busy());
    };
    connect(&m_hub.document(), &Document::stateChanged, this, allow);
    allow();
}

void DesignsView::connectSelection() {
    // When rows come, go or move, the view changes its selection before it hears of ours: these
    // connections, made before the view's own, tell its choices from the user's.
    const auto hush = [this] { m_quiet = true; };
    const auto resume = [this] {
        m_quiet = false;
        updateCount();
    };
    connect(m_proxy, &QAbstractItemModel::rowsAboutToBeInserted, this, hush);
    connect(m_proxy, &QAbstractItemModel::rowsAboutToBeRemoved, this, hush);
    connect(m_proxy, &QAbstractItemModel::modelAboutToBeReset, this, hush);
    connect(m_proxy, &QAbstractItemModel::layoutAboutToBeChanged, this, hush);
    m_table->setModel(m_proxy);
    connect(m_proxy, &QAbstractItemModel::rowsInserted, this, resume);
    connect(m_proxy, &QAbstractItemModel::rowsRemoved, this, resume);
    connect(m_proxy, &QAbstractItemModel::modelReset, this, [this, resume] {
        resume();
        syncSelection();
    });
    connect(m_proxy, &QAbstractItemModel::layoutChanged, this, resume);
    connect(&m_hub.projection(), &Projection::designsChanged, this, &DesignsView::updateCount);
    connect(&m_hub.filter(), &FilterStack::changed, this, [this] {
        syncSelection();
        updateCount();
    });
    connect(&m_hub.selection(), &Selection::designsChanged, this, &DesignsView::syncSelection);
    const auto* selected = m_table->selectionModel();
    connect(selected, &QItemSelectionModel::selectionChanged, this, &DesignsView::takeSelection);
    connect(selected, &QItemSelectionModel::currentRowChanged, this,
            [this, selected](const QModelIndex& current) {
                // A table that gets the focus looks for a current row by itself.
                if (selected->isSelected(current)) takeSelection();
            });
}

std::int64_t DesignsView::designAt(int row) const {
    return m_model->rowAt(m_proxy->mapToSource(m_proxy->index(row, 0)).row()).id;
}

QModelIndex DesignsView::shownAt(std::int64_t design) const {
    const int row = m_model->rowOf(design);
    return row < 0 ? QModelIndex() : m_proxy->mapFromSource(m_model->index(row, 0));
}

void DesignsView::takeSelection() {
    if (m_quiet) return;
    auto designs = designsOf(ExportScope::Selected);
    if (designs.empty()) return;  // what is shown stays until another is chosen
    // Where the keyboard is comes first.
    const QModelIndex current = m_table->currentIndex();
    if (current.isValid()) {
        const auto primary = std::find(designs.begin(), designs.end(), designAt(current.row()));
        if (primary != designs.end()) std::rotate(designs.begin(), primary, primary + 1);
    }
    m_quiet = true;  // the table shows it already
    m_hub.selection().selectDesigns(designs);
    m_quiet = false;
}

void DesignsView::syncSelection() {
    if (m_quiet) return;
    const QModelIndex primary = shownAt(m_hub.selection().primary());
    std::vector<int> rows;
    for (const std::int64_t design : m_hub.selection().now().designs) {
        const QModelIndex shown = shownAt(design);
        if (shown.isValid()) rows.push_back(shown.row());
    }
    QItemSelectionModel& selected = *m_table->selectionModel();
    const bool stays = primary.isValid() && primary.row() == m_table->currentIndex().row();
    m_quiet = true;
    selected.select(rangesOf(std::move(rows), *m_proxy),
                    QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    // Without a current row there is none that the keyboard would go on from.
    if (!stays) selected.setCurrentIndex(primary, QItemSelectionModel::NoUpdate);
    if (primary.isValid() && !stays) m_table->scrollTo(primary);
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
    for (const int row : scope == ExportScope::Selected
                             ? rowsOf(m_table->selectionModel()->selection())
                             : rowsUpTo(m_proxy->rowCount())) {
        result.push_back(designAt(row));
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
