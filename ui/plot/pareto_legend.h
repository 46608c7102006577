// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The legend of a Pareto plot: one line for each kind of point that is drawn, with its mark.

#include "ui/plot/marks.h"
#include "ui/plot/pareto_data.h"
#include "ui/plot/qcustomplot_wrapper.h"

namespace cohelix::ui {

/// Replaces the entries of `legend` by those that the data needs, and hides it when there are none.
void fillLegend(QCPLegend& legend, const ParetoData& data, const Theme& theme);
/// Least width of a plot in pixels whose legend leaves room for the points.
inline constexpr int kLegendWidth = 430;

}  // namespace cohelix::ui
