// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The precision in which a design computes each layer of its network.

#include <vector>

#include "core/model/design.h"
#include "core/specification/specification.h"

namespace cohelix::search {

/// Bits of the chunk that each layer runs on, in the order of the network's layers.
std::vector<int> layerBits(const spec::Specification& specification,
                           const model::DesignChoices& choices);

}  // namespace cohelix::search
