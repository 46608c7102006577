// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/search.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

namespace cohelix::mapping {
namespace {

using model::LoopKind;

void addLoops(model::MappingLevel& level, const LoopSizes& trips, const Order& innermostFirst) {
    for (auto dim = innermostFirst.rbegin(); dim != innermostFirst.rend(); ++dim) {
        level.loops.push_back({*dim, trips[indexOf(*dim)], LoopKind::Temporal});
    }
}

/// Something not yet searched, with a bound of all in it.
template <typename Item>
struct Open {
    Rank bound;
    Item item;
};

template <typename Item>
void sortByBound(std::vector<Open<Item>>& open) {
    std::ranges::stable_sort(open, {}, [](const Open<Item>& one) { return one.bound; });
}

class Search {
public:
    Search(const Problem& problem, const MapperOptions& options, Clock::time_point begin,
           Incumbent& incumbent)
        : m_problem(problem),
          m_options(options),
          m_begin(begin),
          m_incumbent(incumbent),
          m_bounds(problem, options.objective),
          m_toUndercut(problem.padded ? incumbent.rank().value : kInfinite) {}

    Searched run() {
        const Rank least = m_bounds.ofAll();
        if (!open(least) || !firstMapping()) return searched();
        // What could not be listed in most of the time stays open; the rest is searched.
        if (!findFronts()) leaveOpen(least);
        if (m_fronts.empty()) return searched();
        if (!findUnrollings()) {
            leaveOpen(least);
            return searched();
        }
        // First the most promising array of each: a good mapping soon makes every bound sharper.
        share(std::min(m_open.size(), kDives), [&](std::size_t i) { dive(m_open[i]); });
        share(m_open.size(), [&](std::size_t i) { searchUnrolled(m_open[i]); });
        return searched();
    }

private:
    using OpenUnrolling = Open<const Unrolled*>;

    static constexpr double kInfinite = std::numeric_limits<double>::infinity();
    static constexpr std::size_t kDives = 256;
    /// What is kept of a list that the space may make longer than any memory.
    static constexpr std::size_t kMostListed = std::size_t{1} << 19;

    /// Whether something with this bound may hold a mapping that is wanted: better than the
    /// incumbent, and where trips need not divide, better by the objective than all that divide.
    bool open(const Rank& bound) const {
        return bound < m_incumbent.rank() && bound.value < m_toUndercut;
    }

    double elapsed() const { return std::chrono::duration<double>(Clock::now() - m_begin).count(); }
    /// Whether such a share of the time that was left at the start is over.
    bool outOfTime(double share = 1) const {
        return m_options.seconds > 0 &&
               elapsed() >= m_started + share * (m_options.seconds - m_started);
    }

    void share(std::size_t count, const std::function<void(std::size_t)>& work) {
        if (m_options.executor) {
            m_options.executor->forEach(count, work);
        } else {
            for (std::size_t i = 0; i < count; ++i) work(i);
        }
    }

    void leaveOpen(const Rank& bound) {
        if (!open(bound)) return;
        const std::lock_guard lock(m_openMutex);
        m_leastOpen = std::min(m_leastOpen, bound.value);
    }

    Searched searched() const {
        return {std::max(m_leastOpen, m_bounds.ofAll().value), m_tilings, m_evaluations};
    }

    /// All loops in the outermost memory: if its tiles do not fit, no mapping's do.
    bool firstMapping() {
        const Unrolled none{.trips = std::vector(m_problem.space.unrollings.size(), kOneOfEach)};
        const auto& order = ordersOf(m_problem.sizes).front();
        return evaluate(mappingOf(none, kOneOfEach, m_problem.sizes, order, kOneOfEach, {}));
    }

    /// Adds to a list; of one that has grown too long the better half stays.
    template <typename Item>
    void list(std::vector<Open<Item>>& all, const Rank& bound, Item item) {
        all.push_back({bound, std::move(item)});
        if (all.size() < kMostListed) return;
        sortByBound(all);
        leaveOpen(all[kMostListed / 2].bound);
        all.resize(kMostListed / 2);
    }

    /// False where time is over.
    bool findFronts() {
        std::vector<Open<Front>> all;
        const bool whole = eachFront(m_problem, [&](const Front& front) {
            const Rank bound = m_bounds.ofFront(front);
            if (open(bound)) list(all, bound, front);
            return !outOfTime(0.7);
        });
        m_least = {kInfinite, kInfinite};
        for (const auto& [bound, front] : all) {
            m_fronts.push_back(front);
            m_least.picojoule = std::min(m_least.picojoule, front.picojoule);
            m_least.cycles = std::min(m_least.cycles, front.cycles);
        }
        std::ranges::stable_sort(m_fronts, {}, &Front::picojoule);
        return whole;
    }

    bool findUnrollings() {
        const bool whole = unrollingsOf(
            m_problem, [this] { return !outOfTime(); }, m_unrollings);
        for (const auto& unrolled : m_unrollings) {
            m_open.push_back({m_bounds.ofUnrolling(unrolled, m_least), &unrolled});
        }
        sortByBound(m_open);
        return whole;
    }

    std::vector<Open<LoopSizes>> arraysOf(const OpenUnrolling& unrolling) {
        const auto& unrolled = *unrolling.item;
        std::vector<Open<LoopSizes>> arrays;
        std::int64_t tilings = 0;
        eachInner(m_problem, unrolled, [&](const LoopSizes& inner) {
            const Rank bound =
                m_bounds.ofArray(unrolled, arrayOf(m_problem, unrolled, inner), m_least);
            ++tilings;
            if (open(bound)) list(arrays, bound, inner);
            if (!outOfTime()) return true;
            leaveOpen(unrolling.bound);
            return false;
        });
        m_tilings += tilings;
        sortByBound(arrays);
        return arrays;
    }

    void dive(const OpenUnrolling& unrolling) {
        if (!open(unrolling.bound) || outOfTime()) return;
        const auto arrays = arraysOf(unrolling);
        if (!arrays.empty()) searchArray(*unrolling.item, arrays.front());
    }

    /// Searches all arrays with these unrollings.
    void searchUnrolled(const OpenUnrolling& unrolling) {
        if (!open(unrolling.bound)) return;
        if (outOfTime()) return leaveOpen(unrolling.bound);
        for (const auto& array : arraysOf(unrolling)) {
            if (!open(array.bound)) return;
            if (outOfTime()) return leaveOpen(array.bound);
            searchArray(*unrolling.item, array);
        }
    }

    void searchArray(const Unrolled& unrolled, const Open<LoopSizes>& inner) {
        const auto array = arrayOf(m_problem, unrolled, inner.item);
        std::vector<Open<const Front*>> fronts;
        std::int64_t bounded = 0;
        for (const auto& front : m_fronts) {
            // The fronts that follow cost more.
            if (!open(m_bounds.ofArray(unrolled, array, {front.picojoule, m_least.cycles}))) break;
            if (outOfTime()) {
                leaveOpen(inner.bound);
                break;
            }
            const auto tiling = tilingOf(m_problem, unrolled, inner.item, array, front);
            if (!tiling) continue;
            ++bounded;
            const Rank bound = m_bounds.ofTiling(*tiling);
            if (open(bound) && frontFits(m_problem, front.tile, unrolled)) {
                fronts.push_back({bound, &front});
            }
        }
        m_tilings += bounded;
        sortByBound(fronts);
        for (const auto& front : fronts) {
            if (!open(front.bound)) break;
            searchOrders(*tilingOf(m_problem, unrolled, inner.item, array, *front.item),
                         front.bound);
        }
    }

    void searchOrders(const Tiling& tiling, const Rank& least) {
        const auto& [unrolled, inner, array, front, outerTrips, middleTrips, edges] = tiling;
        OrderBounds bounds(m_bounds, tiling);
        std::vector<Open<const Order*>> outers;
        const bool wait = m_problem.ordersWait;
        for (const auto& order :
             ordersOf(outerTrips, wait || edges.anyInMiddle || edges.anyOutside)) {
            if (outOfTime()) return leaveOpen(least);
            const Rank bound = bounds.ofOuter(order);
            if (open(bound)) outers.push_back({bound, &order});
        }
        sortByBound(outers);
        // Where nothing is kept in front of them or in them, loops may stand in any order.
        const std::span<const Order> all(ordersOf(middleTrips, wait || edges.anyInMiddle));
        for (const auto& outer : outers) {
            if (!open(outer.bound)) return;
            if (outOfTime()) return leaveOpen(outer.bound);
            bounds.ofOuter(*outer.item);
            std::vector<Open<const Order*>> middles;
            for (const auto& order : m_problem.flat ? all.first(1) : all) {
                if (!open(bounds.quick(order))) continue;
                const Rank bound = bounds.close(order);
                if (open(bound)) middles.push_back({bound, &order});
            }
            sortByBound(middles);
            for (const auto& middle : middles) {
                if (!open(middle.bound)) break;
                if (outOfTime()) return leaveOpen(outer.bound);
                evaluate(
                    mappingOf(unrolled, inner, outerTrips, *outer.item, middleTrips, *middle.item));
            }
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
                loops.push_back({dim, unrolled.trips[u][indexOf(dim)], unrolling.kind});
            };
            for (const Dim dim : model::kAllLoopDims) {
                if (unrolled.trips[u][indexOf(dim)] > 1 && static_cast<int>(dim) != last) add(dim);
            }
            if (last >= 0) add(static_cast<Dim>(last));
        }
        for (const Dim dim : model::kAllLoopDims) {
            if (inner[indexOf(dim)] == 1) continue;
            mapping.levels.back().loops.push_back({dim, inner[indexOf(dim)], LoopKind::Temporal});
        }
        return mapping;
    }

    /// Whether the exact tiles fit.
    bool evaluate(const model::Mapping& mapping) {
        ++m_evaluations;
        const auto cost = nest::evaluateLoopNest(m_problem.layer, mapping, m_problem.hierarchy,
                                                 m_options.convention);
        if (!cost) return false;
        const Rank rank = m_bounds.rankOf(*cost);
        if (rank <= m_incumbent.rank()) m_incumbent.offer(rank, mapping, *cost);
        return true;
    }

    const Problem& m_problem;
    const MapperOptions& m_options;
    Clock::time_point m_begin;
    double m_started = elapsed();
    Incumbent& m_incumbent;
    Bounds m_bounds;
    double m_toUndercut;
    std::vector<Front> m_fronts;  ///< the cheapest first
    Outside m_least;              ///< of all of them
    std::vector<Unrolled> m_unrollings;
    std::vector<OpenUnrolling> m_open;
    std::mutex m_openMutex;
    double m_leastOpen = kInfinite;
    std::atomic<std::int64_t> m_tilings = 0;
    std::atomic<std::int64_t> m_evaluations = 0;
};

}  // namespace

void Incumbent::offer(const Rank& rank, const model::Mapping& mapping,
                      const nest::LoopNestResult& cost, bool forNow) {
    auto text = model::compactText(mapping);
    const std::lock_guard lock(m_mutex);
    const auto isFirst = [&] { return !forNow && (m_forNow || text < m_text); };
    if (m_best && (rank > this->rank() || (rank == this->rank() && !isFirst()))) return;
    m_forNow = forNow;
    m_best.emplace();
    m_best->mapping = mapping;
    m_best->cost = cost;
    m_text = std::move(text);
    m_rank.store(&m_ranks.emplace_back(rank), std::memory_order_release);
}

Searched searchTilings(const Problem& problem, const MapperOptions& options,
                       Clock::time_point begin, Incumbent& incumbent) {
    return Search(problem, options, begin, incumbent).run();
}

}  // namespace cohelix::mapping
