// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The network space: stem, stages of searchable blocks, head (FBNet-like, as in DNA and Auto-NBA),
// and how a choice of operators becomes a network.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/hardware/template/choice.h"
#include "core/model/network.h"

namespace cohelix::spec {

/// One operator of a block: 1x1 convolution to expansion * input channels, k x k depthwise, 1x1
/// convolution; or a skip. `groups` counts those of both 1x1 convolutions.
struct Operator {
    int kernel = 3;
    int expansion = 1;
    int groups = 1;
    bool skip = false;
    friend bool operator==(const Operator&, const Operator&) = default;
};
/// "k3_e6", "k5_e1_g2", "skip"; nothing when the text is none of these (kernel 1, 3, 5, 7;
/// expansion 1..16; groups 1, 2, 4).
std::optional<Operator> parseOperator(std::string_view text);
std::string toText(const Operator& op);

struct Stage {
    int channels = 16;
    int blocks = 1;
    int stride = 1;  ///< of the stage's first block
    friend bool operator==(const Stage&, const Stage&) = default;
};

struct NetworkSpace {
    model::ImageShape input;
    int classes = 10;
    int stemChannels = 16;
    int stemKernel = 3;
    int stemStride = 1;
    std::vector<Stage> stages;
    std::vector<Operator> operators;  ///< the same list for every block
    int headChannels = 0;             ///< 1x1 convolution before pooling; 0: none
    friend bool operator==(const NetworkSpace&, const NetworkSpace&) = default;
};

/// A searchable block's place in the network.
struct BlockShape {
    int inputs = 1;
    int outputs = 1;
    int stride = 1;
    int height = 1;  ///< of its input map
    int width = 1;
    bool keepsShape() const { return stride == 1 && inputs == outputs; }
    friend bool operator==(const BlockShape&, const BlockShape&) = default;
};
std::vector<BlockShape> blockShapes(const NetworkSpace& space);

/// One choice a block, "block0" …, options the operators' names.
std::vector<hardware::Choice> networkChoices(const NetworkSpace& space);

/// The network of one operator index a block. A skip that keeps the shape has no layer. Block b's
/// layers are named "block<b>.expand", ".depthwise", ".project" or ".shortcut"; the others "stem",
/// "head", "classifier". Operators with expansion 1 have the first 1x1 convolution too (method.md
/// 2.2). Precondition: operators.size() == number of blocks, each index in range.
model::Network buildNetwork(const NetworkSpace& space, std::span<const int> operators);

/// The layers of one operator in one block: as buildNetwork, but `input` and `addedTo` count from
/// the first of them; input -1 is the block's input, addedTo kBlockInput adds it, -1 adds nothing.
inline constexpr int kBlockInput = -2;
std::vector<model::Layer> blockLayers(const BlockShape& shape, const Operator& op, int block);

}  // namespace cohelix::spec
