// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "core/learn/archive.h"
#include "core/learn/damaged_advice.h"
#include "core/learn/precision.h"

namespace cohelix::learn {
namespace {

constexpr const char* kKind = "trained weights";

}  // namespace

std::vector<std::uint8_t> toBytes(const TrainedWeights& weights) {
    std::vector<TensorView> views;
    const auto channels = static_cast<std::int64_t>(weights.mean.size());
    views.push_back({"image.mean", {channels}, weights.mean});
    views.push_back({"image.deviation", {channels}, weights.deviation});
    for (const auto& tensor : weights.tensors) {
        views.push_back({tensor.name, tensor.shape, tensor.values});
    }
    const NamedTensor precision = toTensor(weights.precision);
    if (!weights.precision.empty()) {
        views.push_back({precision.name, precision.shape, precision.values});
    }
    return pack(kKind, {}, views);
}

base::Result<TrainedWeights> weightsFromBytes(std::span<const std::uint8_t> bytes) {
    auto archive = unpack(kKind, bytes);
    if (!archive) return archive.error();
    auto& tensors = archive->tensors;
    if (tensors.size() < 2 || tensors[0].name != "image.mean" ||
        tensors[1].name != "image.deviation" ||
        tensors[0].values.size() != tensors[1].values.size()) {
        return base::Error{kKind, "the image's mean and deviation are missing",
                           kDamagedBytesAdvice};
    }
    TrainedWeights weights;
    weights.mean = std::move(tensors[0].values);
    weights.deviation = std::move(tensors[1].values);
    if (auto precision = precisionFrom(tensors.back())) {
        weights.precision = std::move(*precision);
        tensors.pop_back();
    }
    weights.tensors.assign(std::make_move_iterator(tensors.begin() + 2),
                           std::make_move_iterator(tensors.end()));
    return weights;
}

}  // namespace cohelix::learn
