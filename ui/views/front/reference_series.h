// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Published figures and true fronts as what the Pareto plot lays beside the designs; shared by the
// window and by `cohelix plot`.

#include <optional>

#include "core/published/figures.h"

#include "ui/hub/references.h"
#include "ui/plot/pareto_data.h"
#include "ui/views/front/pareto_points.h"

namespace cohelix::ui {

/// References are accuracies against FPS: they fit when these are the axes.
bool referencesFit(const ParetoOptions& options);
/// Whether a group's figures can stand in such a plot at all: FPS and an accuracy.
bool canBeShown(const published::Group& group);

/// The figures of the group that have an accuracy, with grade and source.
ReferenceSeries publishedSeries(const published::Group& group);

/// "nasbench-macro on wide, 900 DSP, 700 BRAM18K".
QString frontName(const store::ReferenceFront& front);
/// `coverage`: of a run of the same spaces, for the legend.
ReferenceSeries trueFrontSeries(const store::ReferenceFront& front,
                                const std::optional<Coverage>& coverage);

}  // namespace cohelix::ui
