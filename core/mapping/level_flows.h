// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What loops at every memory move: counted from the innermost loop outwards, one loop after the
// other, and bounded from below for all that may still stand outside. Private to the room.

#include <array>
#include <cstdint>
#include <vector>

#include "core/nest/hierarchy.h"
#include "core/nest/loop_nest.h"
#include "core/nest/nest.h"
#include "core/nest/window.h"

namespace cohelix::mapping {

inline constexpr std::size_t kMostNestLevels = 12;

/// Words of each level, all its instances, and their energy.
struct LevelFlows {
    double picojoule = 0;
    std::array<double, kMostNestLevels> reads = {};
    std::array<double, kMostNestLevels> writes = {};
};

/// Trips that are unrolled inside each level, rows and columns together.
using UnrolledTrips = std::vector<nest::LoopSizes>;

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
    std::array<nest::Distances, kMostNestLevels> back = {};
};

/// By level: what its own loops and all inside it span.
using LevelExtents = std::array<nest::LoopSizes, kMostNestLevels>;

/// A layer on a hierarchy under one choice of unrolled loops and of what memories keep.
class LevelFlowModel {
public:
    LevelFlowModel(const nest::Nest& shape, const nest::Hierarchy& hierarchy,
                   const nest::Convention& convention, const UnrolledTrips& unrolled);

    /// The memory of a level, once the loops of its own level and all inside it are known.
    void begin(TileFills& fills, std::size_t level, const LevelExtents& extents) const;
    /// The next loop outwards; every memory from `level` + 1 inwards sees it. `step`: of one
    /// iteration, along its dimension.
    void turn(TileFills& fills, std::size_t level, const LevelExtents& extents, model::Dim dim,
              std::int64_t trips, std::int64_t step) const;
    /// All loops of one level in whatever order is best for each tensor by itself.
    void turnAtBest(TileFills& fills, std::size_t level, const nest::LoopSizes& trips) const;
    /// What a nest moves of which the levels from `level` inwards are known; `rest`: trips outside.
    LevelFlows flows(const TileFills& fills, std::size_t level, const LevelExtents& extents,
                     const nest::LoopSizes& rest) const;
    /// Whether the tiles fit the memory of a level.
    bool fits(std::size_t level, const nest::LoopSizes& extent) const;

    /// Cycles that compute and the bandwidths ask for, at least.
    double cycles(const LevelFlows& flows) const;

private:
    /// Products over the trips that stand outside, by what they do to a tensor's tiles.
    struct Rest {
        double all = 1;
        double foreign = 1;   ///< of dimensions that do not index it
        double replaces = 1;  ///< of those that exchange a whole tile
    };

    double wordsOf(model::Tensor tensor, const nest::LoopSizes& extent) const;
    double keptWords(const nest::LoopSizes& extent, const nest::Distances& moved) const;
    bool countsRounds(model::Tensor tensor) const;
    double arrivals(model::Tensor tensor, std::size_t level, const TileFill& fill,
                    const Rest& rest) const;
    double sharedInputs(std::size_t server, std::size_t level, const nest::LoopSizes& extent) const;
    void feed(model::Tensor tensor, std::size_t level, LevelFlows& flows) const;
    void moveOutputs(std::size_t server, std::size_t level, double arrive, LevelFlows& flows) const;
    void moveOperands(model::Tensor tensor, std::size_t server, std::size_t level, double arrive,
                      const nest::LoopSizes* extent, LevelFlows& flows) const;

    const nest::Nest& m_shape;
    const nest::Hierarchy& m_hierarchy;
    const nest::Convention& m_convention;
    /// By level, and past the last: product of what is unrolled outside it, and of the dimensions
    /// of it that do not index a tensor.
    std::vector<nest::LoopSizes> m_outside;
    std::vector<double> m_instances;
    std::array<std::vector<double>, model::kTensors> m_foreign;
    double m_macs = 1;
    double m_inputReads = 1;  ///< multiply-accumulates that meet a word of the inputs
    double m_computeCycles = 0;
    std::array<double, model::kTensors> m_words = {};  ///< of the whole tensor
};

}  // namespace cohelix::mapping
