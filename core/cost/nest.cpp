// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cost/nest.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "core/base/units.h"

namespace cohelix::cost {
namespace {

using model::Dim;
using model::Tensor;

constexpr std::int64_t kMostSpan = std::int64_t{1} << 62;

Pace paceOf(const Nest& nest, Dim output, Dim kernel) {
    const std::int64_t stride = nest.sizes[at(kernel)] == 1 ? 1 : nest.stride.along(output);
    const std::int64_t dilation = nest.sizes[at(output)] == 1 ? 1 : nest.dilation.along(kernel);
    const std::int64_t common = std::gcd(stride, dilation);
    return {stride / common, dilation / common};
}

/// Distinct positions of so many outputs and kernel positions in a row. Two pairs meet where one
/// is `dilation` outputs further and `stride` kernel positions back.
std::int64_t distinctPositions(const Pace& pace, std::int64_t outputs, std::int64_t kernel) {
    const std::int64_t repeatedOutputs = std::max<std::int64_t>(0, outputs - pace.dilation);
    const std::int64_t repeatedKernel = std::max<std::int64_t>(0, kernel - pace.stride);
    return outputs * kernel - repeatedOutputs * repeatedKernel;
}

base::Error refusal(const model::Layer& layer, std::string what, std::string advice) {
    return {layer.name, std::move(what), std::move(advice)};
}

}  // namespace

base::Result<Nest> nestOf(const model::Layer& layer, const model::Mapping& mapping) {
    Nest nest;
    nest.stride = layer.stride;
    nest.dilation = layer.dilation;
    nest.spans.fill(1);
    nest.loops.reserve(32);
    nest.begin.reserve(mapping.levels.size() + 1);
    for (const auto& level : mapping.levels) {
        nest.begin.push_back(nest.loops.size());
        for (const auto& loop : level.loops) {
            if (loop.trips < 1) {
                return refusal(layer,
                               "the loop over " + std::string(model::dimName(loop.dim)) + " at " +
                                   level.memory + " has " + std::to_string(loop.trips) + " trips",
                               "Give at least one");
            }
            if (loop.trips > 1) nest.loops.push_back({loop.dim, loop.kind, loop.trips, 0});
        }
    }
    nest.begin.push_back(nest.loops.size());
    if (nest.loops.size() > kMostLoops) {
        return refusal(layer, "the mapping has " + std::to_string(nest.loops.size()) + " loops",
                       "Give at most " + std::to_string(kMostLoops) + " with more than one trip");
    }
    for (auto loop = nest.loops.rbegin(); loop != nest.loops.rend(); ++loop) {
        auto& span = nest.spans[at(loop->dim)];
        loop->step = span;
        if (span > kMostSpan / loop->trips) {
            return refusal(layer, "the loops over " + std::string(model::dimName(loop->dim)) +
                                      " span more than 2^62",
                           "Give fewer trips");
        }
        span *= loop->trips;
    }
    for (const Dim dim : model::kAllLoopDims) {
        const auto size = model::loopSize(layer, dim);
        nest.sizes[at(dim)] = size;
        if (size < 1) {
            return refusal(layer, "its size along " + std::string(model::dimName(dim)) + " is " +
                                      std::to_string(size),
                           "Give at least one");
        }
        if (nest.spans[at(dim)] >= size) continue;
        return refusal(layer,
                       "the mapping's loops over " + std::string(model::dimName(dim)) + " make " +
                           std::to_string(nest.spans[at(dim)]) + " of " + std::to_string(size),
                       "Their trips must multiply to at least the layer's size");
    }
    nest.paces = {paceOf(nest, Dim::P, Dim::R), paceOf(nest, Dim::Q, Dim::S)};
    return nest;
}

LoopSizes tileSizes(const Nest& nest, std::size_t first) {
    LoopSizes tile;
    tile.fill(1);
    for (const auto& loop : nest.all().subspan(first)) tile[at(loop.dim)] *= loop.trips;
    for (std::size_t d = 0; d < tile.size(); ++d) tile[d] = std::min(tile[d], nest.sizes[d]);
    return tile;
}

std::span<const Axis> axesOf(Tensor tensor) {
    static constexpr std::array<Axis, 5> kWeights = {
        {{Dim::G, Dim::G}, {Dim::K, Dim::K}, {Dim::C, Dim::C}, {Dim::R, Dim::R}, {Dim::S, Dim::S}}};
    static constexpr std::array<Axis, 5> kInputs = {
        {{Dim::N, Dim::N}, {Dim::G, Dim::G}, {Dim::C, Dim::C}, {Dim::P, Dim::R}, {Dim::Q, Dim::S}}};
    static constexpr std::array<Axis, 5> kOutputs = {
        {{Dim::N, Dim::N}, {Dim::G, Dim::G}, {Dim::K, Dim::K}, {Dim::P, Dim::P}, {Dim::Q, Dim::Q}}};
    switch (tensor) {
        case Tensor::Weights: return kWeights;
        case Tensor::Inputs: return kInputs;
        case Tensor::Outputs: return kOutputs;
    }
    return {};
}

std::int64_t boxWords(const Nest& nest, Tensor tensor, const LoopSizes& tile) {
    std::int64_t words = 1;
    for (const auto& axis : axesOf(tensor)) {
        words *= axis.sliding() ? (tile[at(axis.dim)] - 1) * nest.stride.along(axis.dim) +
                                      (tile[at(axis.kernel)] - 1) * nest.dilation.along(axis.dim) +
                                      1
                                : tile[at(axis.dim)];
    }
    return words;
}

std::int64_t elementWords(const Nest& nest, Tensor tensor, const LoopSizes& tile) {
    std::int64_t words = 1;
    for (const auto& axis : axesOf(tensor)) {
        words *= axis.sliding() ? distinctPositions(nest.paces[axis.dim == Dim::P ? 0 : 1],
                                                    tile[at(axis.dim)], tile[at(axis.kernel)])
                                : tile[at(axis.dim)];
    }
    return words;
}

}  // namespace cohelix::cost
