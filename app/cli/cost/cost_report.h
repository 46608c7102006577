// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the cost commands answer, for people and for programs.

#include <string>

#include "core/base/json.h"
#include "core/nest/loop_nest.h"

namespace cohelix::cli {

/// A layer under a mapping. Cycles, picojoule, words; by level and tensor.
struct PricedLayer {
    const model::Layer& layer;
    const model::Mapping& mapping;
    const nest::Hierarchy& hierarchy;
    const nest::LoopNestResult& cost;
};

base::Json pricedJson(const PricedLayer& priced);
/// The loop nest, then a table of what each level moves.
std::string pricedText(const PricedLayer& priced);
/// "1,368.030 uJ".
std::string energyText(double picojoule);
/// "compute", "GLB bandwidth".
std::string limitOf(const PricedLayer& priced);

}  // namespace cohelix::cli
