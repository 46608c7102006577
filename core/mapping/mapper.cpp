// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/mapper.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

#include "core/mapping/tilings.h"

namespace cohelix::mapping {
namespace {

using base::Result;
using cost::at;
using model::LoopKind;
using Clock = std::chrono::steady_clock;

/// A bound may exceed the model's own figure by rounding alone.
constexpr double kRounding = 1 - 1e-9;

void addLoops(model::MappingLevel& level, const LoopSizes& trips, const Order& innermostFirst) {
    for (auto dim = innermostFirst.rbegin(); dim != innermostFirst.rend(); ++dim) {
        level.loops.push_back({*dim, trips[at(*dim)], LoopKind::Temporal});
    }
}

class Search {
public:
    Search(const Problem& problem, const MapperOptions& options)
        : m_problem(problem), m_options(options), m_begin(Clock::now()) {}

    Result<BestMapping> run() {
        m_fronts = frontsOf(m_problem);
        if (m_fronts.empty()) return nothingFits();
        for (const auto& front : m_fronts) {
            m_leastOuterCycles = std::min(m_leastOuterCycles, front.cycles);
        }
        m_unrollings = unrollingsOf(m_problem);
        double open = std::numeric_limits<double>::infinity();
        for (const auto& [bound, index] : unrollingsByBound()) {
            if (bound >= value()) break;
            if (outOfTime()) {
                open = bound;
                break;
            }
            open = std::min(open, searchUnrolled(m_unrollings[index]));
            if (m_timeIsUp) break;
        }
        if (!m_best) return nothingFits();
        const bool proven = m_options.convention == cost::kExact;
        m_best->lowerBound = proven ? std::min(open, m_best->value) : 0;
        m_best->tilings = m_tilings;
        m_best->evaluations = m_evaluations;
        m_best->seconds = seconds();
        return *m_best;
    }

private:
    double value() const {
        return m_best ? m_best->value : std::numeric_limits<double>::infinity();
    }
    double seconds() const { return std::chrono::duration<double>(Clock::now() - m_begin).count(); }
    bool outOfTime() {
        if (m_options.seconds <= 0 || !m_best) return false;
        m_timeIsUp = m_timeIsUp || seconds() >= m_options.seconds;
        return m_timeIsUp;
    }

    double objective(double picojoule, double cycles) const {
        const double energy =
            picojoule + cycles * m_problem.hierarchy.staticPicojoulePerCycle;
        switch (m_options.objective) {
            case Objective::Latency: return cycles * kRounding;
            case Objective::Energy: return energy * kRounding;
            case Objective::Edp: return energy * cycles * kRounding;
        }
        return 0;
    }

    base::Error nothingFits() const {
        return {m_problem.layer.name, "not even the smallest tiles fit the memories of " +
                                          m_problem.hierarchy.name,
                "Enlarge the memories, or let tensors pass by the smallest"};
    }

    /// Cycles that compute and the overlap of levels allow at least.
    double cyclesOf(double compute, double outer) const {
        return m_problem.hierarchy.overlap == cost::Overlap::None ? compute + outer
                                                                  : std::max(compute, outer);
    }

    struct Open {
        double bound;
        std::size_t index;
    };

    /// The least that any array with these unrollings costs: one PE's traffic left out.
    std::vector<Open> unrollingsByBound() const {
        std::vector<Open> open;
        const double outer = m_fronts.front().picojoule;
        for (std::size_t u = 0; u < m_unrollings.size(); ++u) {
            const auto array = arrayOf(m_problem, m_unrollings[u], kOnes);
            open.push_back({objective(array.fixedPicojoule + outer,
                                      cyclesOf(array.computeCycles, m_leastOuterCycles)),
                            u});
        }
        std::stable_sort(open.begin(), open.end(),
                         [](const Open& a, const Open& b) { return a.bound < b.bound; });
        return open;
    }

    struct Candidate {
        double bound;
        LoopSizes inner;
    };

    /// Searches all arrays with these unrollings; returns the least bound left open.
    double searchUnrolled(const Unrolled& unrolled) {
        std::vector<Candidate> candidates;
        eachInner(m_problem, unrolled, [&](const LoopSizes& inner) {
            const auto array = arrayOf(m_problem, unrolled, inner);
            double picojoule = array.fixedPicojoule + m_fronts.front().picojoule;
            for (const Tensor tensor : model::kAllTensors) {
                // All loops outside that can reuse the tile do.
                picojoule += array.movedPicojoule[at(tensor)] * array.foreign[at(tensor)] /
                             foreignProduct(tensor, m_problem.sizes);
            }
            const double bound =
                objective(picojoule, cyclesOf(array.computeCycles, m_leastOuterCycles));
            ++m_tilings;
            if (bound < value()) candidates.push_back({bound, inner});
        });
        std::stable_sort(candidates.begin(), candidates.end(),
                         [](const Candidate& a, const Candidate& b) { return a.bound < b.bound; });
        for (const auto& candidate : candidates) {
            if (candidate.bound >= value()) break;
            if (outOfTime()) return candidate.bound;
            searchArray(unrolled, candidate.inner);
        }
        return std::numeric_limits<double>::infinity();
    }

    void searchArray(const Unrolled& unrolled, const LoopSizes& inner) {
        const auto array = arrayOf(m_problem, unrolled, inner);
        double least = array.fixedPicojoule;
        for (const Tensor tensor : model::kAllTensors) {
            least += array.movedPicojoule[at(tensor)] * array.foreign[at(tensor)] /
                     foreignProduct(tensor, m_problem.sizes);
        }
        for (const auto& front : m_fronts) {
            const double cycles = cyclesOf(array.computeCycles, front.cycles);
            if (objective(least + front.picojoule, cyclesOf(array.computeCycles, m_leastOuterCycles)) >=
                value()) {
                break;  // the fronts that follow cost more
            }
            if (!contains(front.tile, array.tile)) continue;
            ++m_tilings;
            double picojoule = array.fixedPicojoule + front.picojoule;
            for (std::size_t t = 0; t < model::kTensors; ++t) {
                if (array.movedPicojoule[t] == 0) continue;
                picojoule += array.movedPicojoule[t] / mostReuse(array, front, t);
            }
            if (objective(picojoule, cycles) >= value()) continue;
            if (!frontFits(m_problem, front.tile, unrolled)) continue;
            searchOrders(unrolled, inner, array, front);
        }
    }

    static bool contains(const LoopSizes& outer, const LoopSizes& inner) {
        for (std::size_t d = 0; d < outer.size(); ++d) {
            if (outer[d] % inner[d] != 0) return false;
        }
        return true;
    }

    /// The middle loops that a tensor does not have may all be innermost; where it has no other
    /// middle loops, so may the outer ones.
    double mostReuse(const Array& array, const Front& front, std::size_t tensor) const {
        const bool only = array.own[tensor] == front.own[tensor];
        const double reach = only ? foreignProduct(model::kAllTensors[tensor], m_problem.sizes)
                                  : front.foreign[tensor];
        return reach / array.foreign[tensor];
    }

    void searchOrders(const Unrolled& unrolled, const LoopSizes& inner, const Array& array,
                      const Front& front) {
        const LoopSizes outerTrips = m_problem.sizes / front.tile;
        const LoopSizes middleTrips = front.tile / array.tile;
        const auto middles = ordersOf(middleTrips);
        const LocalInputs inputs(m_problem, unrolled, inner);
        for (const auto& outer : ordersOf(outerTrips)) {
            const auto outerSide = outerCost(m_problem, front.tile, outer);
            const double cycles = cyclesOf(array.computeCycles, outerSide.cycles);
            for (const auto& middle : middles) {
                double picojoule = array.fixedPicojoule + outerSide.picojoule;
                for (const Tensor tensor : {Tensor::Weights, Tensor::Outputs}) {
                    if (array.movedPicojoule[at(tensor)] == 0) continue;
                    bool ended = false;
                    double reused = reuse(tensor, middle, middleTrips, ended);
                    if (!ended) reused *= reuse(tensor, outer, outerTrips, ended);
                    picojoule += array.movedPicojoule[at(tensor)] / reused;
                }
                if (objective(picojoule, cycles) >= value()) continue;
                picojoule += inputs.picojoule(middleTrips, middle, front.tile, outerTrips, outer);
                if (objective(picojoule, cycles) >= value()) continue;
                evaluate(unrolled, inner, outerTrips, outer, middleTrips, middle);
            }
        }
    }

    void evaluate(const Unrolled& unrolled, const LoopSizes& inner, const LoopSizes& outerTrips,
                  const Order& outer, const LoopSizes& middleTrips, const Order& middle) {
        model::Mapping mapping;
        for (const auto& level : m_problem.hierarchy.levels) {
            mapping.levels.push_back({level.name, {}, level.mayKeep});
        }
        addLoops(mapping.levels.front(), outerTrips, outer);
        addLoops(mapping.levels[m_problem.space.middle], middleTrips, middle);
        for (std::size_t u = 0; u < unrolled.trips.size(); ++u) {
            const auto& unrolling = m_problem.space.unrollings[u];
            for (const Dim dim : model::kAllLoopDims) {
                if (unrolled.trips[u][at(dim)] == 1) continue;
                mapping.levels[unrolling.level].loops.push_back(
                    {dim, unrolled.trips[u][at(dim)], unrolling.kind});
            }
        }
        for (const Dim dim : model::kAllLoopDims) {
            if (inner[at(dim)] == 1) continue;
            mapping.levels.back().loops.push_back({dim, inner[at(dim)], LoopKind::Temporal});
        }
        ++m_evaluations;
        const auto cost = cost::evaluateLoopNest(m_problem.layer, mapping, m_problem.hierarchy,
                                                 m_options.convention);
        if (!cost) return;  // exact tiles overflow a memory
        const double found = objectiveValue(m_options.objective, *cost);
        if (found >= value()) return;
        m_best = BestMapping{std::move(mapping), *cost, found, 0, 0, 0, 0};
    }

    const Problem& m_problem;
    const MapperOptions& m_options;
    Clock::time_point m_begin;
    std::vector<Front> m_fronts;
    std::vector<Unrolled> m_unrollings;
    double m_leastOuterCycles = std::numeric_limits<double>::infinity();
    std::optional<BestMapping> m_best;
    std::int64_t m_tilings = 0;
    std::int64_t m_evaluations = 0;
    bool m_timeIsUp = false;
};

}  // namespace

std::string_view objectiveName(Objective objective) {
    constexpr std::array<std::string_view, 3> kNames = {"latency", "energy", "edp"};
    return kNames[static_cast<std::size_t>(objective)];
}

double objectiveValue(Objective objective, const cost::LoopNestResult& result) {
    switch (objective) {
        case Objective::Latency: return result.cycles;
        case Objective::Energy: return result.energyPicojoule;
        case Objective::Edp: return result.energyPicojoule * result.cycles;
    }
    return 0;
}

MapSpace fullMapSpace(const cost::Hierarchy& hierarchy) {
    MapSpace space;
    space.inner = hierarchy.levels.empty() ? 0 : hierarchy.levels.size() - 1;
    std::array<bool, model::kLoopDims> any;
    any.fill(true);
    for (std::size_t l = 0; l < space.inner; ++l) {
        const auto& level = hierarchy.levels[l];
        if (level.rows > 1) space.unrollings.push_back({l, LoopKind::Rows, level.rows, any});
        if (level.columns > 1) {
            space.unrollings.push_back({l, LoopKind::Columns, level.columns, any});
        }
        if (level.rows > 1 || level.columns > 1) space.middle = l;
    }
    if (space.unrollings.empty() && space.inner > 1) space.middle = space.inner - 1;
    return space;
}

Result<BestMapping> bestMapping(const model::Layer& layer, const cost::Hierarchy& hierarchy,
                                const MapSpace& space, const MapperOptions& options) {
    const auto problem = problemOf(layer, hierarchy, space, options.convention);
    if (!problem) return problem.error();
    return Search(*problem, options).run();
}

}  // namespace cohelix::mapping
