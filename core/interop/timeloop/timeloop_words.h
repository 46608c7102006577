// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Timeloop's names of a convolution's dimensions and tensors. Private to the room.

#include <array>
#include <optional>
#include <string_view>

#include "core/model/layer.h"

namespace cohelix::interop {

/// K is called M in newer files.
inline std::optional<model::Dim> timeloopDim(std::string_view name) {
    return name == "M" ? model::Dim::K : base::valueOf<model::Dim>(name);
}

inline constexpr std::array<std::string_view, model::kTensors> kTimeloopTensors = {
    "Weights", "Inputs", "Outputs"};

inline std::optional<model::Tensor> timeloopTensor(std::string_view name) {
    for (const auto tensor : model::kAllTensors) {
        if (kTimeloopTensors[static_cast<std::size_t>(tensor)] == name) return tensor;
    }
    return std::nullopt;
}

}  // namespace cohelix::interop
