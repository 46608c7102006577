// SPDX-License-Identifier: GPL-3.0-or-later
// The same counts as exactMovement where every loop's trips divide: all tiles are alike, so that
// no situation at an edge needs a look of its own. See forms.h.

/// A nest as the forms read it, and what all of them need of it.
template <typename N>
class Outline {
public:
    using Count = typename N::Count;
    using Loop = LoopOf<Count>;

    Outline(const Nest& facts, std::span<const Loop> loops) : m_facts(facts), m_loops(loops) {
        m_rounds[0] = Count(1);
        for (std::size_t p = 0; p < loops.size(); ++p) {
            m_rounds[p + 1] = loops[p].temporal() ? m_rounds[p] * loops[p].trips : m_rounds[p];
            if (!loops[p].temporal()) m_unrolled[m_unrolledCount++] = p;
        }
    }

    const Nest& facts() const { return m_facts; }
    std::span<const Loop> loops() const { return m_loops; }
    std::size_t levels() const { return m_facts.levels(); }
    std::size_t begin(std::size_t level) const { return m_facts.begin[level]; }
    /// Steps of the temporal loops before a position.
    const Count& rounds(std::size_t position) const { return m_rounds[position]; }
    /// Positions of the others.
    std::span<const std::size_t> unrolled() const { return {m_unrolled.data(), m_unrolledCount}; }
    /// Instances that they make before a position.
    Count instances(std::size_t position) const {
        Count instances(1);
        for (const auto p : unrolled()) {
            if (p < position) instances = instances * m_loops[p].trips;
        }
        return instances;
    }

private:
    const Nest& m_facts;
    std::span<const Loop> m_loops;
    std::array<Count, kMostLoops + 1> m_rounds;
    std::array<std::size_t, kMostLoops> m_unrolled;
    std::size_t m_unrolledCount = 0;
};

/// A tensor between a memory and the next one inside it that keeps it, or the multipliers.
template <typename N>
struct Crossing {
    const Outline<N>& nest;
    Tensor tensor;
    std::size_t parent;
    std::size_t child;
    const SizesOf<typename N::Count>& tile;  ///< of the loops from the child on
    bool forwards;  ///< instances of the child take words from their neighbours

    std::size_t parentBegin() const { return nest.begin(parent); }
    std::size_t childBegin() const { return nest.begin(child); }
    bool remembers() const { return child < nest.levels(); }  ///< multipliers hold nothing
};

/// Instances that the unrolled loops of a range make.
template <typename N>
struct Instances {
    typename N::Count own;      ///< of dimensions that the tensor has
    typename N::Count foreign;  ///< of others
    typename N::Count all() const { return own * foreign; }
};

template <typename N>
Instances<N> instancesOf(const Outline<N>& nest, Tensor tensor, std::size_t from, std::size_t to) {
    using Count = typename N::Count;
    Instances<N> instances{Count(1), Count(1)};
    for (const auto p : nest.unrolled()) {
        if (p < from || p >= to) continue;
        const auto& loop = nest.loops()[p];
        auto& kind = indexes(tensor, loop.dim) ? instances.own : instances.foreign;
        kind = kind * loop.trips;
    }
    return instances;
}

/// Words into the instances of a memory at its first step, [0], and at the steps at which each loop
/// outside moves on, [1 + its position]; and how many instances have work in these steps.
template <typename N>
struct StepsOf {
    using Count = typename N::Count;
    std::array<Count, kMostLoops + 1> works;
    std::array<Count, kMostLoops + 1> arrivals;
    std::array<Count, kMostLoops + 1> sent;  ///< out of the memory outside
};

/// Steps at which the loop at a position moves on.
template <typename N>
typename N::Count stepsAt(const Outline<N>& nest, std::size_t position) {
    return nest.rounds(position) * (nest.loops()[position].trips - typename N::Count(1));
}

template <typename N>
void clearSteps(const Crossing<N>& between, StepsOf<N>& steps) {
    using Count = typename N::Count;
    const Count instances = between.nest.instances(between.childBegin());
    for (std::size_t p = 0; p <= between.childBegin(); ++p) {
        const bool moves = p > 0 && between.nest.loops()[p - 1].temporal();
        steps.works[p] = p == 0  ? instances
                         : moves ? instances * stepsAt(between.nest, p - 1)
                                 : Count(0);
        steps.arrivals[p] = steps.sent[p] = Count(0);
    }
}

/// Weights and outputs, step by step.
template <typename N>
void wholeSteps(const Crossing<N>& between, StepsOf<N>& steps) {
    using Count = typename N::Count;
    const auto& nest = between.nest;
    const auto parents = instancesOf(nest, between.tensor, 0, between.parentBegin());
    const auto lanes =
        instancesOf(nest, between.tensor, between.parentBegin(), between.childBegin());
    const Count words = wordsOf(nest.facts(), between.tensor, between.tile, false) * parents.all();
    clearSteps(between, steps);
    steps.arrivals[0] = words * lanes.all();
    steps.sent[0] = words * lanes.own;
    typename N::Mask replaced(false);
    for (std::size_t p = between.childBegin(); p-- > 0;) {
        const auto& loop = nest.loops()[p];
        if (!loop.temporal()) continue;
        if (indexes(between.tensor, loop.dim)) replaced = replaced || loop.trips > Count(1);
        const Count times = choose(replaced, stepsAt(nest, p), Count(0));
        steps.arrivals[p + 1] = steps.arrivals[0] * times;
        steps.sent[p + 1] = steps.sent[0] * times;
    }
}

/// Weights and outputs: a step moves the whole tile or nothing of it.
template <typename N>
void moveWhole(const Crossing<N>& between, typename N::Movement& movement) {
    using Count = typename N::Count;
    const auto& nest = between.nest;
    const auto loops = nest.loops();
    // The loops inside the innermost that the tensor has reuse its tile.
    Count moves = nest.rounds(between.childBegin());
    typename N::Mask reused(between.remembers());
    for (std::size_t p = between.childBegin(); any(reused) && p-- > 0;) {
        const auto& loop = loops[p];
        if (!loop.temporal()) continue;
        if (!indexes(between.tensor, loop.dim)) {
            moves = choose(reused, nest.rounds(p), moves);
        } else {
            reused = reused && loop.trips == Count(1);
        }
    }
    const auto parents = instancesOf(nest, between.tensor, 0, between.parentBegin());
    const auto lanes =
        instancesOf(nest, between.tensor, between.parentBegin(), between.childBegin());
    const Count moved =
        wordsOf(nest.facts(), between.tensor, between.tile, false) * moves * parents.all();
    movement.arrivals = moved * lanes.all();
    movement.sharedArrivals = movement.sharedLeavings = moved * lanes.own;
    if (between.tensor != Tensor::Outputs) return;
    const Count first =
        wordsOf(nest.facts(), between.tensor, countsOf<Count>(nest.facts().sizes), false) *
        parents.foreign;
    movement.firstVisits = first * lanes.foreign;
    movement.sharedFirstVisits = first;
}

/// Inputs: a window that may keep a part of itself.
template <typename N>
class Window {
public:
    using Count = typename N::Count;
    using Mask = typename N::Mask;

    explicit Window(const Crossing<N>& between)
        : m_between(between), m_nest(between.nest), m_known(true) {
        for (std::size_t a = 0; a < kSlidingAxes.size(); ++a) {
            const auto& axis = kSlidingAxes[a];
            const auto& outputs = between.tile[indexOf(axis.dim)];
            const auto& kernels = between.tile[indexOf(axis.kernel)];
            m_known = m_known && withoutGaps(paceOf(m_nest.facts(), axis), outputs, kernels);
            m_reach[a] = reachAlong(paceOf(m_nest.facts(), axis), outputs, kernels);
        }
        for (const auto p : m_nest.unrolled()) {
            const auto& loop = m_nest.loops()[p];
            if (p < between.parentBegin() || p >= between.childBegin()) continue;
            if (slides(loop.dim)) m_places[axisOf(loop.dim)].add(loop.trips, shiftOf(loop));
        }
        for (std::size_t a = 0; a < 2; ++a) m_spread[a] = m_places[a].covered(m_reach[a], m_known);
    }

    /// False where a window has gaps, which only exactMovement counts.
    Mask move(typename N::Movement& movement) {
        const Count own = m_reach[0] * m_reach[1];
        const Count together = m_spread[0] * m_spread[1];
        Moved moved{own, together};
        if (m_between.remembers()) {
            slide(moved);
        } else {
            const Count& rounds = m_nest.rounds(m_between.childBegin());
            moved = {own * rounds, together * rounds};
        }
        const auto& tile = m_between.tile;
        const Count channels =
            tile[indexOf(Dim::N)] * tile[indexOf(Dim::G)] * tile[indexOf(Dim::C)];
        const Count instances = m_nest.instances(m_between.childBegin());
        movement.arrivals = moved.fetched * channels * instances;
        movement.sharedArrivals = moved.sent * channels * instancesApart();
        return m_known;
    }

    /// The same step by step.
    Mask moveSteps(StepsOf<N>& steps) {
        clearSteps(m_between, steps);
        Moved moved{m_reach[0] * m_reach[1], m_spread[0] * m_spread[1]};
        steps.arrivals[0] = moved.fetched;
        steps.sent[0] = moved.sent;
        slide(moved, &steps);
        const auto& tile = m_between.tile;
        const Count channels =
            tile[indexOf(Dim::N)] * tile[indexOf(Dim::G)] * tile[indexOf(Dim::C)];
        const Count instances = m_nest.instances(m_between.childBegin());
        const Count apart = instancesApart();
        for (std::size_t p = 0; p <= m_between.childBegin(); ++p) {
            steps.arrivals[p] = steps.arrivals[p] * channels * instances;
            steps.sent[p] = steps.sent[p] * channels * apart;
        }
        return m_known;
    }

private:
    using Loop = LoopOf<Count>;
    struct Moved {
        Count fetched;  ///< by one instance
        Count sent;     ///< to all instances that may share a word
    };

    static std::size_t axisOf(Dim dim) { return dim == Dim::P || dim == Dim::R ? 0 : 1; }

    /// Positions that one iteration moves the window.
    Count shiftOf(const Loop& loop) const {
        const auto& pace = m_nest.facts().paces[axisOf(loop.dim)];
        const bool kernel = loop.dim == Dim::R || loop.dim == Dim::S;
        return loop.step * Count(kernel ? pace.dilation : pace.stride);
    }

    /// Instances that never share a word.
    Count instancesApart() const {
        Count apart(1);
        for (const auto p : m_nest.unrolled()) {
            const auto& loop = m_nest.loops()[p];
            const bool shares =
                p >= m_between.parentBegin() && (loop.dim == Dim::K || slides(loop.dim));
            if (p < m_between.childBegin() && !shares) apart = apart * loop.trips;
        }
        return apart;
    }

    /// The steps of each loop, from the innermost outwards: it moves on, those inside go back.
    void slide(Moved& moved, StepsOf<N>* steps = nullptr) {
        const Count own = moved.fetched;
        const Count together = moved.sent;
        std::array<Count, 2> back = {Count(0), Count(0)};
        Mask replaced(false);  // another channel, image or group
        bool still = true;     // no loop so far moves the window
        for (std::size_t p = m_between.childBegin(); p-- > 0;) {
            const auto& loop = m_nest.loops()[p];
            if (!loop.temporal() || (still && loop.dim == Dim::K)) continue;
            still = false;
            if (loop.dim != Dim::K && !slides(loop.dim)) {
                replaced = replaced || loop.trips > Count(1);
            }
            if (all(replaced) && !steps) {  // so is the window in all steps from here on
                const Count times = m_nest.rounds(p + 1) - Count(1);
                moved = {moved.fetched + times * own, moved.sent + times * together};
                return;
            }
            Moved fresh = all(replaced) ? Moved{own, together} : freshAfter(loop, back);
            fresh = {choose(replaced, own, fresh.fetched), choose(replaced, together, fresh.sent)};
            const Count times = stepsAt(m_nest, p);
            moved = {moved.fetched + times * fresh.fetched, moved.sent + times * fresh.sent};
            if (!steps) continue;
            steps->arrivals[p + 1] = times * fresh.fetched;
            steps->sent[p + 1] = times * fresh.sent;
        }
    }

    /// New words where the loop moves on and those inside go `back`.
    Moved freshAfter(const Loop& loop, std::array<Count, 2>& back) {
        std::array<Count, 2> kept;
        std::array<Count, 2> shared;
        for (std::size_t a = 0; a < 2; ++a) {
            const bool along = slides(loop.dim) && axisOf(loop.dim) == a;
            const Count shift = along ? shiftOf(loop) : Count(0);
            // What is new lies at one end of every instance's window.
            const Count fresh = least(distance(shift, back[a]), m_reach[a]);
            kept[a] = m_reach[a] - fresh;
            shared[a] = m_spread[a] - m_places[a].covered(fresh, m_known);
            if (along) back[a] = back[a] + (loop.trips - Count(1)) * shift;
        }
        return {m_reach[0] * m_reach[1] - kept[0] * kept[1],
                m_spread[0] * m_spread[1] - shared[0] * shared[1]};
    }

    const Crossing<N>& m_between;
    const Outline<N>& m_nest;
    std::array<Places<Count>, 2> m_places;
    std::array<Count, 2> m_reach;
    std::array<Count, 2> m_spread;
    Mask m_known;
};

/// Only along a sliding axis does an instance ever want what another one held.
template <typename N>
bool neighboursMatter(const Crossing<N>& between) {
    if (!between.forwards || between.tensor != Tensor::Inputs) return false;
    const auto unrolled = between.nest.unrolled();
    return std::any_of(unrolled.begin(), unrolled.end(), [&between](std::size_t p) {
        return p >= between.parentBegin() && p < between.childBegin() &&
               slides(between.nest.loops()[p].dim);
    });
}

/// False where the closed form does not hold.
template <typename N>
typename N::Mask dividingMovement(const Crossing<N>& between, typename N::Movement& movement) {
    movement.forwarded = typename N::Count(0);
    if (neighboursMatter(between)) return typename N::Mask(false);
    if (between.tensor == Tensor::Inputs) return Window<N>(between).move(movement);
    moveWhole(between, movement);
    return typename N::Mask(true);
}

/// The same of the steps of each loop; `sent` as to a memory outside that multicasts.
template <typename N>
typename N::Mask dividingSteps(const Crossing<N>& between, StepsOf<N>& steps) {
    if (neighboursMatter(between)) {
        clearSteps(between, steps);
        return typename N::Mask(false);
    }
    if (between.tensor == Tensor::Inputs) return Window<N>(between).moveSteps(steps);
    wholeSteps(between, steps);
    return typename N::Mask(true);
}
