// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/dividing_movement.h"

#include <algorithm>
#include <cstdlib>

#include "core/nest/places.h"
#include "core/nest/tile_words.h"
#include "core/nest/window.h"

namespace cohelix::nest {
namespace {

using model::Dim;
using model::Tensor;

/// Instances that the unrolled loops of a range make.
struct Instances {
    std::int64_t own = 1;      ///< of dimensions that the tensor has
    std::int64_t foreign = 1;  ///< of others
    std::int64_t all() const { return own * foreign; }
};

Instances instancesOf(const Crossing& between, std::size_t from, std::size_t to) {
    Instances instances;
    for (const auto p : between.outline.unrolled()) {
        if (p < from || p >= to) continue;
        const auto& loop = between.outline.loops()[p];
        (indexes(between.tensor, loop.dim) ? instances.own : instances.foreign) *= loop.trips;
    }
    return instances;
}
/// From the outermost memory to the parent.
Instances parentsOf(const Crossing& between) {
    return instancesOf(between, 0, between.parentBegin());
}
/// From the parent to the child.
Instances lanesOf(const Crossing& between) {
    return instancesOf(between, between.parentBegin(), between.childBegin());
}

/// Weights and outputs: a step moves the whole tile or nothing of it.
Movement wholeMovement(const Crossing& between) {
    const auto& outline = between.outline;
    std::int64_t moves = outline.rounds(between.childBegin());
    // The loops inside the innermost that the tensor has reuse its tile.
    for (std::size_t p = between.childBegin(); between.remembers() && p-- > 0;) {
        const auto& loop = outline.loops()[p];
        if (!loop.temporal()) continue;
        if (indexes(between.tensor, loop.dim)) break;
        moves = outline.rounds(p);
    }
    const auto parents = parentsOf(between);
    const auto lanes = lanesOf(between);
    const std::int64_t moved =
        distinctWords(outline.nest(), between.tensor, between.tile) * moves * parents.all();
    Movement movement;
    movement.arrivals = moved * lanes.all();
    movement.sharedArrivals = movement.sharedLeavings = moved * lanes.own;
    if (between.tensor == Tensor::Outputs) {
        const auto& nest = outline.nest();
        const std::int64_t first =
            distinctWords(nest, between.tensor, nest.sizes) * parents.foreign;
        movement.firstVisits = first * lanes.foreign;
        movement.sharedFirstVisits = first;
    }
    return movement;
}

/// Weights and outputs, step by step.
void wholeSteps(const Crossing& between, StepCounts& steps) {
    const auto& outline = between.outline;
    const auto lanes = lanesOf(between);
    const std::int64_t words =
        distinctWords(outline.nest(), between.tensor, between.tile) * parentsOf(between).all();
    clear(between, steps);
    steps.arrivals[0] = words * lanes.all();
    steps.sent[0] = words * lanes.own;
    bool replaced = false;
    for (std::size_t p = between.childBegin(); p-- > 0;) {
        const auto& loop = outline.loops()[p];
        if (!loop.temporal()) continue;
        replaced = replaced || indexes(between.tensor, loop.dim);
        if (!replaced) continue;
        steps.arrivals[p + 1] = steps.arrivals[0] * outline.stepsAt(p);
        steps.sent[p + 1] = steps.sent[0] * outline.stepsAt(p);
    }
}

/// Inputs: a window without gaps that may keep a part of itself.
class Window {
public:
    explicit Window(const Crossing& between) : m_between(between), m_outline(between.outline) {
        for (std::size_t a = 0; a < kSlidingAxes.size(); ++a) {
            const auto& axis = kSlidingAxes[a];
            m_reach[a] = reachOf(paceOf(m_outline.nest(), axis), between.tile[indexOf(axis.dim)],
                                 between.tile[indexOf(axis.kernel)]);
        }
        for (const auto p : m_outline.unrolled()) {
            const auto& loop = m_outline.loops()[p];
            if (p < between.parentBegin() || p >= between.childBegin()) continue;
            if (slides(loop.dim)) m_places[axisOf(loop.dim)].add(loop.trips, shiftOf(loop));
        }
        for (std::size_t a = 0; a < 2; ++a) m_spread[a] = m_places[a].covered(m_reach[a]);
    }

    Movement movement() const {
        const Moved moved = m_between.remembers() ? slide(nullptr) : again();
        Movement movement;
        movement.arrivals = moved.fetched * channels() * instances();
        movement.sharedArrivals = moved.sent * channels() * instancesApart();
        return movement;
    }

    void steps(StepCounts& steps) const {
        clear(m_between, steps);
        steps.arrivals[0] = whole().fetched;
        steps.sent[0] = whole().sent;
        slide(&steps);
        const std::int64_t all = channels() * instances();
        const std::int64_t apart = channels() * instancesApart();
        for (std::size_t p = 0; p <= m_between.childBegin(); ++p) {
            steps.arrivals[p] *= all;
            steps.sent[p] *= apart;
        }
    }

private:
    /// Positions of both axes together.
    struct Moved {
        std::int64_t fetched;  ///< by one instance
        std::int64_t sent;     ///< to all instances that may share a word
    };
    using PerAxis = std::array<std::int64_t, 2>;

    static std::size_t axisOf(Dim dim) { return dim == Dim::P || dim == Dim::R ? 0 : 1; }

    /// Positions that one iteration moves the window.
    std::int64_t shiftOf(const NestLoop& loop) const {
        const auto& pace = m_outline.nest().paces[axisOf(loop.dim)];
        const bool kernel = loop.dim == Dim::R || loop.dim == Dim::S;
        return loop.step * (kernel ? pace.dilation : pace.stride);
    }

    std::int64_t channels() const {
        const auto& tile = m_between.tile;
        return tile[indexOf(Dim::N)] * tile[indexOf(Dim::G)] * tile[indexOf(Dim::C)];
    }
    std::int64_t instances() const { return m_outline.instances(m_between.childBegin()); }
    /// Instances that never share a word.
    std::int64_t instancesApart() const {
        std::int64_t apart = 1;
        for (const auto p : m_outline.unrolled()) {
            const auto& loop = m_outline.loops()[p];
            const bool shares =
                p >= m_between.parentBegin() && (loop.dim == Dim::K || slides(loop.dim));
            if (p < m_between.childBegin() && !shares) apart *= loop.trips;
        }
        return apart;
    }

    Moved whole() const { return {m_reach[0] * m_reach[1], m_spread[0] * m_spread[1]}; }
    /// The whole window at each step.
    Moved again() const {
        const std::int64_t rounds = m_outline.rounds(m_between.childBegin());
        return {whole().fetched * rounds, whole().sent * rounds};
    }

    /// The first step and those of each loop, from the innermost outwards: it moves on, those
    /// inside go back.
    Moved slide(StepCounts* steps) const {
        Moved moved = whole();
        PerAxis back = {0, 0};
        bool replaced = false;  // another channel, image or group
        bool still = true;      // no loop so far moves the window
        for (std::size_t p = m_between.childBegin(); p-- > 0;) {
            const auto& loop = m_outline.loops()[p];
            if (!loop.temporal() || (still && loop.dim == Dim::K)) continue;
            still = false;
            replaced = replaced || (loop.dim != Dim::K && !slides(loop.dim));
            if (replaced && !steps) {  // so is the window in all steps from here on
                const std::int64_t times = m_outline.rounds(p + 1) - 1;
                return {moved.fetched + times * whole().fetched, moved.sent + times * whole().sent};
            }
            const Moved fresh = replaced ? whole() : freshAfter(loop, back);
            const std::int64_t times = m_outline.stepsAt(p);
            moved = {moved.fetched + times * fresh.fetched, moved.sent + times * fresh.sent};
            if (!steps) continue;
            steps->arrivals[p + 1] = times * fresh.fetched;
            steps->sent[p + 1] = times * fresh.sent;
        }
        return moved;
    }

    /// New words where the loop moves on and those inside go `back`.
    Moved freshAfter(const NestLoop& loop, PerAxis& back) const {
        PerAxis kept;
        PerAxis shared;
        for (std::size_t a = 0; a < 2; ++a) {
            const bool along = slides(loop.dim) && axisOf(loop.dim) == a;
            const std::int64_t shift = along ? shiftOf(loop) : 0;
            // What is new lies at one end of every instance's window.
            const std::int64_t fresh = std::min(std::abs(shift - back[a]), m_reach[a]);
            kept[a] = m_reach[a] - fresh;
            shared[a] = m_spread[a] - m_places[a].covered(fresh);
            if (along) back[a] += (loop.trips - 1) * shift;
        }
        return {whole().fetched - kept[0] * kept[1], whole().sent - shared[0] * shared[1]};
    }

    const Crossing& m_between;
    const Outline& m_outline;
    std::array<Places, 2> m_places;
    PerAxis m_reach;
    PerAxis m_spread;
};

bool windowHasGaps(const Crossing& between) {
    return std::any_of(kSlidingAxes.begin(), kSlidingAxes.end(), [&between](const Axis& axis) {
        return !gapless(paceOf(between.outline.nest(), axis), between.tile[indexOf(axis.dim)],
                        between.tile[indexOf(axis.kernel)]);
    });
}

/// Only along a sliding axis does an instance ever want what another one held.
bool neighboursMatter(const Crossing& between) {
    if (!between.forwards) return false;
    const auto unrolled = between.outline.unrolled();
    return std::any_of(unrolled.begin(), unrolled.end(), [&between](std::size_t p) {
        return p >= between.parentBegin() && p < between.childBegin() &&
               slides(between.outline.loops()[p].dim);
    });
}

}  // namespace

std::optional<Movement> dividingMovement(const Crossing& between) {
    if (between.tensor != Tensor::Inputs) return wholeMovement(between);
    if (neighboursMatter(between) || windowHasGaps(between)) return std::nullopt;
    return Window(between).movement();
}

bool dividingSteps(const Crossing& between, StepCounts& steps) {
    if (between.tensor != Tensor::Inputs) {
        wholeSteps(between, steps);
        return true;
    }
    if (neighboursMatter(between) || windowHasGaps(between)) return false;
    Window(between).steps(steps);
    return true;
}

}  // namespace cohelix::nest
