// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A trained network as an ONNX model (operator set 13). Input "image": float N x C x H x W, pixels
// in 0 … 1; the normalisation of the training is part of the graph. Output "logits": N x classes.
// N is free. Every layer's output is a value of the layer's name, so that a tool shows our names.
// The metadata "cohelix.precision" says whether the accuracy was evaluated in floating or fixed
// point, "cohelix.precision.<layer>" in how many bits and with which range of the layer's input.

#include <string>

#include "core/base/result.h"
#include "core/learn/learn.h"
#include "core/model/network.h"

namespace cohelix::interop {

/// The model's bytes, for a file NAME.onnx. Errors: a layer without weights or with weights of
/// another shape, a value that is not finite, a network whose layers do not fit together.
base::Result<std::string> onnxModel(const model::Network& network,
                                    const learn::TrainedWeights& weights, const std::string& name);

}  // namespace cohelix::interop
