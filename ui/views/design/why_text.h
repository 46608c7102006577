// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the Why view says, as rich text free of widgets.

#include <QPalette>
#include <QString>

#include "core/explain/side_by_side.h"

#include "ui/hub/design_why.h"

namespace cohelix::ui {

/// Whether the design fits what it is held against, each excess, and the smallest change that would
/// make it fit.
QString fitHtml(const DesignWhy& why, const DesignDetails& details, const QPalette& palette);
/// A line for each sensitivity.
QString boughtHtml(const DesignWhy& why);
/// A layer under both forms of the FPGA model and as a loop nest, and each difference with its
/// cycles.
QString modelsHtml(const base::Result<explain::SideBySide>& sides, const QPalette& palette);
/// Instead of them, where the design has no pipeline chunk for the layer.
QString noModelsHtml();

}  // namespace cohelix::ui
