// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Whether a search still finds anything better: the area under its front, or its best figure, over
// the designs that it found, beside the other runs of the project.

#include <QTimer>
#include <QWidget>

#include "ui/hub/view_context.h"
#include "ui/views/convergence/convergence_curve.h"

class QComboBox;
class QLabel;

namespace cohelix::ui {

class LinePlot;

class ConvergenceView : public QWidget {
    Q_OBJECT

public:
    explicit ConvergenceView(const ViewContext& context, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeBar();
    void fillMeasures();
    /// Soon, and only while it is seen: a search reports ten times a second.
    void queueRefresh();
    void refresh();
    void showLines(const std::vector<RunCurve>& curves, std::int64_t run);
    void showSummary(const std::vector<RunCurve>& curves, std::int64_t run);
    QString hoverText(std::size_t line, const QPointF& at) const;
    QString emptyText() const;
    /// The selected run, else the one at work, else the latest; 0: none.
    std::int64_t runShown() const;
    /// Nothing: the area under the front.
    std::optional<Column> measure() const;
    QString valueText(double value) const;

    const Projection& m_projection;
    Selection& m_selection;
    QComboBox* m_measures;
    QLabel* m_summary;
    LinePlot* m_plot;
    std::vector<std::int64_t> m_runs;  ///< of the plot's lines
    QTimer m_timer;
    bool m_stale = true;
};

}  // namespace cohelix::ui
