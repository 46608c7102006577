// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How much of a network is priced, for people and for programs: what is left out is part of the
// result, and the figures of the rest are marked as bounds.

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/cost/coverage.h"

namespace cohelix::cli {

/// A figure of an incomplete network and the side on which the whole network's lies.
struct Bound {
    const char* figure;  ///< its key in JSON
    const char* side;    ///< kAtLeast, kAtMost or kOfPriced
};
inline constexpr const char* kAtLeast = "at least";
inline constexpr const char* kAtMost = "at most";
inline constexpr const char* kOfPriced = "of what is priced";

/// "complete", "priced_macs", "all_macs" (null where the count of a node is open; "least_macs" is
/// what is known of it), "unpriced".
void addCoverage(base::Json& json, const cost::Coverage& coverage);
/// "bounds" beside the figures of an incomplete network: on which side the whole network's lies.
void addBounds(base::Json& figures, const cost::Coverage& coverage,
               const std::vector<Bound>& bounds);

/// Of the figures of interop::costJson.
std::vector<Bound> pipelineBounds();

/// "at most " or "at least " before a figure of an incomplete network, else nothing.
std::string atMost(const cost::Coverage& coverage);
std::string atLeast(const cost::Coverage& coverage);

/// One line, before all figures, that they are bounds and of how much; empty where complete.
std::string incompleteText(const cost::Coverage& coverage);
/// The table of what is left out, after all figures; empty where complete.
std::string unpricedText(const cost::Coverage& coverage);

/// What --strict says of an incomplete network, and what is said where nothing at all is priced.
base::Error refusedAsIncomplete(const std::string& name, const cost::Coverage& coverage);
base::Error nothingPriced(const std::string& name, const cost::Coverage& coverage);

}  // namespace cohelix::cli
