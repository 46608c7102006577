// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The trained weights that a project keeps of a design, for exports, replays and `check`.

#include <cstdint>
#include <optional>

#include "core/base/result.h"
#include "core/learn/learn.h"
#include "core/store/project.h"

namespace cohelix::run {

/// Nothing where none are stored. Errors: they cannot be read, with the file, the design and how to
/// rescue the rest.
base::Result<std::optional<learn::TrainedWeights>> storedWeights(store::Project& project,
                                                                 std::int64_t design);

}  // namespace cohelix::run
