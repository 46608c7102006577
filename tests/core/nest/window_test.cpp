// SPDX-License-Identifier: GPL-3.0-or-later
// Tiles along a sliding axis, against looking at every position.
#include "core/nest/window.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace cohelix::nest {
namespace {

/// One axis: so many outputs and kernel positions, and inputs between zeros.
struct Axis {
    Pace pace;
    std::int64_t outputs, kernels;
    Positions inputs;
};

std::int64_t mostByLooking(const Axis& axis, std::int64_t outputTile, std::int64_t kernelTile) {
    std::size_t most = 0;
    for (std::int64_t p = 0; p < axis.outputs; p += outputTile) {
        for (std::int64_t r = 0; r < axis.kernels; r += kernelTile) {
            std::set<std::int64_t> words;
            for (auto o = p; o < std::min(p + outputTile, axis.outputs); ++o) {
                for (auto k = r; k < std::min(r + kernelTile, axis.kernels); ++k) {
                    const auto place = o * axis.pace.stride + k * axis.pace.dilation;
                    if (place >= axis.inputs.begin && place < axis.inputs.end) words.insert(place);
                }
            }
            most = std::max(most, words.size());
        }
    }
    return static_cast<std::int64_t>(most);
}

void expectAllTiles(const Axis& axis) {
    constexpr std::size_t kRows = 0;
    const auto& dims = kSlidingAxes[kRows];
    Nest nest;
    nest.sizes = nest.spans = kOneOfEach;
    nest.sizes[indexOf(dims.dim)] = axis.outputs;
    nest.sizes[indexOf(dims.kernel)] = axis.kernels;
    nest.paces[kRows] = axis.pace;
    nest.inputs[kRows] = axis.inputs;
    for (std::int64_t outputs = 1; outputs <= axis.outputs; ++outputs) {
        for (std::int64_t kernels = 1; kernels <= axis.kernels; ++kernels) {
            LoopSizes tile = kOneOfEach;
            tile[indexOf(dims.dim)] = outputs;
            tile[indexOf(dims.kernel)] = kernels;
            ASSERT_EQ(mostInputs(nest, kRows, tile), mostByLooking(axis, outputs, kernels))
                << "stride " << axis.pace.stride << " dilation " << axis.pace.dilation << " of "
                << axis.outputs << " outputs and " << axis.kernels << " kernel positions, tiles of "
                << outputs << " and " << kernels << ", inputs " << axis.inputs.begin << " to "
                << axis.inputs.end;
        }
    }
}

TEST(Window, TheTileOfMostInputsIsFoundAmongAllOfThem) {
    for (std::int64_t stride = 1; stride <= 3; ++stride) {
        for (std::int64_t dilation = 1; dilation <= 3; ++dilation) {
            for (std::int64_t outputs = 1; outputs <= 7; ++outputs) {
                for (std::int64_t kernels = 1; kernels <= 3; ++kernels) {
                    const auto patch = (outputs - 1) * stride + (kernels - 1) * dilation + 1;
                    for (std::int64_t begin = 0; begin < patch; ++begin) {
                        for (std::int64_t end = begin + 1; end <= patch; ++end) {
                            expectAllTiles({{stride, dilation}, outputs, kernels, {begin, end}});
                            if (HasFatalFailure()) return;
                        }
                    }
                }
            }
        }
    }
}

}  // namespace
}  // namespace cohelix::nest
