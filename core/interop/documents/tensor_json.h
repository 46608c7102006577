// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Sets of tensors in JSON: ["weights", "inputs"]. Private to the room.

#include <array>

#include "core/base/json.h"
#include "core/model/layer.h"

namespace cohelix::interop {

using TensorSet = std::array<bool, model::kTensors>;

base::Json tensorSetJson(const TensorSet& set);
/// All where the field is missing; an empty list is none. Fails at the field.
TensorSet readTensorSet(base::JsonReader& reader, const base::Json& json, const char* key);

}  // namespace cohelix::interop
