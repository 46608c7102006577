// SPDX-License-Identifier: GPL-3.0-or-later
// pagmo's evolutionary searches. Only a network that has not been looked at spends the budget.
#include <algorithm>
#include <cmath>
#include <memory>
#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/moead.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>

#include "core/tabular/methods.h"

namespace cohelix::tabular {
namespace {

constexpr unsigned kPopulation = 20;
constexpr unsigned kMostGenerations = 200;
// What a network gets when the budget is spent: worse than any other.
constexpr double kWorst = 1e6;

/// Two figures to be minimised over the options of every place. MOEA/D knows real numbers only, and
/// rounds them down.
struct TwoObjectives {
    Trial* trial = nullptr;
    bool whole = true;

    pagmo::vector_double fitness(const pagmo::vector_double& x) const {
        std::vector<int> options;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const auto most = static_cast<int>(trial->space().choices[i].options.size()) - 1;
            options.push_back(std::clamp(static_cast<int>(std::floor(x[i])), 0, most));
        }
        const auto network = trial->space().indexOf(options);
        const auto accuracy = trial->accuracy(network);
        if (!accuracy) return {kWorst, kWorst};
        const double fps = trial->fps(network);
        return {-*accuracy, fps > 0 ? -std::log(fps) : kWorst};
    }
    pagmo::vector_double::size_type get_nobj() const { return 2; }
    pagmo::vector_double::size_type get_nix() const {
        return whole ? trial->space().choices.size() : 0;
    }
    std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
        pagmo::vector_double low;
        pagmo::vector_double high;
        for (const auto& choice : trial->space().choices) {
            low.push_back(0);
            high.push_back(static_cast<double>(choice.options.size()) - (whole ? 1 : 1e-9));
        }
        return {low, high};
    }
    pagmo::thread_safety get_thread_safety() const { return pagmo::thread_safety::none; }
};

void evolve(Trial& trial, pagmo::algorithm algorithm, bool whole) {
    const auto seed = static_cast<unsigned>(base::Random(trial.seed(), "evolution").next());
    algorithm.set_seed(seed);
    pagmo::population population(pagmo::problem(TwoObjectives{&trial, whole}), kPopulation, seed);
    for (unsigned generation = 0; generation < kMostGenerations && !trial.spent(); ++generation) {
        population = algorithm.evolve(population);
    }
}

}  // namespace

void searchByNsga2(Trial& trial) { evolve(trial, pagmo::algorithm(pagmo::nsga2(1)), true); }

void searchByMoead(Trial& trial) {
    evolve(trial, pagmo::algorithm(pagmo::moead(1, "grid", "tchebycheff", 10)), false);
}

}  // namespace cohelix::tabular
