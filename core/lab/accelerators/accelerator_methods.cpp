// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/accelerators/accelerator_methods.h"

#include <algorithm>
#include <cmath>

#include "core/lab/accelerators/controller.h"
#include "core/lab/accelerators/evolution.h"
#include "core/search/accelerator/gumbel.h"

namespace cohelix::lab {
namespace {

using search::FoundAccelerator;

constexpr int kSamplesOfCall = 500;  // between two warm starts of the differentiable search
constexpr double kShippedRate = 1e-7;
constexpr double kTemperature = 1;  // of Gumbel-Softmax
constexpr double kHot = 0.01;       // of annealing, in units of log-period
constexpr double kCold = 0.001;
constexpr unsigned kPopulation = 40;
constexpr double kControllerRate = 0.001;
constexpr double kWorst = 1e6;  // of what cannot be priced

void searchInCalls(AcceleratorTrial& trial, bool moves) {
    search::AcceleratorSearch search(trial.specification(), 0);
    search::SearchEffort effort;
    effort.samples = kSamplesOfCall;
    effort.moves = moves;
    effort.mostAppraisals = trial.budget();
    while (!trial.isOver()) {
        const auto before = trial.spent();
        if (const auto found = search.search(trial.problem(), effort)) trial.offer(*found);
        if (trial.spent() == before) return;  // nothing can be priced
    }
}

template <typename Price>
void sample(AcceleratorTrial& trial, const Price& price) {
    base::Random random(trial.seed(), "random accelerators");
    while (!trial.isOver()) (void)price(trial.draw(random));
}

/// The first accelerator within the limits.
std::optional<FoundAccelerator> begin(AcceleratorTrial& trial, base::Random& random) {
    while (!trial.isOver()) {
        if (auto found = trial.priceWithin(trial.draw(random));
            found && found->appraisal.feasible) {
            return found;
        }
    }
    return std::nullopt;
}

}  // namespace

void searchDifferentiably(AcceleratorTrial& trial) { searchInCalls(trial, true); }
void searchDifferentiablyWithoutMoves(AcceleratorTrial& trial) { searchInCalls(trial, false); }

void searchAsShipped(AcceleratorTrial& trial) {
    base::Random random(trial.seed(), "as shipped");
    std::vector<search::Categorical> parameters;
    for (const int count : trial.optionCounts()) {
        parameters.emplace_back(static_cast<std::size_t>(count));
    }
    while (!trial.isOver()) {
        std::vector<search::GumbelSample> samples;
        std::vector<int> drawn;
        for (const auto& parameter : parameters) {
            samples.push_back(search::sampleGumbel(parameter.logits, kTemperature, random));
            drawn.push_back(samples.back().hard);
        }
        const auto found = trial.price(drawn);
        if (!found || !found->appraisal.feasible) continue;
        const double seconds = std::exp(found->appraisal.logCost);  // of a frame
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            parameters[i].adamStep(
                search::straightThrough(samples[i].soft, drawn[i], seconds, kTemperature),
                kShippedRate);
        }
    }
}

void sampleAtRandom(AcceleratorTrial& trial) {
    sample(trial, [&](std::vector<int> choices) { return trial.price(std::move(choices)); });
}

void sampleAtRandomWithin(AcceleratorTrial& trial) {
    sample(trial, [&](std::vector<int> choices) { return trial.priceWithin(std::move(choices)); });
}

void anneal(AcceleratorTrial& trial) {
    base::Random random(trial.seed(), "annealing of accelerators");
    auto at = begin(trial, random);
    while (at && !trial.isOver()) {
        const double done =
            static_cast<double>(trial.spent()) / static_cast<double>(trial.budget());
        const double temperature = kHot * std::pow(kCold / kHot, done);
        auto choices = at->choices;
        const auto place = random.below(choices.size());
        const auto count = static_cast<std::uint64_t>(trial.optionCounts()[place]);
        choices[place] = static_cast<int>(random.below(count));
        const auto next = trial.price(std::move(choices));
        if (!next || !next->appraisal.feasible) continue;
        const double loss = next->appraisal.logCost - at->appraisal.logCost;
        if (loss <= 0 || random.uniform() < std::exp(-loss / temperature)) at = next;
    }
}

void evolveAccelerators(AcceleratorTrial& trial) {
    const auto figures = [&](const std::vector<int>& choices) -> std::array<double, 2> {
        const auto found = trial.priceWithin(choices);
        if (!found || !found->appraisal.feasible) return {kWorst, kWorst};
        return {found->appraisal.logCost, 0};  // one aim, as the others have
    };
    EvolutionPlan plan;
    plan.population = kPopulation;
    plan.mostGenerations = static_cast<unsigned>(trial.budget() / kPopulation + 1);
    plan.seed = static_cast<unsigned>(base::Random(trial.seed(), "accelerator evolution").next());
    evolve(trial.optionCounts(), figures, plan, [&] { return trial.isOver(); });
}

void reinforceAccelerators(AcceleratorTrial& trial) {
    base::Random random(trial.seed(), "reinforcement of accelerators");
    Controller controller(trial.optionCounts(), kControllerRate, random);
    RewardBaseline baseline;
    while (!trial.isOver()) {
        const auto found = trial.priceWithin(controller.write(random));
        if (!found) continue;
        if (!found->appraisal.feasible && !trial.best()) continue;  // nothing to compare with yet
        const double reward = found->appraisal.feasible ? -found->appraisal.logCost
                                                        : -trial.best()->appraisal.logCost - 1;
        controller.learn(baseline.advantageOf(reward));
    }
}

const std::vector<AcceleratorMethod>& acceleratorMethods() {
    static const std::vector<AcceleratorMethod> list = {
        {"das", "differentiable accelerator search, finished by single moves",
         searchDifferentiably},
        {"das-without-moves", "differentiable accelerator search alone",
         searchDifferentiablyWithoutMoves},
        {"das-as-shipped", "as its authors shipped it: Adam at 1e-7, no baseline", searchAsShipped},
        {"random", "uniform samples, those beyond the limits thrown away", sampleAtRandom},
        {"random-within", "uniform samples brought within the limits", sampleAtRandomWithin},
        {"annealing", "simulated annealing by single changes", anneal},
        {"nsga2", "NSGA-II on period and share of the limits", evolveAccelerators},
        {"rl", "REINFORCE with a recurrent controller", reinforceAccelerators}};
    return list;
}

}  // namespace cohelix::lab
