// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Batch normalisation, addition of a skip and ReLU in one sweep, forwards and backwards, on maps
// with channels innermost. Between convolutions of few channels these cost more time than the
// convolutions when they are done one after the other. No LibTorch.
//
// Every channel is summed in an order that depends on the sizes only, never on the width of the
// machine's vectors, so results are the same bits everywhere.

#include <cstddef>
#include <span>
#include <vector>

namespace cohelix::learn {

/// Mean and biased variance a channel.
struct ChannelStatistics {
    std::vector<float> mean;
    std::vector<float> variance;
    std::size_t count = 0;  ///< values a channel
};

/// Of `maps`, rows of `channels` values.
ChannelStatistics channelStatistics(std::span<const float> maps, std::size_t channels);

/// Statistics, learned scale and shift, and what follows the normalisation.
struct NormalisedLayer {
    std::span<const float> mean;
    std::span<const float> variance;
    std::span<const float> scale;
    std::span<const float> shift;
    std::span<const float> added;  ///< maps that are added, or empty
    bool relu = false;
};

/// out = (maps - mean) / sqrt(variance + epsilon) * scale + shift + added, at least 0 with relu.
void normalise(std::span<const float> maps, const NormalisedLayer& layer, std::span<float> out);

/// Gradients by maps, scale, shift and (when `byAdded` is not empty) by what was added, for the
/// gradient by the output; the statistics count as functions of the maps.
void normaliseBackwards(std::span<const float> maps, const NormalisedLayer& layer,
                        std::span<const float> byOutput, std::span<float> byMaps,
                        std::span<float> byScale, std::span<float> byShift,
                        std::span<float> byAdded);

}  // namespace cohelix::learn
