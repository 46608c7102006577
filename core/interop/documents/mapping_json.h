// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A mapping as JSON that people write by hand.
//
//     {"levels": [
//        {"memory": "DRAM", "loops": ["K16", "C4"]},
//        {"memory": "buffer", "keeps": ["weights", "inputs"],
//         "loops": ["P7", "Q7", "C8:rows", "K2:columns"]},
//        {"memory": "register", "keeps": ["weights"]}]}
//
// Levels and loops outermost first. What keeps is not said of is kept; no loops may be left out. A
// loop is a dimension (N K C P Q R S G), its trips, and where it is spatial the axis it is
// unrolled on; behind that "/1" where the second fan-out of the level unrolls it, one that follows
// the first without a memory between them (Timeloop's conventions tell them apart).
//
// A design's export (design_json.h) spells loops and keeps out; that is read too.

#include <string>
#include <string_view>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/model/mapping.h"

namespace cohelix::interop {

/// `where` goes before the JSON pointer in errors. Errors: unknown fields, wrong types, a loop that
/// is none, trips out of range, no level or more than 16.
base::Result<model::Mapping> mappingFromJson(const base::Json& json, const std::string& where);
/// As the example.
base::Json compactMappingJson(const model::Mapping& mapping);

}  // namespace cohelix::interop
