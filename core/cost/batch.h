// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Many mappings of one layer on one hierarchy at once: mappings with the same loops in the same
// places, which differ in their trips. That is how a mapper or a sweep visits them.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/cost/loop_nest.h"

namespace cohelix::cost {

/// Mappings as a structure of arrays.
struct MappingBatch {
    model::Mapping shape;             ///< the loops; their trips do not matter
    std::size_t count = 0;            ///< mappings
    std::vector<std::int64_t> trips;  ///< count of the outermost loop, then of the next one, ...

    /// The trips of a loop, counted over all levels from the outermost, in one mapping. One trip is
    /// as good as no loop.
    std::int64_t& trip(std::size_t loop, std::size_t mapping) {
        return trips[loop * count + mapping];
    }
    model::Mapping mapping(std::size_t index) const;
};

/// Room for so many mappings of a shape, each of which has the shape's trips.
MappingBatch batchOf(const model::Mapping& shape, std::size_t count);

struct BatchOptions {
    Convention convention = kExact;
    bool traffic = false;               ///< asks for BatchResult::traffic
    base::Executor* executor = nullptr; ///< that shares the work; none: the calling thread alone
};

/// By mapping.
struct BatchResult {
    std::vector<std::uint8_t> valid;      ///< 0 where evaluateLoopNest refuses; it says why
    std::vector<double> cycles;           ///< 0 where refused, as are all figures
    std::vector<double> energyPicojoule;
    /// Of the first mapping: the outermost level's weights, inputs, outputs, then the next level's.
    std::vector<TensorTraffic> traffic;
    std::size_t oneByOne = 0;             ///< mappings that evaluateLoopNest was asked for
    friend bool operator==(const BatchResult&, const BatchResult&) = default;
};

/// The figures of evaluateLoopNest for each mapping, bit for bit, whatever the threads and the
/// processor. Mappings whose trips multiply to the layer's sizes are counted side by side in the
/// processor's vector registers. All others are asked of evaluateLoopNest one by one and take as
/// long: trips that do not divide, windows with gaps (stride or dilation larger than what they must
/// bridge), inputs between neighbours that forward them or with zeros around them, counts near 2^47 and beyond; and all of a
/// shape of more than 64 loops or 8 levels. Error: trips are not loops x count.
base::Result<BatchResult> evaluateBatch(const model::Layer& layer, const MappingBatch& batch,
                                        const Hierarchy& hierarchy,
                                        const BatchOptions& options = {});

}  // namespace cohelix::cost
