// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Accelerator searches held against the proven optimum at equal evaluations, over seeds.

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/base/spread.h"
#include "core/lab/accelerators/accelerator_methods.h"
#include "core/optimum/exact_accelerator.h"

namespace cohelix::lab {

/// One network, one space of accelerators, and the shortest period there is.
struct AcceleratorContest {
    spec::Specification specification;
    model::Network network;
    optimum::ProvenAccelerator proven;
    double provenSeconds = 0;  ///< from nothing
};
/// Errors: as ExactAccelerators; no accelerator keeps the limits; a form that counts no layer of
/// the network.
base::Result<AcceleratorContest> makeContest(const model::Network& network,
                                             const hardware::AcceleratorSpace& space,
                                             const model::Resources& limits,
                                             base::Executor& executor);

/// One method with one budget over all seeds.
struct AcceleratorStanding {
    std::string_view method;
    std::int64_t evaluations = 0;
    std::size_t runs = 0;      ///< that found an accelerator within the limits
    base::Spread periodRatio;  ///< of the proven period; infinite where a run found none
    double seconds = 0;        ///< mean over the seeds, that one core computed
};

/// Runs everything; seeds are 1 … `seeds`. Runs go side by side on the executor, and none depends
/// on another. `progress` is told after each method and budget, on this thread. Error: a period
/// below the proven one (optimum/proof.h), of which nothing is told.
base::Result<std::vector<AcceleratorStanding>> compare(
    const AcceleratorContest& contest, const std::vector<const AcceleratorMethod*>& methods,
    const std::vector<std::int64_t>& evaluations, int seeds, base::Executor& executor,
    const std::function<void(const AcceleratorStanding&)>& progress);

}  // namespace cohelix::lab
