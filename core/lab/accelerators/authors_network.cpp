// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/accelerators/authors_network.h"

#include <algorithm>
#include <array>

#include "core/specification/specification.h"

namespace cohelix::lab {

model::Network authorsCifarNetwork() {
    constexpr std::array kOperators = {"k5_e6",    "k5_e6", "k3_e1", "k5_e3", "k5_e3", "k5_e6",
                                       "k5_e1_g2", "k5_e1", "k5_e6", "k5_e6", "k5_e3", "k5_e6",
                                       "k5_e1_g2", "k3_e6", "k5_e6", "k3_e3", "k5_e6", "k5_e6",
                                       "k5_e3",    "k5_e6", "k5_e3", "k5_e6"};
    const auto space = spec::preset("dna-cifar10-zc706")->network;
    std::vector<int> operators;
    for (const char* name : kOperators) {
        const auto found =
            std::find(space.operators.begin(), space.operators.end(), *spec::parseOperator(name));
        operators.push_back(static_cast<int>(found - space.operators.begin()));
    }
    return spec::buildNetwork(space, operators);
}

}  // namespace cohelix::lab
