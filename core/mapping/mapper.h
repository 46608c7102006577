// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The mapper: the best loop nest of a layer on given hardware, with a proof of how good it is.
//
// A map space has three blocks of temporal loops: outer ones over the outermost memory, middle ones
// over the memories in front of the PE array, inner ones in a PE; and unrollings in between. The
// search runs over all divisors of all dimensions in each block, all loop orders and all
// unrollings; where it is asked to, over trips that do not divide and over what memories keep. It
// visits tilings in the order of a lower bound of their cost and stops where no bound is below the
// best cost found: what it returns then is the optimum.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/mapping/constraints.h"
#include "core/nest/dataflow.h"
#include "core/nest/loop_nest.h"

namespace cohelix::mapping {

enum class Objective : std::uint8_t { Latency, Energy, Edp };
constexpr std::string_view word(Objective objective) {
    switch (objective) {
        case Objective::Latency: return "latency";
        case Objective::Energy: return "energy";
        case Objective::Edp: return "edp";
    }
    return {};
}
/// Memories, and "multipliers", of which the hierarchy gives no energy at all.
std::vector<std::string> withoutEnergy(const nest::Hierarchy& hierarchy);
/// Whether it gives any.
bool anyEnergy(const nest::Hierarchy& hierarchy);
/// Cycles, picojoule, or their product. Of mappings equally fast the mapper takes the one of least
/// energy, of those of equal energy the fastest.
double objectiveValue(Objective objective, const nest::LoopNestResult& result);

/// Dimensions that may be unrolled along the rows or columns of the instances inside a level.
struct Unrolling {
    std::size_t level = 0;
    model::LoopKind kind = model::LoopKind::Rows;
    std::int64_t most = 1;  ///< instances
    std::array<bool, model::kLoopDims> dims = {};
};

struct MapSpace {
    std::size_t middle = 0;  ///< level of the middle loops
    std::size_t inner = 0;   ///< level of the inner loops: the innermost
    std::vector<Unrolling> unrollings;
    /// Loops may stand at every memory and be unrolled wherever the hierarchy allows: blocks and
    /// unrollings are not looked at.
    bool everyLoop = false;
    /// What mappings must obey. Where this is more than what memories keep, loops may stand at
    /// every memory, as with everyLoop.
    std::optional<Constraints> constraints = {};
};

/// All dimensions on the rows and columns that the hierarchy has, middle loops at the last level
/// that unrolls. Every memory keeps the tensors that it may keep. Loops stand at every memory where
/// three blocks could not use the whole array: the innermost of three or more memories unrolls.
MapSpace fullMapSpace(const nest::Hierarchy& hierarchy);

/// What a dataflow allows of it. The tensors that memories keep are the hierarchy's.
MapSpace mapSpaceOf(const nest::Hierarchy& hierarchy, const nest::Dataflow& dataflow);

/// What memories keep, of the tensors that they may. Of the memories of one block of loops at most
/// one keeps a tensor.
enum class Keeping : std::uint8_t {
    All,       ///< all; refused where two of one block may keep the same, or tiles do not fit
    WhatFits,  ///< as much as can be: each choice in which no memory could keep one more tensor
    Chosen     ///< any choice: tensors may pass by any memory but the outermost
};

/// The largest dimension: the list of spans of a larger one takes memory and time that no layer is
/// worth.
inline constexpr std::int64_t kMostPaddedSize = 1'000'000;

struct MapperOptions {
    Objective objective = Objective::Edp;
    /// Stop after so long with the best so far, a good mapping looked for first; 0: go on to the
    /// optimum.
    double seconds = 0;
    Keeping keeping = Keeping::All;
    /// Loops may span so much more than a dimension, as a share of it, as long as none of them
    /// could make one trip less: tilings that do not divide. 0: all divide. Dimensions above
    /// kMostPaddedSize are never padded: there are too many spans to list.
    double padding = 0;
    /// That costs are counted by. Bounds are proven for `exact` alone: under another convention no
    /// result is called optimal.
    nest::Convention convention = nest::kExact;
    base::Executor* executor = nullptr;  ///< that shares the work; none: the calling thread alone
};

/// Which mappings a bound holds for, beside those that it always holds for: one temporal loop a
/// dimension at each memory.
struct Extent {
    bool ownLoops = true;     ///< with loops at every memory, not in the space's blocks alone
    bool lessKept = true;     ///< whose memories keep less than they could
    bool unevenTrips = true;  ///< whose trips do not divide

    bool everyMapping() const { return ownLoops && lessKept && unevenTrips; }
    Extent with(const Extent& other) const {
        return {ownLoops && other.ownLoops, lessKept && other.lessKept,
                unevenTrips && other.unevenTrips};
    }
};

struct BestMapping {
    model::Mapping mapping;
    nest::LoopNestResult cost;
    double value = 0;              ///< of the objective
    double lowerBound = 0;         ///< no mapping of the space is below it
    bool keepsAll = true;          ///< every memory keeps all tensors that it may
    Extent extent = {};            ///< of the bound
    std::int64_t tilings = 0;      ///< bounded
    std::int64_t evaluations = 0;  ///< of the full model
    double seconds = 0;
    std::vector<std::string> notes = {};  ///< what was not used, and why

    bool optimal() const { return value > 0 && lowerBound >= value; }
    /// The share of the value by which the bound is below it; 1: there is no bound.
    double gap() const { return value > 0 ? 1 - lowerBound / value : 0; }
};

/// Tilings that divide are searched first; of the others those alone that could be better by the
/// objective. Errors: the space does not fit the hierarchy (a level that is not there, an unrolling
/// inside the inner loops), two memories of one block keep the same tensor, the outermost memory
/// does not keep all tensors, a memory must keep what it cannot, more than 16 memories, padding
/// under a Timeloop convention, not even the smallest tiles fit, or the energy that is to be made
/// least is 0 for want of figures. Without a time limit the result is the same whatever the
/// threads.
base::Result<BestMapping> bestMapping(const model::Layer& layer, const nest::Hierarchy& hierarchy,
                                      const MapSpace& space, const MapperOptions& options);

}  // namespace cohelix::mapping
