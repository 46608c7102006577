// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/methods/trial.h"

#include <algorithm>

#include "core/base/thread_time.h"

namespace cohelix::lab {

Trial::Trial(const tables::Problem& problem, Inner inner, std::uint64_t seed, std::size_t lookups)
    : m_problem(problem),
      m_inner(inner),
      m_seed(seed),
      m_budget(std::min(lookups, problem.space().networks())),
      m_start(base::threadSeconds()) {}

double Trial::fps(std::size_t network) {
    const auto [entry, isNew] = m_fps.try_emplace(network, 0.0);
    if (isNew) entry->second = work(network);
    return entry->second;
}

double Trial::work(std::size_t network) {
    switch (m_inner) {
        case Inner::Exact: m_costEvaluations += 1; return m_problem.exactFps(network);
        case Inner::Sampled: {
            m_costEvaluations += kSampledDraws;
            base::Random random(m_seed, "accelerator samples", network);
            return m_problem.sampledFps(network, kSampledDraws, random);
        }
        case Inner::OfLargest:
            m_costEvaluations += 1;
            return m_problem.fpsOn(m_problem.largest().rows, network);
        case Inner::OfMedian:
            m_costEvaluations += 1;
            return m_problem.fpsOn(m_problem.median().rows, network);
        case Inner::Macs: return m_problem.hertz() / m_problem.macs(m_problem.loads()[network]);
        case Inner::Nothing: return m_problem.hertz();
    }
    return 0;
}

std::optional<double> Trial::accuracy(std::size_t network) {
    const auto found = m_accuracies.find(network);
    if (found != m_accuracies.end()) return found->second;
    if (spent()) return std::nullopt;
    m_seen.push_back(network);
    (void)fps(network);  // what is held is known at every moment
    if (!space().trainingSeconds.empty()) m_trainingSeconds += space().trainingSeconds[network];
    m_moments.push_back(now());
    return m_accuracies[network] = space().accuracies[network];
}

std::vector<std::size_t> Trial::feasible() {
    std::vector<std::size_t> networks;
    for (const std::size_t network : m_seen) {
        if (fps(network) > 0) networks.push_back(network);
    }
    return networks;
}

std::vector<model::Point> Trial::points() {
    std::vector<model::Point> points;
    for (const std::size_t network : feasible()) {
        points.push_back({m_accuracies[network], fps(network)});
    }
    return points;
}

std::vector<model::Point> Trial::designs(std::size_t looks) {
    if (isSequential(m_inner)) {
        return looks < m_seen.size() ? std::vector<model::Point>() : m_inTheEnd;
    }
    std::vector<model::Point> designs;
    for (std::size_t i = 0; i < std::min(looks, m_seen.size()); ++i) {
        const double speed = fps(m_seen[i]);
        if (speed > 0) designs.push_back({m_accuracies[m_seen[i]], speed});
    }
    return designs;
}

Moment Trial::now() const {
    return {m_costEvaluations, base::threadSeconds() - m_start + m_trainingSeconds};
}

void Trial::finish() {
    if (!isSequential(m_inner) || m_seen.empty()) return;
    const auto known = points();
    for (const std::size_t i : model::front(known)) {
        m_costEvaluations += 1;
        const double speed = m_problem.exactFps(m_seen[i]);
        if (speed > 0) m_inTheEnd.push_back({known[i].accuracy, speed});
    }
    m_moments.back() = now();
}

std::size_t Trial::drawNetwork(base::Random& random) const {
    return static_cast<std::size_t>(random.below(space().networks()));
}

}  // namespace cohelix::lab
