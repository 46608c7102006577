// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Which layers the chunks of an accelerator can execute, and which chunk executes which, where
// nothing says so.

#include <vector>

#include "core/base/result.h"
#include "core/hardware/coverage.h"
#include "core/model/accelerator.h"
#include "core/model/network.h"

namespace cohelix::hardware {

/// Chunk of each layer such that the chunks of a role, in their order, execute one run each of the
/// layers of that role, in their order, and the slowest chunk is as fast as it can be. Exact; a
/// chunk may stay without layers. Errors: no chunk of a layer's role; a layer that no such chunk
/// can execute, with the reason of one.
base::Result<std::vector<int>> leastPeriodAllocation(const model::Network& network,
                                                     const model::Accelerator& accelerator);

/// Whether some chunk can execute the layer. Errors name it: no chunk of its role; on the FPGA
/// pipeline more than one image, a kernel that is not square, dilation; on arrays that of the chunk
/// that was tried last.
base::Result<void> checkExecutable(const model::Layer& layer,
                                   const model::Accelerator& accelerator);

/// A network without the layers that no chunk can execute, and these.
struct ExecutablePart {
    model::Network network;
    std::vector<UnpricedWork> leftOut;
};
ExecutablePart executablePart(model::Network network, const model::Accelerator& accelerator);

/// A network that is not of our own spaces, whose layers' roles only say what they look like, such
/// that the as-published form prices all of them: that form leaves out what its authors did not
/// count of their own networks (stem, head, classifier, shortcuts). Layers are else as they were.
model::Network withAllLayersPriced(model::Network network);

}  // namespace cohelix::hardware
