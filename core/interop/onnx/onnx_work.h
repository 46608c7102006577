// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the readers of nodes that do work have in common. Private to the room.

#include <string>
#include <vector>

#include "core/interop/onnx/onnx_node.h"
#include "core/model/layer.h"

namespace cohelix::interop {

/// Ends the reading of a node; caught in workOf.
struct NoLayer {
    std::string reason;
    double macs = -1;  ///< below 0: not known
};

/// With all sizes known and none 0; else NoLayer.
OnnxShape knownInput(const OnnxNode& node, int input);
OnnxShape knownOutput(const OnnxNode& node, const std::vector<OnnxValue>& outputs);

/// The product of all sizes, as a number that cannot wrap.
double elements(const OnnxShape& shape);
/// NoLayer beyond what a layer can have along a dimension.
std::int64_t layerSize(std::int64_t a, std::int64_t b);

/// rows x inner times inner x columns, `groups` of them side by side, all `shared` times with the
/// same second matrices.
model::Layer matrixLayer(std::int64_t shared, std::int64_t groups, std::int64_t rows,
                         std::int64_t inner, std::int64_t columns);
model::Layer named(model::Layer layer, std::string name);

/// What the product with the states of a recurrence is named.
inline constexpr const char* kStates = "recurrent";

using Layers = std::vector<model::Layer>;
/// Convolutions over any number of axes.
Layers convolutionLayers(const OnnxNode& node, const std::vector<OnnxValue>& outputs);
Layers transposedLayers(const OnnxNode& node, const std::vector<OnnxValue>& outputs);
Layers gemmLayers(const OnnxNode& node);
Layers matMulLayers(const OnnxNode& node);
/// Pairs of operands from the left.
Layers einsumLayers(const OnnxNode& node);
Layers attentionLayers(const OnnxNode& node);
/// The product with the inputs of all steps, and that with the state of all steps.
Layers recurrentLayers(const OnnxNode& node);
/// Products whose sizes are in attributes: of few bits, of FINN, of ai.onnx.ml.
Layers attributeLayers(const OnnxNode& node);

}  // namespace cohelix::interop
