// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a saved state of the joint search may be. Its bytes come from a file, and a file can be
// damaged or made to do harm: every size, index, word and number is held against the specification
// before anything is done with it, and what is nested too deep or has too many values is not built
// at all. The search restores itself from what was read here, and `check` reads it the same way.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/specification/specification.h"
#include "core/specification/steering.h"

namespace cohelix::search {

inline constexpr int kStateVersion = 1;

/// Reads what CoSearch::save() wrote for this specification. `stepsPerEpoch` where the data set is
/// known, on which it depends if the specification leaves it open. Weights stay bytes: they are an
/// archive that is judged where it is unpacked. Errors: where in the state, and what cannot be.
base::Result<base::Json> readState(std::span<const std::uint8_t> bytes,
                                   const spec::Specification& specification,
                                   std::optional<std::int64_t> stepsPerEpoch = std::nullopt);

/// What a state says of when it was saved. It holds no step of its run, but these bound it.
struct SavedPlace {
    std::int64_t leastStep = 0;         ///< no step of a run trains the weights twice
    bool isBeforeTraining = false;      ///< the steps of trainings are not counted (core/run)
    std::vector<spec::Change> changes;  ///< that were made to the run before
};
/// Of a state that readState has read.
SavedPlace placeOf(const base::Json& state);

}  // namespace cohelix::search
