// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Bits that a model's quantisers state of a layer's operands. Figures are in the accelerator's own
// precision; both stand side by side in the result.

#include <map>
#include <string>

#include "core/base/json.h"
#include "core/interop/onnx/onnx_import.h"

namespace cohelix::cli {

/// By the layer's name; layers of which the model says nothing are not in it.
using StatedBits = std::map<std::string, interop::OperandBits>;

/// "inputs 8, weights 4"; empty where the model says nothing of the layer.
std::string statedBitsText(const StatedBits& stated, const std::string& layer);
/// "precision": {"inputs": 8, "weights": 4}, null where one is not stated; no field where neither.
void addStatedBits(base::Json& json, const StatedBits& stated, const std::string& layer);

}  // namespace cohelix::cli
