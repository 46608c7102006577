// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The shapes that operators of ONNX give, a table a family. A rule never fails: what does not
// follow is left unknown. Private to the room.

#include <string_view>
#include <unordered_map>

#include "core/interop/onnx/onnx_node.h"

namespace cohelix::interop {

/// One value for each output in order; those that are missing are not known.
using OnnxOutputs = std::vector<OnnxValue>;
using OnnxRule = OnnxOutputs (*)(const OnnxNode& node);
using OnnxRules = std::unordered_map<std::string_view, OnnxRule>;

/// Convolutions, pooling, resizing: whatever slides over axes behind batch and channels.
const OnnxRules& windowRules();
/// What moves, cuts, joins or describes data.
const OnnxRules& moveRules();
/// Sequences of tensors, and what may be absent.
const OnnxRules& sequenceRules();
/// Arithmetic, reductions, matrix products, recurrent layers.
const OnnxRules& arithmeticRules();
/// Operators beyond ONNX's own: ai.onnx.ml, onnxruntime, QONNX and FINN.
const OnnxRules& foreignRules();

/// A size no larger than this can be reckoned with in 64 bits.
inline constexpr std::int64_t kMostReckoned = std::int64_t{1} << 50;

/// NumPy's: aligned at the last axis; -1 along an axis where the sizes contradict each other.
OnnxShape broadcast(const OnnxShape& a, const OnnxShape& b);
/// The same as a value: impossible where sizes contradict each other.
OnnxValue broadcastValue(const OnnxShape& a, const OnnxShape& b);
/// As a and b without contradiction; -1 along axes that neither knows or where they differ in rank.
OnnxShape product(const OnnxShape& a, const OnnxShape& b);
OnnxValue likeInput(const OnnxNode& node, int input);

}  // namespace cohelix::interop
