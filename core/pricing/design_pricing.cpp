// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pricing/design_pricing.h"

#include "core/hardware/evaluate.h"

namespace cohelix::pricing {

base::Result<PricedDesign> priceDesign(const spec::Specification& specification,
                                       const model::DesignChoices& choices, LayerMapper& mapper) {
    auto network = spec::buildNetwork(specification.network, choices.network);
    auto accelerator =
        hardware::buildAccelerator(specification.accelerator, choices.accelerator, network);
    const auto allocation =
        hardware::allocateLayers(specification.accelerator, choices.accelerator, network);
    if (mapper.available()) mapper.map(accelerator, network.layers, allocation);
    auto cost = hardware::evaluate(network, accelerator, allocation, specification.device);
    if (!cost) return cost.error();
    return PricedDesign{std::move(network), std::move(*cost)};
}

}  // namespace cohelix::pricing
