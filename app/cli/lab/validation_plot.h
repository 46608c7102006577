// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How far the models are from measurements, as a chart.

#include "core/chart/svg_plot.h"
#include "core/lab/validate/validation.h"

namespace cohelix::cli {

/// Predicted against measured, with the line on which both are equal; errors and rank correlations
/// in the caption. Logarithmic where the figures span more than a factor of 20. Error: the table
/// has no figures of this kind (counts that are compared for equality).
base::Result<chart::Plot> validationPlot(const validate::Validation& validation);

}  // namespace cohelix::cli
