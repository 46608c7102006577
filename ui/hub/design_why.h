// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Why a design is as it is, as the views ask for it: held against its specification's limits or
// against a device.

#include <QString>

#include "core/explain/why.h"

#include "ui/hub/design_details.h"

namespace cohelix::ui {

struct DesignWhy {
    std::int64_t design = 0;
    QString device;  ///< by name; empty: the specification's limits
    explain::Why why;
    QString problem;  ///< why there is nothing else here; usually empty
};

/// Prices hundreds of neighbours of the design: not for the UI thread. Its cost has layers.
DesignWhy explainDesign(const DesignDetails& details, const QString& device);

}  // namespace cohelix::ui
