// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/view_table.h"

#include <QCoreApplication>

#include "ui/views/convergence/convergence_view.h"
#include "ui/views/design/design_view.h"
#include "ui/views/designs/designs_view.h"
#include "ui/views/front/pareto_view.h"
#include "ui/views/runs/log_view.h"
#include "ui/views/runs/run_bar.h"
#include "ui/views/runs/runs_view.h"
#include "ui/views/runs/steer_view.h"
#include "ui/views/spaces/spaces_view.h"

namespace cohelix::ui {

namespace {

template <typename View>
QWidget* make(const ViewContext& context, QWidget* parent) {
    return new View(context, parent);
}

constexpr ViewRow kViews[] = {
    {"searchBar", QT_TRANSLATE_NOOP("Views", "Search"), Place::Bar, "", make<RunBar>},
    {"front", QT_TRANSLATE_NOOP("Views", "Pareto front"), Place::Centre, "", make<ParetoView>},
    {"spaces", QT_TRANSLATE_NOOP("Views", "Spaces"), Place::Left, "Ctrl+1", make<SpacesView>},
    {"runs", QT_TRANSLATE_NOOP("Views", "Runs"), Place::Left, "Ctrl+2", make<RunsView>},
    {"steer", QT_TRANSLATE_NOOP("Views", "Steer"), Place::Left, "Ctrl+6", make<SteerView>},
    {"design", QT_TRANSLATE_NOOP("Views", "Design"), Place::Right, "Ctrl+3", make<DesignView>},
    {"designs", QT_TRANSLATE_NOOP("Views", "Designs"), Place::Bottom, "Ctrl+4", make<DesignsView>},
    {"convergence", QT_TRANSLATE_NOOP("Views", "Convergence"), Place::Bottom, "Ctrl+7",
     make<ConvergenceView>},
    {"log", QT_TRANSLATE_NOOP("Views", "Log"), Place::Bottom, "Ctrl+5", make<LogView>},
};

}  // namespace

std::span<const ViewRow> viewTable() { return kViews; }

QString titleOf(const ViewRow& view) { return QCoreApplication::translate("Views", view.title); }

}  // namespace cohelix::ui
