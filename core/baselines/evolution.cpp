// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/baselines/evolution.h"

#include <algorithm>
#include <cmath>
#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/moead.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>

namespace cohelix::baselines {
namespace {

/// The choices as pagmo sees them. MOEA/D knows real numbers only, and rounds them down.
struct Choices {
    const std::vector<int>* counts = nullptr;
    const TwoFigures* figures = nullptr;
    bool whole = true;

    pagmo::vector_double fitness(const pagmo::vector_double& x) const {
        std::vector<int> options;
        for (std::size_t i = 0; i < x.size(); ++i) {
            options.push_back(std::clamp(static_cast<int>(std::floor(x[i])), 0, (*counts)[i] - 1));
        }
        const auto both = (*figures)(options);
        return {both[0], both[1]};
    }
    pagmo::vector_double::size_type get_nobj() const { return 2; }
    pagmo::vector_double::size_type get_nix() const { return whole ? counts->size() : 0; }
    std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
        pagmo::vector_double low;
        pagmo::vector_double high;
        for (const int count : *counts) {
            low.push_back(0);
            high.push_back(count - (whole ? 1 : 1e-9));
        }
        return {low, high};
    }
    pagmo::thread_safety get_thread_safety() const { return pagmo::thread_safety::none; }
};

}  // namespace

void evolve(const std::vector<int>& optionCounts, const TwoFigures& figures,
            const EvolutionPlan& plan, const std::function<bool()>& isOver) {
    const bool whole = plan.algorithm == Evolution::Nsga2;
    pagmo::algorithm algorithm =
        whole ? pagmo::algorithm(pagmo::nsga2(1))
              : pagmo::algorithm(pagmo::moead(1, "grid", "tchebycheff", 10));
    algorithm.set_seed(plan.seed);
    pagmo::population population(pagmo::problem(Choices{&optionCounts, &figures, whole}),
                                 plan.population, plan.seed);
    for (unsigned generation = 0; generation < plan.mostGenerations && !isOver(); ++generation) {
        population = algorithm.evolve(population);
    }
}

}  // namespace cohelix::baselines
