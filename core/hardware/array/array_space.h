// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A space of loop-nest arrays: its choices. What Template asks (template/template.h), of this
// template; how choices become chunks is array_scaling's.

#include <span>
#include <string>
#include <vector>

#include "core/hardware/template/choice.h"
#include "core/hardware/template/space.h"

namespace cohelix::hardware {

/// "SR/CK": rows/columns.
std::string toText(const ArrayStyle& style);

std::vector<Choice> arrayChoices(const AcceleratorSpace& space);
double log10Arrays(const AcceleratorSpace& space);
void makeCanonicalArrays(const AcceleratorSpace& space, std::span<int> choices);

}  // namespace cohelix::hardware
