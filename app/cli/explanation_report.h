// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What limits a design and what does not fit, for people and for programs.

#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/cost/explain.h"

namespace cohelix::cli {

/// {"bottleneck", "utilization", "chunks", "layers"}; shares of 1.
base::Json explanationJson(const model::Network& network, const cost::Explanation& explanation);
/// The bottleneck in a sentence, then a table of where the multipliers' cycles go, each row 100 %.
std::string explanationText(const model::Network& network, const model::Accelerator& accelerator,
                            const cost::Explanation& explanation);

/// Whether a design fits, and what would make it fit.
struct Fit {
    std::string device;  ///< whose limits these are
    std::vector<cost::Excess> excesses;
    std::optional<cost::ChangeEffect> fix;
    bool fixSought = false;  ///< only a design of a space has neighbours to look through

    bool fits() const { return excesses.empty(); }
};
/// {"device", "fits", "excesses", "smallest_fix"}.
base::Json fitJson(const Fit& fit);
/// A line for each excess and one for the fix; one line where all fits.
std::string fitText(const Fit& fit);

}  // namespace cohelix::cli
