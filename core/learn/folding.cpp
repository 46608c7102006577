// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/folding.h"

#include <cmath>
#include <cstddef>

namespace cohelix::learn {

FoldedLayer fold(std::span<const float> weight, const Normalisation& normalisation) {
    const std::size_t channels = normalisation.scale.size();
    const std::size_t each = channels > 0 ? weight.size() / channels : 0;
    FoldedLayer folded;
    folded.weight.reserve(weight.size());
    folded.bias.reserve(channels);
    for (std::size_t k = 0; k < channels; ++k) {
        const double factor =
            static_cast<double>(normalisation.scale[k]) /
            std::sqrt(static_cast<double>(normalisation.variance[k]) + kNormalisationEpsilon);
        for (const float value : weight.subspan(k * each, each)) {
            folded.weight.push_back(static_cast<float>(static_cast<double>(value) * factor));
        }
        const double mean = static_cast<double>(normalisation.mean[k]);
        folded.bias.push_back(
            static_cast<float>(static_cast<double>(normalisation.shift[k]) - mean * factor));
    }
    return folded;
}

}  // namespace cohelix::learn
