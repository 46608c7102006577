// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A good mapping soon, for searches whose time is limited: annealing over the loops of a map space.
// It proves nothing. Private to the room.

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/mapping/mapper.h"

namespace cohelix::mapping {

/// Where loops may stand: the temporal ones of a block, or what is unrolled along rows or columns.
struct LoopPlace {
    std::size_t level = 0;
    model::LoopKind kind = model::LoopKind::Temporal;
    std::int64_t most = 0;  ///< trips of all its loops together; 0: any
    TripRules rules = {};
    bool ordered = true;  ///< the order of its loops matters
};

/// What each memory keeps, by level.
using Keeps = std::vector<std::array<bool, model::kTensors>>;

struct Annealing {
    const model::Layer& layer;
    const nest::Hierarchy& hierarchy;
    const MapperOptions& options;
    std::vector<LoopPlace> places = {};  ///< from the outside inwards
    std::vector<Keeps> keepings = {};    ///< to choose from, at least one
    model::Mapping start = {};           ///< of the space; it keeps what the first choice says
    /// Whether a mapping is one of the space; asked of those that would be offered.
    std::function<bool(const model::Mapping&)> allowed = {};
    std::function<void(const model::Mapping&, const nest::LoopNestResult&)> offer = {};
    double seconds = 0;  ///< that it may take
};

/// The part of a search's time for a brief search from which annealing begins; the search starts
/// anew after.
constexpr double briefSeconds(double limit) { return std::min(0.1 * limit, 0.5); }
/// The part of a search's time for annealing. Most is left for the proof.
constexpr double annealingSeconds(double limit) { return std::min(0.2 * limit, 0.5); }

/// Offers every mapping that is better than all it has met. All trips divide.
void anneal(const Annealing& task);

}  // namespace cohelix::mapping
