// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the Pareto plot draws, free of where it comes from.

#include <cstdint>
#include <limits>
#include <vector>

#include <QString>

#include "core/model/design.h"

namespace cohelix::ui {

struct ParetoPoint {
    std::int64_t id = 0;
    std::int64_t run = 0;
    double x = 0;
    double y = 0;
    double color = std::numeric_limits<double>::quiet_NaN();  ///< figure behind the colour
    model::AccuracyGrade grade = model::AccuracyGrade::None;
    bool front = false;
    bool within = true;  ///< inside the limits; others are drawn faint and cannot be picked
};

struct ParetoAxis {
    QString title;
    bool logarithmic = false;
    bool largerIsBetter = true;
    friend bool operator==(const ParetoAxis&, const ParetoAxis&) = default;
};

struct ParetoData {
    std::vector<ParetoPoint> points;  ///< finite x and y only
    ParetoAxis x;
    ParetoAxis y;
    QString colorTitle;   ///< empty: colour tells front and dominated apart
    bool joinFront = true;///< the axes are those that the front is of
};

}  // namespace cohelix::ui
