// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a mapping must obey beyond the hardware: trips of loops, their order, what memories keep,
// how much of the array is in use. A file of Timeloop says so of each memory, and so may our JSON.

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/layer.h"
#include "core/model/mapping.h"
#include "core/nest/hierarchy.h"

namespace cohelix::mapping {

/// How many trips a loop may make.
struct TripRule {
    std::int64_t least = 1;
    std::int64_t most = 0;  ///< 0: any

    bool allows(std::int64_t trips) const { return trips >= least && (most == 0 || trips <= most); }
    bool free() const { return least <= 1 && most == 0; }
    /// What both allow; nothing where `least` ends above `most`.
    TripRule with(const TripRule& other) const;
    static TripRule exactly(std::int64_t trips) { return {trips, trips}; }
    /// As many as the dimension has.
    static TripRule all() { return exactly(kAll); }
    static constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();
    friend bool operator==(const TripRule&, const TripRule&) = default;
};
using TripRules = std::array<TripRule, model::kLoopDims>;  ///< by Dim

/// What the loops of one level must obey.
struct LevelConstraints {
    TripRules temporal = {};
    TripRules rows = {};
    TripRules columns = {};
    TripRules unrolled = {};  ///< along rows and columns together
    /// The level's temporal loops of more than one trip, as far as they are named: those of
    /// `innermost` inside all others, the first innermost; those of `outermost` outside all others,
    /// the first outermost.
    std::vector<model::Dim> innermost = {};
    std::vector<model::Dim> outermost = {};
    /// Whether the memory keeps a tensor; nothing: as the hierarchy and the mapper will.
    std::array<std::optional<bool>, model::kTensors> keeps = {};  ///< by Tensor
    friend bool operator==(const LevelConstraints&, const LevelConstraints&) = default;
};

struct Constraints {
    std::vector<LevelConstraints> levels = {};  ///< outermost first, one per level of the hierarchy
    double leastUse = 0;                        ///< share of the PEs that must be in use; 0 to 1

    /// Whether anything but what memories keep is said.
    bool aboutLoops() const;
    friend bool operator==(const Constraints&, const Constraints&) = default;
};

/// One thing that constraints say.
struct Statement {
    std::string text;                         ///< "buffer: the unrolled loop over P makes 5 trips"
    std::function<void(Constraints&)> leave;  ///< unsays it
};
/// All that they say of loops, of what memories must keep and of the array, outermost level first.
std::vector<Statement> statementsOf(const nest::Hierarchy& hierarchy,
                                    const Constraints& constraints);

/// The constraints as a layer can obey them: where one asks for more trips than a dimension has it
/// gets all of them, as Timeloop does it. `notes` names each but those that ask for all.
Constraints suited(const model::Layer& layer, const nest::Hierarchy& hierarchy,
                   Constraints constraints, std::vector<std::string>& notes);

/// The hierarchy with memories that may keep no tensor which a constraint has pass them by. Error:
/// a memory must keep a tensor that it cannot.
base::Result<nest::Hierarchy> obedient(nest::Hierarchy hierarchy, const Constraints& constraints);

/// Error: rules of loops that no mapping obeys, whatever the memories: a loop that must make more
/// trips than it may, or loops that together must make more than their dimension has. The
/// constraints are suited to the layer.
base::Result<void> checkPossible(const model::Layer& layer, const nest::Hierarchy& hierarchy,
                                 const Constraints& constraints);

/// Whether a mapping obeys what is suited to the layer. Error: where it does not, naming level and
/// loop or tensor; `where` is the layer's name.
base::Result<void> checkConstraints(const model::Layer& layer, const model::Mapping& mapping,
                                    const nest::Hierarchy& hierarchy,
                                    const Constraints& constraints);

}  // namespace cohelix::mapping
