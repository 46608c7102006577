// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One run of a method on a tabular problem, with its counters: looks at accuracies, which stand for
// trainings, and hardware costs.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/base/random.h"
#include "core/model/pareto.h"
#include "core/tables/problem.h"

namespace cohelix::lab {

/// What a method knows of a network's speed while it searches, and how the network comes to its
/// accelerator.
enum class Inner : std::uint8_t {
    Exact,      ///< the proven best accelerator
    Sampled,    ///< the best of kSampledDraws random ones
    OfLargest,  ///< one for all networks: that of Problem::largest()
    OfMedian,   ///< one for all networks: that of Problem::median()
    Macs,       ///< its multiply-accumulates; what is best by these gets the proven best in the end
    Nothing     ///< nothing; the most accurate network gets the proven best in the end
};
inline constexpr int kSampledDraws = 1000;
/// Whether accelerators come after the search of networks.
constexpr bool isSequential(Inner inner) { return inner == Inner::Macs || inner == Inner::Nothing; }

/// The counters when a look was over.
struct Moment {
    std::int64_t costEvaluations = 0;
    double seconds = 0;  ///< that the run had computed, and trained where the table says how long
};

class Trial {
public:
    /// A run is one thread's.
    Trial(const tables::Problem& problem, Inner inner, std::uint64_t seed, std::size_t lookups);

    const tables::Problem& problem() const { return m_problem; }
    const tables::TabularSpace& space() const { return m_problem.space(); }
    Inner inner() const { return m_inner; }
    std::uint64_t seed() const { return m_seed; }
    std::size_t budget() const { return m_budget; }
    std::size_t left() const { return m_budget - m_seen.size(); }
    bool spent() const { return left() == 0; }

    /// FPS of the network as the method knows it: with Macs, at one of them a cycle; with Nothing,
    /// at one image a cycle. 0 when it cannot keep the limits. Worked out once a network.
    double fps(std::size_t network);
    /// Accuracy in percent; a second look at a network is free. Nothing when the budget is spent.
    /// A look prices the network as well.
    std::optional<double> accuracy(std::size_t network);
    bool seen(std::size_t network) const { return m_accuracies.contains(network); }

    /// Networks looked at, in their order, and the counters after each.
    const std::vector<std::size_t>& networks() const { return m_seen; }
    const std::vector<Moment>& moments() const { return m_moments; }
    /// Those of them that keep the limits, and accuracy in percent against fps() of each.
    std::vector<std::size_t> feasible();
    std::vector<model::Point> points();
    /// The run is over: when accelerators come last, they are found now. Called once, before the
    /// designs and counters are looked at.
    void finish();
    /// What the run came to after the first so many looks: accuracy against the FPS that the
    /// network's accelerator has. When accelerators come last, nothing before the last look.
    std::vector<model::Point> designs(std::size_t looks);
    /// Networks whose hardware cost was worked out, times the accelerators priced for each.
    std::int64_t costEvaluations() const { return m_costEvaluations; }

    /// Seconds of a processor that the looks stand for; 0 where the table does not say.
    double trainingSeconds() const { return m_trainingSeconds; }

    /// A network of uniformly drawn options.
    std::size_t drawNetwork(base::Random& random) const;

private:
    double work(std::size_t network);
    Moment now() const;

    const tables::Problem& m_problem;
    Inner m_inner;
    std::uint64_t m_seed;
    std::size_t m_budget;
    double m_start;
    std::map<std::size_t, double> m_fps;
    std::map<std::size_t, double> m_accuracies;
    std::vector<std::size_t> m_seen;
    std::vector<Moment> m_moments;
    std::int64_t m_costEvaluations = 0;
    double m_trainingSeconds = 0;
    std::vector<model::Point> m_inTheEnd;  ///< when accelerators come last
};

}  // namespace cohelix::lab
