// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/methods/methods.h"

namespace cohelix::lab {

const std::vector<Method>& methods() {
    static const std::vector<Method> list = {
        {"joint", "differentiable joint search, exact accelerators", Inner::Exact, searchJointly},
        {"random", "random networks, exact accelerators", Inner::Exact, searchAtRandom},
        {"ridge", "ridge regression on one-hot choices, exact accelerators", Inner::Exact,
         searchByRidge},
        {"nsga2", "NSGA-II, exact accelerators", Inner::Exact, searchByNsga2},
        {"moead", "MOEA/D, exact accelerators", Inner::Exact, searchByMoead},
        {"annealing", "simulated annealing, exact accelerators", Inner::Exact, searchByAnnealing},
        {"rl", "REINFORCE with a recurrent controller, exact accelerators", Inner::Exact,
         searchByReinforcement},
        {"random-sampled", "random networks, best of 1,000 random accelerators each",
         Inner::Sampled, searchAtRandom},
        {"nsga2-sampled", "NSGA-II, best of 1,000 random accelerators each", Inner::Sampled,
         searchByNsga2},
        {"rl-sampled", "REINFORCE, best of 1,000 random accelerators each", Inner::Sampled,
         searchByReinforcement},
        {"joint-gradient-only", "joint without single changes", Inner::Exact,
         searchByGradientAlone},
        {"joint-no-gradient", "joint by single changes alone", Inner::Exact,
         searchBySingleChangesAlone},
        {"network-only", "joint's search on the accelerator of the largest network",
         Inner::OfLargest, searchJointly},
        {"network-only-median", "joint's search on the accelerator of the median network",
         Inner::OfMedian, searchJointly},
        {"accelerator-only", "the largest network on its proven accelerator", Inner::Exact,
         lookAtLargest},
        {"accelerator-only-median", "the median network on its proven accelerator", Inner::Exact,
         lookAtMedian},
        {"sequential",
         "accuracy against multiply-accumulates first, then the accelerators of that front",
         Inner::Macs, searchJointly},
        {"sequential-accuracy", "accuracy first, then the accelerator of the most accurate network",
         Inner::Nothing, searchJointly}};
    return list;
}

}  // namespace cohelix::lab
