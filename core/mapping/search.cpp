// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/search.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace cohelix::mapping {
namespace {

using cost::at;
using model::LoopKind;

/// A bound may exceed the model's own figure by rounding alone.
constexpr double kRounding = 1 - 1e-9;
constexpr double kRoundingOfCycles = 1 - 1e-13;

void addLoops(model::MappingLevel& level, const LoopSizes& trips, const Order& innermostFirst) {
    for (auto dim = innermostFirst.rbegin(); dim != innermostFirst.rend(); ++dim) {
        level.loops.push_back({*dim, trips[at(*dim)], LoopKind::Temporal});
    }
}

/// Something not yet searched, with a bound of all in it.
struct Open {
    double bound;
    std::size_t index;
    friend bool operator<(const Open& a, const Open& b) { return a.bound < b.bound; }
};

class Search {
public:
    Search(const Problem& problem, const MapperOptions& options, Clock::time_point begin,
           Incumbent& incumbent)
        : m_problem(problem), m_options(options), m_begin(begin), m_incumbent(incumbent) {}

    Searched run() {
        if (outOfTime()) {
            leaveOpen(least());
            return searched();
        }
        m_fronts = frontsOf(m_problem, [this](const Front& front) { return worth(front); });
        for (const auto& front : m_fronts) {
            m_leastOuterCycles = std::min(m_leastOuterCycles, front.cycles);
        }
        if (m_fronts.empty()) return searched();
        m_unrollings = unrollingsOf(m_problem);
        const auto open = unrollingsByBound();
        // First the most promising array of each: a good mapping soon makes every bound sharper.
        share(std::min(open.size(), kDives), [&](std::size_t i) { dive(open[i]); });
        share(open.size(), [&](std::size_t i) { searchUnrolled(open[i]); });
        return searched();
    }

private:
    static constexpr std::size_t kDives = 256;

    double value() const { return m_incumbent.value(); }
    double seconds() const { return std::chrono::duration<double>(Clock::now() - m_begin).count(); }
    bool outOfTime() const {
        return m_options.seconds > 0 && value() < std::numeric_limits<double>::infinity() &&
               seconds() >= m_options.seconds;
    }

    void share(std::size_t count, const std::function<void(std::size_t)>& work) {
        if (m_options.executor) {
            m_options.executor->forEach(count, work);
        } else {
            for (std::size_t i = 0; i < count; ++i) work(i);
        }
    }

    void leaveOpen(double bound) {
        const std::lock_guard lock(m_openMutex);
        m_leastOpen = std::min(m_leastOpen, bound);
    }

    /// What the search makes least. Of mappings that are equally fast the one of least energy is
    /// wanted: its part stays below one cycle.
    double ranked(double picojoule, double cycles) const {
        switch (m_options.objective) {
            case Objective::Latency: return cycles + picojoule / (picojoule + m_problem.macs);
            case Objective::Energy: return picojoule;
            case Objective::Edp: return picojoule * cycles;
        }
        return 0;
    }

    /// At most what any mapping ranks that costs at least so much.
    double boundOf(double picojoule, double cycles) const {
        const double energy =
            (picojoule + cycles * m_problem.hierarchy.staticPicojoulePerCycle) * kRounding;
        if (m_options.objective != Objective::Latency) return ranked(energy, cycles * kRounding);
        return ranked(energy, std::ceil(cycles * kRoundingOfCycles));
    }

    Searched searched() const {
        const bool latency = m_options.objective == Objective::Latency;
        return {latency ? std::floor(m_leastOpen) : m_leastOpen, m_tilings, m_evaluations};
    }

    /// The least that any mapping can cost: multipliers alone.
    double least(double picojoule = 0, double cycles = 0) const {
        double pes = 1;
        for (const auto& unrolling : m_problem.space.unrollings) {
            pes *= static_cast<double>(std::max<std::int64_t>(1, unrolling.most));
        }
        return boundOf(m_problem.macs * m_problem.hierarchy.macPicojoule + picojoule,
                       std::max(m_problem.macs / pes, cycles));
    }

    bool worth(const Front& front) {
        const double bound = least(front.picojoule, front.cycles);
        if (bound >= value()) return false;
        if (!outOfTime()) return true;
        leaveOpen(bound);
        return false;
    }

    /// The least that any array with these unrollings costs: one PE's traffic left out.
    std::vector<Open> unrollingsByBound() const {
        std::vector<Open> open;
        for (std::size_t u = 0; u < m_unrollings.size(); ++u) {
            const auto array = arrayOf(m_problem, m_unrollings[u], kOneOfEach);
            open.push_back({bound(m_unrollings[u], array, array.fixed, m_fronts.front().picojoule,
                                  m_leastOuterCycles),
                            u});
        }
        std::stable_sort(open.begin(), open.end());
        return open;
    }

    /// Of an array whose own traffic is this, before a front that adds so much.
    double bound(const Unrolled& unrolled, const Array& array, const Flow& flow, double picojoule,
                 double cycles) const {
        const double own = cyclesOf(m_problem, unrolled, array.computeCycles, flow);
        return boundOf(flow.picojoule + picojoule, std::max(own, cycles));
    }

    /// The least that an array moves, whatever the loops outside: all that can reuse a tile do.
    Flow leastFlow(const Array& array) const {
        Flow flow = array.fixed;
        for (const Tensor tensor : model::kAllTensors) {
            const std::size_t t = at(tensor);
            if (!array.moves[t]) continue;
            flow.add(array.moved[t], array.rounds[t]);
        }
        return flow;
    }

    struct Candidate {
        double bound;
        LoopSizes inner;
    };

    std::vector<Candidate> candidatesOf(const Open& open) {
        const auto& unrolled = m_unrollings[open.index];
        std::vector<Candidate> candidates;
        std::int64_t tilings = 0;
        eachInner(m_problem, unrolled, [&](const LoopSizes& inner) {
            const auto array = arrayOf(m_problem, unrolled, inner);
            const double least = bound(unrolled, array, leastFlow(array),
                                       m_fronts.front().picojoule, m_leastOuterCycles);
            ++tilings;
            if (least < value()) candidates.push_back({least, inner});
            if (!m_problem.padded || !outOfTime()) return true;
            leaveOpen(open.bound);
            return false;
        });
        m_tilings += tilings;
        std::stable_sort(candidates.begin(), candidates.end(),
                         [](const Candidate& a, const Candidate& b) { return a.bound < b.bound; });
        return candidates;
    }

    void dive(const Open& open) {
        if (open.bound >= value() || outOfTime()) return;
        const auto& unrolled = m_unrollings[open.index];
        const auto candidates = candidatesOf(open);
        if (!candidates.empty()) searchArray(unrolled, candidates.front().inner);
    }

    /// Searches all arrays with these unrollings.
    void searchUnrolled(const Open& open) {
        if (open.bound >= value()) return;
        if (outOfTime()) return leaveOpen(open.bound);
        const auto& unrolled = m_unrollings[open.index];
        const auto candidates = candidatesOf(open);
        for (const auto& candidate : candidates) {
            if (candidate.bound >= value()) return;
            if (outOfTime()) return leaveOpen(candidate.bound);
            searchArray(unrolled, candidate.inner);
        }
    }

    void searchArray(const Unrolled& unrolled, const LoopSizes& inner) {
        const auto array = arrayOf(m_problem, unrolled, inner);
        const Flow leastOwn = leastFlow(array);
        std::vector<Open> open;
        std::int64_t tilings = 0;
        for (std::size_t f = 0; f < m_fronts.size(); ++f) {
            const auto& front = m_fronts[f];
            // The fronts that follow cost more.
            if (bound(unrolled, array, leastOwn, front.picojoule, m_leastOuterCycles) >= value()) {
                break;
            }
            if (!m_problem.padded && !contains(front.tile, array.tile)) continue;
            Edges edges;
            std::optional<LoopSizes> middle;
            if (m_problem.padded) {
                middle = middleTripsOf(m_problem, unrolled, inner, array.tile, front.tile);
                if (!middle) continue;
                edges = edgesOf(m_problem, unrolled, array.tile, front.tile);
            }
            ++tilings;
            Flow flow = array.fixed;
            for (std::size_t t = 0; t < model::kTensors; ++t) {
                if (!array.moves[t]) continue;
                flow.add(array.moved[t], middle ? mostReuseAtEdges(array, *middle, edges, t)
                                                : mostReuse(array, front, t));
            }
            const double least = bound(unrolled, array, flow, front.picojoule, front.cycles);
            if (least < value() && frontFits(m_problem, front.tile, unrolled)) {
                open.push_back({least, f});
            }
        }
        m_tilings += tilings;
        std::stable_sort(open.begin(), open.end());
        for (const auto& [least, f] : open) {
            if (least >= value()) break;
            searchOrders(unrolled, inner, array, m_fronts[f]);
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

    /// The same where trips do not divide.
    static double mostReuseAtEdges(const Array& array, const LoopSizes& middle, const Edges& edges,
                                   std::size_t t) {
        const Tensor tensor = model::kAllTensors[t];
        bool replaced = false;
        double share = 1;
        for (const Dim dim : model::kAllLoopDims) {
            if (middle[at(dim)] == 1 || !replaces(tensor, dim)) continue;
            replaced = true;
            share = std::min(share, edges.middle[at(dim)]);
        }
        if (!replaced) return array.rounds[t];
        return reusedBy(foreignProduct(tensor, middle), array.rounds[t], share);
    }

    /// What reuses the tensor's tile in the array under these orders.
    static double reuseUnder(const Array& array, const Edges& edges, Tensor tensor,
                             const Order& middle, const LoopSizes& middleTrips, const Order& outer,
                             const LoopSizes& outerTrips) {
        const auto inside = reuse(tensor, middle, middleTrips);
        const double most = array.rounds[at(tensor)];
        if (inside.by) return reusedBy(inside.steps, most, edges.middle[at(*inside.by)]);
        const auto outside = reuse(tensor, outer, outerTrips);
        return reusedBy(inside.steps * outside.steps, most,
                        outside.by ? edges.outer[at(*outside.by)] : 1);
    }

    void searchOrders(const Unrolled& unrolled, const LoopSizes& inner, const Array& array,
                      const Front& front) {
        const LoopSizes outerTrips = m_problem.sizes / front.tile;
        const LoopSizes middleTrips = front.tile / array.tile;
        const auto edges = edgesOf(m_problem, unrolled, array.tile, front.tile);
        const auto& outers = ordersOf(outerTrips, edges.anyInMiddle || edges.anyOutside);
        const auto& middles = ordersOf(middleTrips, edges.anyInMiddle);
        const LocalInputs inputs(m_problem, unrolled, inner);
        std::vector<Open> open;
        for (std::size_t o = 0; o < outers.size(); ++o) {
            Flow outerSide = outerFlow(m_problem, front.tile, outers[o], true);
            outerSide.add(array.fixed);
            for (std::size_t m = 0; m < middles.size(); ++m) {
                Flow flow = outerSide;
                for (const Tensor tensor : model::kAllTensors) {
                    if (!array.moves[at(tensor)]) continue;
                    if (tensor == Tensor::Inputs && !m_problem.padded) continue;
                    flow.add(array.moved[at(tensor)],
                             reuseUnder(array, edges, tensor, middles[m], middleTrips, outers[o],
                                        outerTrips));
                }
                if (bound(unrolled, array, flow, 0, 0) >= value()) continue;
                if (!m_problem.padded) {
                    flow.add(
                        inputs.flow(middleTrips, middles[m], front.tile, outerTrips, outers[o]));
                }
                const double least = bound(unrolled, array, flow, 0, 0);
                if (least < value()) open.push_back({least, o * middles.size() + m});
            }
        }
        std::stable_sort(open.begin(), open.end());
        for (const auto& [least, order] : open) {
            if (least >= value()) break;
            evaluate(mappingOf(unrolled, inner, outerTrips, outers[order / middles.size()],
                               middleTrips, middles[order % middles.size()]));
        }
    }

    model::Mapping mappingOf(const Unrolled& unrolled, const LoopSizes& inner,
                             const LoopSizes& outerTrips, const Order& outer,
                             const LoopSizes& middleTrips, const Order& middle) const {
        model::Mapping mapping;
        for (const auto& level : m_problem.hierarchy.levels) {
            mapping.levels.push_back({level.name, {}, level.mayKeep});
        }
        addLoops(mapping.levels.front(), outerTrips, outer);
        addLoops(mapping.levels[m_problem.space.middle], middleTrips, middle);
        for (std::size_t u = 0; u < unrolled.trips.size(); ++u) {
            const auto& unrolling = m_problem.space.unrollings[u];
            const int last = unrolled.innermost.empty() ? -1 : unrolled.innermost[u];
            auto& loops = mapping.levels[unrolling.level].loops;
            const auto add = [&](Dim dim) {
                loops.push_back({dim, unrolled.trips[u][at(dim)], unrolling.kind});
            };
            for (const Dim dim : model::kAllLoopDims) {
                if (unrolled.trips[u][at(dim)] > 1 && static_cast<int>(dim) != last) add(dim);
            }
            if (last >= 0) add(static_cast<Dim>(last));
        }
        for (const Dim dim : model::kAllLoopDims) {
            if (inner[at(dim)] == 1) continue;
            mapping.levels.back().loops.push_back({dim, inner[at(dim)], LoopKind::Temporal});
        }
        return mapping;
    }

    void evaluate(const model::Mapping& mapping) {
        ++m_evaluations;
        const auto cost = cost::evaluateLoopNest(m_problem.layer, mapping, m_problem.hierarchy,
                                                 m_options.convention);
        if (!cost) return;  // exact tiles overflow a memory
        const double found = ranked(cost->energyPicojoule, cost->cycles);
        if (found <= value()) m_incumbent.offer(found, mapping, *cost);
    }

    const Problem& m_problem;
    const MapperOptions& m_options;
    Clock::time_point m_begin;
    Incumbent& m_incumbent;
    std::vector<Front> m_fronts;
    std::vector<Unrolled> m_unrollings;
    double m_leastOuterCycles = std::numeric_limits<double>::infinity();
    std::mutex m_openMutex;
    double m_leastOpen = std::numeric_limits<double>::infinity();
    std::atomic<std::int64_t> m_tilings = 0;
    std::atomic<std::int64_t> m_evaluations = 0;
};

}  // namespace

void Incumbent::offer(double value, const model::Mapping& mapping,
                      const cost::LoopNestResult& cost) {
    auto text = model::compactText(mapping);
    const std::lock_guard lock(m_mutex);
    if (m_best && (value > this->value() || (value == this->value() && text >= m_text))) return;
    m_best = BestMapping{mapping, cost, 0, 0, 0, 0, 0};
    m_text = std::move(text);
    m_value.store(value, std::memory_order_relaxed);
}

Searched searchTilings(const Problem& problem, const MapperOptions& options,
                       Clock::time_point begin, Incumbent& incumbent) {
    return Search(problem, options, begin, incumbent).run();
}

}  // namespace cohelix::mapping
