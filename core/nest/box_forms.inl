// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs under a Timeloop convention: boxes and slides (timeloop-table.md 4, cost-peers.md 3.3).
// See forms.h.

/// The axis of the inputs that a loop over dim moves along, if any.
inline std::optional<std::size_t> inputAxisOf(Dim dim) {
    const auto axes = axesOf(Tensor::Inputs);
    for (std::size_t a = 0; a < axes.size(); ++a) {
        if (axes[a].dim == dim || axes[a].kernel == dim) return a;
    }
    return std::nullopt;
}

/// Positions along it that one of dim stands for.
inline std::int64_t boxPaceAlong(const Nest& nest, Dim dim) {
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
template <typename N>
class BoxWalk {
public:
    using Count = typename N::Count;
    using Mask = typename N::Mask;

    BoxWalk(const Crossing<N>& between, bool stillStepEndsSlide)
        : m_between(between), m_stillStepEndsSlide(stillStepEndsSlide), m_begun(false) {
        const Nest& facts = between.nest.facts();
        const auto axes = axesOf(Tensor::Inputs);
        for (std::size_t a = 0; a < kAxes; ++a) {
            const auto& size = between.tile[indexOf(axes[a].dim)];
            const auto& kernels = between.tile[indexOf(axes[a].kernel)];
            m_extent[a] =
                axes[a].sliding() ? reachAlong(boxPaceOf(facts, axes[a]), size, kernels) : size;
            m_back[a] = m_first[a] = Count(0);
        }
        m_box = m_extent[0] * m_extent[1] * m_extent[2] * m_extent[3] * m_extent[4];
    }

    Count fetched() {
        const auto loops = m_between.nest.loops();
        m_after = {{{Count(0), Mask(false)}, {Count(0), Mask(true)}, {Count(0), Mask(false)}}};
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
        Count words;
        Mask slides;  ///< at the end: the innermost loop's slide, else none
    };
    using Steps = std::array<Count, kAxes>;

    void turn(const LoopOf<Count>& loop) {
        const auto axis = inputAxisOf(loop.dim);
        Mask live = loop.trips > Count(1);
        // The innermost iterations that move nothing matter only where they end a slide.
        if (!axis && !m_stillStepEndsSlide) live = live && m_begun;
        if (!any(live)) return;
        const auto pace = boxPaceAlong(m_between.nest.facts(), loop.dim);
        const Count shift = axis ? loop.step * Count(pace) : Count(0);
        Steps step;
        for (std::size_t a = 0; a < kAxes; ++a) {
            step[a] = (axis && *axis == a ? shift : Count(0)) - m_back[a];
        }
        const Mask innermost = live && !m_begun;
        for (std::size_t a = 0; a < kAxes; ++a) m_first[a] = choose(innermost, step[a], m_first[a]);
        follow(step, loop.trips - Count(1), live, innermost);
        m_begun = m_begun || live;
        if (axis) m_back[*axis] = m_back[*axis] + choose(live, shift, Count(0));
    }

    /// Adds the loop's second iteration, so often, to what follows upon each state.
    void follow(const Steps& step, const Count& often, const Mask& live, const Mask& innermost) {
        Mask still(true);
        Mask same(true);
        for (std::size_t a = 0; a < kAxes; ++a) {
            still = still && step[a] == Count(0);
            same = same && step[a] == m_first[a];
        }
        if (m_stillStepEndsSlide) still = Mask(false);
        const Count slid = slidWords(step);
        // From no slide: one begins. From the innermost loop's: the same goes on, another ends it.
        const Mask goesOn = same || still;
        const After none =
            from(choose(still, Count(0), slid),
                 pick(still, m_after[kNone], pick(same, m_after[kInnermost], m_after[kOther])));
        const After slide = from(choose(still, Count(0), choose(same, slid, m_box)),
                                 pick(goesOn, m_after[kInnermost], m_after[kNone]));
        // Another's is ended by the innermost loop's; it is over before any other loop moves on.
        const After other = from(m_box, m_after[kNone]);
        std::array<After, 3> next;
        for (const auto state : {kNone, kInnermost, kOther}) {
            const After& before = m_after[state];
            After second = pick(before.slides, slide, none);
            if (state == kOther) second = pick(innermost, other, second);
            next[state] = pick(live, {before.words + often * second.words, second.slides}, before);
        }
        m_after = next;
    }

    static After from(const Count& fetched, const After& then) {
        return {fetched + then.words, then.slides};
    }
    static After pick(const Mask& condition, const After& yes, const After& no) {
        return {choose(condition, yes.words, no.words),
                (condition && yes.slides) || (!condition && no.slides)};
    }

    /// Words that a step brings: what one axis slid by, the whole box where more than one moved.
    Count slidWords(const Steps& step) const {
        Count moved(0);
        Count words(0);
        for (std::size_t a = 0; a < kAxes; ++a) {
            const Count far = distance(step[a], Count(0));
            const Mask moves = far > Count(0);
            moved = moved + choose(moves, Count(1), Count(0));
            if (!any(moves)) continue;
            const Count slid = choose(far < m_extent[a], quotient(m_box, m_extent[a]) * far, m_box);
            words = choose(moves, slid, words);
        }
        return choose(moved > Count(1), m_box, words);
    }

    const Crossing<N>& m_between;
    bool m_stillStepEndsSlide;
    Mask m_begun;  ///< the innermost loop that counts is known
    Count m_box;
    Steps m_extent;
    Steps m_back;   ///< how far the loops so far go back
    Steps m_first;  ///< a step of the innermost
    std::array<After, 3> m_after;
};

/// Different boxes among the instances of one fan-out.
template <typename N>
class FanOut {
public:
    using Count = typename N::Count;

    explicit FanOut(const Nest& facts) : m_facts(&facts), m_foreign(1) {}

    void add(const LoopOf<Count>& loop) {
        if (slides(loop.dim)) {
            const auto pace = boxPaceAlong(*m_facts, loop.dim);
            m_places[loop.dim == Dim::P || loop.dim == Dim::R ? 0 : 1].add(loop.trips,
                                                                           loop.step * Count(pace));
        } else if (loop.dim != Dim::K) {
            m_foreign = m_foreign * loop.trips;
        }
    }
    Count distinct(typename N::Mask& known) const {
        return m_foreign * m_places[0].covered(Count(1), known) *
               m_places[1].covered(Count(1), known);
    }

private:
    const Nest* m_facts;
    Count m_foreign;  ///< of dimensions that do not slide
    std::array<Places<Count>, 2> m_places;
};

/// Different boxes among the instances of one parent in one step. Each fan-out merges what is equal
/// among its own; boxes that two fan-outs make equal only together are sent apart.
template <typename N>
typename N::Count distinctBoxes(const Crossing<N>& between, typename N::Mask& known) {
    const auto& nest = between.nest;
    typename N::Count distinct(1);
    for (std::size_t l = between.parent; l < between.child; ++l) {
        FanOut<N> fanOut(nest.facts());
        std::uint8_t number = 0;
        for (const auto p : nest.unrolled()) {
            if (p < nest.begin(l) || p >= nest.begin(l + 1)) continue;
            const auto& loop = nest.loops()[p];
            if (loop.fanOut != number) {
                distinct = distinct * fanOut.distinct(known);
                fanOut = FanOut<N>(nest.facts());
                number = loop.fanOut;
            }
            fanOut.add(loop);
        }
        distinct = distinct * fanOut.distinct(known);
    }
    return distinct;
}

/// Inputs. False where the closed form does not hold.
template <typename N>
typename N::Mask boxMovement(const Crossing<N>& between, bool stillStepEndsSlide,
                             typename N::Movement& movement) {
    using Count = typename N::Count;
    typename N::Mask known(true);
    const auto& nest = between.nest;
    const Count fetched = between.remembers() ? BoxWalk<N>(between, stillStepEndsSlide).fetched()
                                              : nest.rounds(between.childBegin());
    movement.arrivals = fetched * nest.instances(between.childBegin());
    movement.sharedArrivals =
        fetched * nest.instances(between.parentBegin()) * distinctBoxes(between, known);
    return known;
}
