// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Sums of what was found in a graph, and what becomes of it when the graph runs several times.
// Private to the room.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/interop/onnx/onnx_import.h"

namespace cohelix::interop {

/// All of it that can be counted; nothing where it cannot.
std::optional<std::int64_t> macsOf(const OnnxNetwork& found);

/// The same layers in the same order, whatever their names, and nothing that is none.
bool sameWork(const OnnxNetwork& a, const OnnxNetwork& b);

void append(OnnxNetwork& to, OnnxNetwork&& from);

/// Adds the bound to those of every layer.
void boundAll(OnnxNetwork& network, const hardware::BoundedWork& work);

/// What so many runs of a body find together, one after the other; the node with the body is of
/// this operator and has this name.
OnnxNetwork repeated(OnnxNetwork inner, std::int64_t runs, const std::string& op,
                     const std::string& name);

/// Makes the names of the layers differ.
void giveNames(std::vector<model::Layer>& layers);

}  // namespace cohelix::interop
