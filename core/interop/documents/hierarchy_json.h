// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The hardware of the loop-nest model as JSON that people write by hand.
//
//     {"name": "small array", "source": "measured", "estimate": false,
//      "pes": 256, "mac_pj": 0.56, "static_pj_per_cycle": 0, "overlap": "full",
//      "reads_zeros": false,
//      "levels": [
//        {"name": "DRAM", "access_pj": 100, "read_words_per_cycle": 8, "shared_bandwidth": true,
//         "block_words": 64},
//        {"name": "buffer", "capacity_words": 65536, "read_pj": 2.5, "fill_pj": 3, "update_pj": 3,
//         "read_words_per_cycle": 32, "write_words_per_cycle": 32, "double_buffered": true,
//         "exposes_first_fill": false, "refills_in_place": false, "rows": 16, "columns": 16},
//        {"name": "register", "capacity_words": 1, "access_pj": 0.1, "may_keep": ["weights"],
//         "multicast": true, "reduces": true, "forwards": false, "forward_pj": 0,
//         "rows": 1, "columns": 1}]}
//
// Levels outermost first; meaning and defaults as in core/nest/hierarchy.h. Needed are levels and
// their names; access_pj stands for the three energies where they are equal. What mappings must
// obey may stand at the levels too: constraints_json.h.

#include <string>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/nest/hierarchy.h"

namespace cohelix::interop {

/// `where` goes before the JSON pointer in errors. Errors: unknown fields, wrong types, figures out
/// of range, no level or more than 16, a name that is there twice.
base::Result<nest::Hierarchy> hierarchyFromJson(const base::Json& json, const std::string& where);
/// Fields that have their default are left out.
base::Json hierarchyJson(const nest::Hierarchy& hierarchy);

}  // namespace cohelix::interop
