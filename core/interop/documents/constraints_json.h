// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Constraints on mappings in the JSON of a hierarchy (hierarchy_json.h), at its levels:
//
//     {"least_use": 0.5,
//      "levels": [
//        {"name": "DRAM", "access_pj": 100,
//         "constraints": {"temporal": {"R": 1, "S": 1, "P": "<=8"}, "outermost": ["K"]}},
//        {"name": "buffer", "access_pj": 6, "rows": 16, "columns": 16,
//         "constraints": {"rows": {"K": 1}, "columns": {"C": 1}, "unrolled": {"P": 1, "Q": 1},
//                         "keeps": ["inputs"], "passes_by": ["weights"]}},
//        {"name": "register", "capacity_words": 16, "access_pj": 1,
//         "constraints": {"temporal": {"C": ">=2"}, "innermost": ["C", "R"]}}]}
//
// Trips of the level's loops over a dimension (N K C P Q R S G): a number, "<=8" or ">=2"; along
// the rows, along the columns, and unrolled along both together. `innermost` and `outermost` order
// its temporal loops from either end. least_use is the share of the PEs that must be in use.
// Meaning as in core/mapping/constraints.h; all may be left out.

#include <optional>
#include <string>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/mapping/constraints.h"

namespace cohelix::interop {

/// What a hierarchy's JSON states; nothing where that is none. `where` goes before the JSON pointer
/// in errors. Errors: unknown fields, dimensions or tensors, trips that are none, a tensor that is
/// both kept and passed by.
base::Result<std::optional<mapping::Constraints>> constraintsFromJson(const base::Json& json,
                                                                      const std::string& where);
/// Adds them to a hierarchy's JSON of as many levels.
void addConstraintsJson(const mapping::Constraints& constraints, base::Json& hierarchy);

}  // namespace cohelix::interop
