// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The searches that are compared: the joint differentiable search and what else there is, all on
// the same problem, counters and budgets. Each is a function of a Trial and uses random numbers of
// the trial's seed alone.

#include <string_view>
#include <vector>

#include "core/lab/methods/trial.h"

namespace cohelix::lab {

struct Method {
    std::string_view name;
    std::string_view summary;
    Inner inner;
    void (*run)(Trial& trial);  ///< until the look-ups are spent
};
/// "joint" first, then others, then the ablations.
const std::vector<Method>& methods();

/// joint_search.cpp: an accuracy model learned from the networks seen; architecture parameters that
/// follow its gradient and that of the expected time on the current accelerator, one set for every
/// FPS limit of a sweep; the networks they lead to, improved by single changes, judged by what a
/// look at them promises, with the exact accelerator of each.
void searchJointly(Trial& trial);
/// The same without climbing, the front's neighbours and strangers: what the gradient leads to, or
/// else a random network.
void searchByGradientAlone(Trial& trial);
/// The same without the gradient.
void searchBySingleChangesAlone(Trial& trial);

/// One look, at Problem::largest() or median(): a network that only its accelerator improves.
void lookAtLargest(Trial& trial);
void lookAtMedian(Trial& trial);

/// Uniformly drawn networks.
void searchAtRandom(Trial& trial);
/// Ridge regression on one-hot choices: half at random, then four rounds of its predicted front.
void searchByRidge(Trial& trial);
/// Simulated annealing toward weighted sums of accuracy and log FPS, the weights in succession.
void searchByAnnealing(Trial& trial);
/// REINFORCE with a recurrent controller (method.md 3.8), rewards as in annealing.
void searchByReinforcement(Trial& trial);
/// pagmo's NSGA-II (Deb et al., 2002) and MOEA/D (Zhang and Li, 2007).
void searchByNsga2(Trial& trial);
void searchByMoead(Trial& trial);

}  // namespace cohelix::lab
