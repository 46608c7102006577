// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The components of a Timeloop architecture in the order of the data's way, with how many there
// are of each. Private to the room.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/interop/timeloop/yaml_reader.h"

namespace cohelix::interop {

struct TimeloopComponent {
    YamlReader node;
    std::string name;                    ///< without its [0..N]
    std::string type;                    ///< its class
    std::vector<YamlReader> attributes;  ///< its own, then those of what contains it, inside out
    std::int64_t instances = 1;          ///< on the whole chip
    std::int64_t meshX = 1;              ///< of these along X
    bool parallel = false;               ///< beside others, each for tensors of its own

    /// Its own, or what it inherits.
    std::optional<YamlReader> attribute(std::string_view name) const;
};

/// Where the architecture unrolls, by the name of what is unrolled.
struct TimeloopFanout {
    YamlReader node;
    std::vector<std::string> names;  ///< that Timeloop's files call it
    std::size_t memory = 0;          ///< index of the memory around it
    std::int64_t meshX = 1;
    std::int64_t meshY = 1;
};

struct TimeloopTree {
    std::vector<TimeloopComponent> memories;  ///< outermost first, at least one
    TimeloopComponent multiplier;
    std::vector<TimeloopFanout> fanouts;  ///< outermost first
    bool nodes = false;                   ///< a list of nodes (v0.4), not a tree
    std::vector<std::string> notes;
};

/// The tree at the key architecture (or arch), or at the root itself. Throws BadYaml.
TimeloopTree readTimeloopTree(const YamlReader& root);

}  // namespace cohelix::interop
