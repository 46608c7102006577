// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/constrained_descent.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/mapping/level_flows.h"

namespace cohelix::mapping {
namespace {

using model::Dim;
using model::LoopKind;
using model::Tensor;
using nest::LoopSizes;

LoopSizes times(const LoopSizes& a, const LoopSizes& b) {
    LoopSizes c = a;
    for (std::size_t d = 0; d < c.size(); ++d) c[d] *= b[d];
    return c;
}
LoopSizes over(const LoopSizes& a, const LoopSizes& b) {
    LoopSizes c = a;
    for (std::size_t d = 0; d < c.size(); ++d) c[d] /= b[d];
    return c;
}

/// How a part of the search goes about.
enum class Way : std::uint8_t {
    All,   ///< every mapping that its bounds leave
    Dive,  ///< the most promising step each time, once
    Climb  ///< from a mapping to its neighbours, as long as one is better
};

/// Searches the temporal loops under one root, from the innermost memory outwards.
class Descent {
public:
    Descent(const Task& task, const Root& root, double incumbent, std::int64_t mostSteps)
        : m_task(task),
          m_root(root),
          m_incumbent(incumbent),
          m_most(mostSteps),
          m_levels(root.hierarchy->levels.size()),
          m_space(task.shape.sizes, *root.hierarchy, task.constraints),
          m_model(task.shape, *root.hierarchy, task.options.convention, root.unrolled->both),
          m_orders(m_levels),
          m_trips(m_levels, nest::kOneOfEach) {
        m_forwards = std::any_of(root.hierarchy->levels.begin(), root.hierarchy->levels.end(),
                                 [](const auto& memory) { return memory.forwards; });
    }

    Found run(Way way) {
        m_way = way;
        start();
        return std::move(m_found);
    }

    /// Goes on from the mapping that these trips are of.
    Found climb(LevelTrips trips) {
        m_way = Way::Climb;
        m_fixed = std::move(trips);
        start();
        while (improve()) {
        }
        m_found.leastOpen = kNothingFound;
        return std::move(m_found);
    }

private:
    /// Tilings of one level that a dive looks at.
    static constexpr std::int64_t kMostOfADive = 20'000;
    static constexpr std::int64_t kStepsOfAnEvaluation = 50;

    struct Candidate {
        double bound;
        double span;
        LoopSizes trips;
    };
    struct Ordered {
        double bound;
        std::vector<Dim> order;
        TileFills fills;
    };

    void start() {
        LoopSizes rest = m_task.shape.sizes;
        for (const auto& trips : m_root.unrolled->both) rest = over(rest, trips);
        search(m_levels - 1, rest, nest::kOneOfEach, {}, m_root.bound);
    }

    double value() const { return std::min(m_incumbent, m_found.value); }
    bool exhausted() const {
        if (m_task.options.seconds > 0) {
            return value() < kNothingFound && m_task.overtime();
        }
        return m_found.steps > m_most;
    }
    void leaveOpen(double bound) { m_found.leastOpen = std::min(m_found.leastOpen, bound); }

    double bound(const TileFills& fills, std::size_t level, const LoopSizes& rest) {
        ++m_found.steps;
        const auto flows = m_model.flows(fills, level, m_extents, rest);
        return m_task.ranking.bound(flows.picojoule, m_model.cycles(flows));
    }

    /// `inside`: what all loops of the levels inside this one span; `known`: a bound of all here.
    void search(std::size_t level, const LoopSizes& rest, const LoopSizes& inside,
                const TileFills& fills, double known) {
        const auto below = times(inside, m_root.unrolled->both[level]);
        const auto candidates = candidatesOf(level, rest, below, fills, known);
        for (const auto& candidate : candidates) {
            if (candidate.bound >= value()) return;
            if (exhausted()) return leaveOpen(candidate.bound);
            m_trips[level] = candidate.trips;
            searchOrders(level, over(rest, candidate.trips), below, fills);
            if (m_way == Way::Dive) return;
        }
    }

    /// The most promising first; of those that promise the same, those of the largest tiles. Those
    /// that are not looked at any more are left open.
    std::vector<Candidate> candidatesOf(std::size_t level, const LoopSizes& rest,
                                        const LoopSizes& below, const TileFills& fills,
                                        double known) {
        std::vector<Candidate> candidates;
        const auto most = m_found.tilings + kMostOfADive;
        const auto holds = [&](const LoopSizes& trips) {
            return m_model.fits(level, times(below, trips));
        };
        // With zeros around the inputs a larger part of a window may hold fewer words.
        const bool grows = !m_task.shape.bordered();
        const auto fits = [&](const LoopSizes& trips) { return !grows || holds(trips); };
        const auto visit = [&](const LoopSizes& trips) {
            if (!grows && !holds(trips)) return true;
            auto next = fills;
            m_model.turnAtBest(next, level, trips);
            m_extents[level] = times(below, trips);
            m_model.begin(next, level, m_extents);
            const double least = bound(next, level, over(rest, trips));
            ++m_found.tilings;
            if (least < value()) candidates.push_back({least, spanOf(trips), trips});
            const bool enough =
                m_way == Way::Dive && m_found.tilings >= most && !candidates.empty();
            if (!enough && (m_found.tilings % 256 != 0 || !exhausted())) return true;
            leaveOpen(known);
            return false;
        };
        if (m_way != Way::Climb)
            m_space.eachTrips(level, rest, fits, visit);
        else if (fits(m_fixed[level]))
            visit(m_fixed[level]);
        std::stable_sort(candidates.begin(), candidates.end(),
                         [](const Candidate& a, const Candidate& b) {
                             return a.bound < b.bound || (a.bound == b.bound && a.span > b.span);
                         });
        return candidates;
    }

    static double spanOf(const LoopSizes& trips) {
        double span = 1;
        for (const auto each : trips) span *= static_cast<double>(each);
        return span;
    }

    void searchOrders(std::size_t level, const LoopSizes& rest, const LoopSizes& below,
                      const TileFills& fills) {
        const auto& trips = m_trips[level];
        const auto extent = times(below, trips);
        m_extents[level] = extent;
        std::vector<Ordered> open;
        for (auto& order : ordersOf(level, fills)) {
            auto next = fills;
            for (const Dim dim : order) {
                m_model.turn(next, level, m_extents, dim, trips[indexOf(dim)], below[indexOf(dim)]);
            }
            m_model.begin(next, level, m_extents);
            const double least = bound(next, level, rest);
            if (least < value()) open.push_back({least, std::move(order), next});
        }
        std::stable_sort(open.begin(), open.end(),
                         [](const auto& a, const auto& b) { return a.bound < b.bound; });
        for (const auto& each : open) {
            if (each.bound >= value()) return;
            if (exhausted()) return leaveOpen(each.bound);
            m_orders[level] = each.order;
            m_extents[level] = extent;
            if (level == 0)
                evaluate();
            else
                search(level - 1, rest, extent, each.fills, each.bound);
            if (m_way == Way::Dive) return;
        }
    }

    /// Moves one prime factor of one dimension from a level to another, if that is better.
    bool improve() {
        const auto from = m_best.empty() ? m_fixed : m_best;
        for (const Dim dim : model::kAllLoopDims) {
            for (std::size_t give = 0; give < m_levels; ++give) {
                for (const auto prime : primesOf(from[give][indexOf(dim)])) {
                    for (std::size_t take = 0; take < m_levels; ++take) {
                        if (take != give && tryMove(from, dim, give, take, prime)) return true;
                        if (exhausted()) return false;
                    }
                }
            }
        }
        return false;
    }

    bool tryMove(const LevelTrips& from, Dim dim, std::size_t give, std::size_t take,
                 std::int64_t prime) {
        m_fixed = from;
        m_fixed[give][indexOf(dim)] /= prime;
        m_fixed[take][indexOf(dim)] *= prime;
        const auto& levels = m_space.constraints().levels;
        for (const auto level : {give, take}) {
            if (!levels[level].temporal[indexOf(dim)].allows(m_fixed[level][indexOf(dim)]))
                return false;
        }
        const double before = m_found.value;
        start();
        return m_found.value < before;
    }

    static std::vector<std::int64_t> primesOf(std::int64_t number) {
        std::vector<std::int64_t> primes;
        for (std::int64_t p = 2; p * p <= number; ++p) {
            if (number % p != 0) continue;
            primes.push_back(p);
            while (number % p == 0) number /= p;
        }
        if (number > 1) primes.push_back(number);
        return primes;
    }

    /// The loops outside may stand in any order once every tile that loops outside could still find
    /// in place has been replaced.
    std::vector<std::vector<Dim>> ordersOf(std::size_t level, const TileFills& fills) const {
        std::array<bool, model::kTensors> waits = {};
        for (const Tensor tensor : model::kAllTensors) {
            for (std::size_t l = level + 1; l < m_levels; ++l) {
                waits[indexOf(tensor)] = waits[indexOf(tensor)] ||
                                         (m_root.hierarchy->levels[l].mayKeep[indexOf(tensor)] &&
                                          !fills.of[indexOf(tensor)][l].replaced);
            }
        }
        return m_space.orders(level, m_trips[level], [&](const std::vector<Dim>& order) {
            return !m_forwards && std::all_of(model::kAllTensors.begin(), model::kAllTensors.end(),
                                              [&](Tensor tensor) {
                                                  return !waits[indexOf(tensor)] ||
                                                         replacedBy(tensor, order);
                                              });
        });
    }

    static bool replacedBy(Tensor tensor, const std::vector<Dim>& order) {
        return std::any_of(order.begin(), order.end(), [tensor](Dim dim) {
            return nest::indexes(tensor, dim) && (tensor != Tensor::Inputs || !nest::slides(dim));
        });
    }

    model::Mapping mapping() const {
        model::Mapping mapping;
        for (std::size_t l = 0; l < m_trips.size(); ++l) {
            const auto& memory = m_root.hierarchy->levels[l];
            model::MappingLevel level{memory.name, {}, memory.mayKeep};
            for (auto dim = m_orders[l].rbegin(); dim != m_orders[l].rend(); ++dim) {
                level.loops.push_back({*dim, m_trips[l][indexOf(*dim)], LoopKind::Temporal});
            }
            addUnrolled(m_root.unrolled->rows[l], LoopKind::Rows, level);
            addUnrolled(m_root.unrolled->columns[l], LoopKind::Columns, level);
            mapping.levels.push_back(std::move(level));
        }
        return mapping;
    }

    static void addUnrolled(const LoopSizes& trips, LoopKind kind, model::MappingLevel& level) {
        for (const Dim dim : model::kAllLoopDims) {
            if (trips[indexOf(dim)] > 1) level.loops.push_back({dim, trips[indexOf(dim)], kind});
        }
    }

    void evaluate() {
        BestMapping one;
        one.mapping = mapping();
        auto cost = nest::evaluateLoopNest(m_task.layer, one.mapping, *m_root.hierarchy,
                                           m_task.options.convention);
        ++m_found.evaluations;
        m_found.steps += kStepsOfAnEvaluation;
        if (!cost) {
            if (!m_found.refused) m_found.refused = cost.error();
            return;
        }
        one.cost = std::move(*cost);
        const double rank = m_task.ranking.of(one.cost.energyPicojoule, one.cost.cycles);
        if (rank < m_found.value) m_best = m_trips;
        m_found.offer(rank, std::move(one));
        m_found.root = &m_root;
        m_found.trips = m_best;
    }

    const Task& m_task;
    const Root& m_root;
    double m_incumbent;
    std::int64_t m_most;
    Way m_way = Way::All;
    std::size_t m_levels;
    ConstrainedSpace m_space;
    LevelFlowModel m_model;
    bool m_forwards = false;
    LevelExtents m_extents = {};             ///< of the levels from the present one inwards
    std::vector<std::vector<Dim>> m_orders;  ///< by level, innermost first
    LevelTrips m_trips;
    LevelTrips m_fixed;  ///< of a climb
    LevelTrips m_best;   ///< of the best mapping found
    Found m_found;
};

}  // namespace

Found searchRoot(const Task& task, const Root& root, double incumbent, std::int64_t mostSteps) {
    return Descent(task, root, incumbent, mostSteps).run(Way::All);
}

Found diveInto(const Task& task, const Root& root, std::int64_t mostSteps) {
    auto found = Descent(task, root, kNothingFound, mostSteps).run(Way::Dive);
    found.leastOpen = kNothingFound;
    return found;
}

Found climbFrom(const Task& task, const Root& root, LevelTrips trips, std::int64_t mostSteps) {
    return Descent(task, root, kNothingFound, mostSteps).climb(std::move(trips));
}

}  // namespace cohelix::mapping
