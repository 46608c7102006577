// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What is trained: values with their momentum, and the optimiser that moves them. Written by hand
// so that only the parameters of the active path are touched, and in a fixed order of additions.

#include <span>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "core/base/random.h"
#include "core/base/result.h"
#include "core/learn/archive.h"
#include "core/specification/specification.h"

namespace cohelix::learn {

struct Parameter {
    std::string name;
    at::Tensor value;  ///< contiguous floats, no gradient of its own
    std::vector<float> momentum;

    std::span<float> values() const {
        return {value.data_ptr<float>(), static_cast<std::size_t>(value.numel())};
    }
};

/// Constant values.
Parameter constantParameter(std::string name, std::vector<std::int64_t> shape, float value);
/// Normal values of that deviation, mean 0.
Parameter normalParameter(std::string name, std::vector<std::int64_t> shape, double deviation,
                          base::Random& stream);

/// Values and momentum as they lie in memory, to be packed.
void addViews(const Parameter& parameter, std::vector<TensorView>& views);
/// The inverse of addViews for several parameters, two tensors each from `first` on. With `apply`
/// false it only checks names and sizes.
base::Result<void> takeParameters(const Archive& archive, std::size_t first,
                                  std::span<Parameter* const> parameters, bool apply);

/// Gradients in the order of the parameters, one list a shard; an empty list is a shard without
/// images.
using ShardGradients = std::vector<std::vector<at::Tensor>>;

/// Adds the shards in their order, clips by the global norm, and takes one step of stochastic
/// gradient descent: slope = gradient + decay * value; momentum = momentum * m + slope; value -=
/// rate * momentum, or by Nesterov rate * (slope + m * momentum).
/// False, and nothing changed, when the gradient is not finite.
bool descend(std::span<Parameter* const> parameters, const ShardGradients& shards,
             const spec::SgdRecipe& recipe, double learningRate);

}  // namespace cohelix::learn
