// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/target_search.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace cohelix::search {
namespace {

using space::Sampling;

constexpr double kLeastLambda = 1e-4;
constexpr double kMostLambda = 1e4;

/// The two largest entries, the larger first.
std::pair<int, int> topTwo(const std::vector<double>& values) {
    std::vector<int> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return values[static_cast<std::size_t>(a)] > values[static_cast<std::size_t>(b)];
    });
    return {order[0], order[1]};
}

}  // namespace

std::vector<double> alphaGradient(Sampling sampling, std::span<const double> alpha,
                                  std::span<const learn::ActivePath> paths,
                                  std::span<const double> byGate, std::span<const double> soft,
                                  double temperature) {
    std::vector<double> gradient(alpha.size(), 0);
    if (sampling == Sampling::Soft) {
        gradient = throughSoftmax(soft, byGate);
        for (double& g : gradient) g /= temperature;
    } else if (paths.size() == 1) {
        gradient = straightThrough(soft, paths[0].op, byGate[0], temperature);
    } else {
        // Two active paths: the raw parameters are softmaxed over these alone (method.md 2.3).
        const auto a = static_cast<std::size_t>(paths[0].op);
        const auto b = static_cast<std::size_t>(paths[1].op);
        const auto share = softmax(std::array{alpha[a], alpha[b]});
        const auto inner = throughSoftmax(share, byGate);
        gradient[a] = inner[0];
        gradient[b] = inner[1];
    }
    return gradient;
}

TargetSearch::TargetSearch(const space::Specification& specification, int index)
    : m_specification(specification),
      m_window(specification.objective.targets[static_cast<std::size_t>(index)]),
      m_search(specification, static_cast<std::uint64_t>(index)) {
    const auto blocks = space::blockShapes(specification.network).size();
    m_alpha.assign(blocks, Categorical(specification.network.operators.size()));
}

SampledPaths TargetSearch::samplePaths(double temperature, base::Random& random) const {
    SampledPaths sampled;
    for (const auto& alpha : m_alpha) {
        const auto sample = sampleGumbel(alpha.logits, temperature, random);
        std::vector<learn::ActivePath> active;
        if (m_specification.search.sampling == Sampling::Soft) {
            for (std::size_t k = 0; k < sample.soft.size(); ++k) {
                active.push_back({static_cast<int>(k), sample.soft[k]});
            }
        } else if (m_specification.search.sampling == Sampling::Hard || sample.soft.size() == 1) {
            active.push_back({sample.hard, 1});
        } else {
            const auto [first, second] = topTwo(sample.soft);
            active = {{first, 1}, {second, 0}};
        }
        sampled.paths.push_back(std::move(active));
        sampled.soft.push_back(sample.soft);
    }
    return sampled;
}

std::vector<int> TargetSearch::samplePath(double temperature, base::Random& random) const {
    std::vector<int> path;
    for (const auto& alpha : m_alpha) {
        path.push_back(sampleGumbel(alpha.logits, temperature, random).hard);
    }
    return path;
}

std::vector<int> TargetSearch::derivedPath() const {
    std::vector<int> path;
    for (const auto& alpha : m_alpha) path.push_back(alpha.argmax());
    return path;
}

void TargetSearch::startLambda(double crossEntropy) {
    m_lambda = std::clamp(m_specification.objective.initialHardwareShare * crossEntropy,
                          kLeastLambda, kMostLambda);
}

void TargetSearch::adaptLambda(double metric) {
    const bool larger = space::largerIsBetter(m_specification.objective.metric);
    const bool tooCostly = larger ? metric < m_window.low : metric > m_window.high;
    const bool tooCheap = larger ? metric > m_window.high : metric < m_window.low;
    if (tooCostly) m_lambda *= 2;
    if (tooCheap) m_lambda /= 2;
    m_lambda = std::clamp(m_lambda, kLeastLambda, kMostLambda);
}

void TargetSearch::learn(const SampledPaths& sampled, const learn::GateGradients& gates,
                         double temperature) {
    std::vector<std::vector<double>> probabilities;
    for (const auto& alpha : m_alpha) probabilities.push_back(softmax(alpha.logits));
    const auto hardware = m_hardware ? m_hardware->cost(probabilities) : HardwareCost{};
    for (std::size_t b = 0; b < m_alpha.size(); ++b) {
        auto gradient = alphaGradient(m_specification.search.sampling, m_alpha[b].logits,
                                      sampled.paths[b], gates.gradient[b], sampled.soft[b],
                                      temperature);
        if (m_hardware) {
            const auto pull = throughSoftmax(probabilities[b], hardware.byProbability[b]);
            for (std::size_t k = 0; k < gradient.size(); ++k) gradient[k] += m_lambda * pull[k];
        }
        m_alpha[b].adamStep(gradient, m_specification.search.alphaLearningRate);
    }
    ++m_steps;
}

bool TargetSearch::refreshDue() const {
    return !m_hardware || m_steps % m_specification.search.acceleratorRefreshSteps == 0;
}

std::optional<FoundAccelerator> TargetSearch::searchAccelerator(const model::Network& network,
                                                                int iterations) {
    return m_search.search(network, iterations);
}

void TargetSearch::refreshAccelerator() {
    const auto path = derivedPath();
    const auto found = m_search.search(space::buildNetwork(m_specification.network, path),
                                       m_specification.search.acceleratorIterations);
    if (!found) return;  // the accelerator before stays in force
    m_acceleratorChoices = found->choices;
    m_pricedFor = path;
    priceOperators();
}

void TargetSearch::priceOperators() {
    m_accelerator =
        space::buildAccelerator(m_specification.accelerator, m_acceleratorChoices,
                                space::buildNetwork(m_specification.network, m_pricedFor));
    m_hardware = std::make_unique<HardwareTerm>(m_specification, m_accelerator);
}

base::Json TargetSearch::save() const {
    base::Json alpha = base::Json::array();
    for (const auto& block : m_alpha) alpha.push_back(toJson(block));
    return {{"lambda", m_lambda},
            {"steps", m_steps},
            {"alpha", alpha},
            {"accelerator", m_acceleratorChoices},
            {"priced_for", m_pricedFor},
            {"search", m_search.save()}};
}

void TargetSearch::restore(const base::Json& json) {
    m_lambda = json.at("lambda").get<double>();
    m_steps = json.at("steps").get<std::int64_t>();
    m_alpha.clear();
    for (const auto& block : json.at("alpha")) m_alpha.push_back(categoricalFromJson(block));
    m_search.restore(json.at("search"));
    m_acceleratorChoices = json.at("accelerator").get<std::vector<int>>();
    m_pricedFor = json.at("priced_for").get<std::vector<int>>();
    if (!m_acceleratorChoices.empty()) priceOperators();
}

}  // namespace cohelix::search
