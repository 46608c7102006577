// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/nest.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "core/base/units.h"
#include "core/nest/window.h"

namespace cohelix::nest {
namespace {

using model::Dim;
using model::Tensor;

constexpr std::int64_t kMostSpan = std::int64_t{1} << 62;

Pace paceOf(const Nest& nest, Dim output, Dim kernel) {
    const std::int64_t stride = nest.sizes[indexOf(kernel)] == 1 ? 1 : nest.stride.along(output);
    const std::int64_t dilation =
        nest.sizes[indexOf(output)] == 1 ? 1 : nest.dilation.along(kernel);
    const std::int64_t common = std::gcd(stride, dilation);
    return {stride / common, dilation / common};
}

/// Rows or columns of the inputs for each position that a pace counts.
std::int64_t unitOf(const Nest& nest, const Axis& axis) {
    const std::int64_t stride = nest.stride.along(axis.dim);
    const std::int64_t dilation = nest.dilation.along(axis.kernel);
    if (nest.sizes[indexOf(axis.kernel)] == 1) return stride;
    return nest.sizes[indexOf(axis.dim)] == 1 ? dilation : std::gcd(stride, dilation);
}

Positions inputsOf(const Nest& nest, const model::Layer& layer, const Axis& axis) {
    const std::int64_t unit = unitOf(nest, axis);
    const std::int64_t begin = layer.border.before.along(axis.dim);
    const std::int64_t end = begin + model::inputsAlong(layer, axis.dim);
    return {(begin + unit - 1) / unit, (end + unit - 1) / unit};
}

bool borderFits(const model::Layer& layer, const Axis& axis) {
    const std::int64_t before = layer.border.before.along(axis.dim);
    const std::int64_t after = layer.border.after.along(axis.dim);
    if (before == 0 && after == 0) return true;
    return std::min(before, after) >= 0 && std::max(before, after) <= kMostBorder &&
           layer.size(axis.kernel) <= kMostBorder && model::inputsAlong(layer, axis.dim) >= 1;
}

base::Error refusal(const model::Layer& layer, std::string what, std::string advice) {
    return {layer.name, std::move(what), std::move(advice)};
}

}  // namespace

base::Result<Nest> factsOf(const model::Layer& layer) {
    Nest nest;
    nest.stride = layer.stride;
    nest.dilation = layer.dilation;
    nest.spans.fill(1);
    const auto least = [](const model::PerAxis& step) { return std::min(step.rows, step.columns); };
    if (layer.groups < 1 || least(layer.stride) < 1 || least(layer.dilation) < 1) {
        return refusal(layer, "it has no groups, or a stride or dilation below one",
                       "Give at least one of each");
    }
    for (const Dim dim : model::kAllLoopDims) {
        const auto size = model::loopSize(layer, dim);
        nest.sizes[indexOf(dim)] = size;
        if (size >= 1) continue;
        return refusal(layer,
                       "its size along " + std::string(word(dim)) + " is " + std::to_string(size),
                       "Give at least one");
    }
    nest.paces = {paceOf(nest, Dim::P, Dim::R), paceOf(nest, Dim::Q, Dim::S)};
    for (std::size_t a = 0; a < kSlidingAxes.size(); ++a) {
        if (!borderFits(layer, kSlidingAxes[a])) {
            return refusal(layer,
                           "the border around its inputs leaves none of them, or is wider "
                           "than " +
                               std::to_string(kMostBorder),
                           "Give the zeros that the kernel touches");
        }
        nest.inputs[a] = inputsOf(nest, layer, kSlidingAxes[a]);
        nest.touchesZeros[a] =
            nest.inputs[a].begin > 0 ||
            nest.inputs[a].end < reachOf(nest.paces[a], nest.sizes[indexOf(kSlidingAxes[a].dim)],
                                         nest.sizes[indexOf(kSlidingAxes[a].kernel)]);
    }
    return nest;
}

base::Result<Nest> nestOf(const model::Layer& layer, const model::Mapping& mapping) {
    auto facts = factsOf(layer);
    if (!facts) return facts;
    Nest& nest = *facts;
    nest.loops.reserve(32);
    nest.begin.reserve(mapping.levels.size() + 1);
    for (const auto& level : mapping.levels) {
        nest.begin.push_back(nest.loops.size());
        for (const auto& loop : level.loops) {
            if (loop.trips < 1) {
                return refusal(layer,
                               "the loop over " + std::string(word(loop.dim)) + " at " +
                                   level.memory + " has " + std::to_string(loop.trips) + " trips",
                               "Give at least one");
            }
            if (loop.trips > 1) {
                nest.loops.push_back({loop.dim, loop.kind, loop.trips, 0, loop.fanOut});
            }
        }
    }
    nest.begin.push_back(nest.loops.size());
    if (nest.loops.size() > kMostLoops) {
        return refusal(layer, "the mapping has " + std::to_string(nest.loops.size()) + " loops",
                       "Give at most " + std::to_string(kMostLoops) + " with more than one trip");
    }
    for (auto loop = nest.loops.rbegin(); loop != nest.loops.rend(); ++loop) {
        auto& span = nest.spans[indexOf(loop->dim)];
        loop->step = span;
        if (span > kMostSpan / loop->trips) {
            return refusal(
                layer, "the loops over " + std::string(word(loop->dim)) + " span more than 2^62",
                "Give fewer trips");
        }
        span *= loop->trips;
    }
    for (const Dim dim : model::kAllLoopDims) {
        if (nest.spans[indexOf(dim)] >= nest.sizes[indexOf(dim)]) continue;
        return refusal(layer,
                       "the mapping's loops over " + std::string(word(dim)) + " make " +
                           std::to_string(nest.spans[indexOf(dim)]) + " of " +
                           std::to_string(nest.sizes[indexOf(dim)]),
                       "Their trips must multiply to at least the layer's size");
    }
    return facts;
}

LoopSizes tileSizes(const Nest& nest, std::size_t first) {
    LoopSizes tile;
    tile.fill(1);
    for (const auto& loop : nest.all().subspan(first)) tile[indexOf(loop.dim)] *= loop.trips;
    for (std::size_t d = 0; d < tile.size(); ++d) tile[d] = std::min(tile[d], nest.sizes[d]);
    return tile;
}

Nest withoutBorder(Nest nest) {
    for (std::size_t a = 0; a < kSlidingAxes.size(); ++a) {
        const auto& axis = kSlidingAxes[a];
        nest.inputs[a] = {0, reachOf(nest.paces[a], nest.sizes[indexOf(axis.dim)],
                                     nest.sizes[indexOf(axis.kernel)])};
        nest.touchesZeros[a] = false;
    }
    return nest;
}

}  // namespace cohelix::nest
