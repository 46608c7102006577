// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The accelerator searches that are compared, each until the trial's budget is spent and with
// random numbers of its seed alone. Of all of them the best accelerator priced counts.

#include <string_view>
#include <vector>

#include "core/lab/accelerators/accelerator_trial.h"

namespace cohelix::lab {

struct AcceleratorMethod {
    std::string_view name;
    std::string_view summary;
    void (*run)(AcceleratorTrial& trial);
};
/// "das" first.
const std::vector<AcceleratorMethod>& acceleratorMethods();

/// The differentiable search of core/search, called again and again as the joint search calls it,
/// with the last call's best and parameters; with its final single moves and without.
void searchDifferentiably(AcceleratorTrial& trial);
void searchDifferentiablyWithoutMoves(AcceleratorTrial& trial);
/// As its authors shipped it (method.md 2.5): cost in seconds without a baseline, Adam at 1e-7,
/// samples beyond the limits thrown away.
void searchAsShipped(AcceleratorTrial& trial);
/// Uniform samples, those beyond the limits thrown away, or brought within them.
void sampleAtRandom(AcceleratorTrial& trial);
void sampleAtRandomWithin(AcceleratorTrial& trial);
/// Simulated annealing of the log-period by single changes; those beyond the limits are refused.
void anneal(AcceleratorTrial& trial);
/// NSGA-II (Deb et al., 2002) on period and share of the limits; samples are brought within them.
void evolveAccelerators(AcceleratorTrial& trial);
/// REINFORCE with a recurrent controller (method.md 3.8), reward the log of FPS; what is beyond the
/// limits gets one less than the best so far.
void reinforceAccelerators(AcceleratorTrial& trial);

}  // namespace cohelix::lab
