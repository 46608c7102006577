// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What can still be read of a damaged project file, as a new one.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/specification/specification.h"
#include "core/store/project.h"

namespace cohelix::store {

struct Rescue {
    struct Kept {
        std::string table;  ///< "design"
        std::int64_t rows = 0;
    };
    std::vector<Kept> kept;         ///< tables that have rows, in the order of the schema
    std::vector<std::string> lost;  ///< what is known to have been there and is not, or not whole
};

/// A state with what the file says of its run: by these it is judged.
struct SavedState {
    const Checkpoint& checkpoint;
    std::int64_t reached = 0;                 ///< as Project::reached says
    const std::vector<SteeringRow>& changes;  ///< as Project::steering has them
};

/// What only rooms above this one can tell of bytes that are kept here. What they refuse is lost;
/// one that is empty refuses nothing.
struct Judges {
    using Bytes = std::vector<std::uint8_t>;
    std::function<bool(const Bytes&)> isWeights;  ///< trained weights
    std::function<bool(const SavedState&, const spec::Specification&)> isState;
};

/// Reads every row of `from` that can be read and writes a project `to` that check() finds sound;
/// refuses an existing one. The damaged file is only read, never opened as a database. Designs keep
/// their numbers. Where their layers are lost in part their figures stay; where trained weights are
/// lost the design stays trained, and kLostWeights says so; where a run is lost one without a
/// name is in its place, and where a specification is, RunRow::hasSpecification is false. What is
/// lost is in the new project's log too. Errors: nothing can be read; `to` cannot be written.
base::Result<Rescue> rescue(const std::string& from, const std::string& to,
                            const Judges& judges = {});

}  // namespace cohelix::store
