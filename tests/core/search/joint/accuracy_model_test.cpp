// SPDX-License-Identifier: GPL-3.0-or-later
// The learned accuracy model: its gradients against finite differences, its predictions against
// what it was told.
#include "core/search/joint/accuracy_model.h"

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace cohelix::search {
namespace {

const std::vector<int> kOptions = {3, 4, 2, 3};

/// One option a place with certainty.
RelaxedNetwork certain(const std::vector<int>& options, const std::vector<int>& optionsOfPlace) {
    RelaxedNetwork network;
    for (std::size_t i = 0; i < options.size(); ++i) {
        network.emplace_back(static_cast<std::size_t>(optionsOfPlace[i]), 0.0);
        network.back()[static_cast<std::size_t>(options[i])] = 1;
    }
    return network;
}

double accuracyOf(const std::vector<int>& options) {
    return 80 + 3 * options[0] - options[1] + options[0] * options[2] + 0.5 * options[3];
}

AccuracyModel trainedModel() {
    AccuracyModel model(kOptions);
    base::Random random(3, "accuracy model test");
    for (int i = 0; i < 25; ++i) {
        std::vector<int> options;
        for (const int count : kOptions) {
            options.push_back(static_cast<int>(random.below(static_cast<std::uint64_t>(count))));
        }
        model.learn(options, accuracyOf(options));
    }
    model.fit(50);
    model.prepare();
    return model;
}

TEST(AccuracyModel, HasTheGradientsOfItsBeliefs) {
    const auto model = trainedModel();
    RelaxedNetwork at;
    base::Random random(5, "relaxed");
    for (const int count : kOptions) {
        at.emplace_back();
        for (int o = 0; o < count; ++o) at.back().push_back(0.1 + random.uniform());
    }
    const auto gradient = model.gradient(at);
    constexpr double kStep = 1e-5;
    for (std::size_t p = 0; p < at.size(); ++p) {
        for (std::size_t o = 0; o < at[p].size(); ++o) {
            auto up = at;
            auto down = at;
            up[p][o] += kStep;
            down[p][o] -= kStep;
            const auto above = model.gradient(up).belief;
            const auto below = model.gradient(down).belief;
            EXPECT_NEAR(gradient.meanBy[p][o], (above.mean - below.mean) / (2 * kStep), 1e-6);
            EXPECT_NEAR(gradient.deviationBy[p][o],
                        (above.deviation - below.deviation) / (2 * kStep), 1e-6);
        }
    }
}

TEST(AccuracyModel, AgreesWithItselfOnCertainNetworksAndPredictsNewOnes) {
    const auto model = trainedModel();
    double worst = 0;
    for (int a = 0; a < 3; ++a) {
        for (int b = 0; b < 4; ++b) {
            const std::vector<int> options = {a, b, 1, 2};
            const auto belief = model.belief(options);
            const auto relaxed = model.gradient(certain(options, kOptions)).belief;
            EXPECT_NEAR(belief.mean, relaxed.mean, 1e-12);
            EXPECT_NEAR(belief.deviation, relaxed.deviation, 1e-12);
            worst = std::max(worst, std::abs(accuracyFromScale(belief.mean) - accuracyOf(options)));
        }
    }
    EXPECT_LT(worst, 2.5);  // of a range of 17 points
}

}  // namespace
}  // namespace cohelix::search
