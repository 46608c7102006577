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
#include <string_view>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/cost/dataflow.h"
#include "core/cost/loop_nest.h"

namespace cohelix::mapping {

enum class Objective : std::uint8_t { Latency, Energy, Edp };
/// "latency", "energy", "edp".
std::string_view objectiveName(Objective objective);
/// Cycles, picojoule, or their product. Of mappings equally fast the mapper takes the one of least
/// energy.
double objectiveValue(Objective objective, const cost::LoopNestResult& result);

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
};

/// All dimensions on the rows and columns that the hierarchy has, middle loops at the last level
/// that unrolls. Every memory keeps the tensors that it may keep.
MapSpace fullMapSpace(const cost::Hierarchy& hierarchy);

/// What a dataflow allows of it. The tensors that memories keep are the hierarchy's.
MapSpace mapSpaceOf(const cost::Hierarchy& hierarchy, const cost::Dataflow& dataflow);

struct MapperOptions {
    Objective objective = Objective::Edp;
    double seconds = 0;  ///< stop after so long with the best so far; 0: go on to the optimum
    /// Tensors may pass by any memory but the outermost; else each keeps all that it may. Of the
    /// memories of one block of loops that may keep the same tensor, at most one does.
    bool choosesBypass = false;
    /// Loops may span so much more than a dimension, as a share of it, as long as none of them
    /// could make one trip less: tilings that do not divide. 0: all divide.
    double padding = 0;
    /// That costs are counted by. Bounds are proven for `exact` alone: under another convention no
    /// result is called optimal.
    cost::Convention convention = cost::kExact;
    base::Executor* executor = nullptr;  ///< that shares the work; none: the calling thread alone
};

struct BestMapping {
    model::Mapping mapping;
    cost::LoopNestResult cost;
    double value = 0;            ///< of the objective
    double lowerBound = 0;       ///< no mapping of the space is below it
    std::int64_t tilings = 0;    ///< bounded
    std::int64_t evaluations = 0;///< of the full model
    double seconds = 0;

    bool optimal() const { return lowerBound >= value; }
    double gap() const { return value > 0 ? 1 - lowerBound / value : 0; }
};

/// Errors: the space does not fit the hierarchy (a level that is not there, an unrolling inside
/// the inner loops, two memories of one block that keep the same tensor where bypass is not
/// chosen), the outermost memory does not keep all tensors, padding under a Timeloop convention, or
/// not even the smallest tiles fit. Without a time limit the result is the same whatever the
/// threads.
base::Result<BestMapping> bestMapping(const model::Layer& layer, const cost::Hierarchy& hierarchy,
                                      const MapSpace& space, const MapperOptions& options);

}  // namespace cohelix::mapping
