// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "core/hardware/evaluate.h"
#include "core/search/accelerator/gumbel.h"
#include "core/search/accelerator/hardware_term.h"
#include "core/search/joint/target_search.h"
#include "core/specification/accelerator_presets.h"

namespace cohelix::search {
namespace {

TEST(Gumbel, HardSamplesFollowTheSoftmax) {
    const std::vector<double> logits = {0.0, 1.0, -0.5, 0.3};
    const auto expected = softmax(logits);
    std::vector<double> counts(logits.size(), 0);
    base::Random random(3, "gumbel");
    constexpr int kDraws = 100000;
    for (int i = 0; i < kDraws; ++i) {
        const auto sample = sampleGumbel(logits, 0.7, random);
        ++counts[static_cast<std::size_t>(sample.hard)];
        ASSERT_NEAR(std::accumulate(sample.soft.begin(), sample.soft.end(), 0.0), 1, 1e-12);
    }
    for (std::size_t k = 0; k < logits.size(); ++k) {
        EXPECT_NEAR(counts[k] / kDraws, expected[k], 0.006);
    }
}

TEST(Gumbel, StraightThroughIsTheSoftmaxsDerivative) {
    const std::vector<double> noisy = {0.2, -0.4, 1.1};
    constexpr double kTemperature = 1.7;
    constexpr double kStep = 1e-6;
    const auto soft = softmax(noisy, kTemperature);
    for (int chosen = 0; chosen < 3; ++chosen) {
        const auto gradient = straightThrough(soft, chosen, 2.5, kTemperature);
        for (std::size_t j = 0; j < noisy.size(); ++j) {
            auto moved = noisy;
            moved[j] += kStep;
            const double up = softmax(moved, kTemperature)[static_cast<std::size_t>(chosen)];
            moved[j] -= 2 * kStep;
            const double down = softmax(moved, kTemperature)[static_cast<std::size_t>(chosen)];
            EXPECT_NEAR(gradient[j], 2.5 * (up - down) / (2 * kStep), 1e-8);
        }
    }
}

TEST(Adam, WalksDownAndCountsSteps) {
    Categorical parameter(3);
    for (int i = 0; i < 50; ++i) parameter.adamStep(std::array{1.0, 0.0, -1.0}, 0.1);
    EXPECT_EQ(parameter.argmax(), 2);
    EXPECT_NEAR(parameter.logits[0], 1e-3 - 5, 1e-6) << "a constant gradient moves by the rate";
    EXPECT_EQ(parameter.logits[1], 1e-3);
    const auto again = categoricalFromJson(toJson(parameter));
    EXPECT_EQ(again.logits, parameter.logits);
    EXPECT_EQ(again.second, parameter.second);
    EXPECT_EQ(again.steps, 50);
}

/// log-cost of probabilities softmax(alpha) against its reported gradient.
void checkHardwareGradient(const std::string& presetName, spec::Metric metric,
                           double sharedGigabytes = 0, const char* accelerators = "") {
    auto spec = spec::preset(presetName).value();
    if (*accelerators) spec.accelerator = *spec::acceleratorPreset(accelerators);
    spec.objective.metric = metric;
    spec.accelerator.dramGigabytesPerSecond = sharedGigabytes;
    const auto shapes = spec::blockShapes(spec.network);
    const auto network = spec::buildNetwork(spec.network, std::vector<int>(shapes.size(), 0));
    AcceleratorSearch search(spec, 0);
    const auto found = search.search(network, 20);
    ASSERT_TRUE(found);
    const auto accelerator = hardware::buildAccelerator(spec.accelerator, found->choices, network);
    const HardwareTerm term(spec, accelerator, found->choices);

    base::Random random(9, "alpha");
    std::vector<std::vector<double>> alpha(shapes.size());
    for (auto& block : alpha) {
        for (std::size_t k = 0; k < spec.network.operators.size(); ++k)
            block.push_back(random.normal());
    }
    const auto costOf = [&](const auto& logits) {
        std::vector<std::vector<double>> probabilities;
        for (const auto& block : logits) probabilities.push_back(softmax(block));
        return term.cost(probabilities);
    };
    const auto at = costOf(alpha);
    for (const std::size_t b : {std::size_t{0}, shapes.size() / 2, shapes.size() - 1}) {
        const auto gradient = throughSoftmax(softmax(alpha[b]), at.byProbability[b]);
        for (std::size_t k = 0; k < gradient.size(); ++k) {
            constexpr double kStep = 1e-5;
            auto moved = alpha;
            moved[b][k] += kStep;
            const double up = costOf(moved).logCost;
            moved[b][k] -= 2 * kStep;
            const double down = costOf(moved).logCost;
            EXPECT_NEAR(gradient[k], (up - down) / (2 * kStep), 1e-6) << presetName << " " << b;
        }
    }
}

TEST(HardwareTerm, GradientEqualsFiniteDifferences) {
    for (const auto metric :
         {spec::Metric::Fps, spec::Metric::LatencyMs, spec::Metric::EnergyMj, spec::Metric::Edp}) {
        checkHardwareGradient("fashion-mnist-zc706", metric);
        checkHardwareGradient("dna-cifar10-asic", metric);
        checkHardwareGradient("dna-cifar10-zc706", metric, 1.6);
        checkHardwareGradient("dna-cifar10-zc706", metric, 0, "searched-beyond");
    }
}

/// A specification so small that all its networks can be listed: two blocks of three operators.
spec::Specification tinySpecification(spec::Metric metric) {
    auto spec = spec::preset("fashion-mnist-zc706").value();
    spec.objective.metric = metric;
    spec.network.stages = {{16, 2, 2}};
    spec.network.operators.resize(3);
    return spec;
}

TEST(HardwareTerm, GradientEqualsThatOfTheExactExpectation) {
    // Latency adds up over the blocks, so that the expected latency over all networks is the
    // latency of the expected operators: the gradient must be that of the true expectation.
    const auto spec = tinySpecification(spec::Metric::LatencyMs);
    const auto some = spec::buildNetwork(spec.network, std::vector<int>{0, 0});
    AcceleratorSearch search(spec, 0);
    const auto found = search.search(some, 50);
    ASSERT_TRUE(found);
    const auto accelerator = hardware::buildAccelerator(spec.accelerator, found->choices, some);
    const HardwareTerm term(spec, accelerator, found->choices);

    std::vector<Categorical> alpha(2, Categorical(3));
    alpha[0].logits = {0.4, -0.7, 0.1};
    alpha[1].logits = {-0.2, 0.3, 0.9};
    const auto expectedLog = [&](const std::vector<Categorical>& logits) {
        double expected = 0;
        for (int a = 0; a < 3; ++a) {
            for (int b = 0; b < 3; ++b) {
                const auto network = spec::buildNetwork(spec.network, std::vector<int>{a, b});
                const auto cost = hardware::evaluate(
                    network, accelerator, hardware::allocateLayers(spec.accelerator, {}, network),
                    spec.device);
                expected += softmax(logits[0].logits)[static_cast<std::size_t>(a)] *
                            softmax(logits[1].logits)[static_cast<std::size_t>(b)] *
                            cost.value().latencyMs;
            }
        }
        return std::log(expected);
    };
    const auto gradient = hardwareGradient(spec::HardwareGradient::Expected, term, alpha, {{}, {}});
    for (std::size_t block = 0; block < 2; ++block) {
        for (std::size_t k = 0; k < 3; ++k) {
            constexpr double kStep = 1e-5;
            auto moved = alpha;
            moved[block].logits[k] += kStep;
            const double up = expectedLog(moved);
            moved[block].logits[k] -= 2 * kStep;
            EXPECT_NEAR(gradient[block][k], (up - expectedLog(moved)) / (2 * kStep), 1e-6);
        }
    }
}

TEST(HardwareTerm, SinglePathPushesTheSampledOperatorsByTheirOwnCost) {
    const auto spec = tinySpecification(spec::Metric::LatencyMs);
    const auto some = spec::buildNetwork(spec.network, std::vector<int>{0, 0});
    AcceleratorSearch search(spec, 0);
    const auto found = search.search(some, 50);
    ASSERT_TRUE(found);
    const auto accelerator = hardware::buildAccelerator(spec.accelerator, found->choices, some);
    const HardwareTerm term(spec, accelerator, found->choices);
    std::vector<Categorical> alpha(2, Categorical(3));
    alpha[0].logits = {0.4, -0.7, 0.1};
    const learn::ActivePaths paths = {{{2, 1}, {0, 0}}, {{1, 1}, {2, 0}}};
    const auto gradient = hardwareGradient(spec::HardwareGradient::SinglePath, term, alpha, paths);

    const auto network = spec::buildNetwork(spec.network, std::vector<int>{2, 1});
    const auto cost =
        hardware::evaluate(network, accelerator,
                           hardware::allocateLayers(spec.accelerator, {}, network), spec.device)
            .value();
    double ofBlock = 0;
    double all = 0;
    for (std::size_t i = 0; i < cost.layers.size(); ++i) {
        all += cost.layers[i].cycles;
        if (network.layers[i].block == 0) ofBlock += cost.layers[i].cycles;
    }
    const auto p = softmax(alpha[0].logits);
    for (std::size_t k = 0; k < 3; ++k) {
        const double expected = ofBlock / all * p[2] * ((k == 2 ? 1.0 : 0.0) - p[k]);
        EXPECT_NEAR(gradient[0][k], expected, 1e-12);
    }
}

TEST(TwoPath, OperatorsThatAreNotActiveKeepTheirProbability) {
    Categorical alpha(4);
    alpha.logits = {0.5, -0.2, 1.0, 0.1};
    const auto before = alpha.logits;
    const auto then = softmax(before);
    alpha.logits[0] += 0.3;
    alpha.logits[2] += 0.2;
    const std::vector<learn::ActivePath> active = {{2, 1}, {0, 0}};
    keepProbability(alpha, active, before);
    const auto now = softmax(alpha.logits);
    EXPECT_NEAR(now[1], then[1], 1e-15);
    EXPECT_NEAR(now[3], then[3], 1e-15);
    EXPECT_NEAR(now[0] + now[2], then[0] + then[2], 1e-15);
    EXPECT_GT(now[0], then[0]) << "the one that gained more";
}

TEST(AlphaGradient, TwoPathsShareTheRawSoftmaxOfThePair) {
    const std::vector<double> alpha = {0.5, -1.0, 0.2};
    const std::vector<learn::ActivePath> paths = {{2, 1}, {0, 0}};
    const std::vector<double> byGate = {0.7, -0.3};
    const auto gradient = alphaGradient(spec::Sampling::TwoPath, alpha, paths, byGate, {}, 5);
    const double share = 1 / (1 + std::exp(0.5 - 0.2));  // of operator 2 against 0
    EXPECT_NEAR(gradient[2], share * (1 - share) * (0.7 + 0.3), 1e-12);
    EXPECT_NEAR(gradient[0], -gradient[2], 1e-12);
    EXPECT_EQ(gradient[1], 0) << "inactive operators feel nothing";
}

TEST(AlphaGradient, SoftPathsSeeEveryOperator) {
    const std::vector<double> noisy = {0.5, -1.0, 0.2};
    const double temperature = 2;
    const auto soft = softmax(noisy, temperature);
    const std::vector<double> byGate = {0.4, -0.2, 0.9};
    std::vector<learn::ActivePath> paths;
    for (int k = 0; k < 3; ++k) paths.push_back({k, soft[static_cast<std::size_t>(k)]});
    const auto gradient =
        alphaGradient(spec::Sampling::Soft, noisy, paths, byGate, soft, temperature);
    for (std::size_t j = 0; j < 3; ++j) {
        constexpr double kStep = 1e-6;
        auto moved = noisy;
        moved[j] += kStep;
        const auto up = softmax(moved, temperature);
        double change = 0;
        for (std::size_t k = 0; k < 3; ++k) change += byGate[k] * (up[k] - soft[k]) / kStep;
        EXPECT_NEAR(gradient[j], change, 1e-6);
    }
}

}  // namespace
}  // namespace cohelix::search
