// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a method of the comparison found, kept in a project file as a run like any other: its
// designs can be looked at in the window and are measured against the true front.

#include <string>

#include "core/lab/methods/methods.h"
#include "core/specification/specification.h"
#include "core/store/project.h"

namespace cohelix::lab {

/// The search that the problem belongs to, with the spaces and limits of its true front. Error: a
/// table whose networks a specification cannot write.
base::Result<spec::Specification> specificationOf(const tables::Problem& problem,
                                                  const std::string& name);

/// Runs the method with this seed and keeps every network that it looked at, on its proven best
/// accelerator and with its tabulated accuracy; the run's id. Error: as above, a method that does
/// not work with the proven accelerators, or of the file.
base::Result<std::int64_t> keepRun(store::Project& project, const tables::Problem& problem,
                                   const Method& method, std::size_t lookups, std::uint64_t seed);

}  // namespace cohelix::lab
