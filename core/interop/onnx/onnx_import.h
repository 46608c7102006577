// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A network from an ONNX model: its convolutions and matrix products as layers, and a list of all
// other nodes with the reason why each is none. Shapes follow from the inputs, operator by
// operator; what does not follow is taken as the file states it. The values of weights are not
// looked at.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/hardware/coverage.h"
#include "core/model/layer.h"

namespace cohelix::interop {

/// The most that protobuf reads.
inline constexpr std::size_t kMostModelBytes = std::numeric_limits<std::int32_t>::max();

/// What a model leaves open. `named` goes first: a dimension's place ("image[2]"), its name
/// ("height"), or "batch" for the batch of any input: the dimensions that are named so ("N",
/// "batch_size"), or the first axis where none is and its name is not that of a sequence. What is
/// neither batch nor rows or columns of an image is 1: steps of a sequence, say.
struct OnnxSizes {
    std::int64_t batch = 1;    ///< of every dimension of the same name, too
    std::int64_t image = 224;  ///< rows and columns of an image of four axes, or called so
    std::map<std::string, std::int64_t> named = {};
};

struct OnnxPassedOver {
    std::string node;  ///< its name, or that of its first output
    std::string op;    ///< "MaxPool"
    std::string reason;
    /// Multiply-accumulates that go uncounted: 0 where it has none; nothing where nobody knows.
    std::optional<std::int64_t> macs = {};
    friend bool operator==(const OnnxPassedOver&, const OnnxPassedOver&) = default;
};

/// That quantisers leave of each element; 0: none says.
struct OperandBits {
    int inputs = 0;
    int weights = 0;
    bool stated() const { return inputs > 0 || weights > 0; }
    friend bool operator==(const OperandBits&, const OperandBits&) = default;
};

/// What a model says of a layer that the layer itself cannot.
struct OnnxAside {
    std::vector<hardware::BoundedWork> bounds = {};  ///< without the layer's name
    OperandBits bits = {};
    friend bool operator==(const OnnxAside&, const OnnxAside&) = default;
};

struct OnnxNetwork {
    std::string name;      ///< of the graph
    std::string producer;  ///< "pytorch 2.1.0"
    std::vector<model::Layer> layers;
    std::vector<OnnxAside> asides;  ///< of the layers, index by index
    std::vector<OnnxPassedOver> passedOver;
    std::vector<std::string> notes;  ///< what was taken for granted: "x[0] is taken as 1", …
};

/// Convolutions (grouped, depthwise, dilated, integer, fused) become layers of the same sizes;
/// beyond two axes the others are folded into rows and input channels. Transposed ones become the
/// convolution of equal work where there is one, or else the product of every input with every tap.
/// Matrix products: rows are P, columns K; batches that share the second matrix are N, others
/// groups. Einsums, attentions and recurrent nodes become the products that they are made of; the
/// steps of a recurrence and the runs of a loop's body are rows or images of one layer, which is a
/// bound. Of an If the branch that follows from the sizes is taken, or else the one with more work,
/// which is a bound. A model may have no layer at all: passedOver says why. Errors name the file:
/// not readable, beyond 2 GB, no ONNX model, cut off, sizes past 2^62.
base::Result<OnnxNetwork> readOnnx(const std::string& path, const OnnxSizes& sizes = {});
/// The same from a model's bytes; `where` names them in errors.
base::Result<OnnxNetwork> onnxNetwork(std::string_view bytes, const std::string& where,
                                      const OnnxSizes& sizes = {});

}  // namespace cohelix::interop
