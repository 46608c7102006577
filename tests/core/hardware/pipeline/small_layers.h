// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <rapidcheck.h>

#include "core/model/accelerator.h"
#include "core/model/layer.h"

namespace cohelix::hardware {

inline constexpr auto kBoth = model::Parallelism::OutputAndInputChannels;

/// From 1 on; drawn inside a property of RapidCheck.
inline int upTo(int most) { return *rc::gen::inRange(1, most + 1); }

/// Square in map and kernel.
inline model::Layer layerOf(std::int64_t k, std::int64_t c, std::int64_t map, std::int64_t kernel,
                            int groups = 1, int stride = 1) {
    using model::Dim;
    model::Layer layer;
    layer.name = "layer";
    layer.size(Dim::K) = k;
    layer.size(Dim::C) = c;
    layer.size(Dim::P) = layer.size(Dim::Q) = map;
    layer.size(Dim::R) = layer.size(Dim::S) = kernel;
    layer.stride = stride;
    layer.groups = groups;
    return layer;
}

}  // namespace cohelix::hardware
