// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The equation of an Einsum: "bij,bjk->bik", with or without an ellipsis. Private to the room.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/interop/onnx/onnx_values.h"

namespace cohelix::interop {

/// Each axis has a letter; those of an ellipsis have signs that no equation contains.
struct Einsum {
    std::vector<std::string> operands;
    std::string result;
    std::map<char, std::int64_t> sizes;  ///< -1: not known
};

/// Nothing for an equation that is none or does not fit the operands. `shapes`: null where one is
/// not known, which is taken where the equation has no ellipsis for it.
std::optional<Einsum> readEinsum(const std::string& equation,
                                 const std::vector<const OnnxShape*>& shapes);

}  // namespace cohelix::interop
