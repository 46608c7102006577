// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/torch/normalise_function.h"

#include <torch/csrc/autograd/custom_function.h>

#include "core/learn/folding.h"
#include "core/learn/torch/values.h"

namespace cohelix::learn {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

at::Tensor innermost(const at::Tensor& maps) {
    return maps.defined() ? maps.contiguous(at::MemoryFormat::ChannelsLast) : maps;
}

NormalisedLayer layerOf(const at::Tensor& statistics, const at::Tensor& scale,
                        const at::Tensor& shift, const at::Tensor& added, bool relu) {
    const auto both = valuesOf(statistics);
    const std::size_t channels = both.size() / 2;
    return {both.first(channels), both.subspan(channels), valuesOf(scale),
            valuesOf(shift),      valuesOf(added),        relu};
}

/// The output, and mean and variance as one tensor.
std::pair<at::Tensor, at::Tensor> forwards(const at::Tensor& maps, const at::Tensor& scale,
                                           const at::Tensor& shift, const at::Tensor& added,
                                           bool relu, ChannelStatistics* wanted) {
    const auto channels = static_cast<std::size_t>(maps.size(1));
    ChannelStatistics found = channelStatistics(valuesOf(maps), channels);
    at::Tensor statistics = at::empty({2, maps.size(1)}, at::kFloat);
    std::ranges::copy(found.mean, valuesOf(statistics).begin());
    std::ranges::copy(found.variance, valuesOf(statistics).subspan(channels).begin());
    if (wanted) *wanted = std::move(found);
    at::Tensor out = at::empty_like(maps);
    normalise(valuesOf(maps), layerOf(statistics, scale, shift, added, relu), valuesOf(out));
    return {out, statistics};
}

/// LibTorch's own normalisation, for maps that our loops cannot reach.
at::Tensor onDevice(const at::Tensor& maps, const at::Tensor& scale, const at::Tensor& shift,
                    const at::Tensor& added, bool relu, ChannelStatistics* wanted) {
    const auto [normal, mean, inverse] =
        at::native_batch_norm(maps, scale, shift, {}, {}, true, 0, kNormalisationEpsilon);
    if (wanted) {
        const at::Tensor means = mean.detach().to(at::kCPU);
        const at::Tensor variances =
            (inverse.detach().pow(-2) - kNormalisationEpsilon).clamp_min(0).to(at::kCPU);
        const auto toVector = [](const at::Tensor& tensor) {
            const auto values = valuesOf(tensor);
            return std::vector<float>(values.begin(), values.end());
        };
        *wanted = {toVector(means), toVector(variances),
                   static_cast<std::size_t>(maps.numel() / maps.size(1))};
    }
    const at::Tensor sum = added.defined() ? normal + added : normal;
    return relu ? sum.relu() : sum;
}

class Normalise : public torch::autograd::Function<Normalise> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& maps,
                              const at::Tensor& scale, const at::Tensor& shift,
                              const c10::optional<at::Tensor>& skip, bool relu,
                              ChannelStatistics* wanted) {
        const at::Tensor added = skip.value_or(at::Tensor());
        auto [out, statistics] = forwards(maps, scale, shift, added, relu, wanted);
        // What was added is needed to know where ReLU cut off.
        context->save_for_backward({maps, scale, shift, relu ? added : at::Tensor(), statistics});
        context->saved_data["relu"] = relu;
        context->saved_data["adds"] = added.defined();
        return out;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const bool relu = context->saved_data["relu"].toBool();
        const bool adds = context->saved_data["adds"].toBool();
        const at::Tensor byOutput = innermost(gradients[0]);
        const at::Tensor& maps = saved[0];
        const at::Tensor byMaps = at::empty_like(maps);
        const at::Tensor byScale = at::empty_like(saved[1]);
        const at::Tensor byShift = at::empty_like(saved[2]);
        at::Tensor byAdded = adds ? byOutput : at::Tensor();
        if (adds && relu) byAdded = at::empty_like(byOutput);
        normaliseBackwards(valuesOf(maps), layerOf(saved[4], saved[1], saved[2], saved[3], relu),
                           valuesOf(byOutput), valuesOf(byMaps), valuesOf(byScale),
                           valuesOf(byShift),
                           adds && relu ? valuesOf(byAdded) : std::span<float>());
        return {byMaps, byScale, byShift, byAdded, at::Tensor(), at::Tensor()};
    }
};

}  // namespace

at::Tensor normalised(const at::Tensor& maps, const at::Tensor& scale, const at::Tensor& shift,
                      const at::Tensor& added, bool relu, ChannelStatistics* statistics) {
    TORCH_CHECK(!added.defined() || added.sizes() == maps.sizes(),
                "a layer adds the output of a layer of another shape");
    if (!maps.is_cpu()) return onDevice(maps, scale, shift, added, relu, statistics);
    const at::Tensor x = innermost(maps);
    const at::Tensor skip = innermost(added);
    if (!at::GradMode::is_enabled()) {
        return forwards(x, scale, shift, skip, relu, statistics).first;
    }
    const auto maybe = skip.defined() ? c10::optional<at::Tensor>(skip) : c10::nullopt;
    return Normalise::apply(x, scale, shift, maybe, relu, statistics);
}

}  // namespace cohelix::learn
