// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A whole network on an accelerator of chunks: figures, which chunk executes what, what limits it
// and whether it fits a device.

#include <string>
#include <vector>

#include "core/hardware/resources.h"
#include "core/model/design.h"

#include "app/cli/cost/cost_input.h"
#include "app/cli/cost/explanation_report.h"

namespace cohelix::cli {

struct PricedNetwork {
    std::string name;
    model::Network network;  ///< what is priced of it
    hardware::Coverage coverage;
    model::Accelerator accelerator;  ///< fitted to its layers
    model::Device device;
    std::string allocation;  ///< how layers came to their chunks, in words
    model::DesignCost cost;
    explain::Explanation explanation;
    std::vector<hardware::ResourceLine> resources;
    Fit fit;
    StatedBits bits = {};
    std::vector<std::string> notes = {};  ///< layers on chunks of fewer bits than the model states
};

/// Layers go to chunks as the document says, or else are cut into runs for the least period. What
/// no chunk can execute is left out and named. Errors: of the allocation; nothing can be priced.
base::Result<PricedNetwork> priceNetwork(const LayerList& list,
                                         const interop::AcceleratorDocument& document,
                                         const model::Device& device);

base::Json networkJson(const PricedNetwork& priced);
std::string networkText(const PricedNetwork& priced);

}  // namespace cohelix::cli
