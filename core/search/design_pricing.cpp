// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/design_pricing.h"

#include "core/cost/evaluate.h"

namespace cohelix::search {

base::Result<PricedDesign> priceDesign(const space::Specification& specification,
                                       const model::DesignChoices& choices, LayerMapper& mapper) {
    auto network = space::buildNetwork(specification.network, choices.network);
    auto accelerator =
        space::buildAccelerator(specification.accelerator, choices.accelerator, network);
    const auto allocation =
        space::allocateLayers(specification.accelerator, choices.accelerator, network);
    if (mapper.available()) mapper.map(accelerator, network.layers, allocation);
    auto cost = cost::evaluate(network, accelerator, allocation, specification.device);
    if (!cost) return cost.error();
    return PricedDesign{std::move(network), std::move(*cost)};
}

}  // namespace cohelix::search
