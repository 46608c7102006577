// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/documents/layer_check.h"

#include <algorithm>
#include <string>

namespace cohelix::interop {
namespace {

using base::Error;
using base::Result;
using model::Dim;

constexpr double kMostCount = 4.6e18;

Result<void> checkRange(const model::Layer& layer, std::int64_t value, const std::string& what) {
    if (value >= 1 && value <= kMostSize) return {};
    const auto most = ", and a layer holds " + std::to_string(kMostSize) + " at most";
    return Error{layer.name,
                 what + " is " + std::to_string(value) + (value > kMostSize ? most : ""),
                 "Give 1 to " + std::to_string(kMostSize)};
}

/// Products in doubles cannot wrap, and all the model's own products stay below these.
bool countable(const model::Layer& layer) {
    const auto size = [&](Dim dim) { return static_cast<double>(layer.size(dim)); };
    double product = 1;
    for (const Dim dim : model::kAllDims) product *= size(dim);
    const auto extent = [&](Dim output, Dim kernel) {
        return size(output) * layer.stride.along(output) +
               size(kernel) * layer.dilation.along(kernel);
    };
    const double inputs =
        size(Dim::N) * size(Dim::C) * extent(Dim::P, Dim::R) * extent(Dim::Q, Dim::S);
    return product < kMostCount && inputs < kMostCount;
}

Result<void> checkReach(const model::Layer& layer) {
    for (const Dim output : {Dim::P, Dim::Q}) {
        const auto reach = model::patchAlong(layer, output);
        if (reach <= kMostSize) continue;
        return Error{layer.name,
                     "its outputs along " + std::string(word(output)) + " reach over " +
                         std::to_string(reach) + " inputs",
                     "Make it at most " + std::to_string(kMostSize)};
    }
    return {};
}

Result<void> checkBorder(const model::Layer& layer) {
    for (const Dim output : {Dim::P, Dim::Q}) {
        const auto least =
            std::min(layer.border.before.along(output), layer.border.after.along(output));
        if (least >= 0 && model::inputsAlong(layer, output) >= 1) continue;
        return Error{layer.name, "its border is below zero, or leaves no inputs",
                     "Give the zeros that the kernel touches around the inputs"};
    }
    return {};
}

}  // namespace

Result<void> checkLayer(const model::Layer& layer) {
    for (const Dim dim : model::kAllDims) {
        const auto what = "its size along " + std::string(word(dim));
        if (auto fits = checkRange(layer, layer.size(dim), what); !fits) return fits;
    }
    for (const int stride : {layer.stride.rows, layer.stride.columns}) {
        if (auto fits = checkRange(layer, stride, "its stride"); !fits) return fits;
    }
    for (const int dilation : {layer.dilation.rows, layer.dilation.columns}) {
        if (auto fits = checkRange(layer, dilation, "its dilation"); !fits) return fits;
    }
    if (auto fits = checkRange(layer, layer.groups, "its number of groups"); !fits) return fits;
    if (auto fits = checkReach(layer); !fits) return fits;
    if (auto fits = checkBorder(layer); !fits) return fits;
    for (const Dim dim : {Dim::K, Dim::C}) {
        if (layer.size(dim) % layer.groups == 0) continue;
        return Error{layer.name,
                     "its " + std::to_string(layer.groups) + " groups do not divide " +
                         std::string(word(dim)) + " = " + std::to_string(layer.size(dim)),
                     "K and C are the channels of all groups together"};
    }
    if (countable(layer)) return {};
    return Error{layer.name, "its work or a tensor is larger than 2^62", "Make the layer smaller"};
}

}  // namespace cohelix::interop
