// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The inputs of a tile as a window that slides: what of it stays when a loop outside moves on.
// Private to core/nest and core/mapping.

#include <array>
#include <cstdint>
#include <span>

#include "core/nest/nest.h"

namespace cohelix::nest {

/// The two axes along which inputs slide: rows by P and R, columns by Q and S.
inline constexpr std::array<Axis, 2> kSlidingAxes = {
    {{model::Dim::P, model::Dim::R}, {model::Dim::Q, model::Dim::S}}};

/// Whether a loop over dim slides the window; other dimensions of the inputs replace it.
constexpr bool slides(model::Dim dim) {
    using model::Dim;
    return dim == Dim::P || dim == Dim::Q || dim == Dim::R || dim == Dim::S;
}

inline const Pace& paceOf(const Nest& nest, const Axis& axis) {
    return nest.paces[axis.dim == model::Dim::P ? 0 : 1];
}

/// Whether so many outputs and kernel positions in a row touch every position between the ends.
constexpr bool gapless(const Pace& pace, std::int64_t outputs, std::int64_t kernels) {
    return (pace.dilation == 1 && (kernels >= pace.stride || outputs == 1)) ||
           (pace.stride == 1 && (outputs >= pace.dilation || kernels == 1));
}

/// Positions between the ends of what they touch, ends included.
constexpr std::int64_t reachOf(const Pace& pace, std::int64_t outputs, std::int64_t kernels) {
    return (outputs - 1) * pace.stride + (kernels - 1) * pace.dilation + 1;
}

/// Positions touched by so many outputs and kernel positions that the same, moved so far, touch.
std::int64_t commonPositions(const Pace& pace, std::int64_t outputs, std::int64_t kernels,
                             std::int64_t distance);

/// Positions with words, along a sliding axis, in the tile of this size that has most of them.
std::int64_t mostInputs(const Nest& nest, std::size_t axis, const LoopSizes& tile);

/// Pairs of an output and a kernel position along a sliding axis that meet at a word.
std::int64_t pairsWithWords(const Nest& nest, std::size_t axis);

/// One loop around a tile: how often it goes round and how far each time, along its dimension.
struct Turn {
    model::Dim dim;
    std::int64_t trips;
    std::int64_t step;
};

/// How far a step moves the tile along the sliding axes, in outputs and in kernel positions.
using Distances = std::array<std::array<std::int64_t, 2>, 2>;

constexpr std::int64_t positions(const Pace& pace, const std::array<std::int64_t, 2>& distance) {
    const std::int64_t moved = distance[0] * pace.stride + distance[1] * pace.dilation;
    return moved < 0 ? -moved : moved;
}

/// Calls visit(count, distances, replaced) for the steps that each turn (innermost first) makes:
/// how many, how far the tile moves, and whether another channel, image or group replaces it.
template <typename Turns, typename Visit>
void eachStep(const Turns& turns, std::int64_t rounds, const Visit& visit) {
    using model::Dim;
    LoopSizes back = {};  // how far the loops inside the moving one go back, in their dimension
    bool replaced = false;
    for (const Turn& turn : turns) {
        rounds /= turn.trips;
        replaced = replaced || (turn.dim != Dim::K && !slides(turn.dim));
        const auto shift = [&](Dim dim) {
            return (dim == turn.dim ? turn.step : 0) - back[indexOf(dim)];
        };
        const Distances distances = {
            {{shift(Dim::P), shift(Dim::R)}, {shift(Dim::Q), shift(Dim::S)}}};
        visit(rounds * (turn.trips - 1), distances, replaced);
        back[indexOf(turn.dim)] += (turn.trips - 1) * turn.step;
    }
}

/// Positions that intervals of length `reach` from each of the ascending offsets cover.
std::int64_t covered(std::span<const std::int64_t> offsets, std::int64_t reach);

}  // namespace cohelix::nest
