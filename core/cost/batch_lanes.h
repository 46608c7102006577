// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A stretch of a batch in vector registers, one mapping a lane. Private to core/cost.

#include <cstddef>
#include <cstdint>

#include "core/cost/loop_nest.h"
#include "core/cost/nest.h"

namespace cohelix::cost {

inline constexpr std::size_t kMostLaneLevels = 8;

/// What all mappings of a batch share.
struct LanePlan {
    const Nest& shape;  ///< loops and layer; trips do not matter
    const model::Mapping& mapping;
    const Hierarchy& hierarchy;
    const Convention& convention;
    std::int64_t macs = 0;
};

enum class LaneVerdict : std::uint8_t {
    Refused,
    Valid,
    Left  ///< to evaluateLoopNest
};

/// Where the figures of a stretch go.
struct LaneColumns {
    LaneVerdict* verdicts;
    double* cycles;
    double* energyPicojoule;
    TensorTraffic* traffic;  ///< levels x tensors a mapping; null: not asked for
};

/// Evaluates `count` mappings; those of loop l begin at trips[l * stride].
void evaluateLanes(const LanePlan& plan, const std::int64_t* trips, std::size_t stride,
                   std::size_t count, const LaneColumns& columns);

}  // namespace cohelix::cost
