// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Timeloop's constraints on mappings. Private to the room.

#include "core/interop/timeloop/timeloop_tree.h"
#include "core/interop/timeloop/timeloop_yaml.h"

namespace cohelix::interop {

/// Those that a whole file states: at its nodes (v0.4), and under architecture_constraints,
/// mapspace_constraints, mapspace and constraints. What cannot be honoured goes into the
/// architecture's notes. Throws BadYaml.
void readTimeloopConstraints(const YamlReader& root, const TimeloopTree& tree,
                             const TimeloopNames& names, TimeloopArchitecture& architecture);

}  // namespace cohelix::interop
