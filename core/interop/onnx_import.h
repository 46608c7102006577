// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A network from an ONNX model: its convolutions and matrix products as layers, and a list of all
// other nodes with the reason why each is none. Shapes come from ONNX's own inference; the values
// of weights are not looked at.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/layer.h"

namespace cohelix::interop {

/// What a model leaves open. `named` goes first: a dimension's name ("height") or its place
/// ("image[2]").
struct OnnxSizes {
    std::int64_t batch = 1;    ///< first axis of an input, and every dimension of the same name
    std::int64_t other = 224;  ///< all other open dimensions
    std::map<std::string, std::int64_t> named = {};
};

struct OnnxPassedOver {
    std::string node;  ///< its name, or that of its first output
    std::string op;    ///< "MaxPool"
    std::string reason;
    std::optional<std::int64_t> macs = {};  ///< that go uncounted, where they are known
    friend bool operator==(const OnnxPassedOver&, const OnnxPassedOver&) = default;
};

struct OnnxNetwork {
    std::string name;      ///< of the graph
    std::string producer;  ///< "pytorch 2.1.0"
    std::vector<model::Layer> layers;
    std::vector<OnnxPassedOver> passedOver;
    std::vector<std::string> notes;  ///< what was taken for granted: "x[0] is taken as 1", …
};

/// Convolutions (one or two axes; grouped, depthwise, dilated, integer) become layers of the same
/// sizes; transposed ones the convolution of equal work and traffic where there is one: each
/// phase of the strides in the output is a set of output channels. Matrix products: rows are P,
/// columns K; batches that share the second matrix are N, others groups. Of an If the branch that
/// follows from the sizes is taken, or else the then branch, which a note says. A model may have
/// no layer at all: passedOver says why. Errors name the file: not readable, beyond 2 GB, no ONNX
/// model, cut off, contradictory shapes, sizes past 2^62.
base::Result<OnnxNetwork> readOnnx(const std::string& path, const OnnxSizes& sizes = {});
/// The same from a model's bytes; `where` names them in errors.
base::Result<OnnxNetwork> onnxNetwork(std::string_view bytes, const std::string& where,
                                      const OnnxSizes& sizes = {});

}  // namespace cohelix::interop
