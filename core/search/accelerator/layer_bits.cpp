// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/accelerator/layer_bits.h"

namespace cohelix::search {

std::vector<int> layerBits(const spec::Specification& specification,
                           const model::DesignChoices& choices) {
    const auto network = spec::buildNetwork(specification.network, choices.network);
    const auto accelerator =
        hardware::buildAccelerator(specification.accelerator, choices.accelerator, network);
    std::vector<int> bits;
    for (const int chunk :
         hardware::allocateLayers(specification.accelerator, choices.accelerator, network)) {
        bits.push_back(accelerator.chunkBits(static_cast<std::size_t>(chunk)));
    }
    return bits;
}

}  // namespace cohelix::search
