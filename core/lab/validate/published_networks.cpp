// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/validate/published_networks.h"

#include <array>

namespace cohelix::validate {
namespace {

std::vector<model::Layer> vgg16() {
    std::vector<model::Layer> layers;
    for (const auto& stage : vgg16Stages()) layers.insert(layers.end(), stage.begin(), stage.end());
    return layers;
}

std::vector<model::Layer> alexNet() {
    return {squareConvolution(96, 3, 55, 11, 4), squareConvolution(256, 96, 27, 5, 1, 2),
            squareConvolution(384, 256, 13, 3), squareConvolution(384, 384, 13, 3, 1, 2),
            squareConvolution(256, 384, 13, 3, 1, 2)};
}

/// Bottlenecks; the first 1x1 convolution of a stage has its stride.
std::vector<model::Layer> resNet50() {
    struct Stage {
        int blocks;
        std::int64_t width, side;
    };
    std::vector<model::Layer> layers = {squareConvolution(64, 3, 112, 7, 2)};
    std::int64_t channels = 64;
    for (const auto& [blocks, width, side] :
         {Stage{3, 64, 56}, Stage{4, 128, 28}, Stage{6, 256, 14}, Stage{3, 512, 7}}) {
        for (int block = 0; block < blocks; ++block) {
            const int stride = block == 0 && width > 64 ? 2 : 1;
            if (block == 0) {
                layers.push_back(squareConvolution(4 * width, channels, side, 1, stride));
            }
            layers.push_back(squareConvolution(width, channels, side, 1, stride));
            layers.push_back(squareConvolution(width, width, side, 3));
            layers.push_back(squareConvolution(4 * width, width, side, 1));
            channels = 4 * width;
        }
    }
    return layers;
}

std::vector<model::Layer> googLeNet() {
    // Side, input channels, then 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool projection.
    static constexpr std::array<std::array<std::int64_t, 8>, 9> kInceptions = {{
        {28, 192, 64, 96, 128, 16, 32, 32},
        {28, 256, 128, 128, 192, 32, 96, 64},
        {14, 480, 192, 96, 208, 16, 48, 64},
        {14, 512, 160, 112, 224, 24, 64, 64},
        {14, 512, 128, 128, 256, 24, 64, 64},
        {14, 512, 112, 144, 288, 32, 64, 64},
        {14, 528, 256, 160, 320, 32, 128, 128},
        {7, 832, 256, 160, 320, 32, 128, 128},
        {7, 832, 384, 192, 384, 48, 128, 128},
    }};
    std::vector<model::Layer> layers = {squareConvolution(64, 3, 112, 7, 2),
                                        squareConvolution(64, 64, 56, 1),
                                        squareConvolution(192, 64, 56, 3)};
    for (const auto& [side, in, one, reduce3, three, reduce5, five, pool] : kInceptions) {
        layers.push_back(squareConvolution(one, in, side, 1));
        layers.push_back(squareConvolution(reduce3, in, side, 1));
        layers.push_back(squareConvolution(three, reduce3, side, 3));
        layers.push_back(squareConvolution(reduce5, in, side, 1));
        layers.push_back(squareConvolution(five, reduce5, side, 5));
        layers.push_back(squareConvolution(pool, in, side, 1));
    }
    return layers;
}

}  // namespace

model::Layer squareConvolution(std::int64_t outputChannels, std::int64_t inputChannels,
                               std::int64_t side, std::int64_t kernel, int stride, int groups) {
    model::Layer layer;
    layer.sizes = {1, outputChannels, inputChannels, side, side, kernel, kernel};
    layer.stride = stride;
    layer.groups = groups;
    return layer;
}

std::vector<std::vector<model::Layer>> vgg16Stages() {
    struct Stage {
        int layers;
        std::int64_t channels, side;
    };
    std::vector<std::vector<model::Layer>> stages;
    std::int64_t channels = 3;
    for (const auto& [layers, width, side] :
         {Stage{2, 64, 224}, Stage{2, 128, 112}, Stage{3, 256, 56}, Stage{3, 512, 28},
          Stage{3, 512, 14}}) {
        auto& stage = stages.emplace_back();
        for (int layer = 0; layer < layers; ++layer) {
            stage.push_back(squareConvolution(width, channels, side, 3));
            channels = width;
        }
    }
    return stages;
}

std::vector<model::Layer> convolutionsOf(std::string_view network) {
    if (network == "VGG-16") return vgg16();
    if (network == "AlexNet") return alexNet();
    if (network == "ResNet-50") return resNet50();
    if (network == "GoogleNet") return googLeNet();
    return {};
}

}  // namespace cohelix::validate
