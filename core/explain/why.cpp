// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/why.h"

#include <algorithm>
#include <functional>

#include "core/explain/single_changes.h"
#include "core/hardware/templates.h"
#include "core/pricing/layer_mapper.h"

namespace cohelix::explain {

HardLimits limitsOf(const spec::Specification& specification,
                    const std::optional<model::Device>& other) {
    auto limits = hardLimitsOf(specification);
    if (hardware::templateOf(specification.accelerator.kind).fitsByConstruction()) return limits;
    const auto& device = other ? *other : specification.device;
    if (other) limits = {device.dsp, device.bram18k};
    if (device.lut > 0) limits.lut = device.lut;
    limits.uram = device.uram;
    return limits;
}

std::string Why::relief() const {
    if (sensitivities.empty()) return {};
    const auto& best = sensitivities.front();
    return best.gain() > 0 ? "What helps most: " + best.text
                           : "No single step within the limits helps";
}

base::Result<Why> whyOf(const spec::Specification& specification, const std::vector<int>& choices,
                        const model::Network& network, const model::Accelerator& accelerator,
                        const model::DesignCost& cost, const HardLimits& limits) {
    auto mapped = accelerator;
    pricing::restoreMappings(mapped, network, cost);
    std::vector<int> chunkOfLayer;
    for (const auto& layer : cost.layers) chunkOfLayer.push_back(layer.chunk);
    const auto changes = singleChanges(specification, choices, network);
    const auto goal = goalOf(specification);
    Why why;
    why.explanation = explanationOf(network, mapped, cost);
    why.excesses = excesses(network, mapped, chunkOfLayer, limits);
    why.placed = placedNeeds(network, mapped, chunkOfLayer, limits);
    if (!why.excesses.empty()) {
        // What makes a design fit is the first thing to know where it does not.
        why.fix = smallestFix(network, chunkOfLayer, limits, changes, goal);
        return why;
    }
    auto bought = sensitivities(network, mapped, chunkOfLayer, limits, changes, goal);
    if (!bought) return bought.error();
    why.sensitivities = std::move(*bought);
    std::ranges::stable_sort(why.sensitivities, std::ranges::greater(), &Sensitivity::gain);
    return why;
}

}  // namespace cohelix::explain
