// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The loop-nest model: what moves between the levels of any memory hierarchy when a layer is
// executed by a mapping, and what that costs in cycles and energy.
//
// A level's tile is the box that its own loops and all inner ones span. Weights and outputs are
// refreshed when a temporal loop further out that matters to them moves on (the innermost loops
// that do not matter are free). Inputs overlap between consecutive steps of the innermost loop
// further out (sliding window); any other step fetches a full tile. Networks multicast, and reduce
// partial sums on their way. Factors that do not divide a dimension are counted as full tiles.

#include <array>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/design.h"
#include "core/model/layer.h"
#include "core/model/mapping.h"

namespace cohelix::cost {

/// Energies of one level, picojoule per word, and words per cycle of one instance; 0 words per
/// cycle: unlimited.
struct MemoryLevel {
    std::string name;
    double capacityWords = 0;         ///< of one instance; 0: unbounded
    double readPicojoule = 0;         ///< a word read out of it towards the PEs
    double fillPicojoule = 0;         ///< a word written into it from the level outside
    double updatePicojoule = 0;       ///< a partial sum written into it from inside
    double readWordsPerCycle = 0;
    double writeWordsPerCycle = 0;
    bool sharedBandwidth = false;     ///< reads and writes together have readWordsPerCycle
};

/// How cycles of levels and compute combine.
enum class Overlap : std::uint8_t {
    Full,  ///< the slowest level hides the others (Timeloop)
    None   ///< they add up (the authors' simulator, method.md 1A)
};

struct Hierarchy {
    std::vector<MemoryLevel> levels;  ///< outermost first, one per level of the mapping
    double macPicojoule = 0;
    Overlap overlap = Overlap::Full;
    /// Timeloop's table of 2022: a stationary loop between two steps of the sliding window makes
    /// it forget the overlap (timeloop-table.md 4, simple form).
    bool stationaryLoopEndsOverlap = false;
    /// Timeloop's convention that a first fill of outputs is not read from outside but still
    /// written into the inner level (timeloop-table.md 3).
    bool firstOutputFillCounts = false;
};

/// Traffic of one tensor at one level, words over all instances in use.
struct TensorTraffic {
    double tile = 0;     ///< words of one instance
    double reads = 0;    ///< out of the level towards the PEs
    double fills = 0;    ///< into the level from outside
    double updates = 0;  ///< into the level from inside (outputs)
    double drains = 0;   ///< out of the level towards outside (outputs); not charged as energy here
};

struct LevelResult {
    std::array<TensorTraffic, model::kTensors> tensors = {};
    double instances = 1;  ///< in use
    double cycles = 0;     ///< that its bandwidth needs
    double energyPicojoule = 0;
};

struct LoopNestResult {
    std::vector<LevelResult> levels;
    double computeCycles = 0;  ///< product of all temporal trips
    double cycles = 0;
    int limitingLevel = -1;    ///< -1: compute
    double energyPicojoule = 0;
};

/// Evaluates one image batch. Errors: the mapping does not cover a dimension, has another number
/// of levels than the hierarchy, or a tile overflows a memory (which tensor set, by how much).
base::Result<LoopNestResult> evaluateLoopNest(const model::Layer& layer,
                                              const model::Mapping& mapping,
                                              const Hierarchy& hierarchy);

}  // namespace cohelix::cost
