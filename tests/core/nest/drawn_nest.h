// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Random layers, mappings and hierarchies small enough to be walked, for properties of the
// loop-nest model. Drawn inside a property of RapidCheck.

#include <string>

#include "core/model/mapping.h"
#include "core/nest/hierarchy.h"

namespace cohelix::nest {

struct Sample {
    model::Layer layer;
    model::Mapping mapping;
    Hierarchy hierarchy;
};

std::string textOf(const Sample& sample);

/// Ranges would grow with the number of cases; these are drawn in full from the first.
int between(int least, int most);

/// Zeros that leave some inputs.
model::Border drawBorder(const model::Layer& layer);
/// All unbounded and free; half of them with loops that do not divide, half with a border.
Sample drawSample();
/// Makes the layer as large as the loops span, so that they divide.
void coverExactly(Sample& sample);

}  // namespace cohelix::nest
