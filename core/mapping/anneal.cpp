// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/anneal.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "core/base/random.h"
#include "core/nest/nest.h"
#include "core/nest/tile_words.h"

namespace cohelix::mapping {
namespace {

using model::Dim;
using model::LoopKind;
using model::Tensor;
using nest::LoopSizes;

using DimOrder = std::array<Dim, model::kLoopDims>;  ///< outermost first

/// One mapping, as it is moved about.
struct Posed {
    std::vector<LoopSizes> trips;  ///< by place
    std::vector<DimOrder> orders;  ///< by place
    std::size_t keeping = 0;
};

std::int64_t allTrips(const LoopSizes& trips) {
    std::int64_t all = 1;
    for (const auto each : trips) all *= each;
    return all;
}

class Walk {
public:
    Walk(const Annealing& task, const nest::Nest& shape)
        : m_task(task),
          m_shape(shape),
          m_plain(model::withZerosAsWords(task.layer)),
          m_random(1, "anneal mappings") {
        for (const Dim dim : model::kAllLoopDims) {
            if (shape.sizes[indexOf(dim)] > 1) m_dims.push_back(dim);
        }
    }

    void run() {
        if (m_dims.empty() || m_task.places.size() < 2) return;
        m_now = posedOf(m_task.start);
        if (m_shape.bordered()) walkWithoutBorder();
        round(1, m_shape.bordered() ? kWarm : kHot);
    }

private:
    using Clock = std::chrono::steady_clock;
    static constexpr double kHot = 0.5;  ///< of the logarithm of what is made least
    static constexpr double kWarm = 0.05;
    static constexpr double kCold = 0.002;
    static constexpr double kShareWithoutBorder = 0.6;
    static constexpr std::int64_t kMostSteps = 30'000;  ///< of a round
    static constexpr std::int64_t kBetweenLooks = 16;   ///< at the clock

    /// Tiles without zeros around the inputs are counted in closed form, which is far quicker.
    void walkWithoutBorder() {
        m_plainShape = nest::factsOf(m_plain);
        if (!m_plainShape) return;
        m_judged = &m_plain;
        round(kShareWithoutBorder, kHot);
        m_judged = &m_task.layer;
        m_now = m_best;
    }

    /// Cools down until such a share of the time is over.
    void round(double share, double hot) {
        const double begin = elapsed();
        const double end = share * m_task.seconds;
        m_score = m_bestScore = scoreOf(m_now).value_or(std::numeric_limits<double>::infinity());
        m_best = m_now;
        double heat = hot;
        for (std::int64_t i = 0; i < kMostSteps; ++i) {
            if (i % kBetweenLooks == 0) {
                const double now = elapsed();
                if (now >= end) break;
                const double done =
                    std::max((now - begin) / (end - begin), static_cast<double>(i) / kMostSteps);
                heat = hot * std::pow(kCold / hot, done);
            }
            step(heat);
        }
    }

    double elapsed() const { return std::chrono::duration<double>(Clock::now() - m_begin).count(); }

    void step(double heat) {
        auto next = m_now;
        if (!move(next) || !fits(next)) return;
        const auto score = scoreOf(next);
        if (!score) return;
        if (*score > m_score + heat * -std::log(1 - m_random.uniform())) return;
        m_now = std::move(next);
        m_score = *score;
        if (m_score >= m_bestScore) return;
        m_best = m_now;
        m_bestScore = m_score;
    }

    /// The logarithm of what is made least; of equals the better tie is a little better.
    std::optional<double> scoreOf(const Posed& posed) {
        constexpr double kTie = 0.01;
        const auto mapping = mappingOf(posed);
        const auto cost =
            nest::evaluateLoopNest(*m_judged, mapping, m_task.hierarchy, m_task.options.convention);
        if (!cost || !m_task.allowed(mapping)) return std::nullopt;
        const double energy = std::log(std::max(cost->energyPicojoule, 1e-300));
        const double cycles = std::log(cost->cycles);
        double score = energy + cycles;
        if (m_task.options.objective == Objective::Latency) score = cycles + kTie * energy;
        if (m_task.options.objective == Objective::Energy) score = energy + kTie * cycles;
        if (score < m_bestScore) offer(mapping, *cost);
        return score;
    }

    void offer(const model::Mapping& mapping, const nest::LoopNestResult& cost) {
        if (m_judged == &m_task.layer) return m_task.offer(mapping, cost);
        const auto real = nest::evaluateLoopNest(m_task.layer, mapping, m_task.hierarchy,
                                                 m_task.options.convention);
        if (real) m_task.offer(mapping, *real);
    }

    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(m_random.below(bound)); }

    /// A few random moves; false where one of them cannot be made.
    bool move(Posed& posed) {
        if (m_task.keepings.size() > 1 && below(16) == 0) {
            posed.keeping = below(m_task.keepings.size());
            return true;
        }
        if (below(4) == 0) return reorder(posed, below(posed.trips.size()));
        const std::size_t moves = 1 + below(2) + below(2) * below(2);
        for (std::size_t i = 0; i < moves; ++i) {
            if (!shift(posed)) return false;
        }
        return obeys(posed);
    }

    /// Moves one loop of a place to where another one is.
    bool reorder(Posed& posed, std::size_t place) {
        if (!m_task.places[place].ordered) return false;
        auto& order = posed.orders[place];
        std::array<std::size_t, model::kLoopDims> loops;
        std::size_t count = 0;
        for (std::size_t i = 0; i < order.size(); ++i) {
            if (posed.trips[place][indexOf(order[i])] > 1) loops[count++] = i;
        }
        if (count < 2) return false;
        const auto from = order.begin() + static_cast<std::ptrdiff_t>(loops[below(count)]);
        const auto to = order.begin() + static_cast<std::ptrdiff_t>(loops[below(count)]);
        if (from < to)
            std::rotate(from, from + 1, to + 1);
        else
            std::rotate(to, from, from + 1);
        return from != to;
    }

    /// Moves one prime factor of a dimension from a place to another; what has no room there any
    /// more goes the other way.
    bool shift(Posed& posed) {
        const auto [give, dim] = anyLoop(posed, 0, posed.trips.size());
        const std::size_t take = below(posed.trips.size());
        if (give == take) return false;
        pass(posed, give, take, dim);
        const auto most = m_task.places[take].most;
        if (most > 0 && allTrips(posed.trips[take]) > most) {
            pass(posed, take, give, anyLoop(posed, take, take + 1).second);
        }
        if (below(2) == 0) reorder(posed, take);
        return true;
    }

    void pass(Posed& posed, std::size_t give, std::size_t take, Dim dim) {
        auto& from = posed.trips[give][indexOf(dim)];
        const auto prime = primeOf(from);
        from /= prime;
        posed.trips[take][indexOf(dim)] *= prime;
    }

    /// One of the loops of more than one trip in these places, of which there is one.
    std::pair<std::size_t, Dim> anyLoop(const Posed& posed, std::size_t first, std::size_t end) {
        std::array<std::pair<std::size_t, Dim>, nest::kMostLoops> loops;
        std::size_t count = 0;
        for (std::size_t p = first; p < end; ++p) {
            for (const Dim dim : m_dims) {
                if (posed.trips[p][indexOf(dim)] > 1 && count < loops.size())
                    loops[count++] = {p, dim};
            }
        }
        return loops[below(count)];
    }

    /// One of the primes of a number above one.
    std::int64_t primeOf(std::int64_t number) {
        std::array<std::int64_t, 16> primes;
        std::size_t count = 0;
        for (std::int64_t p = 2; p * p <= number; ++p) {
            if (number % p == 0) primes[count++] = p;
            while (number % p == 0) number /= p;
        }
        if (number > 1) primes[count++] = number;
        return primes[below(count)];
    }

    bool obeys(const Posed& posed) const {
        for (std::size_t p = 0; p < posed.trips.size(); ++p) {
            const auto& place = m_task.places[p];
            if (place.most > 0 && allTrips(posed.trips[p]) > place.most) return false;
            for (const Dim dim : m_dims) {
                if (!place.rules[indexOf(dim)].allows(posed.trips[p][indexOf(dim)])) return false;
            }
        }
        return true;
    }

    const nest::Nest& shape() const { return m_judged == &m_plain ? *m_plainShape : m_shape; }

    /// Asked first, as it is far quicker than to count what moves.
    bool fits(const Posed& posed) const {
        const auto& levels = m_task.hierarchy.levels;
        LoopSizes tile = nest::kOneOfEach;
        std::size_t place = posed.trips.size();
        for (std::size_t l = levels.size(); l-- > 0;) {
            for (; place > 0 && m_task.places[place - 1].level == l; --place) {
                for (const Dim dim : m_dims)
                    tile[indexOf(dim)] *= posed.trips[place - 1][indexOf(dim)];
            }
            if (levels[l].capacityWords == 0) continue;
            double words = 0;
            for (const Tensor tensor : model::kAllTensors) {
                if (!m_task.keepings[posed.keeping][l][indexOf(tensor)]) continue;
                words += static_cast<double>(nest::elementWords(shape(), tensor, tile));
            }
            if (words * (levels[l].doubleBuffered ? 2 : 1) > levels[l].capacityWords) return false;
        }
        return true;
    }

    Posed posedOf(const model::Mapping& mapping) const {
        const std::size_t places = m_task.places.size();
        Posed posed{std::vector(places, nest::kOneOfEach),
                    std::vector(places, model::kAllLoopDims)};
        for (std::size_t p = 0; p < places; ++p) {
            const auto& place = m_task.places[p];
            // The first of two places of one kind at one level has all loops.
            if (p > 0 && m_task.places[p - 1].level == place.level &&
                m_task.places[p - 1].kind == place.kind) {
                continue;
            }
            std::size_t next = 0;
            for (const auto& loop : mapping.levels[place.level].loops) {
                if (loop.kind != place.kind) continue;
                posed.trips[p][indexOf(loop.dim)] *= loop.trips;
                auto& order = posed.orders[p];
                const auto from = std::find(order.begin(), order.end(), loop.dim);
                const auto to = order.begin() + static_cast<std::ptrdiff_t>(next);
                if (from < to) continue;
                std::rotate(to, from, from + 1);
                ++next;
            }
        }
        return posed;
    }

    model::Mapping mappingOf(const Posed& posed) const {
        model::Mapping mapping;
        const auto& levels = m_task.hierarchy.levels;
        for (std::size_t l = 0; l < levels.size(); ++l) {
            mapping.levels.push_back({levels[l].name, {}, m_task.keepings[posed.keeping][l]});
        }
        for (std::size_t p = 0; p < posed.trips.size(); ++p) {
            const auto& place = m_task.places[p];
            const auto& order = place.ordered && place.kind == LoopKind::Temporal
                                    ? posed.orders[p]
                                    : model::kAllLoopDims;
            for (const Dim dim : order) {
                if (posed.trips[p][indexOf(dim)] == 1) continue;
                mapping.levels[place.level].loops.push_back(
                    {dim, posed.trips[p][indexOf(dim)], place.kind});
            }
        }
        return mapping;
    }

    const Annealing& m_task;
    const nest::Nest& m_shape;
    model::Layer m_plain;  ///< zeros around the inputs are words
    base::Result<nest::Nest> m_plainShape = nest::Nest{};
    const model::Layer* m_judged = &m_task.layer;
    Clock::time_point m_begin = Clock::now();
    base::Random m_random;
    std::vector<Dim> m_dims;  ///< of more than one
    Posed m_now;
    Posed m_best;
    double m_score = 0;
    double m_bestScore = 0;
};

}  // namespace

void anneal(const Annealing& task) {
    const auto shape = nest::factsOf(task.layer);
    if (shape) Walk(task, *shape).run();
}

}  // namespace cohelix::mapping
