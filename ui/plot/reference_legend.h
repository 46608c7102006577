// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The second legend of a Pareto plot: a line for each reference that is laid over it, with its
// source. Shown at every width, since no published figure stands without its grade.

#include "ui/plot/pareto_data.h"
#include "ui/plot/qcustomplot_wrapper.h"

namespace cohelix::ui {

/// Adds an empty one in a row of its own above the axes; owned by the canvas.
QCPLegend& addReferenceLegend(QCustomPlot& canvas, int row);
/// Replaces its entries, fonts and colours taken from the canvas's own legend; hides it when there
/// are none.
void fillReferenceLegend(QCPLegend& legend, const ParetoData& data, const Theme& theme);

}  // namespace cohelix::ui
