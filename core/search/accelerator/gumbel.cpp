// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/accelerator/gumbel.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cohelix::search {
namespace {

constexpr double kBeta1 = 0.5;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;

}  // namespace

std::vector<double> softmax(std::span<const double> logits, double temperature) {
    std::vector<double> out(logits.begin(), logits.end());
    const double most = *std::max_element(out.begin(), out.end());
    double sum = 0;
    for (double& x : out) sum += x = std::exp((x - most) / temperature);
    for (double& x : out) x /= sum;
    return out;
}

double logSumExp(std::span<const double> logits) {
    const double most = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const double x : logits) sum += std::exp(x - most);
    return most + std::log(sum);
}

GumbelSample sampleGumbel(std::span<const double> logits, double temperature,
                          base::Random& random) {
    std::vector<double> noisy(logits.begin(), logits.end());
    for (double& x : noisy) x += random.gumbel();
    GumbelSample sample;
    sample.hard = static_cast<int>(std::max_element(noisy.begin(), noisy.end()) - noisy.begin());
    sample.soft = softmax(noisy, temperature);
    return sample;
}

std::vector<double> straightThrough(std::span<const double> soft, int chosen, double upstream,
                                    double temperature) {
    std::vector<double> gradient(soft.size());
    const double scale = upstream * soft[static_cast<std::size_t>(chosen)] / temperature;
    for (std::size_t j = 0; j < soft.size(); ++j) {
        gradient[j] = scale * ((static_cast<int>(j) == chosen ? 1.0 : 0.0) - soft[j]);
    }
    return gradient;
}

std::vector<double> throughSoftmax(std::span<const double> probabilities,
                                   std::span<const double> byProbability) {
    const double mean =
        std::inner_product(probabilities.begin(), probabilities.end(), byProbability.begin(), 0.0);
    std::vector<double> gradient(probabilities.size());
    for (std::size_t j = 0; j < gradient.size(); ++j) {
        gradient[j] = probabilities[j] * (byProbability[j] - mean);
    }
    return gradient;
}

void Categorical::adamStep(std::span<const double> gradient, double learningRate) {
    ++steps;
    const double correction1 = 1 - std::pow(kBeta1, steps);
    const double correction2 = 1 - std::pow(kBeta2, steps);
    for (std::size_t j = 0; j < logits.size(); ++j) {
        first[j] = kBeta1 * first[j] + (1 - kBeta1) * gradient[j];
        second[j] = kBeta2 * second[j] + (1 - kBeta2) * gradient[j] * gradient[j];
        logits[j] -= learningRate * (first[j] / correction1) /
                     (std::sqrt(second[j] / correction2) + kEpsilon);
    }
}

int Categorical::argmax() const {
    return static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

base::Json toJson(const Categorical& parameter) {
    return {{"logits", parameter.logits},
            {"first", parameter.first},
            {"second", parameter.second},
            {"steps", parameter.steps}};
}

Categorical categoricalFromJson(const base::Json& json) {
    Categorical parameter;
    parameter.logits = json.at("logits").get<std::vector<double>>();
    parameter.first = json.at("first").get<std::vector<double>>();
    parameter.second = json.at("second").get<std::vector<double>>();
    parameter.steps = json.at("steps").get<int>();
    return parameter;
}

}  // namespace cohelix::search
