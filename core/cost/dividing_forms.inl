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
    const Count moved = wordsOf(nest.facts(), between.tensor, between.tile, false) * moves *
                        parents.all();
    movement.arrivals = moved * lanes.all();
    movement.sharedArrivals = movement.sharedLeavings = moved * lanes.own;
    if (between.tensor != Tensor::Outputs) return;
    const Count first = wordsOf(nest.facts(), between.tensor, countsOf<Count>(nest.facts().sizes),
                                false) * parents.foreign;
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
            const auto& outputs = between.tile[at(axis.dim)];
            const auto& kernels = between.tile[at(axis.kernel)];
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
        const Count channels = tile[at(Dim::N)] * tile[at(Dim::G)] * tile[at(Dim::C)];
        const Count instances = m_nest.instances(m_between.childBegin());
        movement.arrivals = moved.fetched * channels * instances;
        movement.sharedArrivals = moved.sent * channels * instancesApart();
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
    void slide(Moved& moved) {
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
            if (all(replaced)) {  // so is the window in all steps from here on
                const Count steps = m_nest.rounds(p + 1) - Count(1);
                moved = {moved.fetched + steps * own, moved.sent + steps * together};
                return;
            }
            Moved fresh = freshAfter(loop, back);
            fresh = {choose(replaced, own, fresh.fetched), choose(replaced, together, fresh.sent)};
            const Count steps = m_nest.rounds(p) * (loop.trips - Count(1));
            moved = {moved.fetched + steps * fresh.fetched, moved.sent + steps * fresh.sent};
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
