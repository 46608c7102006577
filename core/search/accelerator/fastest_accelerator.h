// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The fastest accelerator of a specification's space for one network, proven where the space
// allows it (core/optimum), as it has to be built.

#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/hardware/resources.h"
#include "core/model/design.h"
#include "core/specification/specification.h"

namespace cohelix::search {

struct FastestAccelerator {
    std::vector<int> choices;        ///< canonical
    model::Accelerator accelerator;  ///< fitted to the network
    model::DesignCost cost;
    std::vector<hardware::ResourceLine> resources;
    double leastPeriodCycles = 0;  ///< no accelerator of the space has less
    bool proven = true;            ///< this one has that

    double mostFps() const { return accelerator.clockMhz * 1e6 / leastPeriodCycles; }
    /// What the chunks move in a period, as a bandwidth.
    double dramGigabytesPerSecond() const;
};

/// Of the chunk pipeline. Errors: the space is of another template; no accelerator keeps the
/// limits, with what is missing where that is known; a report that contradicts its proof.
base::Result<FastestAccelerator> fastestAccelerator(const spec::Specification& specification,
                                                    const model::Network& network,
                                                    base::Executor& executor);

}  // namespace cohelix::search
