// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Which chunk executes which layer, where nothing says so; and what a network must be like for the
// FPGA pipeline to price it.

#include <vector>

#include "core/base/result.h"
#include "core/model/accelerator.h"
#include "core/model/network.h"

namespace cohelix::cost {

/// Chunk of each layer such that the chunks of a role, in their order, execute one run each of the
/// layers of that role, in their order, and the slowest chunk is as fast as it can be. Exact; a
/// chunk may stay without layers. Errors: no chunk of a layer's role; a layer that no such chunk
/// can execute, with the reason of one.
base::Result<std::vector<int>> leastPeriodAllocation(const model::Network& network,
                                                     const model::Accelerator& accelerator);

/// The pipeline's formulas know one image, square kernels and no dilation. Errors name the layer.
base::Result<void> checkForPipeline(const model::Network& network);

/// A network that is not of our own spaces, whose layers' roles only say what they look like, such
/// that the as-published form prices all of them: that form leaves out what its authors did not
/// count of their own networks (stem, head, classifier, shortcuts). Layers are else as they were.
model::Network withAllLayersPriced(model::Network network);

}  // namespace cohelix::cost
