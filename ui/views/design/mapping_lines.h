// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A mapping as the lines of its loop nest: a heading for each memory with what it keeps, a line
// for each loop, and the multiply-accumulate in the middle. Free of widgets.

#include <QString>
#include <vector>

#include "core/model/mapping.h"

namespace cohelix::ui {

struct NestLine {
    enum class Kind { Memory, Temporal, Spatial, Body };
    Kind kind = Kind::Temporal;
    int depth = 0;  ///< loops around it
    QString text;   ///< "for k in 0..16", "parallel-for c in 0..8"
    QString note;   ///< beside it: what a memory keeps, where a loop is unrolled
    QString toolTip;
    model::Loop loop;  ///< Kind::Temporal and Kind::Spatial
    int level = 0;     ///< index of the mapping's level
    friend bool operator==(const NestLine&, const NestLine&) = default;
};

std::vector<NestLine> nestLines(const model::Mapping& mapping);

}  // namespace cohelix::ui
