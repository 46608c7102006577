// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/layer_bits.h"

namespace cohelix::search {

std::vector<int> layerBits(const space::Specification& specification,
                           const model::DesignChoices& choices) {
    const auto network = space::buildNetwork(specification.network, choices.network);
    const auto accelerator =
        space::buildAccelerator(specification.accelerator, choices.accelerator, network);
    const bool pipeline = accelerator.isPipeline();
    std::vector<int> bits;
    for (const int chunk :
         space::allocateLayers(specification.accelerator, choices.accelerator, network)) {
        const auto index = static_cast<std::size_t>(chunk);
        bits.push_back(pipeline ? accelerator.pipeline[index].bits
                                : accelerator.arrays[index].bits);
    }
    return bits;
}

}  // namespace cohelix::search
