// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Why a design of a specification is as it is: what limits it, whether it fits, the smallest change
// that would make it fit, and what more of a resource would buy.

#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/explain/explain.h"
#include "core/specification/specification.h"

namespace cohelix::explain {

struct Why {
    Explanation explanation;
    std::vector<Excess> excesses;
    std::vector<PlacedNeed> placed = {};     ///< of a pipeline as one fixed array
    std::optional<ChangeEffect> fix;         ///< of a design that does not fit
    std::vector<Sensitivity> sensitivities;  ///< of one that does: what buys most first
    /// Of a design that fits, what relieves it: a sentence.
    std::string relief() const;
};

/// The limits that a design is held against: those of the specification and the tables of its
/// device; or all that another device has. None on an ASIC.
HardLimits limitsOf(const spec::Specification& specification,
                    const std::optional<model::Device>& other = {});

/// A design as `evaluate` priced it, with at least one layer; `choices` are those of its
/// accelerator. Prices all its neighbours: hundreds of designs. Error: that of the loop-nest model.
base::Result<Why> whyOf(const spec::Specification& specification, const std::vector<int>& choices,
                        const model::Network& network, const model::Accelerator& accelerator,
                        const model::DesignCost& cost, const HardLimits& limits);

}  // namespace cohelix::explain
