// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The convolutions of networks that accelerators were published with, as their Caffe models have
// them. Private to the room.

#include <string_view>
#include <vector>

#include "core/model/layer.h"

namespace cohelix::validate {

/// A layer with a square map and kernel.
model::Layer squareConvolution(std::int64_t outputChannels, std::int64_t inputChannels,
                               std::int64_t side, std::int64_t kernel, int stride = 1,
                               int groups = 1);

/// VGG-16's five stages of two or three layers.
std::vector<std::vector<model::Layer>> vgg16Stages();

/// "VGG-16", "AlexNet", "ResNet-50", "GoogleNet"; of others none.
std::vector<model::Layer> convolutionsOf(std::string_view network);

}  // namespace cohelix::validate
