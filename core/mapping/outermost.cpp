// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/outermost.h"

namespace cohelix::mapping {

model::Mapping allOutermost(const model::Layer& layer, const nest::Hierarchy& hierarchy) {
    model::Mapping mapping;
    for (const auto& level : hierarchy.levels) {
        mapping.levels.push_back({level.name, {}, level.mayKeep});
    }
    for (const auto dim : model::kAllLoopDims) {
        const auto size = model::loopSize(layer, dim);
        if (size > 1) mapping.levels.front().loops.push_back({dim, size});
    }
    return mapping;
}

base::Result<void> checkCountable(const model::Layer& layer, nest::Hierarchy hierarchy,
                                  const nest::Convention& convention) {
    for (auto& memory : hierarchy.levels) memory.capacityWords = 0;
    const auto cost =
        nest::evaluateLoopNest(layer, allOutermost(layer, hierarchy), hierarchy, convention);
    if (!cost) return cost.error();
    return {};
}

}  // namespace cohelix::mapping
