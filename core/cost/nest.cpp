// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cost/nest.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "core/base/units.h"
#include "core/cost/forms.h"

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
        nest.sizes[at(dim)] = size;
        if (size >= 1) continue;
        return refusal(layer, "its size along " + std::string(model::dimName(dim)) + " is " +
                                  std::to_string(size),
                       "Give at least one");
    }
    nest.paces = {paceOf(nest, Dim::P, Dim::R), paceOf(nest, Dim::Q, Dim::S)};
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
        if (nest.spans[at(dim)] >= nest.sizes[at(dim)]) continue;
        return refusal(layer,
                       "the mapping's loops over " + std::string(model::dimName(dim)) + " make " +
                           std::to_string(nest.spans[at(dim)]) + " of " +
                           std::to_string(nest.sizes[at(dim)]),
                       "Their trips must multiply to at least the layer's size");
    }
    return facts;
}

LoopSizes tileSizes(const Nest& nest, std::size_t first) {
    LoopSizes tile;
    tile.fill(1);
    for (const auto& loop : nest.all().subspan(first)) tile[at(loop.dim)] *= loop.trips;
    for (std::size_t d = 0; d < tile.size(); ++d) tile[d] = std::min(tile[d], nest.sizes[d]);
    return tile;
}

std::int64_t elementWords(const Nest& nest, Tensor tensor, const LoopSizes& tile) {
    return scalar::wordsOf(nest, tensor, tile, false);
}

}  // namespace cohelix::cost
