// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The exact inner solver of the joint search: where the accelerator space falls apart into its
// chunks, the best accelerator of a network need not be searched by gradient. What every
// configuration of every chunk costs for every layer of the space is worked out once
// (core/optimum); a network's accelerator then takes well under a millisecond.

#include <optional>
#include <vector>

#include "core/base/executor.h"
#include "core/model/network.h"
#include "core/optimum/exact_accelerator.h"
#include "core/search/accelerator/accelerator_problem.h"
#include "core/search/accelerator/precision_plans.h"
#include "core/specification/specification.h"

namespace cohelix::search {

class ProvenSearch {
public:
    /// Holds the specification and the executor by reference.
    ProvenSearch(const spec::Specification& specification, base::Executor& executor)
        : m_specification(specification), m_executor(executor) {}

    /// Whether the specification asks for proven accelerators and its space has them.
    bool available() const;

    /// The accelerator of the plan's precisions with the best metric within the DSP and BRAM limits
    /// in force; of equally good ones that of the fewest DSPs and then the least block RAM. Where
    /// it breaks a limit on another figure, the best of those that are best in FPS, latency or both
    /// and keep all limits: within them, but then not proven to be the best. Nothing when none of
    /// these keeps the limits. Precondition: available(), a network of the specification's space,
    /// and a plan of its accelerator space.
    std::optional<FoundAccelerator> best(const model::Network& network,
                                         const PrecisionPlan& plan = {});

    /// Whether the specification leaves the method open and the best splits of a searched
    /// allocation can be proven: for the period, so for FPS and energy.
    bool provesAllocations() const;
    /// The accelerator of the shortest period of the plan's precisions over all splits, within all
    /// limits; nothing when it breaks one on another figure, or none keeps those on DSPs and block
    /// RAM. Works its tables out anew for every network: about a second for the shipped space
    /// `searched`, several for `searched-beyond`. Precondition: provesAllocations(), a network of
    /// the specification's space, and a plan of its accelerator space.
    std::optional<FoundAccelerator> bestAllocation(const model::Network& network,
                                                   const PrecisionPlan& plan = {});

private:
    /// The tables of each chunk in the precision that it has in the plan.
    std::vector<const optimum::ExactAccelerators*> partsOf(const PrecisionPlan& plan);
    const optimum::ExactAccelerators& level(std::size_t option);

    const spec::Specification& m_specification;
    base::Executor& m_executor;
    /// By option of the chunks' bits, which all have the same option; worked out when first asked
    /// for, for the limits in force.
    std::vector<std::optional<optimum::ExactAccelerators>> m_levels;
};

}  // namespace cohelix::search
