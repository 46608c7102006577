// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How operators of other domains and the fused and quantised forms of ONNX's own are like operators
// of ONNX: which they are shaped like, where their operands stand. Private to the room.

#include <string_view>

#include "core/interop/onnx/onnx_node.h"

namespace cohelix::interop {

/// Whether operators of the domain are known here at all.
bool isKnownDomain(std::string_view domain);
/// The operator of ONNX that has the same operands and the same shapes: "Conv" of "FusedConv",
/// "Relu" of whatever keeps the shape of its first input; its own name where there is none.
std::string_view likeOperator(std::string_view domain, std::string_view op);

/// The input with the weights, or the second operand of a product.
int weightsOf(const OnnxNode& node);

/// Whether channels are the last axis of the input and the result.
bool channelsLast(const OnnxNode& node);
/// The shape with its channels behind the batch, and back.
OnnxShape toChannelsFirst(const OnnxShape& shape);
OnnxShape toChannelsLast(const OnnxShape& shape);
/// Weights of a convolution as K, C / groups, kernel: some writers of channels-last ones put the
/// channels of the weights last, too.
OnnxShape channelsFirstWeights(const OnnxNode& node, const OnnxShape& weights,
                               std::int64_t channels);
/// The operand of a matrix product ("A" or "B") as its attributes turn it, matrix and batch.
OnnxShape turnedOperand(const OnnxNode& node, OnnxShape shape, const std::string& which);

}  // namespace cohelix::interop
