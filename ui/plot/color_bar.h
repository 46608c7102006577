// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The colour scale to the right of a plot, shared by the plots that have one.

#include "ui/hub/theme.h"
#include "ui/plot/qcustomplot_wrapper.h"

namespace cohelix::ui {

/// Puts a hidden scale beside the axes.
void addColorBar(QCustomPlot& canvas);
/// Shows it with its title and range; hides it when the title is empty.
void showColorBar(QCustomPlot& canvas, const QString& title, const QCPRange& range);
/// After the axes took over the theme.
void themeColorBar(QCustomPlot& canvas, const Theme& theme);

}  // namespace cohelix::ui
