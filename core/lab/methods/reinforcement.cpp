// SPDX-License-Identifier: GPL-3.0-or-later
// REINFORCE over networks, one weight of the reward after the other.
#include "core/lab/accelerators/controller.h"
#include "core/lab/methods/methods.h"
#include "core/lab/methods/scalar_reward.h"

namespace cohelix::lab {
namespace {

constexpr double kRate = 0.003;  // of the controller

}  // namespace

void searchByReinforcement(Trial& trial) {
    base::Random random(trial.seed(), "reinforcement");
    for (int walk = 0; walk < kWeights; ++walk) {
        const double weight = accuracyWeight(walk);
        const std::size_t before = trial.networks().size();
        const std::size_t share = trial.left() / static_cast<std::size_t>(kWeights - walk);
        lab::Controller controller(trial.space().optionCounts(), kRate, random);
        lab::RewardBaseline baseline;
        for (int stalls = 0; trial.networks().size() - before < share && stalls < kMostStalls;
             ++stalls) {
            const auto seen = trial.networks().size();
            const auto network = trial.space().indexOf(controller.write(random));
            const auto accuracy = trial.accuracy(network);
            if (!accuracy) return;
            const double merit = reward(trial, weight, *accuracy, trial.fps(network));
            controller.learn(baseline.advantageOf(merit));
            if (trial.networks().size() > seen) stalls = 0;
        }
    }
}

}  // namespace cohelix::lab
