// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cohelix::model {

/// What the time of a layer is spent on.
struct TimeLimit {
    enum class Kind : std::uint8_t {
        NotCounted,  ///< the form of the model leaves the layer out
        Compute,
        // A pipeline's transfers with DRAM
        InputRead,
        WeightRead,
        WriteBack,
        // Those that a memory of the loop nest sets
        Bandwidth,
        Refill  ///< work waits longer for tiles than it takes
    };
    Kind kind = Kind::NotCounted;
    int memory = 0;  ///< of Bandwidth and Refill: outermost first
    friend bool operator==(const TimeLimit&, const TimeLimit&) = default;
};
constexpr std::string_view word(TimeLimit::Kind kind) {
    switch (kind) {
        case TimeLimit::Kind::NotCounted: return "not counted";
        case TimeLimit::Kind::Compute: return "compute";
        case TimeLimit::Kind::InputRead: return "input read";
        case TimeLimit::Kind::WeightRead: return "weight read";
        case TimeLimit::Kind::WriteBack: return "write-back";
        case TimeLimit::Kind::Bandwidth: return "bandwidth";
        case TimeLimit::Kind::Refill: return "refill";
    }
    return {};
}
/// "compute", "buffer bandwidth"; `memory` is the name of the limit's.
std::string textOf(const TimeLimit& limit, std::string_view memory);

}  // namespace cohelix::model
