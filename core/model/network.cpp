// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/network.h"

#include <numeric>

namespace cohelix::model {

std::int64_t macs(const Network& network) {
    return std::accumulate(network.layers.begin(), network.layers.end(), std::int64_t{0},
                           [](std::int64_t sum, const Layer& layer) { return sum + macs(layer); });
}

std::int64_t parameters(const Network& network) {
    return std::accumulate(
        network.layers.begin(), network.layers.end(), std::int64_t{0},
        [](std::int64_t sum, const Layer& layer) { return sum + parameters(layer); });
}

}  // namespace cohelix::model
