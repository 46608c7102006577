// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A mapping of a layer as one flat nest, outermost loop first. Private to core/nest and
// core/mapping.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/model/layer.h"
#include "core/model/mapping.h"

namespace cohelix::nest {

using LoopSizes = std::array<std::int64_t, model::kLoopDims>;
inline constexpr LoopSizes kOneOfEach = {1, 1, 1, 1, 1, 1, 1, 1};
/// A nest of more loops, those of one trip not counted, is refused.
inline constexpr std::size_t kMostLoops = 64;
inline constexpr std::size_t kMostMemories = 16;  ///< a hierarchy of more is refused

struct NestLoop {
    model::Dim dim;
    model::LoopKind kind;
    std::int64_t trips;
    std::int64_t step;        ///< along dim, of one iteration: the trips of dim further in
    std::uint8_t fanOut = 0;  ///< as model::Loop
    bool temporal() const { return kind == model::LoopKind::Temporal; }
};

/// Stride and dilation along an axis as far as they matter, without gaps that no element fills.
struct Pace {
    std::int64_t stride = 1;    ///< positions from one output to the next
    std::int64_t dilation = 1;  ///< and from one kernel position to the next
};

/// Positions along a sliding axis, as a pace counts them, from the first to before the end.
struct Positions {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t size() const { return end > begin ? end - begin : 0; }
};
constexpr Positions both(const Positions& a, const Positions& b) {
    return {a.begin > b.begin ? a.begin : b.begin, a.end < b.end ? a.end : b.end};
}

struct Nest {
    std::vector<NestLoop> loops;            ///< those of one trip are left out
    std::vector<std::size_t> begin;         ///< of each level, then the number of loops
    LoopSizes sizes = {};                   ///< what the layer has, of each dimension
    LoopSizes spans = {};                   ///< what the loops span: at least that
    model::PerAxis stride = 1;              ///< of P and of Q in the inputs
    model::PerAxis dilation = 1;            ///< of R and of S
    std::array<Pace, 2> paces = {};         ///< along rows (P and R) and columns (Q and S)
    std::array<Positions, 2> inputs = {};   ///< that hold words; zeros lie around them
    std::array<bool, 2> touchesZeros = {};  ///< whether the layer does

    std::size_t levels() const { return begin.size() - 1; }
    std::span<const NestLoop> all() const { return loops; }
    bool divides(model::Dim dim) const { return sizes[indexOf(dim)] == spans[indexOf(dim)]; }
    bool divides() const { return sizes == spans; }
    bool bordered() const { return touchesZeros[0] || touchesZeros[1]; }
};

/// Zeros ahead of the inputs or behind them, and kernel sizes beside them, beyond which a layer is
/// refused.
inline constexpr std::int64_t kMostBorder = 8192;

/// What the layer alone says: no loops. Errors: a size, stride or dilation below one, no groups, a
/// border that leaves no inputs or is wider than kMostBorder.
base::Result<Nest> factsOf(const model::Layer& layer);

/// Errors: those of factsOf; the mapping does not cover a dimension, or has trips below one, or
/// spans past 2^62.
base::Result<Nest> nestOf(const model::Layer& layer, const model::Mapping& mapping);

/// What the loops from position `first` on span, at most the layer's sizes.
LoopSizes tileSizes(const Nest& nest, std::size_t first);

/// An axis of a tensor: one dimension, or in the inputs an output and a kernel dimension that
/// slide along the same rows or columns.
struct Axis {
    model::Dim dim;
    model::Dim kernel;  ///< equal to dim where there is no second one
    bool sliding() const { return kernel != dim; }
};
inline std::span<const Axis> axesOf(model::Tensor tensor) {
    using enum model::Dim;
    static constexpr std::array<std::array<Axis, 5>, model::kTensors> kAxes = {{
        {{{G, G}, {K, K}, {C, C}, {R, R}, {S, S}}},
        {{{N, N}, {G, G}, {C, C}, {P, R}, {Q, S}}},
        {{{N, N}, {G, G}, {K, K}, {P, P}, {Q, Q}}},
    }};
    return kAxes[indexOf(tensor)];
}
/// Whether a loop over dim changes which words of the tensor are touched.
constexpr bool indexes(model::Tensor tensor, model::Dim dim) {
    using model::Dim;
    const auto among = [dim](auto... dims) { return ((dim == dims) || ...); };
    switch (tensor) {
        case model::Tensor::Weights: return !among(Dim::N, Dim::P, Dim::Q);
        case model::Tensor::Inputs: return dim != Dim::K;
        case model::Tensor::Outputs: return !among(Dim::C, Dim::R, Dim::S);
    }
    return true;
}

/// The same nest where zeros around the inputs are words like all others.
Nest withoutBorder(Nest nest);

}  // namespace cohelix::nest
