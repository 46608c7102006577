// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The one-line mappings of Timeloop's tables. Private to the room.

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/model/mapping.h"

namespace cohelix::validate {

/// "L3[WIO] P14 K16 - L2[WI] N1 K2X": levels outermost first with the tensors each keeps, loops
/// outermost first; X marks a spatial one. `where` names the place in errors.
base::Result<model::Mapping> mappingFromCompact(std::string_view text, const std::string& where);

}  // namespace cohelix::validate
