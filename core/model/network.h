// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A network: its layers in execution order, and the operator chosen for each searchable block.

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/layer.h"

namespace cohelix::model {

struct ImageShape {
    int channels = 1;
    int height = 1;
    int width = 1;
    friend bool operator==(const ImageShape&, const ImageShape&) = default;
};

struct Network {
    ImageShape input;
    int classes = 0;
    std::vector<std::string> operators;  ///< one per searchable block: "k3_e6", "skip", …
    std::vector<Layer> layers;
    friend bool operator==(const Network&, const Network&) = default;
};

std::int64_t macs(const Network& network);
std::int64_t parameters(const Network& network);

}  // namespace cohelix::model
