// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The Pareto plot with its controls, bound to the hub: the same designs, selection and filter as
// every other view.

#include <QWidget>

#include "ui/hub/view_context.h"
#include "ui/plot/pareto_plot.h"
#include "ui/views/front/pareto_points.h"
#include "ui/views/front/pareto_references.h"

class QComboBox;
class QToolBar;

namespace cohelix::ui {

class ParetoView : public QWidget {
    Q_OBJECT

public:
    explicit ParetoView(const ViewContext& context, QWidget* parent = nullptr);

    ParetoPlot& plot() const { return *m_plot; }
    ParetoReferences& references() const { return *m_references; }
    const ParetoOptions& options() const { return m_options; }
    void setOptions(const ParetoOptions& options);
    /// Asks for a file and writes the plot as shown.
    void exportPlot();

private:
    void offerActions(const ViewContext& context);
    QToolBar* buildToolBar();
    void addColumnBoxes(QToolBar& bar);
    void addLimitButtons(QToolBar& bar);
    void addReferenceButton(QToolBar& bar);
    void refresh();
    void refreshLimits();
    void updateEmptyText();
    void toggleLimit(AxisKind axis, bool on);
    void dropLimit(AxisKind axis, double value);
    void clickDesign(std::int64_t design);
    Column columnOf(AxisKind axis) const;

    Hub& m_hub;
    ParetoPlot* m_plot;
    ParetoReferences* m_references;
    ParetoOptions m_options;
    QComboBox* m_xBox = nullptr;
    QComboBox* m_yBox = nullptr;
    QComboBox* m_colorBox = nullptr;
    QAction* m_logX = nullptr;
    QAction* m_frontOnly = nullptr;
    QAction* m_limitX = nullptr;
    QAction* m_limitY = nullptr;
};

}  // namespace cohelix::ui
