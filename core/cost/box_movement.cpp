// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <optional>
#include <set>

#include "core/cost/movement.h"

namespace cohelix::cost {
namespace {

using model::Tensor;

constexpr std::size_t kAxes = 5;
using Place = std::array<std::int64_t, kAxes>;

/// How far a loop's iteration moves the tensor's box, along which axis.
struct Shift {
    std::size_t axis;
    std::int64_t distance;
};

std::optional<Shift> shiftOf(const Nest& nest, Tensor tensor, const NestLoop& loop) {
    const auto axes = axesOf(tensor);
    for (std::size_t a = 0; a < axes.size(); ++a) {
        if (axes[a].sliding() && axes[a].dim == loop.dim) {
            return Shift{a, loop.step * nest.stride.along(loop.dim)};
        }
        if (axes[a].sliding() && axes[a].kernel == loop.dim) {
            return Shift{a, loop.step * nest.dilation.along(loop.dim)};
        }
        if (axes[a].dim == loop.dim) return Shift{a, loop.step};
    }
    return std::nullopt;
}

/// Walks the outer loops, of each the first iteration and the second, which stands for all others.
class Walk {
public:
    Walk(const Nest& nest, Tensor tensor, std::size_t childBegin, bool stillStepEndsSlide)
        : m_stillStepEndsSlide(stillStepEndsSlide) {
        const auto tile = tileSizes(nest, childBegin);
        const auto axes = axesOf(tensor);
        for (std::size_t a = 0; a < axes.size(); ++a) {
            const auto [dim, kernel] = axes[a];
            m_extent[a] = axes[a].sliding()
                              ? (tile[at(dim)] - 1) * nest.stride.along(dim) +
                                    (tile[at(kernel)] - 1) * nest.dilation.along(kernel) + 1
                              : tile[at(dim)];
            m_box *= m_extent[a];
        }
        for (const auto& loop : nest.all().first(childBegin)) {
            if (loop.temporal()) m_loops.push_back({loop.trips, shiftOf(nest, tensor, loop)});
        }
        // The innermost iterations that move nothing matter only where they end a slide.
        while (!stillStepEndsSlide && !m_loops.empty() && !m_loops.back().shift) m_loops.pop_back();
    }

    std::int64_t fetched() {
        visit(0, 1, {});
        return m_fetched;
    }

private:
    struct Turn {
        std::int64_t trips;
        std::optional<Shift> shift;
    };

    void visit(std::size_t depth, std::int64_t weight, Place place) {
        if (depth == m_loops.size()) {
            m_fetched += weight * fetch(place);
            return;
        }
        visit(depth + 1, weight, place);
        const auto& turn = m_loops[depth];
        if (turn.shift) place[turn.shift->axis] += turn.shift->distance;
        visit(depth + 1, weight * (turn.trips - 1), place);
    }

    std::int64_t fetch(const Place& place) {
        const auto last = m_last;
        m_last = place;
        if (!last) return m_box;
        Place step;
        int moved = 0;
        std::size_t axis = 0;
        for (std::size_t a = 0; a < kAxes; ++a) {
            step[a] = place[a] - (*last)[a];
            if (step[a] == 0) continue;
            ++moved;
            axis = a;
        }
        if (moved == 0 && !m_stillStepEndsSlide) return 0;
        if (m_slide && *m_slide != step) {
            m_slide.reset();
            return m_box;
        }
        m_slide = step;
        if (moved == 0) return 0;
        const std::int64_t distance = std::abs(step[axis]);
        if (moved > 1 || distance >= m_extent[axis]) return m_box;
        return m_box / m_extent[axis] * distance;
    }

    bool m_stillStepEndsSlide;
    Place m_extent = {1, 1, 1, 1, 1};
    std::int64_t m_box = 1;
    std::vector<Turn> m_loops;
    std::optional<Place> m_last;
    std::optional<Place> m_slide;
    std::int64_t m_fetched = 0;
};

/// Different boxes among the instances of one parent in one step, and instances in all.
struct Instances {
    std::int64_t all = 1;
    std::int64_t parents = 1;
    std::int64_t distinct = 1;
};

Instances instancesOf(const Nest& nest, Tensor tensor, std::size_t parentBegin,
                      std::size_t childBegin) {
    Instances instances;
    std::array<std::set<std::int64_t>, kAxes> offsets;
    for (auto& offset : offsets) offset = {0};
    for (std::size_t p = 0; p < childBegin; ++p) {
        const auto& loop = nest.loops[p];
        if (loop.temporal()) continue;
        instances.all *= loop.trips;
        if (p < parentBegin) {
            instances.parents *= loop.trips;
            continue;
        }
        const auto shift = shiftOf(nest, tensor, loop);
        if (!shift) continue;
        std::set<std::int64_t> more;
        for (const auto offset : offsets[shift->axis]) {
            for (std::int64_t i = 0; i < loop.trips; ++i) more.insert(offset + i * shift->distance);
        }
        offsets[shift->axis] = std::move(more);
    }
    for (const auto& offset : offsets) instances.distinct *= static_cast<std::int64_t>(offset.size());
    return instances;
}

}  // namespace

BoxMovement boxMovement(const Nest& nest, Tensor tensor, std::size_t parent, std::size_t child,
                        bool stillStepEndsSlide) {
    const std::size_t childBegin = nest.begin[child];
    const auto instances = instancesOf(nest, tensor, nest.begin[parent], childBegin);
    std::int64_t fetched = 1;
    if (child == nest.levels()) {
        for (const auto& loop : nest.loops) fetched *= loop.temporal() ? loop.trips : 1;
    } else {
        fetched = Walk(nest, tensor, childBegin, stillStepEndsSlide).fetched();
    }
    return {fetched * instances.all, fetched * instances.parents * instances.distinct};
}

}  // namespace cohelix::cost
