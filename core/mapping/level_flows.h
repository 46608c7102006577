// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What loops at every memory move: counted from the innermost loop outwards, one loop after the
// other, and bounded from below for all that may still stand outside. Private to core/mapping.

#include <array>
#include <cstdint>
#include <vector>

#include "core/cost/hierarchy.h"
#include "core/cost/loop_nest.h"
#include "core/cost/nest.h"
#include "core/cost/window.h"

namespace cohelix::mapping {

inline constexpr std::size_t kMostNestLevels = 12;

/// Words of each level, all its instances, and their energy.
struct LevelFlows {
    double picojoule = 0;
    std::array<double, kMostNestLevels> reads = {};
    std::array<double, kMostNestLevels> writes = {};
};

/// Trips that are unrolled inside each level, rows and columns together.
using UnrolledTrips = std::vector<cost::LoopSizes>;

/// What comes into one instance of a memory that keeps a tensor while the loops outside it that are
/// known go round once.
struct TileFill {
    /// That come in, at least; of inputs with zeros around them how often each word does.
    double words = 0;
    double tile = 0;        ///< that it holds
    bool replaced = false;  ///< a loop outside exchanges the whole tile
    bool slid = false;      ///< a loop outside slides it
};

/// By tensor and level.
struct TileFills {
    std::array<std::array<TileFill, kMostNestLevels>, model::kTensors> of = {};
    /// From the inputs' last step to the first, along the sliding axes.
    std::array<cost::Distances, kMostNestLevels> back = {};
};

/// By level: what its own loops and all inside it span.
using LevelExtents = std::array<cost::LoopSizes, kMostNestLevels>;

/// A layer on a hierarchy under one choice of unrolled loops and of what memories keep.
class LevelFlowModel {
public:
    LevelFlowModel(const cost::Nest& shape, const cost::Hierarchy& hierarchy,
                   const cost::Convention& convention, const UnrolledTrips& unrolled);

    /// The memory of a level, once the loops of its own level and all inside it are known.
    void begin(TileFills& fills, std::size_t level, const LevelExtents& extents) const;
    /// The next loop outwards; every memory from `level` + 1 inwards sees it. `step`: of one
    /// iteration, along its dimension.
    void turn(TileFills& fills, std::size_t level, const LevelExtents& extents, model::Dim dim,
              std::int64_t trips, std::int64_t step) const;
    /// All loops of one level in whatever order is best for each tensor by itself.
    void turnAtBest(TileFills& fills, std::size_t level, const cost::LoopSizes& trips) const;
    /// Of a nest whose levels from `level` inwards are known; `rest`: trips that stand outside.
    LevelFlows flows(const TileFills& fills, std::size_t level, const LevelExtents& extents,
                     const cost::LoopSizes& rest) const;
    /// Whether the tiles fit the memory of a level.
    bool fits(std::size_t level, const cost::LoopSizes& extent) const;

    /// Cycles that compute and the bandwidths ask for, at least.
    double cycles(const LevelFlows& flows) const;

private:
    /// Products over the trips that stand outside, by what they do to a tensor's tiles.
    struct Rest {
        double all = 1;
        double foreign = 1;   ///< of dimensions that do not index it
        double replaces = 1;  ///< of those that exchange a whole tile
    };

    double wordsOf(model::Tensor tensor, const cost::LoopSizes& extent) const;
    double keptWords(const cost::LoopSizes& extent, const cost::Distances& moved) const;
    bool countsRounds(model::Tensor tensor) const;
    double arrivals(model::Tensor tensor, std::size_t level, const TileFill& fill,
                    const Rest& rest) const;
    double sharedInputs(std::size_t server, std::size_t level,
                        const cost::LoopSizes& extent) const;
    void feed(model::Tensor tensor, std::size_t level, LevelFlows& flows) const;
    void moveOutputs(std::size_t server, std::size_t level, double arrive, LevelFlows& flows) const;
    void moveOperands(model::Tensor tensor, std::size_t server, std::size_t level, double arrive,
                      const cost::LoopSizes* extent, LevelFlows& flows) const;

    const cost::Nest& m_shape;
    const cost::Hierarchy& m_hierarchy;
    const cost::Convention& m_convention;
    /// By level, and past the last: product of what is unrolled outside it, and of the dimensions
    /// of it that do not index a tensor.
    std::vector<cost::LoopSizes> m_outside;
    std::vector<double> m_instances;
    std::array<std::vector<double>, model::kTensors> m_foreign;
    double m_macs = 1;
    double m_inputReads = 1;  ///< multiply-accumulates that meet a word of the inputs
    double m_computeCycles = 0;
    std::array<double, model::kTensors> m_words = {};  ///< of the whole tensor
};

}  // namespace cohelix::mapping
