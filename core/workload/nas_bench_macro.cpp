// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "core/workload/builder.h"

namespace cohelix::workload {
namespace {

using model::LayerRole;

/// A searchable layer's place in the network.
struct Place {
    std::int64_t channels;
    int stride;
};
constexpr std::array<Place, 8> kPlaces = {
    {{64, 2}, {64, 1}, {128, 2}, {128, 1}, {128, 1}, {256, 2}, {256, 1}, {256, 1}}};

Feature addBlock(Builder& builder, const std::string& name, const Feature& in, const Place& place,
                 std::int64_t kernel, std::int64_t expansion) {
    Feature at = builder.add(
        in,
        {.name = name + ".expand", .channels = in.channels * expansion, .role = LayerRole::Expand});
    at = builder.addDepthwise(
        at, {.name = name + ".depthwise", .kernel = kernel, .stride = place.stride});
    return builder.add(
        at, {.name = name + ".project", .channels = place.channels, .role = LayerRole::Project});
}

/// Nothing, or a 1 x 1 convolution where the shape changes.
Feature addIdentity(Builder& builder, const std::string& name, const Feature& in,
                    const Place& place) {
    if (place.stride == 1 && in.channels == place.channels) return in;
    return builder.add(in, {.name = name + ".shortcut",
                            .channels = place.channels,
                            .stride = place.stride,
                            .role = LayerRole::Shortcut});
}

}  // namespace

base::Result<Workload> nasBenchMacro(std::string_view digits) {
    const std::string text(digits);
    if (text.size() != kPlaces.size() || text.find_first_not_of("012") != std::string::npos) {
        return base::Error{"nasbench-macro:" + text, "this is no network of NAS-Bench-Macro",
                           "Give eight digits 0, 1 or 2, as in 10220212"};
    }
    Builder builder("nasbench-macro:" + text,
                    "NAS-Bench-Macro (Su et al., CVPR 2021), CIFAR-10, 32 x 32");
    Feature at = builder.add({3, 32}, {.name = "stem", .channels = 32, .kernel = 3});
    for (std::size_t i = 0; i < kPlaces.size(); ++i) {
        const auto name = "layer" + std::to_string(i);
        switch (text[i]) {
            case '0': at = addIdentity(builder, name, at, kPlaces[i]); break;
            case '1': at = addBlock(builder, name, at, kPlaces[i], 3, 3); break;
            default: at = addBlock(builder, name, at, kPlaces[i], 5, 6); break;
        }
    }
    at = builder.add(at, {.name = "head", .channels = 1280, .role = LayerRole::Head});
    builder.addLinear("classifier", {at.channels}, 10);
    return builder.take();
}

}  // namespace cohelix::workload
