// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/runs_model.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>

#include "core/base/units.h"

#include "ui/hub/plain_text.h"
#include "ui/hub/text.h"

namespace cohelix::ui {

namespace {

/// A run's number and seed are names and centred; words begin and figures end at one line.
QVariant alignment(int column) {
    Qt::Alignment result = Qt::AlignVCenter;
    switch (column) {
        case RunsModel::Id:
        case RunsModel::Seed: result |= Qt::AlignHCenter; break;
        case RunsModel::Designs:
        case RunsModel::Time: result |= Qt::AlignRight; break;
        default: result |= Qt::AlignLeft; break;
    }
    return QVariant::fromValue(result);
}

QString localTime(const std::string& iso) {
    const auto time = QDateTime::fromString(QString::fromStdString(iso), Qt::ISODate);
    return time.isValid() ? time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm"))
                          : QString::fromStdString(iso);
}

}  // namespace

RunsModel::RunsModel(const Projection& projection, QObject* parent)
    : QAbstractTableModel(parent), m_projection(projection) {
    connect(&projection, &Projection::runsChanged, this, &RunsModel::refresh);
    connect(&projection, &Projection::designsReset, this, &RunsModel::countDesigns);
    connect(&projection, &Projection::designsChanged, this, &RunsModel::countDesigns);
    connect(&projection, &Projection::progressChanged, this, [this] {
        if (m_rows.empty()) return;
        Q_EMIT dataChanged(index(0, Time), index(rowCount() - 1, Time));
    });
    refresh();
    countDesigns();
}

void RunsModel::refresh() {
    const auto sameIds = [](const store::RunRow& a, const store::RunRow& b) {
        return a.id == b.id;
    };
    const auto& now = m_projection.runs();
    // A change of state must not take the view's selection away.
    const bool sameRows = std::equal(m_rows.begin(), m_rows.end(), now.begin(), now.end(), sameIds);
    if (!sameRows) beginResetModel();
    m_rows = now;
    if (!sameRows) {
        endResetModel();
    } else if (!m_rows.empty()) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
}

void RunsModel::countDesigns() {
    m_designs.clear();
    for (const store::DesignRow& row : m_projection.designs()) ++m_designs[row.run];
    if (!m_rows.empty()) Q_EMIT dataChanged(index(0, Designs), index(rowCount() - 1, Designs));
}

const store::RunRow& RunsModel::rowAt(int row) const {
    return m_rows[static_cast<std::size_t>(row)];
}

int RunsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString RunsModel::text(const store::RunRow& run, int column) const {
    switch (column) {
        case Id: return QString::number(run.id);
        case Name: return QString::fromStdString(run.name);
        case State: return fromStd(word(run.state));
        case Seed: return QString::number(run.seed);
        case Designs: {
            const auto found = m_designs.find(run.id);
            return QString::fromStdString(
                base::grouped(found == m_designs.end() ? 0 : found->second));
        }
        case Time: {
            const auto live = m_projection.progress();
            const bool active = live && live->run == run.id;
            return QString::fromStdString(
                base::clockTime(active ? live->elapsedSeconds : run.activeSeconds));
        }
        case Started: return localTime(run.started);
        default: return {};
    }
}

QVariant RunsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const store::RunRow& run = rowAt(index.row());
    switch (role) {
        case Qt::DisplayRole: return text(run, index.column());
        case Qt::ToolTipRole:
            return run.message.empty()
                       ? plainToolTip(tr("%1 threads, Cohelix %2")
                                          .arg(run.threads)
                                          .arg(QString::fromStdString(run.programVersion)))
                       : plainToolTip(QString::fromStdString(run.message));
        case Qt::TextAlignmentRole: return alignment(index.column());
        default: return {};
    }
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section >= ColumnCount) return {};
    const QStringList titles = {tr("Run"),  tr("State"), tr("Designs"), tr("Time (h:m:s)"),
                                tr("Seed"), tr("Name"),  tr("Started")};
    if (role == Qt::DisplayRole) return titles.at(section);
    if (role == Qt::TextAlignmentRole) return alignment(section);
    return {};
}

}  // namespace cohelix::ui
