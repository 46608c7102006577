// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Factors and permutations of Timeloop's directives: "C4 K=2, P5,3", "R<=3", [N=1, M>=4]. Private
// to the room.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/interop/timeloop/timeloop_yaml.h"
#include "core/interop/timeloop/yaml_reader.h"

namespace cohelix::interop {

enum class FactorSign : std::uint8_t { Equal, AtMost, AtLeast };

struct TimeloopFactor {
    std::string dim;
    FactorSign sign = FactorSign::Equal;
    std::int64_t trips =
        1;              ///< 0: in a mapping what the others leave, in a constraint all there are
    bool rest = false;  ///< written as -1: what the others leave, which constrains nothing
    std::optional<std::int64_t> last;  ///< trips of the last step, where they are given
};

/// Throws BadYaml.
std::vector<TimeloopFactor> timeloopFactors(const YamlReader& node, const TimeloopNames& names);

/// Dimensions of a permutation, innermost first; `outside` follows a "_" and is outermost. Names
/// that the problem does not have are left out where they are a convolution's.
struct TimeloopOrder {
    std::vector<model::Dim> inside;
    std::vector<model::Dim> outside;
};
/// Throws BadYaml.
TimeloopOrder timeloopOrder(const YamlReader& node, const TimeloopNames& names);

}  // namespace cohelix::interop
