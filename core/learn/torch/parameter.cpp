// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/torch/parameter.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cohelix::learn {
namespace {

using Gradients = std::vector<std::vector<float>>;

/// The sum over the shards, laid out as the parameters are.
Gradients added(std::span<Parameter* const> parameters, const ShardGradients& shards) {
    Gradients sums(parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        auto& sum = sums[i];
        for (const auto& shard : shards) {
            if (shard.empty()) continue;
            // A parameter that did not take part has none.
            if (!shard[i].defined()) continue;
            const at::Tensor gradient = shard[i].to(at::kCPU).contiguous();
            const float* from = gradient.data_ptr<float>();
            const auto count = static_cast<std::size_t>(gradient.numel());
            if (sum.empty()) {
                sum.assign(from, from + count);
            } else {
                for (std::size_t n = 0; n < count; ++n) sum[n] += from[n];
            }
        }
        sum.resize(parameters[i]->values().size());
    }
    return sums;
}

double norm(const Gradients& gradients) {
    double squares = 0;
    for (const auto& gradient : gradients) {
        for (const float g : gradient) squares += static_cast<double>(g) * static_cast<double>(g);
    }
    return std::sqrt(squares);
}

}  // namespace

Parameter constantParameter(std::string name, std::vector<std::int64_t> shape, float value) {
    at::Tensor tensor = at::full(shape, static_cast<double>(value), at::kFloat);
    const auto count = static_cast<std::size_t>(tensor.numel());
    return {std::move(name), std::move(tensor), std::vector<float>(count)};
}

Parameter normalParameter(std::string name, std::vector<std::int64_t> shape, double deviation,
                          base::Random& stream) {
    Parameter parameter = constantParameter(std::move(name), std::move(shape), 0);
    for (float& value : parameter.values()) {
        value = static_cast<float>(deviation * stream.normal());
    }
    return parameter;
}

void addViews(const Parameter& parameter, std::vector<TensorView>& views) {
    const auto shape = parameter.value.sizes().vec();
    views.push_back({parameter.name, shape, parameter.values()});
    views.push_back({parameter.name + ".momentum", shape, parameter.momentum});
}

base::Result<void> takeParameters(const Archive& archive, std::size_t first,
                                  std::span<Parameter* const> parameters, bool apply) {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        Parameter& parameter = *parameters[i];
        const std::size_t at = first + 2 * i;
        if (at + 1 >= archive.tensors.size() || archive.tensors[at].name != parameter.name ||
            archive.tensors[at].shape != parameter.value.sizes().vec() ||
            archive.tensors[at + 1].shape != parameter.value.sizes().vec()) {
            return base::Error{parameter.name, "the saved state belongs to another network",
                               "Resume with the specification that it was saved with"};
        }
        if (!apply) continue;
        std::ranges::copy(archive.tensors[at].values, parameter.values().begin());
        parameter.momentum = archive.tensors[at + 1].values;
    }
    return {};
}

bool descend(std::span<Parameter* const> parameters, const ShardGradients& shards,
             const spec::SgdRecipe& recipe, double learningRate) {
    const Gradients gradients = added(parameters, shards);
    const double length = norm(gradients);
    if (!std::isfinite(length)) return false;
    const bool clipped = recipe.clipNorm > 0 && length > recipe.clipNorm;
    const auto scale = static_cast<float>(clipped ? recipe.clipNorm / length : 1.0);
    const auto keep = static_cast<float>(recipe.momentum);
    const auto decay = static_cast<float>(recipe.weightDecay);
    const auto rate = static_cast<float>(learningRate);
    const bool nesterov = recipe.nesterov;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        float* value = parameters[i]->values().data();
        float* momentum = parameters[i]->momentum.data();
        const float* gradient = gradients[i].data();
        for (std::size_t n = 0; n < gradients[i].size(); ++n) {
            const float slope = scale * gradient[n] + decay * value[n];
            momentum[n] = keep * momentum[n] + slope;
            value[n] -= rate * (nesterov ? slope + keep * momentum[n] : momentum[n]);
        }
    }
    return true;
}

}  // namespace cohelix::learn
