// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/constrained_search.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <string>

#include "core/mapping/anneal.h"
#include "core/mapping/constrained_descent.h"
#include "core/mapping/contradiction.h"
#include "core/mapping/level_flows.h"
#include "core/mapping/outermost.h"

namespace cohelix::mapping {
namespace {

using base::Error;
using base::Result;

class ConstrainedSearch {
public:
    ConstrainedSearch(const Task& task, const std::vector<nest::Hierarchy>& keepings)
        : m_task(task), m_keepings(keepings) {
        for (const auto& hierarchy : keepings) {
            const ConstrainedSpace space(task.shape.sizes, hierarchy, task.constraints);
            // Memories keep another set of tensors; what is unrolled is the same.
            if (m_unrolled.empty()) m_unrolled = space.unrolled();
            addRoots(hierarchy);
            m_forwards =
                m_forwards || std::any_of(hierarchy.levels.begin(), hierarchy.levels.end(),
                                          [](const auto& memory) { return memory.forwards; });
        }
        std::stable_sort(m_roots.begin(), m_roots.end(),
                         [](const Root& a, const Root& b) { return a.bound < b.bound; });
    }

    /// Where time is limited, most layers are proven in a first short run. Of the others a good
    /// mapping is looked for before what is left of the time goes into the proof.
    Found run() {
        const double seconds = m_task.options.seconds;
        m_task.mostSeconds = briefSeconds(seconds);
        searchOnce();
        if (seconds > 0 && m_found.best && m_found.leastOpen < kNothingFound) {
            annealFrom(m_found.best->mapping);
            m_task.mostSeconds = seconds;
            m_found.leastOpen = kNothingFound;
            searchAll();
        }
        // Where neighbours pass words on, the order of unrolled loops matters; one is tried.
        if (m_forwards && !m_roots.empty()) {
            m_found.leastOpen = std::min(m_found.leastOpen, m_roots.front().bound);
        }
        // Bounds further down need not be above those that they begin with.
        if (!m_roots.empty()) {
            m_found.leastOpen = std::max(m_found.leastOpen, m_roots.front().bound);
        }
        return std::move(m_found);
    }

    /// Whether one of the most promising ways leads to a mapping.
    bool findsOne() {
        constexpr std::int64_t kFewSteps = 20'000;
        const std::size_t count = std::min(m_roots.size(), kAtOnce);
        const auto found =
            together(count, [&](std::size_t i) { return diveInto(m_task, m_roots[i], kFewSteps); });
        return std::ranges::any_of(found, [](const Found& each) { return each.best.has_value(); });
    }

private:
    static constexpr std::size_t kDives = 256;
    /// Parts that go on at once know what those before them have found, whatever the threads.
    static constexpr std::size_t kAtOnce = 16;
    static constexpr std::int64_t kMostSteps = kMostSearchSteps / 4;  ///< of one part

    void addRoots(const nest::Hierarchy& hierarchy) {
        for (const auto& unrolled : m_unrolled) {
            const LevelFlowModel model(m_task.shape, hierarchy, m_task.options.convention,
                                       unrolled.both);
            const auto flows = model.flows({}, hierarchy.levels.size(), {}, nest::kOneOfEach);
            m_roots.push_back({m_task.ranking.bound(flows.picojoule, model.cycles(flows)),
                               &hierarchy, &unrolled});
        }
    }

    void searchOnce() {
        dive();
        climb();
        searchAll();
    }

    void annealFrom(const model::Mapping& start) {
        const auto& hierarchy = m_keepings.front();
        Annealing task{.layer = m_task.layer, .hierarchy = hierarchy, .options = m_task.options};
        task.start = start;
        addPlaces(task.places);
        addKeepings(start, task.keepings);
        task.allowed = [&](const model::Mapping& mapping) {
            return checkConstraints(m_task.layer, mapping, hierarchy, m_task.constraints).ok();
        };
        task.offer = [&](const model::Mapping& mapping, const nest::LoopNestResult& cost) {
            offerForNow(mapping, cost);
        };
        task.seconds = annealingSeconds(m_task.options.seconds);
        anneal(task);
    }

    void addPlaces(std::vector<LoopPlace>& places) const {
        const auto& levels = m_keepings.front().levels;
        for (std::size_t l = 0; l < levels.size(); ++l) {
            using enum model::LoopKind;
            const auto& rules = m_task.constraints.levels[l];
            places.push_back({.level = l, .rules = rules.temporal});
            if (levels[l].rows > 1) places.push_back({l, Rows, levels[l].rows, rules.rows});
            if (levels[l].columns > 1) {
                places.push_back({l, Columns, levels[l].columns, rules.columns});
            }
        }
    }

    /// What the start keeps comes first.
    void addKeepings(const model::Mapping& start, std::vector<Keeps>& all) const {
        for (const auto& hierarchy : m_keepings) {
            Keeps keeps;
            for (const auto& level : hierarchy.levels) keeps.push_back(level.mayKeep);
            const bool first =
                std::ranges::equal(keeps, start.levels, {}, {}, &model::MappingLevel::keeps);
            all.insert(first ? all.begin() : all.end(), std::move(keeps));
        }
    }

    void offerForNow(const model::Mapping& mapping, const nest::LoopNestResult& cost) {
        const double rank = m_task.ranking.of(cost.energyPicojoule, cost.cycles);
        if (rank >= m_found.value) return;
        BestMapping one;
        one.mapping = mapping;
        one.cost = cost;
        m_found.offer(rank, std::move(one));
        m_found.forNow = true;
    }

    bool exhausted() const {
        if (m_found.value == kNothingFound) return false;
        if (m_task.options.seconds > 0) return m_task.overtime();
        return m_found.steps > kMostSearchSteps;
    }

    /// A mapping of each of the most promising roots: good ones make every bound sharper.
    void dive() {
        const std::size_t count = std::min(m_roots.size(), kDives);
        for (std::size_t first = 0; first < count && !exhausted(); first += kAtOnce) {
            auto found = together(std::min(count - first, kAtOnce), [&](std::size_t i) {
                return diveInto(m_task, m_roots[first + i], kMostSteps);
            });
            for (auto& each : found) {
                if (each.best) m_starts.push_back(each);
                m_found.add(std::move(each));
            }
        }
    }

    /// From the best of these mappings, to their neighbours.
    void climb() {
        std::stable_sort(m_starts.begin(), m_starts.end(),
                         [](const Found& a, const Found& b) { return a.value < b.value; });
        const std::size_t count = std::min(m_starts.size(), kAtOnce);
        if (exhausted()) return;
        auto found = together(count, [&](std::size_t i) {
            return climbFrom(m_task, *m_starts[i].root, m_starts[i].trips, kMostSteps);
        });
        for (auto& each : found) m_found.add(std::move(each));
    }

    void searchAll() {
        for (std::size_t first = 0; first < m_roots.size(); first += kAtOnce) {
            if (m_roots[first].bound >= m_found.value) return;
            if (exhausted()) {
                m_found.leastOpen = std::min(m_found.leastOpen, m_roots[first].bound);
                return;
            }
            const double incumbent = m_found.value;
            auto found = together(std::min(m_roots.size() - first, kAtOnce), [&](std::size_t i) {
                const auto& root = m_roots[first + i];
                if (root.bound >= incumbent) return Found{};
                return searchRoot(m_task, root, incumbent, kMostSteps);
            });
            for (auto& each : found) m_found.add(std::move(each));
        }
    }

    std::vector<Found> together(std::size_t count, const std::function<Found(std::size_t)>& one) {
        std::vector<Found> found(count);
        const auto work = [&](std::size_t i) { found[i] = one(i); };
        if (m_task.options.executor) {
            m_task.options.executor->forEach(count, work);
        } else {
            for (std::size_t i = 0; i < count; ++i) work(i);
        }
        return found;
    }

    Task m_task;
    const std::vector<nest::Hierarchy>& m_keepings;
    std::vector<UnrolledLoops> m_unrolled;
    std::vector<Root> m_roots;
    std::vector<Found> m_starts;
    bool m_forwards = false;
    Found m_found;
};

Result<BestMapping> resultOf(const Task& task, const nest::Hierarchy& hierarchy, Found found) {
    if (!found.best) {
        return Error{task.layer.name,
                     "no mapping obeys the constraints and fits the memories of " + hierarchy.name,
                     found.refused ? "One that obeys: " + base::toText(*found.refused)
                                   : "Loosen the constraints, or enlarge the memories"};
    }
    BestMapping best = std::move(*found.best);
    best.value = objectiveValue(task.options.objective, best.cost);
    const bool latency = task.options.objective == Objective::Latency;
    const double open = latency ? std::floor(found.leastOpen) : found.leastOpen;
    best.lowerBound = task.options.convention == nest::kExact ? std::min(best.value, open) : 0;
    best.tilings = found.tilings;
    best.evaluations = found.evaluations;
    best.seconds = task.seconds();
    return best;
}

/// What stands in the way of any mapping: loops that cannot be, or memories without room for them.
std::string obstacle(const Task& task, const nest::Hierarchy& hierarchy) {
    const auto& sizes = task.shape.sizes;
    const auto areLoops = [&](const Constraints& some) {
        return ConstrainedSpace(sizes, hierarchy, some).isPossible();
    };
    if (!areLoops(task.constraints)) {
        return contradiction(hierarchy, task.constraints, areLoops, areLoops);
    }
    const auto ask = [&](const Constraints& some, const auto& find) {
        const auto keepings =
            ConstrainedSpace(sizes, hierarchy, some).keepings(task.options.keeping != Keeping::All);
        const Task other{task.layer, task.options, task.shape, some, task.ranking, task.begin, 0};
        return keepings && find(ConstrainedSearch(other, *keepings));
    };
    return contradiction(
        hierarchy, task.constraints,
        [&](const Constraints& some) {
            return ask(some, [](auto&& search) { return search.findsOne(); });
        },
        [&](const Constraints& some) {
            return ask(some, [](auto&& search) { return search.run().best.has_value(); });
        });
}

}  // namespace

bool needsConstrainedSearch(const Constraints& constraints, const MapperOptions& options) {
    if (constraints.aboutLoops()) return true;
    return options.keeping != Keeping::All &&
           std::any_of(constraints.levels.begin(), constraints.levels.end(), [](const auto& level) {
               return std::any_of(level.keeps.begin(), level.keeps.end(),
                                  [](const auto& keeps) { return keeps == true; });
           });
}

Result<BestMapping> bestUnderConstraints(const model::Layer& layer,
                                         const nest::Hierarchy& hierarchy,
                                         const Constraints& constraints,
                                         const MapperOptions& options) {
    const auto begin = std::chrono::steady_clock::now();
    if (hierarchy.levels.empty() || hierarchy.levels.size() > kMostNestLevels) {
        return Error{hierarchy.name,
                     "it has " + std::to_string(hierarchy.levels.size()) + " memories",
                     "Give 1 to " + std::to_string(kMostNestLevels)};
    }
    const auto shape = nest::factsOf(layer);
    if (!shape) return shape.error();
    auto counted = checkCountable(layer, hierarchy, options.convention);
    if (!counted) return counted.error();
    std::vector<std::string> notes;
    const auto asked = suited(layer, hierarchy, constraints, notes);
    if (auto can = checkPossible(layer, hierarchy, asked); !can) return can.error();
    if (options.padding > 0)
        notes.push_back("where loops stand at every memory all trips divide: no padding");
    double macs = 1;
    for (const auto size : shape->sizes) macs *= static_cast<double>(size);
    const Task task{layer,
                    options,
                    *shape,
                    asked,
                    {options.objective, macs, hierarchy.staticPicojoulePerCycle},
                    begin,
                    options.seconds};
    const ConstrainedSpace space(shape->sizes, hierarchy, asked);
    const auto search = [&](bool choosesBypass) -> Result<BestMapping> {
        const auto keepings = space.keepings(choosesBypass);
        if (!keepings) return keepings.error();
        auto found = resultOf(task, hierarchy, ConstrainedSearch(task, *keepings).run());
        if (found) found->extent = {.lessKept = choosesBypass, .unevenTrips = false};
        return found;
    };
    auto best = search(options.keeping == Keeping::Chosen);
    // Where not everything can be kept that may be, something must pass by.
    if (!best && options.keeping == Keeping::WhatFits) best = search(true);
    if (best) {
        best->notes = std::move(notes);
        return best;
    }
    auto error = best.error();
    if (const auto which = obstacle(task, hierarchy); !which.empty()) error.what += ": " + which;
    return error;
}

}  // namespace cohelix::mapping
