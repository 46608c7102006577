// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The components of a Timeloop architecture in the order of the data's way, with how many there
// are of each. Private to core/interop.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/interop/yaml_reader.h"

namespace cohelix::interop {

struct TimeloopComponent {
    YamlReader node;
    std::string name;  ///< without its [0..N]
    std::string type;  ///< its class
    std::optional<YamlReader> attributes;
    std::int64_t instances = 1;  ///< on the whole chip
    std::int64_t meshX = 1;      ///< of these along X
    bool parallel = false;       ///< beside others, each for tensors of its own
};

struct TimeloopTree {
    std::vector<TimeloopComponent> memories;  ///< outermost first, at least one
    TimeloopComponent multiplier;
    /// Containers that unroll, and the index of the memory around them.
    std::map<std::string, std::size_t> containers;
};

/// Of the key architecture (or arch), or of the root itself. Throws BadYaml.
TimeloopTree readTimeloopTree(const YamlReader& root);

}  // namespace cohelix::interop
