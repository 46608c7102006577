// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Why a design of a specification is as it is: what limits it, whether it fits, the smallest change
// that would make it fit, and what more of a resource would buy.

#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/cost/explain.h"
#include "core/space/specification.h"

namespace cohelix::search {

struct Why {
    cost::Explanation explanation;
    std::vector<cost::Excess> excesses;
    std::vector<cost::PlacedNeed> placed = {};  ///< of a pipeline as one fixed array
    std::optional<cost::ChangeEffect> fix;         ///< of a design that does not fit
    std::vector<cost::Sensitivity> sensitivities;  ///< of one that does
};

/// The limits that a design is held against: those of the specification and the tables of its
/// device; or all that another device has. None on an ASIC.
cost::HardLimits limitsOf(const space::Specification& specification,
                          const std::optional<model::Device>& other = {});

/// A design as `evaluate` priced it, with at least one layer; `choices` are those of its
/// accelerator. Prices all its neighbours: hundreds of designs. Error: that of the loop-nest model.
base::Result<Why> whyOf(const space::Specification& specification, const std::vector<int>& choices,
                        const model::Network& network, const model::Accelerator& accelerator,
                        const model::DesignCost& cost, const cost::HardLimits& limits);

}  // namespace cohelix::search
