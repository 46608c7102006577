// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/torch/depthwise_function.h"

#include <algorithm>

#include <torch/csrc/autograd/custom_function.h>

#include "core/learn/depthwise.h"
#include "core/learn/torch/values.h"

namespace cohelix::learn {
namespace {

using model::Dim;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// oneDNN's gradient is as fast as ours for kernels up to this.
constexpr std::int64_t kFastKernel = 3;

ConvolvedAxis axisOf(const at::Tensor& maps, const at::Tensor& byOutput, std::int64_t axis,
                     std::int64_t kernel, std::int64_t stride) {
    return {static_cast<std::size_t>(maps.size(axis)),
            static_cast<std::size_t>(byOutput.size(axis)), static_cast<std::size_t>(kernel),
            static_cast<std::size_t>(stride), static_cast<std::size_t>((kernel - 1) / 2)};
}

at::Tensor byWeights(const at::Tensor& maps, const at::Tensor& weight, const at::Tensor& byOutput,
                     at::IntArrayRef stride) {
    const at::Tensor inner = maps.contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor byInner = byOutput.contiguous(at::MemoryFormat::ChannelsLast);
    at::Tensor result = at::empty(weight.sizes(), weight.options());
    depthwiseByWeight(
        {static_cast<std::size_t>(maps.size(0)), static_cast<std::size_t>(maps.size(1)),
         axisOf(maps, byOutput, 2, weight.size(2), stride[0]),
         axisOf(maps, byOutput, 3, weight.size(3), stride[1])},
        valuesOf(inner), valuesOf(byInner), valuesOf(result));
    return result;
}

class Depthwise : public torch::autograd::Function<Depthwise> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& maps,
                              const at::Tensor& weight, const std::vector<std::int64_t>& stride) {
        context->save_for_backward({maps, weight});
        context->saved_data["stride"] = stride;
        return at::convolution(maps, weight, {}, stride, paddingOf(weight), {1, 1}, false, {0, 0},
                               weight.size(0));
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const auto stride = context->saved_data["stride"].toIntVector();
        const at::Tensor& maps = saved[0];
        const at::Tensor& weight = saved[1];
        const at::Tensor byMaps = std::get<0>(at::convolution_backward(
            gradients[0], maps, weight, c10::nullopt, stride, paddingOf(weight), {1, 1}, false,
            {0, 0}, weight.size(0), {true, false, false}));
        return {byMaps, byWeights(maps, weight, gradients[0], stride), at::Tensor()};
    }

private:
    static std::vector<std::int64_t> paddingOf(const at::Tensor& weight) {
        return {(weight.size(2) - 1) / 2, (weight.size(3) - 1) / 2};
    }
};

}  // namespace

bool hasOwnWeightGradient(const model::Layer& layer, const at::Tensor& maps,
                          const at::Tensor& weight) {
    return at::GradMode::is_enabled() && weight.requires_grad() && maps.is_cpu() &&
           layer.depthwise() && layer.dilation == model::PerAxis(1) &&
           std::max(layer.size(Dim::R), layer.size(Dim::S)) > kFastKernel;
}

at::Tensor depthwiseConvolution(const model::Layer& layer, const at::Tensor& maps,
                                const at::Tensor& weight) {
    const std::vector<std::int64_t> stride = {layer.stride.rows, layer.stride.columns};
    return Depthwise::apply(maps, weight, stride);
}

}  // namespace cohelix::learn
