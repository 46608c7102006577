// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/accelerators/evolution.h"

#include <algorithm>
#include <cmath>
#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/moead.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>

namespace cohelix::lab {
namespace {

/// The choices as pagmo sees them, without those of a single option, which it does not know. MOEA/D
/// knows real numbers only, and rounds them down.
struct Choices {
    const std::vector<int>* counts = nullptr;
    const TwoFigures* figures = nullptr;
    bool whole = true;

    bool isFree(std::size_t choice) const { return (*counts)[choice] > 1; }

    pagmo::vector_double fitness(const pagmo::vector_double& x) const {
        std::vector<int> options(counts->size(), 0);
        std::size_t next = 0;
        for (std::size_t i = 0; i < options.size(); ++i) {
            if (!isFree(i)) continue;
            options[i] = std::clamp(static_cast<int>(std::floor(x[next++])), 0, (*counts)[i] - 1);
        }
        const auto both = (*figures)(options);
        return {both[0], both[1]};
    }
    pagmo::vector_double::size_type get_nobj() const { return 2; }
    pagmo::vector_double::size_type get_nix() const {
        return whole ? get_bounds().first.size() : 0;
    }
    std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
        pagmo::vector_double low;
        pagmo::vector_double high;
        for (std::size_t i = 0; i < counts->size(); ++i) {
            if (!isFree(i)) continue;
            low.push_back(0);
            high.push_back((*counts)[i] - (whole ? 1 : 1e-9));
        }
        return {low, high};
    }
    pagmo::thread_safety get_thread_safety() const { return pagmo::thread_safety::none; }
};

}  // namespace

void evolve(const std::vector<int>& optionCounts, const TwoFigures& figures,
            const EvolutionPlan& plan, const std::function<bool()>& isOver) {
    if (std::ranges::none_of(optionCounts, [](int count) { return count > 1; })) {
        (void)figures(std::vector<int>(optionCounts.size(), 0));  // all there is
        return;
    }
    const bool whole = plan.algorithm == Evolution::Nsga2;
    pagmo::algorithm algorithm = whole
                                     ? pagmo::algorithm(pagmo::nsga2(1))
                                     : pagmo::algorithm(pagmo::moead(1, "grid", "tchebycheff", 10));
    algorithm.set_seed(plan.seed);
    pagmo::population population(pagmo::problem(Choices{&optionCounts, &figures, whole}),
                                 plan.population, plan.seed);
    for (unsigned generation = 0; generation < plan.mostGenerations && !isOver(); ++generation) {
        population = algorithm.evolve(population);
    }
}

}  // namespace cohelix::lab
