// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tabular/true_front.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <set>

namespace cohelix::tabular {
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

void price(TrueFront& truth, const std::vector<Load>& loads, const ExactAccelerators& accelerators,
           double hertz, base::Executor& executor) {
    const auto first = firstOfEachLoad(loads);
    std::vector<std::size_t> distinct = first;
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    executor.forEach(distinct.size(), [&](std::size_t item) {
        auto& network = truth.networks[distinct[item]];
        network.accelerator = accelerators.best(loads[distinct[item]], optimum::Aim::Period);
        if (network.accelerator) network.fps = hertz / network.accelerator->periodCycles;
    });
    for (std::size_t i = 0; i < first.size(); ++i) truth.networks[i] = truth.networks[first[i]];
}

/// What single accelerators are worth for all networks. Parts of loads are numbered, so that a row
/// of a chunk is priced for each part once.
class SingleAccelerators {
public:
    SingleAccelerators(const TabularSpace& space, const std::vector<Load>& loads,
                       const ExactAccelerators& accelerators, const optimum::ResourceLimits& limits,
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
        std::vector<search::Point> points;
        for (std::size_t i = 0; i < m_space.networks(); ++i) {
            double period = 0;
            double dsp = 0;
            double bram = 0;
            for (std::size_t c = 0; c < rows.size(); ++c) {
                const auto& option = pricesOf(c, rows[c])[m_partOf[c][i]];
                period = std::max(period, option.cycles);
                dsp += option.dsp;
                bram += option.bram18k;
            }
            if (dsp > m_limits.dsp || bram > m_limits.bram18k) continue;
            points.push_back({m_space.accuracies[i], m_hertz / period});
        }
        return search::hypervolume(points, {m_space.leastAccuracy, 0});
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
    optimum::ResourceLimits m_limits;
    double m_hertz;
    std::vector<std::vector<std::vector<int>>> m_parts;   ///< [chunk][part]: counts
    std::vector<std::vector<std::size_t>> m_partOf;       ///< [chunk][network]
    std::vector<std::map<std::size_t, std::vector<optimum::ChunkOption>>> m_prices;
};

double bestSingle(const TrueFront& truth, SingleAccelerators singles) {
    std::set<std::vector<std::size_t>> candidates;
    for (const auto& network : truth.networks) {
        if (network.accelerator) candidates.insert(network.accelerator->rows);
    }
    double best = 0;
    for (const auto& rows : candidates) best = std::max(best, singles.hypervolume(rows));
    return best;
}

}  // namespace

base::Result<TrueFront> trueFront(const Problem& problem, base::Executor& executor) {
    const auto start = std::chrono::steady_clock::now();
    const auto& networks = problem.space();
    const auto& accelerators = problem.accelerators();
    TrueFront truth;
    truth.networks.resize(networks.networks());
    price(truth, problem.loads(), accelerators, problem.hertz(), executor);

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
    for (const std::size_t i : search::front(points)) truth.front.push_back(feasible[i]);
    const search::Point reference{networks.leastAccuracy, 0};
    truth.hypervolume = search::hypervolume(points, reference);
    if (truth.hypervolume > 0) {
        truth.bestSingleAcceleratorRatio =
            bestSingle(truth, {networks, problem.loads(), accelerators, accelerators.limits(),
                               problem.hertz()}) /
            truth.hypervolume;
    }
    truth.costEvaluations = accelerators.evaluations();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    truth.seconds = problem.secondsToCreate() + taken.count();
    return truth;
}

std::vector<search::Point> pointsOf(const TabularSpace& space, const TrueFront& truth,
                                    const std::vector<std::size_t>& networks) {
    std::vector<search::Point> points;
    for (const std::size_t i : networks) {
        points.push_back({space.accuracies[i], truth.networks[i].fps});
    }
    return points;
}

}  // namespace cohelix::tabular
