// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How much of a network is priced, for people and for programs: what is left out or runs otherwise
// than it is priced is part of the result, and figures that are bounds are marked.

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/hardware/coverage.h"

namespace cohelix::cli {

/// How a figure hangs on the work: cycles, time and energy grow with it, FPS fall; resources grow
/// with layers alone; a utilization falls where layers wait; a share is of what is priced.
enum class Grows { Work, Cost, Rate, Resource, Utilization, Share };
struct Bound {
    const char* figure;  ///< its key in JSON
    Grows how;
};

/// "complete", "exact", "priced_macs", "all_macs" (null where the count of a node is open;
/// "least_macs" is what is known of it, "nodes_of_unknown_work" how many nodes are not in it),
/// "unpriced", "bounded".
void addCoverage(base::Json& json, const hardware::Coverage& coverage);
/// "bounds" beside the figures of an incomplete network: on which side the whole network's lies.
void addBounds(base::Json& figures, const hardware::Coverage& coverage,
               const std::vector<Bound>& bounds);

/// Says which figures of interop::costJson are bounds, those of its layers too.
void addPipelineBounds(base::Json& cost, const hardware::Coverage& coverage);

/// "at least ", "at most ", "about " (either) or nothing, before a figure.
std::string sideText(const hardware::Coverage& coverage, Grows how);

/// A line before all figures that they are bounds, and of how much; empty where they are exact.
std::string boundsText(const hardware::Coverage& coverage);
/// Tables after all figures, of what is left out and of what runs otherwise than it is priced.
std::string unpricedText(const hardware::Coverage& coverage);

/// What --strict says of figures that are bounds, and what is said where nothing at all is priced.
base::Error refusedAsBound(const std::string& name, const hardware::Coverage& coverage);
base::Error nothingPriced(const std::string& name, const hardware::Coverage& coverage);

}  // namespace cohelix::cli
