// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One layer of a network as the cost models see it: a convolution nest over the seven dimensions
// N K C P Q R S (batch, output channel, input channel, output row, output column, kernel row,
// kernel column) and the groups G, and as the trainer and the ONNX writer see it: a node with its
// inputs.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/words.h"

namespace cohelix::model {

enum class Dim : std::uint8_t { N, K, C, P, Q, R, S, G };
/// The seven dimensions that a layer has a size of.
inline constexpr int kDims = 7;
inline constexpr std::array kAllDims = {Dim::N, Dim::K, Dim::C, Dim::P, Dim::Q, Dim::R, Dim::S};
/// The dimensions that a loop may run over: these and the groups.
inline constexpr int kLoopDims = 8;
constexpr std::string_view word(Dim dim) {
    switch (dim) {
        case Dim::N: return "N";
        case Dim::K: return "K";
        case Dim::C: return "C";
        case Dim::P: return "P";
        case Dim::Q: return "Q";
        case Dim::R: return "R";
        case Dim::S: return "S";
        case Dim::G: return "G";
    }
    return {};
}
inline constexpr auto kAllLoopDims = base::kValues<Dim>;
static_assert(kAllLoopDims.size() == kLoopDims);
/// "output channel", …
std::string_view dimMeaning(Dim dim);

enum class Tensor : std::uint8_t { Weights, Inputs, Outputs };
inline constexpr int kTensors = 3;
inline constexpr std::array kAllTensors = {Tensor::Weights, Tensor::Inputs, Tensor::Outputs};
constexpr std::string_view word(Tensor tensor) {
    switch (tensor) {
        case Tensor::Weights: return "weights";
        case Tensor::Inputs: return "inputs";
        case Tensor::Outputs: return "outputs";
    }
    return {};
}

/// Their places in arrays by dimension, or by tensor.
constexpr std::size_t indexOf(Dim dim) { return static_cast<std::size_t>(dim); }
constexpr std::size_t indexOf(Tensor tensor) { return static_cast<std::size_t>(tensor); }

enum class LayerRole : std::uint8_t {
    Stem,
    Expand,  ///< 1x1 convolution into a block's hidden channels
    Depthwise,
    Project,   ///< 1x1 convolution out of a block's hidden channels
    Shortcut,  ///< 1x1 convolution of a skip that changes shape
    Head,
    Classifier  ///< linear layer: P = Q = R = S = 1
};
constexpr std::string_view word(LayerRole role) {
    switch (role) {
        case LayerRole::Stem: return "stem";
        case LayerRole::Expand: return "expand";
        case LayerRole::Depthwise: return "depthwise";
        case LayerRole::Project: return "project";
        case LayerRole::Shortcut: return "shortcut";
        case LayerRole::Head: return "head";
        case LayerRole::Classifier: return "classifier";
    }
    return {};
}

/// A step along rows (P and R) and one along columns (Q and S); from one number, of both.
struct PerAxis {
    int rows = 1;
    int columns = 1;

    constexpr PerAxis(int both = 1) : rows(both), columns(both) {}
    constexpr PerAxis(int alongRows, int alongColumns) : rows(alongRows), columns(alongColumns) {}
    constexpr bool alike() const { return rows == columns; }
    /// Of P or R, of Q or S.
    constexpr int along(Dim dim) const { return dim == Dim::P || dim == Dim::R ? rows : columns; }
    friend auto operator<=>(const PerAxis&, const PerAxis&) = default;
};
/// "2", or "2 x 1" (rows, columns) where they differ.
std::string perAxisText(const PerAxis& step);

/// Zeros around the inputs, as far as the kernel touches them: positions that hold no word.
struct Border {
    PerAxis before = 0;  ///< rows above, columns to the left
    PerAxis after = 0;   ///< rows below, columns to the right
    friend auto operator<=>(const Border&, const Border&) = default;
};

/// Channel counts K and C are totals over all groups. A convolution is followed by batch
/// normalisation; the classifier has a bias and is preceded by global average pooling.
struct Layer {
    std::string name;  ///< "block3.depthwise"; unique in its network
    LayerRole role = LayerRole::Stem;
    int block = -1;  ///< index of the searchable block, or -1
    std::array<std::int64_t, kDims> sizes = {1, 1, 1, 1, 1, 1, 1};
    PerAxis stride = 1;    ///< of P and of Q
    PerAxis dilation = 1;  ///< of R and of S
    Border border = {};    ///< none: all that the kernel touches are words of the inputs
    int groups = 1;

    int input = -1;         ///< index of the layer that feeds it; -1: the image
    int addedTo = -1;       ///< index of a layer whose output is added once normalised; -1: none
    bool relu = false;      ///< ReLU at the end
    int shuffleGroups = 1;  ///< channel shuffle of the output into that many groups; 1: none

    std::int64_t size(Dim dim) const { return sizes[static_cast<std::size_t>(dim)]; }
    std::int64_t& size(Dim dim) { return sizes[static_cast<std::size_t>(dim)]; }
    bool depthwise() const {
        return groups > 1 && groups == size(Dim::C) && groups == size(Dim::K);
    }

    friend bool operator==(const Layer&, const Layer&) = default;
};

/// What layers have in common that cost the same on the same hardware.
struct LayerShape {
    std::array<std::int64_t, kDims> sizes;
    PerAxis stride;
    PerAxis dilation;
    Border border;
    int groups = 1;
    friend auto operator<=>(const LayerShape&, const LayerShape&) = default;
};
LayerShape layerShapeOf(const Layer& layer);

/// What the loops over dim must cover: of K and C the part of one group, of G the groups. In a
/// depthwise layer only G runs over channels.
std::int64_t loopSize(const Layer& layer, Dim dim);
/// Multiply-accumulates of one image batch.
std::int64_t macs(const Layer& layer);
/// Rows (of P) or columns (of Q) that the kernel touches, those of the border too:
/// (P-1)*stride + (R-1)*dilation + 1.
std::int64_t patchAlong(const Layer& layer, Dim output);
/// The rows or columns of them that are words of the inputs.
std::int64_t inputsAlong(const Layer& layer, Dim output);
/// Words of a tensor: weights K*C/groups*R*S; outputs N*K*P*Q; inputs N*C*H*W, H and W as
/// inputsAlong has them.
std::int64_t words(const Layer& layer, Tensor tensor);
/// The border of inputs of so many rows and columns with `before` zeros ahead of them; what lies
/// behind follows from the patch. None along an axis where the kernel would touch zeros alone.
Border borderAround(const Layer& layer, const PerAxis& before, std::int64_t rows,
                    std::int64_t columns);
/// The border of outputs that are as many as inputs divided by the stride, half of it ahead (of an
/// odd number the larger half), as networks most often have it.
Border evenBorder(const Layer& layer);
/// The same layer on hardware that knows no border: zeros are words like all others.
Layer withZerosAsWords(Layer layer);
/// Trained parameters: weights, two per channel of the batch normalisation, or the bias.
std::int64_t parameters(const Layer& layer);

}  // namespace cohelix::model
