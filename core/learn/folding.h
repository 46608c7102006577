// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Batch normalisation folded into the convolution before it. No LibTorch.

#include <span>
#include <vector>

namespace cohelix::learn {

/// Added to the variance in every normalisation.
inline constexpr double kNormalisationEpsilon = 1e-5;

/// What normalises one layer's channels when it is no longer trained.
struct Normalisation {
    std::span<const float> scale;  ///< gamma
    std::span<const float> shift;  ///< beta
    std::span<const float> mean;
    std::span<const float> variance;  ///< biased or not, as it was gathered
};

struct FoldedLayer {
    std::vector<float> weight;
    std::vector<float> bias;
};

/// weight[k] * scale / sqrt(variance + epsilon), and shift - mean times that factor; in double,
/// rounded once. `weight` holds the output channels one after the other.
FoldedLayer fold(std::span<const float> weight, const Normalisation& normalisation);

}  // namespace cohelix::learn
