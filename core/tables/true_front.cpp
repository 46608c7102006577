// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tables/true_front.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <numeric>
#include <set>

namespace cohelix::tables {
namespace {

using optimum::ExactAccelerators;
using optimum::Load;

/// Networks share loads: each is worked out once.
std::vector<std::size_t> firstOfEachLoad(const std::vector<Load>& loads) {
    std::map<Load, std::size_t> seen;
    std::vector<std::size_t> first;
    for (std::size_t i = 0; i < loads.size(); ++i) {
        first.push_back(seen.try_emplace(loads[i], i).first->second);
    }
    return first;
}

/// Counts items on several threads, reports them now and then, and remembers that the watch wants
/// an end.
class Progress {
public:
    /// The part of the whole work, from one share to another, that `items` make up.
    Progress(const Watch& watch, double from, double to, std::size_t items)
        : m_watch(watch), m_from(from), m_share(to - from), m_items(items) {}

    /// Before each item; false: leave it.
    bool mayGoOn() {
        constexpr std::size_t kReportEvery = 32;
        const std::size_t done = m_done++;
        if (m_watch && done % kReportEvery == 0) {
            const double share = static_cast<double>(done) / static_cast<double>(m_items);
            if (!m_watch(m_from + m_share * share)) m_ended = true;
        }
        return !m_ended;
    }
    bool ended() const { return m_ended; }

private:
    const Watch& m_watch;
    double m_from;
    double m_share;
    std::size_t m_items;
    std::atomic<std::size_t> m_done = 0;
    std::atomic<bool> m_ended = false;
};

base::Error endedEarly(const TabularSpace& space) {
    return {space.name, "the computation of the true front was cancelled", {}};
}

/// Whether it came to its end.
bool price(TrueFront& truth, const std::vector<Load>& loads, const ExactAccelerators& accelerators,
           double hertz, base::Executor& executor, const Watch& watch) {
    const auto first = firstOfEachLoad(loads);
    std::vector<std::size_t> distinct = first;
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    // Pricing takes about as long as the search for the best single accelerator after it.
    Progress progress(watch, 0, 0.5, distinct.size());
    executor.forEach(distinct.size(), [&](std::size_t item) {
        if (!progress.mayGoOn()) return;
        auto& network = truth.networks[distinct[item]];
        network.accelerator = accelerators.best(loads[distinct[item]], optimum::Aim::Period);
        if (network.accelerator) network.fps = hertz / network.accelerator->periodCycles;
    });
    for (std::size_t i = 0; i < first.size(); ++i) truth.networks[i] = truth.networks[first[i]];
    return !progress.ended();
}

/// What single accelerators are worth for all networks. Parts of loads are numbered, so that a row
/// of a chunk is priced for each part once.
class SingleAccelerators {
public:
    SingleAccelerators(const TabularSpace& space, const std::vector<Load>& loads,
                       const ExactAccelerators& accelerators, const model::Resources& limits,
                       double hertz)
        : m_space(space), m_accelerators(accelerators), m_limits(limits), m_hertz(hertz) {
        for (std::size_t c = 0; c < loads.front().size(); ++c) {
            std::map<std::vector<int>, std::size_t> numbers;
            m_parts.emplace_back();
            m_partOf.emplace_back();
            for (const auto& load : loads) {
                const auto [entry, isNew] = numbers.try_emplace(load[c], numbers.size());
                if (isNew) m_parts.back().push_back(load[c]);
                m_partOf.back().push_back(entry->second);
            }
        }
        m_prices.resize(m_parts.size());
    }

    double hypervolume(const std::vector<std::size_t>& rows) {
        std::vector<model::Point> points;
        for (std::size_t i = 0; i < m_space.networks(); ++i) {
            double period = 0;
            model::Resources taken;
            for (std::size_t c = 0; c < rows.size(); ++c) {
                const auto& option = pricesOf(c, rows[c])[m_partOf[c][i]];
                period = std::max(period, option.cycles);
                taken.add(option);
            }
            if (!taken.within(m_limits)) continue;
            points.push_back({m_space.accuracies[i], m_hertz / period});
        }
        return model::hypervolume(points, {m_space.leastAccuracy, 0});
    }

private:
    const std::vector<optimum::ChunkOption>& pricesOf(std::size_t chunk, std::size_t row) {
        auto& prices = m_prices[chunk][row];
        if (prices.empty()) {
            for (const auto& part : m_parts[chunk]) {
                prices.push_back(m_accelerators.price(chunk, row, part));
            }
        }
        return prices;
    }

    const TabularSpace& m_space;
    const ExactAccelerators& m_accelerators;
    model::Resources m_limits;
    double m_hertz;
    std::vector<std::vector<std::vector<int>>> m_parts;  ///< [chunk][part]: counts
    std::vector<std::vector<std::size_t>> m_partOf;      ///< [chunk][network]
    std::vector<std::map<std::size_t, std::vector<optimum::ChunkOption>>> m_prices;
};

/// Nothing when it was ended.
std::optional<double> bestSingle(const TrueFront& truth, SingleAccelerators singles,
                                 const Watch& watch) {
    std::set<std::vector<std::size_t>> candidates;
    for (const auto& network : truth.networks) {
        if (network.accelerator) candidates.insert(network.accelerator->rows);
    }
    Progress progress(watch, 0.5, 1, candidates.size());
    double best = 0;
    for (const auto& rows : candidates) {
        if (!progress.mayGoOn()) return std::nullopt;
        best = std::max(best, singles.hypervolume(rows));
    }
    return best;
}

}  // namespace

base::Result<TrueFront> trueFront(const Problem& problem, base::Executor& executor,
                                  const Watch& watch) {
    const auto start = std::chrono::steady_clock::now();
    const auto& networks = problem.space();
    const auto& accelerators = problem.accelerators();
    TrueFront truth;
    truth.networks.resize(networks.networks());
    if (!price(truth, problem.loads(), accelerators, problem.hertz(), executor, watch)) {
        return endedEarly(networks);
    }

    std::vector<std::size_t> feasible;
    for (std::size_t i = 0; i < truth.networks.size(); ++i) {
        if (truth.networks[i].fps > 0) feasible.push_back(i);
    }
    if (feasible.empty()) {
        return base::Error{networks.name,
                           "no accelerator of the space keeps the limits for any network",
                           "Raise the limits on DSPs and block RAM, or take smaller tiles into the "
                           "space"};
    }
    const auto points = pointsOf(networks, truth, feasible);
    for (const std::size_t i : model::front(points)) truth.front.push_back(feasible[i]);
    const model::Point reference{networks.leastAccuracy, 0};
    truth.hypervolume = model::hypervolume(points, reference);
    if (truth.hypervolume > 0) {
        const auto single = bestSingle(
            truth,
            {networks, problem.loads(), accelerators, accelerators.limits(), problem.hertz()},
            watch);
        if (!single) return endedEarly(networks);
        truth.bestSingleAcceleratorRatio = *single / truth.hypervolume;
    }
    truth.costEvaluations = accelerators.evaluations();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    truth.seconds = problem.secondsToCreate() + taken.count();
    return truth;
}

std::vector<model::Point> pointsOf(const TabularSpace& space, const TrueFront& truth,
                                   const std::vector<std::size_t>& networks) {
    std::vector<model::Point> points;
    for (const std::size_t i : networks) {
        points.push_back({space.accuracies[i], truth.networks[i].fps});
    }
    return points;
}

}  // namespace cohelix::tables
