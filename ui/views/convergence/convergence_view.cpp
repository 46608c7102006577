// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/convergence/convergence_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <chrono>
#include <utility>

#include "core/base/units.h"

#include "ui/hub/text.h"
#include "ui/plot/line_plot.h"

namespace cohelix::ui {

namespace {

constexpr std::chrono::milliseconds kRefreshDelay{200};
/// Of the box of measures: the area.
constexpr int kArea = -1;
constexpr Column kBest[] = {Column::Accuracy, Column::Fps, Column::LatencyMs, Column::EnergyMj,
                            Column::Edp};

/// Accuracies are those that the search saw: estimates, where networks were trained later.
QString nameOf(Column column) {
    return column == Column::Accuracy ? ConvergenceView::tr("Accuracy while searching")
                                      : columnName(column);
}

QString titleOf(Column column) {
    return column == Column::Accuracy ? ConvergenceView::tr("Accuracy while searching (%)")
                                      : columnTitle(column);
}

QString groupedText(std::int64_t count) { return fromStd(base::grouped(count)); }

}  // namespace

ConvergenceView::ConvergenceView(const ViewContext& context, QWidget* parent)
    : QWidget(parent),
      m_projection(context.hub.projection()),
      m_selection(context.hub.selection()),
      m_measures(new QComboBox(this)),
      m_summary(new QLabel(this)),
      m_plot(new LinePlot(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    layout->addWidget(m_plot, 1);
    m_timer.setSingleShot(true);
    m_timer.setInterval(kRefreshDelay);
    connect(&m_timer, &QTimer::timeout, this, &ConvergenceView::refresh);
    m_plot->setHoverText(
        [this](std::size_t line, const QPointF& at) { return hoverText(line, at); });
    connect(m_plot, &LinePlot::lineClicked, this,
            [this](std::size_t line) { m_selection.selectRun(m_runs[line]); });
    connect(m_measures, &QComboBox::currentIndexChanged, this, &ConvergenceView::refresh);
    connect(&m_selection, &Selection::runChanged, this, &ConvergenceView::refresh);
    connect(&m_projection, &Projection::designsReset, this, &ConvergenceView::refresh);
    connect(&m_projection, &Projection::designsChanged, this, &ConvergenceView::queueRefresh);
    connect(&m_projection, &Projection::runsChanged, this, &ConvergenceView::queueRefresh);
}

QWidget* ConvergenceView::makeBar() {
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(6, 3, 6, 3);
    fillMeasures();
    row->addWidget(m_measures);
    row->addWidget(m_summary, 1);
    m_summary->setObjectName(QStringLiteral("convergenceSummary"));
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    return bar;
}

void ConvergenceView::fillMeasures() {
    m_measures->setAccessibleName(tr("What is followed"));
    m_measures->addItem(tr("Area under the front"), kArea);
    m_measures->setItemData(0,
                            tr("Of accuracy and FPS, from the least accuracy found and from 0 FPS; "
                               "100 % is that of all runs together"),
                            Qt::ToolTipRole);
    for (const Column column : kBest) {
        m_measures->addItem(tr("Best: %1").arg(titleOf(column)), static_cast<int>(column));
        m_measures->setItemData(m_measures->count() - 1, columnHelp(column), Qt::ToolTipRole);
    }
}

std::optional<Column> ConvergenceView::measure() const {
    const int chosen = m_measures->currentData().toInt();
    return chosen == kArea ? std::nullopt : std::optional(static_cast<Column>(chosen));
}

std::int64_t ConvergenceView::runShown() const {
    if (const auto run = m_selection.now().run) return *run;
    if (const auto active = m_projection.activeRun()) return active->id;
    return m_projection.runs().empty() ? 0 : m_projection.runs().back().id;
}

void ConvergenceView::queueRefresh() {
    m_stale = true;
    if (isVisible() && !m_timer.isActive()) m_timer.start();
}

void ConvergenceView::refresh() {
    m_stale = !isVisible();
    if (m_stale) return;
    const auto curves = convergence(m_projection.designs(), measure());
    const std::int64_t run = runShown();
    showLines(curves, run);
    showSummary(curves, run);
}

void ConvergenceView::showLines(const std::vector<RunCurve>& curves, std::int64_t run) {
    LinePlotData lines;
    lines.xTitle = tr("Designs found by the run");
    lines.yTitle = measure() ? titleOf(*measure()) : tr("Area (% of all runs together)");
    m_runs.clear();
    for (const RunCurve& curve : curves) {
        if (curve.points.empty()) continue;
        lines.lines.push_back(
            {tr("run %1").arg(curve.run), curve.points, curve.run == run, curve.run});
        m_runs.push_back(curve.run);
    }
    const bool none = lines.lines.empty();
    m_plot->setData(std::move(lines));
    m_measures->setToolTip(m_measures->currentData(Qt::ToolTipRole).toString());
    m_plot->setEmptyText(none ? emptyText() : QString());
}

QString ConvergenceView::emptyText() const {
    if (m_projection.designs().empty()) {
        return tr(
            "Whether a search still finds anything better.\nIt is drawn here as designs are "
            "found.");
    }
    return measure() ? tr("No design within the limits has this figure yet.")
                     : tr("It takes two designs within the limits, of different accuracy.");
}

void ConvergenceView::showSummary(const std::vector<RunCurve>& curves, std::int64_t run) {
    QString text;
    for (const RunCurve& curve : curves) {
        if (curve.run != run || curve.points.empty()) continue;
        const std::int64_t since = curve.designs - curve.lastBetter;
        text = tr("Run %1: %2, ").arg(run).arg(valueText(curve.points.back().y()));
        text += since == 0 ? tr("better with design %1").arg(groupedText(curve.designs))
                           : tr("unchanged for %1 of %2 designs")
                                 .arg(groupedText(since), groupedText(curve.designs));
    }
    m_summary->setText(text);
}

QString ConvergenceView::valueText(double value) const {
    const auto column = measure();
    if (!column) return tr("%1 % of all runs' area").arg(fromStd(base::fixed(value, 1)));
    const QString unit = columnUnit(*column);
    const QString figure = ui::valueText(value, *column);
    return nameOf(*column) + ' ' + (unit.isEmpty() ? figure : figure + ' ' + unit);
}

QString ConvergenceView::hoverText(std::size_t line, const QPointF& at) const {
    return tr("<b>run %1</b><br>with design %2 of it: %3")
        .arg(m_runs[line])
        .arg(groupedText(static_cast<std::int64_t>(at.x())), valueText(at.y()).toHtmlEscaped());
}

void ConvergenceView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale) refresh();
}

}  // namespace cohelix::ui
