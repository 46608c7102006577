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

Workload invertedResiduals(Builder builder, const std::vector<Stage>& stages,
                           bool squeezeExcite) {
    Feature at = builder.add({3, 224}, {.name = "stem", .channels = 32, .kernel = 3, .stride = 2});
    int index = 0;
    for (const auto& stage : stages) {
        for (int i = 0; i < stage.blocks; ++i, ++index) {
            const auto block = "block" + std::to_string(index);
            const auto in = at.channels;
            if (stage.expansion != 1) {
                at = builder.add(at, {.name = block + ".expand", .channels = in * stage.expansion,
                                      .role = LayerRole::Expand});
            }
            at = builder.addDepthwise(at, {.name = block + ".depthwise", .kernel = stage.kernel,
                                           .stride = i == 0 ? stage.stride : 1});
            if (squeezeExcite) addSqueezeExcite(builder, block, at.channels, in / 4);
            at = builder.add(at, {.name = block + ".project", .channels = stage.channels,
                                  .role = LayerRole::Project});
        }
    }
    at = builder.add(at, {.name = "head", .channels = 1280, .role = LayerRole::Head});
    builder.addLinear("classifier", {at.channels}, 1000);
    return builder.take();
}

}  // namespace

Workload mobileNetV2() {
    return invertedResiduals({"mobilenetv2", "MobileNetV2 (Sandler et al., CVPR 2018), width 1, "
                                             "224 x 224"},
                             {{1, 16, 1, 1},
                              {6, 24, 2, 2},
                              {6, 32, 3, 2},
                              {6, 64, 4, 2},
                              {6, 96, 3, 1},
                              {6, 160, 3, 2},
                              {6, 320, 1, 1}},
                             false);
}

Workload efficientNetB0() {
    return invertedResiduals({"efficientnet-b0", "EfficientNet-B0 (Tan and Le, ICML 2019), "
                                                 "224 x 224"},
                             {{1, 16, 1, 1, 3},
                              {6, 24, 2, 2, 3},
                              {6, 40, 2, 2, 5},
                              {6, 80, 3, 2, 3},
                              {6, 112, 3, 1, 5},
                              {6, 192, 4, 2, 5},
                              {6, 320, 1, 1, 3}},
                             true);
}

}  // namespace cohelix::workload
