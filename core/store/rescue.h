// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What can still be read of a damaged project file, as a new one.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace cohelix::store {

struct Rescue {
    struct Kept {
        std::string table;  ///< "design"
        std::int64_t rows = 0;
    };
    std::vector<Kept> kept;         ///< tables that have rows, in the order of the schema
    std::vector<std::string> lost;  ///< what is known to have been there and is not, or not whole
};

/// Reads every row of `from` that can be read and writes a sound project `to`; refuses an existing
/// one. The damaged file is only read, never opened as a database. Designs keep their numbers; where
/// their layers are lost in part their figures stay, and where a run or a specification is lost there
/// is an empty one in its place. What is lost is in the new project's log too. Errors: nothing can
/// be read; `to` cannot be written.
base::Result<Rescue> rescue(const std::string& from, const std::string& to);

}  // namespace cohelix::store
