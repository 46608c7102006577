// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The words of the file for states, and back. A word that is none of them is damage.

#include <string>

#include "core/store/project.h"

namespace cohelix::store {

/// Why a run is over that no process holds.
inline constexpr const char* kEndedEarly = "the program ended before the run did";

/// Throw a Refusal for other words.
RunState runStateFrom(const std::string& name);
SteeringState steeringStateFrom(const std::string& name);
DesignState designStateFrom(const std::string& name);
model::AccuracyGrade gradeFrom(const std::string& name);

}  // namespace cohelix::store
