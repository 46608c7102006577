// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// From choices to a priced design: what a search reports, and what is compared with it when a
// stored design is worked out again.

#include "core/base/result.h"
#include "core/model/design.h"
#include "core/model/network.h"
#include "core/pricing/layer_mapper.h"
#include "core/specification/specification.h"

namespace cohelix::pricing {

struct PricedDesign {
    model::Network network;
    model::DesignCost cost;
};

/// Network, accelerator, the mapping of each layer as the specification asks for it, and the cost.
/// Depends on nothing but the specification and the choices, which are of its spaces. The error is
/// that of the cost model.
base::Result<PricedDesign> priceDesign(const spec::Specification& specification,
                                       const model::DesignChoices& choices, LayerMapper& mapper);

}  // namespace cohelix::pricing
