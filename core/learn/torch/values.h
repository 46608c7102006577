// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include <ATen/ATen.h>

namespace cohelix::learn {

/// The floats of a dense tensor on the CPU, as they lie in memory; none of an undefined one.
inline std::span<float> valuesOf(const at::Tensor& tensor) {
    if (!tensor.defined()) return {};
    return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

}  // namespace cohelix::learn
