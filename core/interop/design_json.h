// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A whole design as JSON: what was chosen, the network's layers, the accelerator, the mapping,
// cost and utilization of each layer.

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/learn/learn.h"
#include "core/space/specification.h"
#include "core/store/whole_design.h"

namespace cohelix::interop {

/// Everything that an export of one design draws on.
struct DesignDocument {
    store::DesignRow row;
    std::vector<std::pair<std::string, std::string>> choices;  ///< name and option
    model::Network network;
    model::Accelerator accelerator;
    model::DesignCost cost;  ///< one layer per layer of the network, chunks as the accelerator's
    /// Of trained weights, what their accuracy was evaluated with, by layer; empty: floating point.
    std::vector<learn::LayerPrecision> precision = {};
};

/// Errors: a design without a cost.
base::Result<DesignDocument> describeDesign(const store::WholeDesign& design);

/// {"design", "run", "state", figures, "choices", "network", "accelerator", "cost"}; accuracies in
/// percent; units are part of the keys.
base::Json designJson(const DesignDocument& design);

/// {"design", "accelerator", "mappings"}: what a hardware generator needs.
base::Json acceleratorJson(const DesignDocument& design);

/// The figures of a design: totals, then chunk by chunk and layer by layer with mappings and
/// traffic.
base::Json costJson(const model::Network& network, const model::Accelerator& accelerator,
                    const model::DesignCost& cost);

/// One object per memory level, outermost first, its loops outermost first.
base::Json mappingJson(const model::Mapping& mapping);

}  // namespace cohelix::interop
