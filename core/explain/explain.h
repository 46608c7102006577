// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Why a design is as fast as it is, why it does not fit, and what would change either: read off its
// cost, or found by pricing it again with one thing changed.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/hardware/evaluate.h"
#include "core/hardware/resources.h"
#include "core/model/design.h"

namespace cohelix::explain {

/// Where the cycles of all multipliers go, as shares of these; together 1. What could work but does
/// not is lost to:
struct UtilizationShares {
    double reached = 0;            ///< multiply-accumulates
    double shapeMismatch = 0;      ///< multipliers that a layer's unrolled loops leave out
    double edgeTiles = 0;          ///< unrolled, but with nothing to do at a dimension's edge
    double bandwidthStall = 0;     ///< waiting for a memory, the shared DRAM included
    double pipelineImbalance = 0;  ///< waiting for the slowest chunk
    double sum() const {
        return reached + shapeMismatch + edgeTiles + bandwidthStall + pipelineImbalance;
    }
    friend bool operator==(const UtilizationShares&, const UtilizationShares&) = default;
};

/// What sets the period: the slowest chunk, or the DRAM that all chunks share (see
/// sharedDramCycles); then the chunk is the one that moves most, and its layer likewise.
struct Bottleneck {
    int chunk = 0;
    int layer = 0;                        ///< the slowest of the chunk
    double layerShare = 0;                ///< of the chunk's time, or of its bytes
    std::string level;                    ///< the memory that it waits for, or "PE array"
    std::optional<model::Tensor> tensor;  ///< that moves most there; none where compute limits
    std::string text;                     ///< a sentence
};

struct Explanation {
    Bottleneck bottleneck;
    UtilizationShares utilization;          ///< of all multipliers over the period
    std::vector<UtilizationShares> chunks;  ///< of each chunk's over the period
    std::vector<UtilizationShares> layers;  ///< of its chunk's over the layer's own time
};

/// Explains a design as `evaluate` priced it. The network has at least one layer.
Explanation explanationOf(const model::Network& network, const model::Accelerator& accelerator,
                          const model::DesignCost& cost);

/// Unset: no limit.
struct HardLimits {
    std::optional<double> dsp = {};
    std::optional<double> bram18k = {};
    std::optional<double> lut = {};  ///< of what a design takes of tables, an estimate
    double uram = 0;  ///< no limit: blocks that memories may go to instead of block RAM
};

/// A resource of which a design needs more than there is.
struct Excess {
    std::string resource;  ///< "DSP", "BRAM18K", "LUT", "PEs", "buffer", "register file"
    double need = 0;       ///< DSP slices, blocks, tables, PEs, or words
    double limit = 0;
    double overBytes = 0;                 ///< of memories
    int chunk = 0;                        ///< that takes most of it
    int layer = 0;                        ///< the layer that makes it take so much
    std::optional<model::Tensor> tensor;  ///< of memories: that takes most room
    std::string text;                     ///< a sentence
    double over() const { return need - limit; }
};

/// All that does not fit; of each memory of each chunk the layer that is over most. Empty: it fits.
std::vector<Excess> excesses(const model::Network& network, const model::Accelerator& accelerator,
                             std::span<const int> chunkOfLayer, const HardLimits& limits);

/// What the design takes as one fixed array of its chunks' tiles, beside a limit that is held
/// against the model's count.
struct PlacedNeed {
    std::string resource;  ///< "DSP", "BRAM18K"
    double need = 0;
    std::optional<double> limit = {};
    bool isOver() const { return limit && need > *limit; }
};
/// None of a loop-nest accelerator, whose PEs are an array already.
std::vector<PlacedNeed> placedNeeds(const model::Network& network,
                                    const model::Accelerator& accelerator,
                                    std::span<const int> chunkOfLayer, const HardLimits& limits);
/// Those of a design whose placed resources are known.
std::vector<PlacedNeed> placedNeeds(const hardware::ResourceUse& placed, const HardLimits& limits);
/// Whether any is beyond its limit.
bool anyOver(std::span<const PlacedNeed> needs);
/// "190 DSP of 144 and 210 BRAM18K of 1,090".
std::string placedText(std::span<const PlacedNeed> needs);

/// A design with one of its choices changed.
struct Change {
    std::string text;  ///< "chunk0.tm: 16 to 8 channels"
    int chunk = 0;
    int steps = 1;  ///< options between the old and the new one, the new one counted
    model::Accelerator accelerator;
};

/// What a search makes small.
enum class Goal : std::uint8_t { Period, Latency, Energy, Edp };

/// The resources are those after it.
struct ChangeEffect : model::Resources {
    std::size_t change = 0;  ///< index
    std::string text;        ///< the change's
    int steps = 1;
    double before = 0;  ///< the goal's figure: cycles, pJ (pipeline: cycles), or their product
    double after = 0;
    double lut = 0;  ///< an estimate; 0 where there is no limit on it
};

/// For a design that does not fit: the change of the fewest steps after which it does; among equals
/// the best for the goal. Nothing: no single change is enough.
std::optional<ChangeEffect> smallestFix(const model::Network& network,
                                        std::span<const int> chunkOfLayer, const HardLimits& limits,
                                        std::span<const Change> changes, Goal goal = Goal::Period);

/// What one more unit of a resource would buy.
struct Sensitivity {
    std::string resource;  ///< "DRAM word a cycle", "DSP", "BRAM18K", or a change's text
    double before = 0;     ///< the goal's figure, as in ChangeEffect
    double after = 0;      ///< with one more
    /// The fewest more that let a single change improve the goal, and what it would be then;
    /// nothing where no amount does.
    std::optional<double> nextUseful;
    double afterNextUseful = 0;
    std::string text;  ///< a sentence
    double gain() const { return before > 0 ? 1 - after / before : 0; }
};

/// What more would give a design that fits: one more word a cycle from DRAM; where DRAM is shared,
/// one more GB/s of it; one more DSP slice and block RAM, put to use by the best single change; and
/// the best step of one choice of each chunk that the limits allow. `before` is the design as it
/// is, but for DSP and block RAM it is the best that a single change reaches without more of them.
/// Error: that of the loop-nest model.
base::Result<std::vector<Sensitivity>> sensitivities(const model::Network& network,
                                                     const model::Accelerator& accelerator,
                                                     std::span<const int> chunkOfLayer,
                                                     const HardLimits& limits,
                                                     std::span<const Change> changes,
                                                     Goal goal = Goal::Period);

}  // namespace cohelix::explain
