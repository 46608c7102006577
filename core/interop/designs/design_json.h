// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A whole design as JSON: what was chosen, the network's layers, the accelerator, the mapping,
// cost and utilization of each layer.

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/hardware/resources.h"
#include "core/learn/learn.h"
#include "core/specification/specification.h"
#include "core/store/whole_design.h"

namespace cohelix::interop {

/// Everything that an export of one design draws on.
struct DesignDocument {
    store::DesignRow row;
    std::vector<std::pair<std::string, std::string>> choices;  ///< name and option
    model::Network network;
    model::Accelerator accelerator;  ///< fitted to its layers (hardware::fittedAccelerator)
    model::DesignCost cost;  ///< one layer per layer of the network, chunks as the accelerator's
    /// What the accuracy of trained weights was evaluated with, by layer; empty: floating point.
    std::vector<learn::LayerPrecision> precision = {};
    /// What a pipeline takes of what its device has, by the model's count, and what one fixed array
    /// takes.
    std::vector<hardware::ResourceLine> resources = {};
};
/// How many layers each chunk executes.
std::vector<int> layersOfChunks(const DesignDocument& design);

/// Errors: a design without a cost.
base::Result<DesignDocument> describeDesign(const store::WholeDesign& design);

/// {"design", "run", "state", figures, "choices", "network", "accelerator", "resources",
/// "idle_chunks", "cost"}; accuracies in percent; units are part of the keys.
base::Json designJson(const DesignDocument& design);

/// {"design", "accelerator", "resources", "idle_chunks", "mappings"}: what a hardware generator
/// needs.
base::Json acceleratorJson(const DesignDocument& design);

/// A list of {"name", "used", "placed", "available", "estimate"}: what counts is what is used.
base::Json resourcesJson(const std::vector<hardware::ResourceLine>& lines);

/// The figures of a design: totals, then chunk by chunk and layer by layer with mappings and
/// traffic. What the model does not count is null.
base::Json costJson(const model::Network& network, const model::Accelerator& accelerator,
                    const model::DesignCost& cost);

/// One object per memory level, outermost first, its loops outermost first.
base::Json mappingJson(const model::Mapping& mapping);

}  // namespace cohelix::interop
