// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A design with all that it stands for, read and checked in one place: whoever shows, explains,
// exports or replays a design of a project takes it from here, and `check` asks for the same. What
// is in it fits together, so that a layer's figures, its chunk and its mapping may be looked up by
// index.

#include <cstddef>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/model/accelerator.h"
#include "core/model/design.h"
#include "core/model/network.h"
#include "core/specification/specification.h"
#include "core/store/project.h"

namespace cohelix::store {

struct WholeDesign {
    DesignRow row;
    spec::Specification specification;  ///< of its run, before any steering
    model::Network network;
    model::Accelerator accelerator;
    /// One layer for each of the network's, on the chunk that executes it, with its mapping; one
    /// chunk for each of the accelerator's. Totals alone where no cost was committed.
    model::DesignCost cost;

    bool isDetailed() const { return !cost.layers.empty(); }
};

/// How many too many or too few there are of what a design's cost has a row for each, "its cost has
/// 5 chunks, 1 too many"; nothing where it has as many as are due.
std::optional<std::string> miscounted(std::size_t stored, std::size_t due,
                                      const std::string& thing);

/// The first chunk of a cost that says otherwise than its layers how many it executes, in words. A
/// layer that the model does not count has no cycles and is executed by none.
std::optional<std::string> otherLayers(const model::DesignCost& cost);

/// Errors: choices outside of the specification's spaces, a target that it does not have; a cost of
/// another network or accelerator.
base::Result<WholeDesign> assembled(spec::Specification specification, const DesignRow& row,
                                    std::optional<model::DesignCost> cost);

/// From the file; errors also of what cannot be read.
base::Result<WholeDesign> wholeDesign(Project& project, std::int64_t design);
/// The same of a row that has been read, in the specification of its run.
base::Result<WholeDesign> wholeDesign(Project& project, const DesignRow& row,
                                      const spec::Specification& specification);

}  // namespace cohelix::store
