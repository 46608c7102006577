// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/tile_words.h"

#include <algorithm>
#include <array>

#include "core/nest/window.h"

namespace cohelix::nest {
namespace {

using model::Tensor;

/// Distinct positions of so many outputs and kernel positions in a row. Two pairs meet where one
/// is `dilation` outputs further and `stride` kernel positions back.
std::int64_t distinctPositions(const Pace& pace, std::int64_t outputs, std::int64_t kernels) {
    const std::int64_t repeatedOutputs = std::max<std::int64_t>(0, outputs - pace.dilation);
    const std::int64_t repeatedKernels = std::max<std::int64_t>(0, kernels - pace.stride);
    return outputs * kernels - repeatedOutputs * repeatedKernels;
}

using RealSizes = std::array<double, model::kLoopDims>;

/// At least the words of a box that lies within the layer.
double boxWithin(const Nest& nest, Tensor tensor, const RealSizes& tile) {
    const auto within = [&](model::Dim dim) {
        return std::min(tile[indexOf(dim)], static_cast<double>(nest.sizes[indexOf(dim)]));
    };
    double words = 1;
    for (const auto& axis : axesOf(tensor)) {
        const double size = within(axis.dim);
        if (!axis.sliding()) {
            words *= size;
            continue;
        }
        const auto pace = boxPaceOf(nest, axis);
        words *= size * static_cast<double>(pace.stride) +
                 within(axis.kernel) * static_cast<double>(pace.dilation);
    }
    return words;
}

}  // namespace

std::int64_t distinctWords(const Nest& nest, Tensor tensor, const LoopSizes& tile) {
    std::int64_t words = 1;
    for (const auto& axis : axesOf(tensor)) {
        const auto size = tile[indexOf(axis.dim)];
        words *= axis.sliding()
                     ? distinctPositions(paceOf(nest, axis), size, tile[indexOf(axis.kernel)])
                     : size;
    }
    return words;
}

std::int64_t elementWords(const Nest& nest, Tensor tensor, const LoopSizes& tile) {
    if (tensor != Tensor::Inputs || !nest.bordered()) {
        return distinctWords(nest, tensor, tile);
    }
    return tile[indexOf(model::Dim::N)] * tile[indexOf(model::Dim::G)] *
           tile[indexOf(model::Dim::C)] * mostInputs(nest, 0, tile) * mostInputs(nest, 1, tile);
}

std::int64_t boxWords(const Nest& nest, Tensor tensor, const LoopSizes& tile) {
    std::int64_t words = 1;
    for (const auto& axis : axesOf(tensor)) {
        const auto size = tile[indexOf(axis.dim)];
        words *= axis.sliding() ? reachOf(boxPaceOf(nest, axis), size, tile[indexOf(axis.kernel)])
                                : size;
    }
    return words;
}

double mostWords(const Nest& nest) {
    double steps = 1;
    for (const auto& loop : nest.loops) steps *= static_cast<double>(loop.trips);
    double worst = steps;
    double inside = 1;
    RealSizes tile;
    tile.fill(1);
    for (std::size_t l = nest.levels(); l-- > 0;) {
        for (std::size_t p = nest.begin[l]; p < nest.begin[l + 1]; ++p) {
            const auto& loop = nest.loops[p];
            inside *= static_cast<double>(loop.trips);
            tile[indexOf(loop.dim)] *= static_cast<double>(loop.trips);
        }
        for (const Tensor tensor : model::kAllTensors) {
            worst = std::max(worst, boxWithin(nest, tensor, tile) * (steps / inside));
        }
    }
    return worst;
}

}  // namespace cohelix::nest
