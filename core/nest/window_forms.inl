// SPDX-License-Identifier: GPL-3.0-or-later
// Words of tiles, and places of windows along an axis. See forms.h.

template <typename Count>
using MaskOf = decltype(std::declval<Count>() > std::declval<Count>());
template <typename Count>
using SizesOf = std::array<Count, model::kLoopDims>;

template <typename Count>
SizesOf<Count> countsOf(const LoopSizes& sizes) {
    SizesOf<Count> counts;
    for (std::size_t d = 0; d < sizes.size(); ++d) counts[d] = Count(sizes[d]);
    return counts;
}

/// Whether so many outputs and kernel positions in a row touch every position between the ends.
template <typename Count>
MaskOf<Count> withoutGaps(const Pace& pace, const Count& outputs, const Count& kernels) {
    MaskOf<Count> gapless(false);
    if (pace.dilation == 1) {
        gapless = gapless || kernels >= Count(pace.stride) || outputs == Count(1);
    }
    if (pace.stride == 1) {
        gapless = gapless || outputs >= Count(pace.dilation) || kernels == Count(1);
    }
    return gapless;
}

/// Positions between the ends of what they touch, ends included.
template <typename Count>
Count reachAlong(const Pace& pace, const Count& outputs, const Count& kernels) {
    return (outputs - Count(1)) * Count(pace.stride) + (kernels - Count(1)) * Count(pace.dilation) +
           Count(1);
}

/// Distinct positions of so many outputs and kernel positions in a row. Two pairs meet where one
/// is `dilation` outputs further and `stride` kernel positions back.
template <typename Count>
Count distinctPositions(const Pace& pace, const Count& outputs, const Count& kernels) {
    const Count repeatedOutputs = most(Count(0), outputs - Count(pace.dilation));
    const Count repeatedKernels = most(Count(0), kernels - Count(pace.stride));
    return outputs * kernels - repeatedOutputs * repeatedKernels;
}

/// Stride and dilation along an axis with all gaps, as a box counts them.
inline Pace boxPaceOf(const Nest& nest, const Axis& axis) {
    return {nest.stride.along(axis.dim), nest.dilation.along(axis.kernel)};
}

/// The words of a tile: gaps of strides count in a box and do not count in a set of elements.
template <typename Count>
Count wordsOf(const Nest& nest, Tensor tensor, const SizesOf<Count>& tile, bool box) {
    Count words(1);
    for (const auto& axis : axesOf(tensor)) {
        const auto& size = tile[indexOf(axis.dim)];
        if (!axis.sliding()) {
            words = words * size;
        } else if (box) {
            words = words * reachAlong(boxPaceOf(nest, axis), size, tile[indexOf(axis.kernel)]);
        } else {
            words = words * distinctPositions(paceOf(nest, axis), size, tile[indexOf(axis.kernel)]);
        }
    }
    return words;
}

/// More than any count of any level: the steps of all loops, or what the loops outside a level
/// fetch if each of their steps brings the whole tile.
template <typename Real, typename Loops>
Real mostWords(const Nest& nest, const Loops& loops) {
    Real steps(1);
    for (const auto& loop : loops) steps = steps * Real(loop.trips);
    Real worst = steps;
    Real inside(1);
    SizesOf<Real> tile = countsOf<Real>(kOneOfEach);
    for (std::size_t l = nest.levels(); l-- > 0;) {
        for (std::size_t p = nest.begin[l]; p < nest.begin[l + 1]; ++p) {
            inside = inside * Real(loops[p].trips);
            tile[indexOf(loops[p].dim)] = tile[indexOf(loops[p].dim)] * Real(loops[p].trips);
        }
        for (const Tensor tensor : model::kAllTensors) {
            Real words(1);
            for (const auto& axis : axesOf(tensor)) {
                const Real size =
                    least(tile[indexOf(axis.dim)], Real(nest.sizes[indexOf(axis.dim)]));
                const Real kernel =
                    least(tile[indexOf(axis.kernel)], Real(nest.sizes[indexOf(axis.kernel)]));
                words = words * (axis.sliding() ? size * Real(nest.stride.along(axis.dim)) +
                                                      kernel * Real(nest.dilation.along(axis.dim))
                                                : size);
            }
            worst = most(worst, words * (steps / inside));
        }
    }
    return worst;
}

/// Places in a row, so far apart.
template <typename Count>
struct Comb {
    Count places;
    Count step;
};

/// Sums of one place of each comb: where the instances of an unrolled window begin.
template <typename Count>
class Places {
public:
    void add(const Count& places, const Count& step) {
        m_combs[m_count] = {places, step};
        for (std::size_t k = m_count++; k > 0; --k) {  // the steps stay ascending
            auto& lower = m_combs[k - 1];
            auto& upper = m_combs[k];
            const auto swapped = lower.step > upper.step;
            const Comb<Count> first = {choose(swapped, upper.places, lower.places),
                                       choose(swapped, upper.step, lower.step)};
            upper = {choose(swapped, lower.places, upper.places),
                     choose(swapped, lower.step, upper.step)};
            lower = first;
        }
    }
    bool single() const { return m_count == 0; }

    /// Positions that intervals of length `reach` from each place cover. Sets `known` to false
    /// where they overlap in a way that has no closed form.
    Count covered(const Count& reach, MaskOf<Count>& known) const {
        if (m_count == 0) return reach;
        Cover cover{reach, reach, reach, Count(1), Count(1), MaskOf<Count>(true)};
        MaskOf<Count> closed(true);
        for (std::size_t k = 0; k < m_count; ++k) spread(cover, m_combs[k], closed);
        const auto nothing = reach == Count(0);
        cover.positions = choose(nothing, Count(0), cover.positions);
        closed = closed || nothing;
        if (!all(closed)) {
            coverOneByOne(std::span<const Comb<Count>>(m_combs.data(), m_count), reach,
                          cover.positions, closed);
        }
        known = known && closed;
        return cover.positions;
    }

private:
    /// What some of the combs cover: `teeth` intervals `pitch` apart while `even`.
    struct Cover {
        Count positions;
        Count hull;  ///< from the first to the last
        Count tooth;
        Count teeth;
        Count pitch;
        MaskOf<Count> even;
    };

    static void spread(Cover& cover, const Comb<Count>& comb, MaskOf<Count>& closed) {
        const Count far = (comb.places - Count(1)) * comb.step;
        const auto many = comb.places > Count(1);
        const auto solid = cover.even && cover.teeth == Count(1);
        const auto grows = many && solid && comb.step <= cover.tooth;
        const auto splits = many && solid && comb.step > cover.tooth;
        const auto jagged = many && !solid;
        const auto repeats = jagged && comb.step >= cover.hull;
        const auto meets = jagged && comb.step < cover.hull;
        cover.positions = choose(grows, cover.positions + far, cover.positions);
        cover.positions = choose(splits || repeats, cover.positions * comb.places, cover.positions);
        cover.tooth = choose(grows, cover.tooth + far, cover.tooth);
        cover.teeth = choose(splits, comb.places, cover.teeth);
        cover.pitch = choose(splits, comb.step, cover.pitch);
        cover.even = cover.even && !repeats;
        cover.hull = cover.hull + far;
        if (!any(meets)) return;
        // Teeth fall on teeth or between the ends without a gap, or the pattern is not even.
        const auto falls = meets && cover.even && isMultiple(comb.step, cover.pitch);
        cover.teeth = choose(falls, cover.teeth + quotient(far, cover.pitch), cover.teeth);
        cover.positions = choose(falls, cover.teeth * cover.tooth, cover.positions);
        closed = closed && (!meets || falls);
    }

    std::array<Comb<Count>, kMostLoops> m_combs;
    std::size_t m_count = 0;
};
