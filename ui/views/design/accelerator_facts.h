// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a chunk's card says, as label and value; free of widgets.

#include <QString>
#include <vector>

#include "core/model/accelerator.h"
#include "core/model/design.h"

namespace cohelix::ui {

struct Fact {
    QString label;
    QString value;
    QString meaning;  ///< for a tool tip
};

/// PE array, tiles, buffers, precision, resources and layers of a chunk. Figures that `cost` does
/// not have are left out.
std::vector<Fact> chunkFacts(const model::Accelerator& accelerator, const model::DesignCost& cost,
                             std::size_t chunk);

}  // namespace cohelix::ui
