// SPDX-License-Identifier: GPL-3.0-or-later
// Evolutionary searches of networks. Only a network that has not been looked at spends the budget.
#include "core/lab/accelerators/evolution.h"

#include <algorithm>
#include <cmath>

#include "core/lab/methods/methods.h"

namespace cohelix::lab {
namespace {

// What a network gets when the budget is spent: worse than any other.
constexpr double kWorst = 1e6;

/// About sixteen generations: the best of 8 to 40 with 66, 200 and 400 looks at NAS-Bench-Macro. A
/// multiple of 4, and enough for MOEA/D's neighbours.
unsigned populationFor(std::size_t looks) {
    return static_cast<unsigned>(std::max<std::size_t>(12, looks / 16 / 4 * 4));
}

void evolve(Trial& trial, lab::Evolution algorithm) {
    const auto figures = [&](const std::vector<int>& options) -> std::array<double, 2> {
        const auto network = trial.space().indexOf(options);
        const auto accuracy = trial.accuracy(network);
        if (!accuracy) return {kWorst, kWorst};
        const double fps = trial.fps(network);
        return {-*accuracy, fps > 0 ? -std::log(fps) : kWorst};
    };
    lab::EvolutionPlan plan;
    plan.algorithm = algorithm;
    plan.population = populationFor(trial.budget());
    plan.seed = static_cast<unsigned>(base::Random(trial.seed(), "evolution").next());
    lab::evolve(trial.space().optionCounts(), figures, plan, [&] { return trial.spent(); });
}

}  // namespace

void searchByNsga2(Trial& trial) { evolve(trial, lab::Evolution::Nsga2); }
void searchByMoead(Trial& trial) { evolve(trial, lab::Evolution::Moead); }

}  // namespace cohelix::lab
