// SPDX-License-Identifier: GPL-3.0-or-later
// Every bound of the search against every mapping that it bounds.
#include <algorithm>

#include "core/base/units.h"
#include "core/mapping/bounds.h"

#include "tests/core/mapping/every_mapping.h"

namespace cohelix::mapping::test {
namespace {

/// Temporal loops of a block, innermost first.
Order orderOf(const model::MappingLevel& level, std::size_t skipped, const LoopSizes& trips) {
    const auto several = [](std::int64_t count) { return count > 1; };
    const auto count = static_cast<std::size_t>(std::ranges::count_if(trips, several));
    Order order;
    for (std::size_t i = skipped; i < skipped + count; ++i) order.push_back(level.loops[i].dim);
    std::ranges::reverse(order);
    return order;
}

Unrolled unrolledOf(const Problem& problem, std::span<const LoopSizes> trips) {
    Unrolled unrolled{.trips = {trips.begin(), trips.end()}};
    for (const auto& each : trips) unrolled.all = unrolled.all * each;
    unrolled.pes = product(unrolled.all);
    for (std::size_t l = 0; l < problem.hierarchy.levels.size(); ++l) {
        unrolled.instances[l] = product(unrolledBefore(problem, unrolled, static_cast<int>(l)));
    }
    return unrolled;
}

std::optional<Front> frontWith(const Problem& problem, const LoopSizes& tile) {
    std::optional<Front> found;
    eachFront(problem, [&](const Front& front) {
        if (front.tile == tile) found = front;
        return !found;
    });
    return found;
}

/// The bounds of all parts of the space around one mapping.
class Around {
public:
    Around(const Sample& sample, const Laid& laid)
        : m_sample(sample), m_laid(laid), m_hierarchy(sample.hierarchy) {
        for (std::size_t l = 0; l < m_hierarchy.levels.size(); ++l) {
            m_hierarchy.levels[l].mayKeep = laid.mapping.levels[l].keeps;
        }
    }

    /// What is broken; empty: nothing.
    std::string broken() {
        const auto cost =
            nest::evaluateLoopNest(m_sample.layer, m_laid.mapping, m_sample.hierarchy);
        if (!cost) return {};
        const auto space = blocks();
        const auto problem = problemOf(m_sample.layer, m_hierarchy, space, nest::kExact,
                                       divides() ? 0 : m_sample.padding);
        if (!problem) return base::toText(problem.error());
        const Bounds bounds(*problem, m_sample.objective);
        m_rank = bounds.rankOf(*cost);
        require("all", bounds.ofAll());
        if (!problem->flat && isInBlocks()) check(*problem, bounds);
        return m_broken;
    }

private:
    bool isInBlocks() const { return m_sample.space.middle != m_sample.space.inner; }
    /// Where there are too few memories, the multipliers get the inner loops.
    MapSpace blocks() {
        auto space = m_sample.space;
        if (isInBlocks()) return space;
        m_hierarchy.levels.push_back({.name = "multipliers", .mayKeep = {false, false, false}});
        ++space.inner;
        return space;
    }

    bool divides() const {
        for (std::size_t d = 0; d < model::kAllLoopDims.size(); ++d) {
            std::int64_t span = m_laid.outer[d] * m_laid.middle[d] * m_laid.inner[d];
            for (const auto& trips : m_laid.unrolled) span *= trips[d];
            if (span != model::loopSize(m_sample.layer, model::kAllLoopDims[d])) return false;
        }
        return true;
    }

    void check(const Problem& problem, const Bounds& bounds) {
        const auto unrolled = unrolledOf(problem, m_laid.unrolled);
        const auto array = arrayOf(problem, unrolled, m_laid.inner);
        LoopSizes tile = m_laid.middle * array.tile;
        for (std::size_t d = 0; d < tile.size(); ++d) tile[d] = std::min(tile[d], problem.sizes[d]);
        const auto front = frontWith(problem, tile);
        if (!front) return say("its front tile is not searched", {});
        const auto tiling = tilingOf(problem, unrolled, m_laid.inner, array, *front);
        if (!tiling) return say("its tiling is not searched", {});
        if (!frontFits(problem, tile, unrolled)) return say("its tile is said not to fit", {});
        require("its front tile", bounds.ofFront(*front));
        const Outside outside{front->picojoule, front->cycles};
        require("its unrollings", bounds.ofUnrolling(unrolled, outside));
        require("its array", bounds.ofArray(unrolled, array, outside));
        require("its tiling", bounds.ofTiling(*tiling));
        const auto& levels = m_laid.mapping.levels;
        const auto outer = orderOf(levels.front(), 0, m_laid.outer);
        const auto middle = orderOf(levels[m_sample.space.middle],
                                    m_sample.space.middle == 0 ? outer.size() : 0, m_laid.middle);
        OrderBounds orders(bounds, *tiling);
        require("its outer order", orders.ofOuter(outer));
        require("its orders, quickly", orders.quick(middle));
        require("its orders", orders.close(middle));
    }

    void require(const char* what, const Rank& bound) {
        if (bound > m_rank) say(std::string("the bound of ") + what + " is above it", bound);
    }
    void say(const std::string& what, const Rank& bound) {
        if (!m_broken.empty()) return;
        m_broken = model::compactText(m_laid.mapping) + " costs " + base::exact(m_rank.value) +
                   " (" + base::exact(m_rank.tie) + "): " + what + ": " + base::exact(bound.value) +
                   " (" + base::exact(bound.tie) + ")";
    }

    const Sample& m_sample;
    const Laid& m_laid;
    nest::Hierarchy m_hierarchy;
    Rank m_rank;
    std::string m_broken;
};

}  // namespace

std::string brokenBound(const Sample& sample) {
    std::string broken;
    eachMapping(sample, [&](const Laid& laid) {
        broken = Around(sample, laid).broken();
        return broken.empty();
    });
    return broken;
}

}  // namespace cohelix::mapping::test
