// SPDX-License-Identifier: GPL-3.0-or-later
// Random search, ridge regression, simulated annealing, and no search at all.
#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "core/lab/methods/methods.h"
#include "core/lab/methods/scalar_reward.h"

namespace cohelix::lab {
namespace {

constexpr double kRidge = 1;
constexpr int kRidgeRounds = 4;
constexpr double kHot = 0.01;  // temperature of annealing, in units of reward
constexpr double kCold = 0.005;

Eigen::VectorXd oneHot(const tables::TabularSpace& space, std::size_t network) {
    Eigen::Index size = 1;
    for (const int options : space.optionCounts()) size += options;
    Eigen::VectorXd out = Eigen::VectorXd::Zero(size);
    out[0] = 1;
    Eigen::Index first = 1;
    const auto options = space.optionsOf(network);
    for (std::size_t i = 0; i < options.size(); ++i) {
        out[first + options[i]] = 1;
        first += static_cast<Eigen::Index>(space.choices[i].options.size());
    }
    return out;
}

/// Accuracies of all networks as a ridge regression on those seen predicts them.
std::vector<double> ridgePrediction(Trial& trial) {
    const auto& space = trial.space();
    const auto size = oneHot(space, 0).size();
    Eigen::MatrixXd gram = kRidge * Eigen::MatrixXd::Identity(size, size);
    gram(0, 0) = 1e-6;  // the mean is not shrunk
    Eigen::VectorXd product = Eigen::VectorXd::Zero(size);
    for (const std::size_t network : trial.networks()) {
        const auto x = oneHot(space, network);
        gram += x * x.transpose();
        product += x * *trial.accuracy(network);
    }
    const Eigen::VectorXd weights = gram.ldlt().solve(product);
    std::vector<double> predicted(space.networks());
    for (std::size_t i = 0; i < predicted.size(); ++i) predicted[i] = weights.dot(oneHot(space, i));
    return predicted;
}

/// Unseen networks spread over the predicted front, and over what lies behind it when it is small.
std::vector<std::size_t> predictedFront(Trial& trial, std::size_t count) {
    const auto predicted = ridgePrediction(trial);
    std::vector<std::size_t> left;
    std::vector<model::Point> points;
    for (std::size_t i = 0; i < predicted.size(); ++i) {
        if (trial.seen(i) || trial.fps(i) <= 0) continue;
        left.push_back(i);
        points.push_back({predicted[i], trial.fps(i)});
    }
    std::vector<std::size_t> chosen;
    for (const std::size_t i : model::spreadSelection(points, count)) chosen.push_back(left[i]);
    return chosen;
}

}  // namespace

void searchAtRandom(Trial& trial) {
    base::Random random(trial.seed(), "random search");
    const std::size_t most = std::min(trial.budget(), trial.space().networks());
    while (trial.networks().size() < most) trial.accuracy(trial.drawNetwork(random));
}

void lookAtLargest(Trial& trial) { trial.accuracy(trial.problem().largest().network); }

void lookAtMedian(Trial& trial) { trial.accuracy(trial.problem().median().network); }

void searchByRidge(Trial& trial) {
    base::Random random(trial.seed(), "ridge search");
    const std::size_t half = std::max<std::size_t>(1, trial.budget() / 2);
    while (trial.networks().size() < half) trial.accuracy(trial.drawNetwork(random));
    for (int round = kRidgeRounds; round > 0 && !trial.spent(); --round) {
        const auto share = std::max<std::size_t>(1, trial.left() / static_cast<std::size_t>(round));
        const auto next = predictedFront(trial, round == 1 ? trial.left() : share);
        if (next.empty()) return;
        for (const std::size_t network : next) trial.accuracy(network);
    }
}

void searchByAnnealing(Trial& trial) {
    base::Random random(trial.seed(), "annealing");
    const auto& space = trial.space();
    for (int walk = 0; walk < kWeights; ++walk) {
        const double weight = accuracyWeight(walk);
        const std::size_t before = trial.networks().size();
        const std::size_t share = trial.left() / static_cast<std::size_t>(kWeights - walk);
        auto at = trial.drawNetwork(random);
        auto accuracy = trial.accuracy(at);
        if (!accuracy) return;
        double merit = reward(trial, weight, *accuracy, trial.fps(at));
        for (int stalls = 0; trial.networks().size() - before < share && stalls < kMostStalls;
             ++stalls) {
            const auto seen = trial.networks().size();
            const double done = static_cast<double>(seen - before) / static_cast<double>(share);
            const double temperature = kHot * std::pow(kCold / kHot, done);
            auto options = space.optionsOf(at);
            const auto place = random.below(options.size());
            options[place] = static_cast<int>(random.below(space.choices[place].options.size()));
            const auto next = space.indexOf(options);
            accuracy = trial.accuracy(next);
            if (!accuracy) return;
            const double other = reward(trial, weight, *accuracy, trial.fps(next));
            if (other >= merit || random.uniform() < std::exp((other - merit) / temperature)) {
                at = next;
                merit = other;
            }
            if (trial.networks().size() > seen) stalls = 0;
        }
    }
}

}  // namespace cohelix::lab
