// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the Pareto plot draws, free of where it comes from.

#include <QString>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/model/design.h"

#include "ui/hub/theme.h"

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

/// A figure that is laid beside the project's own designs.
struct ReferencePoint {
    double x = 0;
    double y = 0;
    QString name;        ///< beside the mark where there is room; empty: none
    QString card;        ///< rich text: the figure with its grade and source
    bool filled = true;  ///< of a published group: the authors' own designs
};

enum class ReferenceKind : std::uint8_t {
    Published,  ///< marks of a colour and of shapes that no design of the project has
    TrueFront   ///< the proven front, by ascending x, as a line below all points
};

struct ReferenceSeries {
    ReferenceKind kind = ReferenceKind::Published;
    Shape shape = Shape::Triangle;
    QString filledName;  ///< for the legend, what filled marks are and what hollow ones are
    QString hollowName;
    QString source;                      ///< for the legend: what it is, its grade
    std::vector<ReferencePoint> points;  ///< finite x and y only
};

struct ParetoData {
    std::vector<ParetoPoint> points;          ///< finite x and y only
    std::vector<ReferenceSeries> references;  ///< in the figures of the axes
    ParetoAxis x;
    ParetoAxis y;
    QString colorTitle;     ///< empty: colour tells front and dominated apart
    bool joinFront = true;  ///< the axes are those that the front is of
};

}  // namespace cohelix::ui
