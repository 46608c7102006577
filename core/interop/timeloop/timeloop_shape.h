// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A problem shape of Timeloop as the layer that it is: which of its dimensions is N, K, C, P, Q,
// R, S or G, and which of its data spaces are weights, inputs and outputs. Matrix products and
// convolutions are recognised by what indexes what, whatever the letters. Private to the room.

#include <array>
#include <map>
#include <string>
#include <vector>

#include "core/interop/timeloop/timeloop_yaml.h"
#include "core/interop/timeloop/yaml_reader.h"

namespace cohelix::interop {

struct TimeloopShape {
    std::vector<std::string> dimensions;  ///< as the file names them
    TimeloopNames names;
    /// The names of what P and Q, and R and S, are multiplied by in the inputs; empty: by one.
    std::array<std::string, 2> strides = {"Wstride", "Hstride"};
    std::array<std::string, 2> dilations = {"Wdilation", "Hdilation"};
};

/// A convolution's shape, Timeloop's default.
TimeloopShape convolutionShape();
/// Throws BadYaml: what is no product of two tensors, or has dimensions that no layer has.
TimeloopShape readTimeloopShape(const YamlReader& node);

}  // namespace cohelix::interop
