// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/mapping/every_mapping.h"

#include <algorithm>

#include "core/base/units.h"

namespace cohelix::mapping::test {
namespace {

using model::Dim;
using model::LoopKind;
using Trips = Laid::Trips;

std::vector<model::Loop> loopsOf(const Trips& trips, LoopKind kind) {
    std::vector<model::Loop> loops;
    for (const Dim dim : model::kAllLoopDims) {
        const auto count = trips[static_cast<std::size_t>(dim)];
        if (count > 1) loops.push_back({dim, count, kind});
    }
    return loops;
}

class Enumeration {
public:
    Enumeration(const Sample& sample, const Visit& visit)
        : m_sample(sample),
          m_visit(visit),
          m_forwards(std::ranges::any_of(sample.hierarchy.levels, &nest::MemoryLevel::forwards)) {
        for (const auto& level : sample.hierarchy.levels) {
            m_mapping.levels.push_back({level.name, {}, level.mayKeep});
        }
    }

    void run() {
        m_trips.assign(kUnrolled + m_sample.space.unrollings.size(), {1, 1, 1, 1, 1, 1, 1, 1});
        place(0, 0, 1);
    }

private:
    enum Slot : std::size_t { kOuter, kMiddle, kInner, kUnrolled };

    /// Trips of dimension d for the slots from this one on, those before spanning so much.
    bool place(std::size_t d, std::size_t slot, std::int64_t span) {
        if (d == model::kAllLoopDims.size()) return order();
        const auto size = model::loopSize(m_sample.layer, model::kAllLoopDims[d]);
        const auto most =
            static_cast<std::int64_t>(static_cast<double>(size) * (1 + m_sample.padding));
        if (slot == m_trips.size()) {
            return span < size || !noneCouldBeLess(d, span, size) || place(d + 1, 0, 1);
        }
        for (std::int64_t trips = 1; span * trips <= most; ++trips) {
            m_trips[slot][d] = trips;
            if (fits(slot) && !place(d, slot + 1, span * trips)) return false;
        }
        m_trips[slot][d] = 1;
        return true;
    }

    bool noneCouldBeLess(std::size_t d, std::int64_t span, std::int64_t size) const {
        return std::all_of(m_trips.begin(), m_trips.end(), [&](const auto& trips) {
            return span / trips[d] * (trips[d] - 1) < size;
        });
    }

    /// Unrolled loops stay within what the space allows; those outside the middle loops leave
    /// windows whole.
    bool fits(std::size_t slot) const {
        if (slot < kUnrolled) return slot != kInner || m_mapping.levels.size() > 1 || isOne(kInner);
        const auto& unrolling = m_sample.space.unrollings[slot - kUnrolled];
        std::int64_t all = 1;
        for (std::size_t d = 0; d < m_trips[slot].size(); ++d) {
            all *= m_trips[slot][d];
            if (m_trips[slot][d] > 1 && !unrolling.dims[d]) return false;
        }
        if (all > unrolling.most) return false;
        if (unrolling.level >= m_sample.space.middle) return true;
        const auto of = [&](Dim dim) { return m_trips[slot][static_cast<std::size_t>(dim)]; };
        return of(Dim::P) == 1 && of(Dim::Q) == 1 && of(Dim::R) == 1 && of(Dim::S) == 1;
    }
    bool isOne(std::size_t slot) const {
        return std::ranges::all_of(m_trips[slot], [](std::int64_t trips) { return trips == 1; });
    }

    bool order() {
        const auto less = [](const model::Loop& a, const model::Loop& b) { return a.dim < b.dim; };
        auto outer = loopsOf(m_trips[kOuter], LoopKind::Temporal);
        do {
            auto middle = loopsOf(m_trips[kMiddle], LoopKind::Temporal);
            do {
                if (!arrange(outer, middle)) return false;
            } while (std::next_permutation(middle.begin(), middle.end(), less));
        } while (std::next_permutation(outer.begin(), outer.end(), less));
        return true;
    }

    bool arrange(const std::vector<model::Loop>& outer, const std::vector<model::Loop>& middle) {
        for (auto& level : m_mapping.levels) level.loops.clear();
        const auto append = [this](std::size_t level, const std::vector<model::Loop>& loops) {
            auto& all = m_mapping.levels[level].loops;
            all.insert(all.end(), loops.begin(), loops.end());
        };
        append(0, outer);
        append(m_sample.space.middle, middle);
        for (std::size_t u = 0; u < m_sample.space.unrollings.size(); ++u) {
            const auto& unrolling = m_sample.space.unrollings[u];
            append(unrolling.level, loopsOf(m_trips[kUnrolled + u], unrolling.kind));
        }
        append(m_mapping.levels.size() - 1, loopsOf(m_trips[kInner], LoopKind::Temporal));
        return turn(0);
    }

    /// Each unrolled loop as the innermost of its rows or columns: neighbours lie along it.
    bool turn(std::size_t u) {
        if (!m_forwards || u == m_sample.space.unrollings.size()) return keep(1, 0);
        const auto& unrolling = m_sample.space.unrollings[u];
        auto& loops = m_mapping.levels[unrolling.level].loops;
        const auto before = loops;
        const auto last =
            std::ranges::find_if(before.rbegin(), before.rend(),
                                 [](auto& loop) { return loop.kind != LoopKind::Temporal; })
                .base() -
            before.begin();
        bool any = false;
        for (std::ptrdiff_t i = 0; i < last; ++i) {
            if (before[static_cast<std::size_t>(i)].kind != unrolling.kind) continue;
            any = true;
            loops = before;
            std::rotate(loops.begin() + i, loops.begin() + i + 1, loops.begin() + last);
            if (!turn(u + 1)) return false;
        }
        loops = before;
        return any || turn(u + 1);
    }

    /// Every choice of what the memories keep, where bypass may be chosen.
    bool keep(std::size_t level, std::size_t tensor) {
        if (tensor == model::kTensors) {
            tensor = 0;
            ++level;
        }
        if (m_sample.keeping == Keeping::All || level == m_mapping.levels.size()) {
            return m_visit({m_mapping, m_trips[kOuter], m_trips[kMiddle], m_trips[kInner],
                            std::span(m_trips).subspan(kUnrolled)});
        }
        bool twice = false;
        const bool middle = level <= m_sample.space.middle;
        for (std::size_t l = 1; l < level; ++l) {
            const bool sameBlock = (l <= m_sample.space.middle) == middle;
            twice = twice || (sameBlock && m_mapping.levels[l].keeps[tensor]);
        }
        for (const bool keeps : {false, true}) {
            if (keeps && (twice || !m_sample.hierarchy.levels[level].mayKeep[tensor])) continue;
            m_mapping.levels[level].keeps[tensor] = keeps;
            if (!keep(level, tensor + 1)) return false;
        }
        m_mapping.levels[level].keeps[tensor] = m_sample.hierarchy.levels[level].mayKeep[tensor];
        return true;
    }

    const Sample& m_sample;
    const Visit& m_visit;
    bool m_forwards;
    std::vector<Trips> m_trips;  ///< by Slot; one for each unrolling
    model::Mapping m_mapping;
};

}  // namespace

void eachMapping(const Sample& sample, const Visit& visit) { Enumeration(sample, visit).run(); }

std::int64_t countMappings(const Sample& sample, std::int64_t most) {
    std::int64_t count = 0;
    eachMapping(sample, [&](const Laid&) { return ++count <= most; });
    return count;
}

BestOfAll bestOfAll(const Sample& sample) {
    BestOfAll best;
    eachMapping(sample, [&](const Laid& laid) {
        const auto cost = nest::evaluateLoopNest(sample.layer, laid.mapping, sample.hierarchy);
        if (!cost) return true;
        const double value = objectiveValue(sample.objective, *cost);
        if (value < best.value) best = {value, laid.mapping};
        return true;
    });
    return best;
}

namespace {

/// What is false about the answer of a search that is stopped early; empty: nothing.
std::string falsehoodIfStopped(const Sample& sample, MapperOptions options, const BestOfAll& best) {
    options.seconds = 1e-4;
    const auto found = bestMapping(sample.layer, sample.hierarchy, sample.space, options);
    if (!found.ok()) return "stopped early: " + base::toText(found.error());
    if (found->lowerBound <= best.value && best.value <= found->value) return {};
    return "stopped early: between " + base::exact(found->lowerBound) + " and " +
           base::exact(found->value) + " by " + model::compactText(found->mapping) + "\nthere is " +
           base::exact(best.value) + " by " + model::compactText(best.mapping);
}

}  // namespace

std::string falsehoodAbout(const Sample& sample, base::Executor* executor) {
    const auto best = bestOfAll(sample);
    const MapperOptions options{.objective = sample.objective,
                                .keeping = sample.keeping,
                                .padding = sample.padding,
                                .executor = executor};
    const auto found = bestMapping(sample.layer, sample.hierarchy, sample.space, options);
    const bool any = best.value < std::numeric_limits<double>::infinity();
    if (!any) return found.ok() ? "a mapping was found where none is" : "";
    const std::string there =
        "\nthere is " + base::exact(best.value) + " by " + model::compactText(best.mapping);
    if (!found.ok()) return base::toText(found.error()) + there;
    if (found->value == best.value && found->optimal()) {
        return falsehoodIfStopped(sample, options, best);
    }
    return base::exact(found->value) + (found->optimal() ? " called optimal, " : " found, ") +
           "by " + model::compactText(found->mapping) + there;
}

}  // namespace cohelix::mapping::test
