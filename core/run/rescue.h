// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The rescue of a damaged project with what only this room can judge: trained weights and the
// states of searches.

#include <string>

#include "core/base/result.h"
#include "core/store/rescue.h"

namespace cohelix::run {

/// As store::rescue(); what is rescued is sound for check() of core/run/replay.h too.
base::Result<store::Rescue> rescue(const std::string& from, const std::string& to);

}  // namespace cohelix::run
