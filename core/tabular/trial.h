// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One run of a method on a tabular problem, with its counters: looks at accuracies, which stand for
// trainings, and hardware costs.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/base/random.h"
#include "core/search/pareto.h"
#include "core/tabular/problem.h"

namespace cohelix::tabular {

/// How a method comes to the accelerator of a network.
enum class Inner : std::uint8_t {
    Exact,   ///< the proven best one
    Sampled  ///< the best of kSampledDraws random ones
};
inline constexpr int kSampledDraws = 1000;

class Trial {
public:
    Trial(const Problem& problem, Inner inner, std::uint64_t seed, std::size_t lookups);

    const Problem& problem() const { return m_problem; }
    const TabularSpace& space() const { return m_problem.space(); }
    std::uint64_t seed() const { return m_seed; }
    std::size_t budget() const { return m_budget; }
    std::size_t left() const { return m_budget - m_seen.size(); }
    bool spent() const { return left() == 0; }

    /// FPS of the network; 0 when it cannot keep the limits. Worked out once a network.
    double fps(std::size_t network);
    /// Accuracy in percent; a second look at a network is free. Nothing when the budget is spent.
    std::optional<double> accuracy(std::size_t network);
    bool seen(std::size_t network) const { return m_accuracies.contains(network); }

    /// Networks looked at, in their order.
    const std::vector<std::size_t>& networks() const { return m_seen; }
    /// Those of them that keep the limits, and accuracy in percent against FPS of each.
    std::vector<std::size_t> feasible();
    std::vector<search::Point> points();
    /// Networks whose hardware cost was worked out, times the accelerators priced for each.
    std::int64_t costEvaluations() const { return m_costEvaluations; }

    /// A network of uniformly drawn options.
    std::size_t drawNetwork(base::Random& random) const;

private:
    const Problem& m_problem;
    Inner m_inner;
    std::uint64_t m_seed;
    std::size_t m_budget;
    std::map<std::size_t, double> m_fps;
    std::map<std::size_t, double> m_accuracies;
    std::vector<std::size_t> m_seen;
    std::int64_t m_costEvaluations = 0;
};

}  // namespace cohelix::tabular
