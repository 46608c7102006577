// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The gradient of depthwise convolutions by their weights, on maps with channels innermost. oneDNN
// takes about ten times as long for it as for the forward pass where the kernel is larger than
// 3 x 3, which made it most of a training step. No LibTorch.
//
// Every weight is summed in an order that depends on the sizes only, never on the width of the
// machine's vectors, so results are the same bits everywhere.

#include <cstddef>
#include <span>

namespace cohelix::learn {

/// Positions of one axis, rows or columns.
struct ConvolvedAxis {
    std::size_t inputs = 1;
    std::size_t outputs = 1;
    std::size_t kernel = 1;
    std::size_t stride = 1;
    std::size_t padding = 0;  ///< before the first input
};

struct DepthwiseShape {
    std::size_t images = 1;
    std::size_t channels = 1;
    ConvolvedAxis rows;
    ConvolvedAxis columns;
};

/// byWeight[channel][kernel row][kernel column] from maps[image][row][column][channel] of the
/// inputs and byOutput likewise of the outputs.
void depthwiseByWeight(const DepthwiseShape& shape, std::span<const float> maps,
                       std::span<const float> byOutput, std::span<float> byWeight);

}  // namespace cohelix::learn
