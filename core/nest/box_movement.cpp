// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/box_movement.h"

#include <array>
#include <cstdlib>
#include <optional>

#include "core/nest/places.h"
#include "core/nest/tile_words.h"
#include "core/nest/window.h"

namespace cohelix::nest {
namespace {

using model::Dim;
using model::Tensor;

/// The axis of the inputs that a loop over dim moves along, if any.
std::optional<std::size_t> inputAxisOf(Dim dim) {
    const auto axes = axesOf(Tensor::Inputs);
    for (std::size_t a = 0; a < axes.size(); ++a) {
        if (axes[a].dim == dim || axes[a].kernel == dim) return a;
    }
    return std::nullopt;
}

/// Positions along it that one of dim stands for.
std::int64_t boxPaceAlong(const Nest& nest, Dim dim) {
    if (!slides(dim)) return 1;
    return dim == Dim::P || dim == Dim::Q ? nest.stride.along(dim) : nest.dilation.along(dim);
}

/// What a box fetches over all steps of the loops around it, of each loop the first iteration and
/// the second, which stands for all others.
///
/// A loop's steps follow upon the last step of the loops inside it, which is one of the innermost
/// loop's own. So a slide that may go on is either broken off or the innermost loop's; only a step
/// of the innermost itself can follow upon another slide. From the inside out, for each state that
/// the first fetch may leave, the words that follow and the state at their end are known.
class BoxWalk {
public:
    BoxWalk(const Crossing& between, bool stillStepEndsSlide)
        : m_between(between), m_stillStepEndsSlide(stillStepEndsSlide) {
        const Nest& nest = between.outline.nest();
        const auto axes = axesOf(Tensor::Inputs);
        for (std::size_t a = 0; a < kAxes; ++a) {
            const auto size = between.tile[indexOf(axes[a].dim)];
            const auto kernels = between.tile[indexOf(axes[a].kernel)];
            m_extent[a] =
                axes[a].sliding() ? reachOf(boxPaceOf(nest, axes[a]), size, kernels) : size;
            m_box *= m_extent[a];
        }
    }

    std::int64_t fetched() {
        const auto loops = m_between.outline.loops();
        m_after = {{{0, false}, {0, true}, {0, false}}};
        for (std::size_t p = m_between.childBegin(); p-- > 0;) {
            if (loops[p].temporal()) turn(loops[p]);
        }
        return m_box + m_after[kNone].words;
    }

private:
    static constexpr std::size_t kAxes = 5;
    /// How a slide stands after a fetch: broken off, the innermost loop's, or another's.
    enum State : std::size_t { kNone, kInnermost, kOther };
    /// What follows upon it.
    struct After {
        std::int64_t words;
        bool slides;  ///< at the end: the innermost loop's slide, else none
    };
    using PerAxis = std::array<std::int64_t, kAxes>;

    void turn(const NestLoop& loop) {
        const auto axis = inputAxisOf(loop.dim);
        // The innermost iterations that move nothing matter only where they end a slide.
        if (!axis && !m_stillStepEndsSlide && !m_begun) return;
        PerAxis step;
        for (std::size_t a = 0; a < kAxes; ++a) step[a] = -m_back[a];
        if (axis) {
            const auto shift = loop.step * boxPaceAlong(m_between.outline.nest(), loop.dim);
            step[*axis] += shift;
            m_back[*axis] += shift;
        }
        const bool innermost = !m_begun;
        if (innermost) m_first = step;
        m_begun = true;
        follow(step, loop.trips - 1, innermost);
    }

    /// Adds the loop's second iteration, so often, to what follows upon each state.
    void follow(const PerAxis& step, std::int64_t often, bool innermost) {
        const bool still = !m_stillStepEndsSlide && step == PerAxis{};
        const bool same = step == m_first;
        const auto fetching = [this](std::int64_t words, State then) {
            return After{words + m_after[then].words, m_after[then].slides};
        };
        // From no slide: one begins. From the innermost loop's: the same goes on, another ends it.
        const std::int64_t slid = slidWords(step);
        const After none = still ? fetching(0, kNone) : fetching(slid, same ? kInnermost : kOther);
        const After slide = still  ? fetching(0, kInnermost)
                            : same ? fetching(slid, kInnermost)
                                   : fetching(m_box, kNone);
        // Another's is ended by the innermost loop's; it is over before any other loop moves on.
        const After other = fetching(m_box, kNone);
        for (const auto state : {kNone, kInnermost, kOther}) {
            After& after = m_after[state];
            const After second = state == kOther && innermost ? other : after.slides ? slide : none;
            after = {after.words + often * second.words, second.slides};
        }
    }

    /// Words that a step brings: what one axis slid by, the whole box where more than one moved.
    std::int64_t slidWords(const PerAxis& step) const {
        std::size_t moved = 0;
        std::int64_t words = 0;
        for (std::size_t a = 0; a < kAxes; ++a) {
            const std::int64_t far = std::abs(step[a]);
            if (far == 0) continue;
            ++moved;
            words = far < m_extent[a] ? m_box / m_extent[a] * far : m_box;
        }
        return moved > 1 ? m_box : words;
    }

    const Crossing& m_between;
    bool m_stillStepEndsSlide;
    bool m_begun = false;  ///< the innermost loop that counts is known
    std::int64_t m_box = 1;
    PerAxis m_extent = {};
    PerAxis m_back = {};   ///< how far the loops so far go back
    PerAxis m_first = {};  ///< a step of the innermost
    std::array<After, 3> m_after = {};
};

/// Different boxes among the instances of one fan-out.
class FanOut {
public:
    explicit FanOut(const Nest& nest) : m_nest(nest) {}

    void add(const NestLoop& loop) {
        if (slides(loop.dim)) {
            m_places[loop.dim == Dim::P || loop.dim == Dim::R ? 0 : 1].add(
                loop.trips, loop.step * boxPaceAlong(m_nest, loop.dim));
        } else if (loop.dim != Dim::K) {
            m_foreign *= loop.trips;
        }
    }
    std::int64_t distinct() const {
        return m_foreign * m_places[0].covered(1) * m_places[1].covered(1);
    }

private:
    const Nest& m_nest;
    std::int64_t m_foreign = 1;  ///< of dimensions that do not slide
    std::array<Places, 2> m_places;
};

/// Different boxes among the instances of one level's fan-outs.
std::int64_t distinctBoxes(const Outline& outline, std::size_t level) {
    std::int64_t distinct = 1;
    std::uint8_t number = 0;
    std::optional<FanOut> fanOut(outline.nest());
    for (const auto p : outline.unrolled()) {
        if (p < outline.begin(level) || p >= outline.begin(level + 1)) continue;
        const auto& loop = outline.loops()[p];
        if (loop.fanOut != number) {
            distinct *= fanOut->distinct();
            fanOut.emplace(outline.nest());
            number = loop.fanOut;
        }
        fanOut->add(loop);
    }
    return distinct * fanOut->distinct();
}

}  // namespace

// Each fan-out merges what is equal among its own; boxes that two fan-outs make equal only together
// are sent apart.
Movement boxMovement(const Crossing& between, bool stillStepEndsSlide) {
    const auto& outline = between.outline;
    const std::int64_t fetched = between.remembers()
                                     ? BoxWalk(between, stillStepEndsSlide).fetched()
                                     : outline.rounds(between.childBegin());
    Movement movement;
    movement.arrivals = fetched * outline.instances(between.childBegin());
    movement.sharedArrivals = fetched * outline.instances(between.parentBegin());
    for (std::size_t l = between.parent; l < between.child; ++l) {
        movement.sharedArrivals *= distinctBoxes(outline, l);
    }
    return movement;
}

}  // namespace cohelix::nest
