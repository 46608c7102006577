// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/builder.h"
#include "core/workload/networks.h"

namespace cohelix::workload {

using model::LayerRole;

Workload alexNet() {
    Builder builder("alexnet",
                    "AlexNet (Krizhevsky et al., NIPS 2012) with its two groups, 227 x 227");
    const auto trained = Trained::Bias;
    Feature at = builder.add({3, 227}, {.name = "conv1",
                                        .channels = 96,
                                        .kernel = 11,
                                        .stride = 4,
                                        .padding = 0,
                                        .trained = trained});
    at = pooled(at, 3, 2);
    at = builder.add(
        at, {.name = "conv2", .channels = 256, .kernel = 5, .groups = 2, .trained = trained});
    at = pooled(at, 3, 2);
    at = builder.add(at, {.name = "conv3", .channels = 384, .kernel = 3, .trained = trained});
    at = builder.add(
        at, {.name = "conv4", .channels = 384, .kernel = 3, .groups = 2, .trained = trained});
    at = builder.add(
        at, {.name = "conv5", .channels = 256, .kernel = 3, .groups = 2, .trained = trained});
    at = pooled(at, 3, 2);
    builder.addLinear("fc6", at, 4096);
    builder.addLinear("fc7", {4096}, 4096);
    builder.addLinear("fc8", {4096}, 1000);
    return builder.take();
}

Workload vgg16() {
    Builder builder("vgg16",
                    "VGG-16, configuration D (Simonyan and Zisserman, ICLR 2015), "
                    "224 x 224");
    struct Stage {
        std::int64_t channels;
        int layers;
    };
    Feature at{3, 224};
    int stage = 0;
    for (const auto [channels, layers] : {Stage{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}}) {
        ++stage;
        for (int i = 1; i <= layers; ++i) {
            at = builder.add(at, {.name = "conv" + std::to_string(stage) + "_" + std::to_string(i),
                                  .channels = channels,
                                  .kernel = 3,
                                  .trained = Trained::Bias});
        }
        at = pooled(at, 2, 2);
    }
    builder.addLinear("fc6", at, 4096);
    builder.addLinear("fc7", {4096}, 4096);
    builder.addLinear("fc8", {4096}, 1000);
    return builder.take();
}

namespace {

/// A residual block; its shortcut is a convolution where the shape changes.
struct Residual {
    std::string name;
    std::int64_t channels;  ///< of its 3 x 3 convolutions
    int stride;
    bool bottleneck;  ///< 1 x 1, 3 x 3, 1 x 1 to four times the channels; else two 3 x 3
};

Feature addResidual(Builder& builder, const Feature& in, const Residual& block) {
    const auto name = [&](const char* part) { return block.name + "." + part; };
    const std::int64_t out = block.bottleneck ? 4 * block.channels : block.channels;
    Feature at = in;
    if (block.bottleneck) {
        at = builder.add(at, {.name = name("conv1"), .channels = block.channels});
        at = builder.add(at, {.name = name("conv2"),
                              .channels = block.channels,
                              .kernel = 3,
                              .stride = block.stride});
        at = builder.add(at, {.name = name("conv3"), .channels = out});
    } else {
        at = builder.add(at, {.name = name("conv1"),
                              .channels = block.channels,
                              .kernel = 3,
                              .stride = block.stride});
        at = builder.add(at, {.name = name("conv2"), .channels = out, .kernel = 3});
    }
    if (block.stride != 1 || in.channels != out) {
        builder.add(in, {.name = name("shortcut"),
                         .channels = out,
                         .stride = block.stride,
                         .role = LayerRole::Shortcut});
    }
    return at;
}

Workload resNet(Builder builder, const std::vector<int>& blocks, bool bottleneck) {
    Feature at = builder.add({3, 224}, {.name = "conv1", .channels = 64, .kernel = 7, .stride = 2});
    at = pooled(at, 3, 2, 1);
    std::int64_t channels = 64;
    for (std::size_t stage = 0; stage < blocks.size(); ++stage, channels *= 2) {
        for (int i = 0; i < blocks[stage]; ++i) {
            const auto name = "layer" + std::to_string(stage + 1) + "." + std::to_string(i);
            const int stride = stage > 0 && i == 0 ? 2 : 1;
            at = addResidual(builder, at, {name, channels, stride, bottleneck});
        }
    }
    builder.addLinear("fc", {at.channels}, 1000);
    return builder.take();
}

}  // namespace

Workload resNet18() {
    return resNet({"resnet18", "ResNet-18 (He et al., CVPR 2016), 224 x 224"}, {2, 2, 2, 2}, false);
}

Workload resNet50() {
    return resNet({"resnet50",
                   "ResNet-50 (He et al., CVPR 2016) with the stride in the 3 x 3 "
                   "convolutions (v1.5), 224 x 224"},
                  {3, 4, 6, 3}, true);
}

}  // namespace cohelix::workload
