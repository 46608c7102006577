// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/builder.h"
#include "core/workload/networks.h"

namespace cohelix::workload {

using model::LayerRole;

namespace {

/// Inverted residual blocks that share their sizes; the first one has the stride.
struct Stage {
    std::int64_t expansion;
    std::int64_t channels;
    int blocks;
    int stride;
    std::int64_t kernel = 3;
};

/// Squeeze to a vector, two linear layers with bias, scale: to a quarter of the block's input.
void addSqueezeExcite(Builder& builder, const std::string& block, std::int64_t channels,
                      std::int64_t squeezed) {
    builder.addLinear(block + ".squeeze", {channels}, squeezed);
    builder.addLinear(block + ".excite", {squeezed}, channels);
}

/// What such networks differ in beside their stages.
struct Frame {
    std::int64_t stem = 32;
    std::int64_t head = 1280;
    bool squeezeExcite = false;
    bool expandsByOne = false;  ///< blocks of expansion 1 have their first 1 x 1 convolution too
};

Workload invertedResiduals(Builder builder, const std::vector<Stage>& stages, const Frame& frame) {
    Feature at =
        builder.add({3, 224}, {.name = "stem", .channels = frame.stem, .kernel = 3, .stride = 2});
    int index = 0;
    for (const auto& stage : stages) {
        for (int i = 0; i < stage.blocks; ++i, ++index) {
            const auto block = "block" + std::to_string(index);
            const auto in = at.channels;
            if (stage.expansion != 1 || frame.expandsByOne) {
                at = builder.add(at, {.name = block + ".expand",
                                      .channels = in * stage.expansion,
                                      .role = LayerRole::Expand});
            }
            at = builder.addDepthwise(at, {.name = block + ".depthwise",
                                           .kernel = stage.kernel,
                                           .stride = i == 0 ? stage.stride : 1});
            if (frame.squeezeExcite) addSqueezeExcite(builder, block, at.channels, in / 4);
            at = builder.add(at, {.name = block + ".project",
                                  .channels = stage.channels,
                                  .role = LayerRole::Project});
        }
    }
    at = builder.add(at, {.name = "head", .channels = frame.head, .role = LayerRole::Head});
    builder.addLinear("classifier", {at.channels}, 1000);
    return builder.take();
}

}  // namespace

Workload mobileNetV2() {
    return invertedResiduals({"mobilenetv2",
                              "MobileNetV2 (Sandler et al., CVPR 2018), width 1, "
                              "224 x 224"},
                             {{1, 16, 1, 1},
                              {6, 24, 2, 2},
                              {6, 32, 3, 2},
                              {6, 64, 4, 2},
                              {6, 96, 3, 1},
                              {6, 160, 3, 2},
                              {6, 320, 1, 1}},
                             {});
}

Workload efficientNetB0() {
    return invertedResiduals({"efficientnet-b0",
                              "EfficientNet-B0 (Tan and Le, ICML 2019), "
                              "224 x 224"},
                             {{1, 16, 1, 1, 3},
                              {6, 24, 2, 2, 3},
                              {6, 40, 2, 2, 5},
                              {6, 80, 3, 2, 3},
                              {6, 112, 3, 1, 5},
                              {6, 192, 4, 2, 5},
                              {6, 320, 1, 1, 3}},
                             {.squeezeExcite = true});
}

Workload fbnetCLike() {
    return invertedResiduals({"fbnet-c-like", "after FBNet-C (Wu et al., CVPR 2019), 224 x 224"},
                             {{1, 16, 1, 1, 3},
                              {6, 24, 1, 2, 3},
                              {1, 24, 2, 1, 3},
                              {6, 32, 1, 2, 5},
                              {3, 32, 1, 1, 5},
                              {6, 32, 1, 1, 5},
                              {6, 32, 1, 1, 3},
                              {6, 64, 1, 2, 5},
                              {3, 64, 1, 1, 5},
                              {6, 64, 2, 1, 5},
                              {6, 112, 3, 1, 5},
                              {3, 112, 1, 1, 5},
                              {6, 184, 4, 2, 5},
                              {6, 352, 1, 1, 3}},
                             {.stem = 16, .head = 1984, .expandsByOne = true});
}

Workload proxylessNasMobileLike() {
    return invertedResiduals({"proxylessnas-mobile-like",
                              "after ProxylessNAS, mobile (Cai et al., ICLR 2019), 224 x 224"},
                             {{1, 16, 1, 1, 3},
                              {3, 32, 1, 2, 5},
                              {3, 32, 1, 1, 3},
                              {3, 40, 1, 2, 7},
                              {3, 40, 1, 1, 3},
                              {3, 40, 2, 1, 5},
                              {6, 80, 1, 2, 7},
                              {3, 80, 3, 1, 5},
                              {6, 96, 1, 1, 5},
                              {3, 96, 3, 1, 5},
                              {6, 192, 1, 2, 7},
                              {6, 192, 1, 1, 7},
                              {3, 192, 2, 1, 7},
                              {6, 320, 1, 1, 7}},
                             {});
}

}  // namespace cohelix::workload
