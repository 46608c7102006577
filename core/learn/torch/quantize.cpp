// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/torch/quantize.h"

#include <algorithm>
#include <limits>

namespace cohelix::learn {
namespace {

constexpr float kLeastScale = std::numeric_limits<float>::min();

/// Steps on each side of zero.
std::int64_t stepsBesideZero(int bits) { return (std::int64_t{1} << (bits - 1)) - 1; }

void measure(const at::Tensor& x, double share, LayerPrecision& layer) {
    const auto [least, most] = at::aminmax(x.detach());
    const bool first = layer.least == 0 && layer.most == 0;
    const double kept = first ? 0 : 1 - share;
    const auto blend = [kept](float& bound, float seen) {
        bound = static_cast<float>(kept * static_cast<double>(bound) +
                                   (1 - kept) * static_cast<double>(seen));
    };
    blend(layer.least, std::min(least.item<float>(), 0.0F));
    blend(layer.most, std::max(most.item<float>(), 0.0F));
}

at::Tensor rounded(const at::Tensor& x, const LayerPrecision& layer) {
    const std::int64_t beside = stepsBesideZero(layer.bits);
    const bool positive = layer.least >= 0;
    const std::int64_t above = positive ? 2 * beside + 1 : beside;
    const float bound = std::max(layer.most, -layer.least);
    const double scale =
        static_cast<double>(std::max(bound / static_cast<float>(above), kLeastScale));
    return at::fake_quantize_per_tensor_affine(x, scale, 0, positive ? 0 : -beside, above);
}

}  // namespace

at::Tensor quantizedWeight(const at::Tensor& weight, int bits) {
    const std::int64_t steps = stepsBesideZero(bits);
    const at::Tensor most = weight.detach().abs().flatten(1).amax({1});
    const at::Tensor scale = (most / static_cast<double>(steps)).clamp_min(kLeastScale);
    const at::Tensor zero = at::zeros({weight.size(0)}, weight.options().dtype(at::kInt));
    return at::fake_quantize_per_channel_affine(weight, scale, zero, 0, -steps, steps);
}

at::Tensor quantizedInput(const at::Tensor& x, const PassPrecision& pass, std::size_t layer) {
    LayerPrecision& precision = pass.layers[layer];
    if (!quantizes(precision)) return x;
    if (pass.measure > 0) measure(x, pass.measure, precision);
    return pass.apply ? rounded(x, precision) : x;
}

}  // namespace cohelix::learn
