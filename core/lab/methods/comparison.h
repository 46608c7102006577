// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Methods held against the true front: every method, budget of look-ups and seed, with medians and
// spread.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/executor.h"
#include "core/base/spread.h"
#include "core/lab/methods/methods.h"
#include "core/lab/methods/supernet_run.h"
#include "core/tables/true_front.h"

namespace cohelix::lab {

using base::Spread;

/// When runs first held a share of a hypervolume. Infinite where a run never did, and so the
/// median where half of them did not.
struct Reach {
    std::size_t runs = 0;  ///< that did
    Spread lookups;
    Spread costEvaluations;
    Spread seconds;
};
inline constexpr double kReach = 0.99;

/// One method with one budget over all seeds.
struct Standing {
    std::string_view method;
    std::size_t lookups = 0;
    Spread hypervolumeRatio;     ///< of the true front's
    Spread igdPlus;              ///< in units of the true front's extent
    Spread worstGapPoints;       ///< accuracy below the best feasible network, worst of ten limits
    double costEvaluations = 0;  ///< mean over the seeds
    /// Mean over the seeds, of one core: computed, and trained where the table says how long.
    double seconds = 0;
    Reach reachOfTrue;  ///< kReach of the true front's hypervolume
    Reach reachOfOwn;   ///< kReach of what the run held in the end
    /// kReach of what the supernet's runs held in the end (median); nothing when it did not run.
    std::optional<Reach> reachOfSupernet;
};

/// How good one run is.
struct Quality {
    double hypervolumeRatio = 0;
    double igdPlus = 0;
    double worstGapPoints = 0;
};
/// Ten FPS limits, evenly in the logarithm from the slowest to the fastest of the true front; where
/// no network found keeps a limit, its accuracy counts as 0.
Quality qualityOf(const tables::Problem& problem, const tables::TrueFront& truth,
                  const std::vector<model::Point>& found);

inline constexpr std::string_view kSupernet = "supernet";

/// What runs of the joint search itself came to, at least one; kSupernet is their method, and the
/// trainings that they ended with are their look-ups (the most of any run).
struct SupernetStanding {
    Standing standing;
    double hypervolume = 0;  ///< median
};
SupernetStanding standingOf(const tables::Problem& problem, const tables::TrueFront& truth,
                            const std::vector<SupernetRun>& runs);

/// Runs everything; seeds are 1 … `seeds`. Runs go side by side on the executor, and none depends
/// on another. `progress` is told after each method and budget, on this thread. Where the supernet
/// ran, `supernetHypervolume` is what it held. Error: a design beyond the true front
/// (optimum/proof.h), of which nothing is told.
base::Result<std::vector<Standing>> compare(const tables::Problem& problem,
                                            const tables::TrueFront& truth,
                                            const std::vector<const Method*>& methods,
                                            const std::vector<std::size_t>& lookups, int seeds,
                                            base::Executor& executor,
                                            const std::function<void(const Standing&)>& progress,
                                            std::optional<double> supernetHypervolume = {});

}  // namespace cohelix::lab
