// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/why.h"

#include "core/search/layer_mapper.h"
#include "core/search/single_changes.h"

namespace cohelix::search {

cost::HardLimits limitsOf(const space::Specification& specification,
                          const std::optional<model::Device>& other) {
    auto limits = hardLimitsOf(specification);
    if (specification.accelerator.kind == model::Template::LoopNest) return limits;
    const auto& device = other ? *other : specification.device;
    if (other) limits = {device.dsp, device.bram18k};
    if (device.lut > 0) limits.lut = device.lut;
    limits.uram = device.uram;
    return limits;
}

base::Result<Why> whyOf(const space::Specification& specification, const std::vector<int>& choices,
                        const model::Network& network, const model::Accelerator& accelerator,
                        const model::DesignCost& cost, const cost::HardLimits& limits) {
    auto mapped = accelerator;
    restoreMappings(mapped, network, cost);
    std::vector<int> chunkOfLayer;
    for (const auto& layer : cost.layers) chunkOfLayer.push_back(layer.chunk);
    const auto changes = singleChanges(specification, choices, network);
    const auto goal = goalOf(specification);
    Why why;
    why.explanation = cost::explain(network, mapped, cost);
    why.excesses = cost::excesses(network, mapped, chunkOfLayer, limits);
    why.placed = cost::placedNeeds(network, mapped, chunkOfLayer, limits);
    if (!why.excesses.empty()) {
        // Of a design that does not fit, the first thing to know is what makes it.
        why.fix = cost::smallestFix(network, chunkOfLayer, limits, changes, goal);
        return why;
    }
    auto bought = cost::sensitivities(network, mapped, chunkOfLayer, limits, changes, goal);
    if (!bought) return bought.error();
    why.sensitivities = std::move(*bought);
    return why;
}

}  // namespace cohelix::search
