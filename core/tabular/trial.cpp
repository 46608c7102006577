// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tabular/trial.h"

#include <algorithm>

namespace cohelix::tabular {

Trial::Trial(const Problem& problem, Inner inner, std::uint64_t seed, std::size_t lookups)
    : m_problem(problem),
      m_inner(inner),
      m_seed(seed),
      m_budget(std::min(lookups, problem.space().networks())) {}

double Trial::fps(std::size_t network) {
    const auto [entry, isNew] = m_fps.try_emplace(network, 0.0);
    if (!isNew) return entry->second;
    if (m_inner == Inner::Exact) {
        m_costEvaluations += 1;
        entry->second = m_problem.exactFps(network);
    } else {
        m_costEvaluations += kSampledDraws;
        base::Random random(m_seed, "accelerator samples", network);
        entry->second = m_problem.sampledFps(network, kSampledDraws, random);
    }
    return entry->second;
}

std::optional<double> Trial::accuracy(std::size_t network) {
    const auto found = m_accuracies.find(network);
    if (found != m_accuracies.end()) return found->second;
    if (spent()) return std::nullopt;
    m_seen.push_back(network);
    return m_accuracies[network] = space().accuracies[network];
}

std::vector<std::size_t> Trial::feasible() {
    std::vector<std::size_t> networks;
    for (const std::size_t network : m_seen) {
        if (fps(network) > 0) networks.push_back(network);
    }
    return networks;
}

std::vector<search::Point> Trial::points() {
    std::vector<search::Point> points;
    for (const std::size_t network : feasible()) {
        points.push_back({m_accuracies[network], fps(network)});
    }
    return points;
}

std::size_t Trial::drawNetwork(base::Random& random) const {
    return static_cast<std::size_t>(random.below(space().networks()));
}

}  // namespace cohelix::tabular
