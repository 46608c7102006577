// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The loop-nest model: what moves between the levels of any memory hierarchy when a layer is
// executed by a mapping, and what that costs in cycles and energy.
//
// A level's tile is what its own loops and all inner ones touch. A memory remembers the tile of
// its previous step and nothing older. Trips that do not divide a dimension leave smaller tiles at
// its edge, counted at their size.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/layer.h"
#include "core/model/mapping.h"
#include "core/model/time_limit.h"
#include "core/nest/hierarchy.h"

namespace cohelix::nest {

/// How traffic is counted: the product's own way, and those of the versions of Timeloop whose
/// results it is held against.
struct Convention {
    std::string_view name;
    /// Inputs move as bounding boxes, gaps of a stride included; a box reuses the one before it
    /// only along a single axis and while the slide keeps its step; iterations after the second
    /// of a loop count as the second.
    bool boxes = false;
    bool stillStepEndsSlide = false;     ///< a step that moves nothing ends a slide too
    bool firstOutputFillCounts = false;  ///< the first fill of a partial sum, which nobody reads
    bool drainsCount = false;            ///< partial sums read where they leave a memory
    bool ratesInDoubles = false;         ///< cycles from words a cycle, in double arithmetic
    friend bool operator==(const Convention&, const Convention&) = default;
};

/// What really moves, element by element.
inline constexpr Convention kExact{.name = "exact", .drainsCount = true};
inline constexpr Convention kTimeloop2022{.name = "timeloop-2022",
                                          .boxes = true,
                                          .stillStepEndsSlide = true,
                                          .firstOutputFillCounts = true,
                                          .ratesInDoubles = true};
/// Until its correction of translations in January 2025.
inline constexpr Convention kTimeloop2024{
    .name = "timeloop-2024", .boxes = true, .stillStepEndsSlide = true, .ratesInDoubles = true};
inline constexpr Convention kTimeloop2025{
    .name = "timeloop-2025", .boxes = true, .ratesInDoubles = true};
inline constexpr std::array kConventions = {kExact, kTimeloop2022, kTimeloop2024, kTimeloop2025};

/// Traffic of one tensor at one level, words over all instances in use.
struct TensorTraffic {
    std::int64_t tile = 0;      ///< words that one instance holds, at most
    std::int64_t reads = 0;     ///< out of the level towards the PEs
    std::int64_t fills = 0;     ///< into the level from outside
    std::int64_t updates = 0;   ///< into the level from inside (outputs)
    std::int64_t drains = 0;    ///< out of the level towards outside (outputs)
    std::int64_t forwards = 0;  ///< of the fills, words that a neighbour gave over links of its own
    friend bool operator==(const TensorTraffic&, const TensorTraffic&) = default;
};

struct LevelResult {
    std::array<TensorTraffic, model::kTensors> tensors = {};   ///< by Tensor
    std::array<double, model::kTensors> energyPicojoule = {};  ///< by Tensor
    std::int64_t instances = 1;                                ///< in use
    double cycles = 0;                                         ///< that its bandwidth needs
    double waitCycles = 0;  ///< that work waits for what of its tiles has no room
    double occupancy = 0;   ///< tiles / capacity; 0 where unbounded
};

struct LoopNestResult {
    std::vector<LevelResult> levels;
    std::int64_t macs = 0;
    std::int64_t pesInUse = 1;
    double computeCycles = 0;  ///< steps of the whole nest
    double exposedCycles = 0;  ///< without work: waiting for tiles without room, first tiles and
                               ///< last drains; what several memories wait for at once counts once
    double cycles = 0;
    int limitingLevel = -1;  ///< whose bandwidth is slower than work and waits; -1: none
    int waitingLevel = -1;   ///< that work waits for longest, where waits exceed work; -1: none
    double macPicojoule = 0;
    double staticPicojoule = 0;
    double energyPicojoule = 0;      ///< of all levels, multipliers and static power
    double spatialUtilization = 0;   ///< MACs / (compute steps * PEs), edges and idle PEs counted
    double temporalUtilization = 0;  ///< compute cycles / cycles
};

/// Whether work may wait for weights or inputs that have no room beside the tile before.
inline bool mayWait(const MemoryLevel& memory) {
    const auto keeps = [&memory](model::Tensor tensor) {
        return memory.mayKeep[static_cast<std::size_t>(tensor)];
    };
    return memory.capacityWords > 0 && !memory.doubleBuffered && !memory.refillsInPlace &&
           (keeps(model::Tensor::Weights) || keeps(model::Tensor::Inputs));
}

/// Whether the border of a layer's inputs is read like words: by this hardware, or as Timeloop
/// counts, which knows none. evaluateLoopNest counts model::withZerosAsWords then.
bool readsBorder(const model::Layer& layer, const Hierarchy& hierarchy,
                 const Convention& convention);

/// What the cycles are spent on, and its text: "compute", "buffer bandwidth", or "buffer refill"
/// where work waits longer for tiles than it takes.
model::TimeLimit limitOf(const LoopNestResult& result);
std::string limitText(const LoopNestResult& result, const Hierarchy& hierarchy);

/// Evaluates one image batch. Errors, each naming the layer: the mapping has another number of
/// levels than the hierarchy, does not cover a dimension, unrolls more than the array, keeps a
/// tensor where the memory cannot, or keeps none anywhere; a tile overflows a memory (which
/// tensors, by how much); trips that do not divide or a memory that forwards under a Timeloop
/// convention; counts past 2^62.
base::Result<LoopNestResult> evaluateLoopNest(const model::Layer& layer,
                                              const model::Mapping& mapping,
                                              const Hierarchy& hierarchy,
                                              const Convention& convention = kExact);

}  // namespace cohelix::nest
