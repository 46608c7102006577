// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Where all chunks share the bandwidth of one DRAM, a space does not fall apart into chunks as it
// does else: what one chunk moves makes all others wait (hardware::sharedDramCycles). What an image
// moves is a sum over the chunks like DSPs and block RAM, but a third sum leaves far more
// combinations that no other beats. So what can be given is a bound, from the relaxed problem in
// which each chunk moves as little as it can within a period, and the best accelerator found; where
// all combinations could be kept, the two meet and the accelerator is proven.

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/hardware/accelerator_space.h"
#include "core/model/network.h"
#include "core/optimum/exact_accelerator.h"

namespace cohelix::optimum {

struct SharedDramBound {
    double leastPeriodCycles = 0;  ///< no accelerator within the limits has a shorter period
    ProvenAccelerator found;       ///< the best found, its period with the DRAM's; `rows` are empty
    double dramBytes = 0;          ///< that it moves for an image
    bool proven = false;           ///< that no accelerator is better than the one found
};

/// Partial combinations that are kept side by side, at most; beyond that some are dropped and
/// nothing is proven.
inline constexpr std::size_t kMostSums = 10000;

/// For the shortest period. Errors: a space that is not allocated by rules or has no shared DRAM;
/// no accelerator within the limits (or none found, where combinations were dropped).
base::Result<SharedDramBound> boundSharedDram(const hardware::AcceleratorSpace& space,
                                              const model::Network& network,
                                              const model::Resources& limits,
                                              base::Executor* executor = nullptr,
                                              std::size_t mostSums = kMostSums);

}  // namespace cohelix::optimum
