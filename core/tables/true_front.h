// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The true front of a tabular space and an accelerator space: of every network the fastest
// accelerator, proven, and of these pairs the ones that no other beats. Nothing is sampled.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/model/pareto.h"
#include "core/optimum/exact_accelerator.h"
#include "core/tables/problem.h"
#include "core/tables/tabular_space.h"

namespace cohelix::tables {

/// A network's proven optimum.
struct PricedNetwork {
    double fps = 0;  ///< 0: no accelerator keeps the limits
    std::optional<optimum::ProvenAccelerator> accelerator;
};

struct TrueFront {
    std::vector<PricedNetwork> networks;  ///< by index
    std::vector<std::size_t> front;       ///< networks that no other beats, by ascending FPS
    double hypervolume = 0;  ///< FPS from 0 times points of accuracy from the space's least
    /// What the best one accelerator for all networks reaches of the hypervolume, among those that
    /// are the optimum of some network; 0..1.
    double bestSingleAcceleratorRatio = 0;
    std::int64_t costEvaluations = 0;  ///< pairs of a chunk's configuration and a layer
    double seconds = 0;                ///< from nothing: the problem's making too
};

/// Told how far the work is, 0 … 1, now and then and from any of its threads; false ends it.
using Watch = std::function<bool(double share)>;

/// Error: no network has an accelerator within the limits; `watch` ended it.
base::Result<TrueFront> trueFront(const Problem& problem, base::Executor& executor,
                                  const Watch& watch = {});

/// Accuracy in percent against FPS of these networks.
std::vector<model::Point> pointsOf(const TabularSpace& space, const TrueFront& truth,
                                   const std::vector<std::size_t>& networks);

}  // namespace cohelix::tables
