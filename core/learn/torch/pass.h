// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The two ends of a pass: images as a tensor, and the loss with its gradient.

#include <cstdint>
#include <span>
#include <vector>

#include <ATen/ATen.h>

#include "core/learn/batches.h"

namespace cohelix::learn {

/// Images of the training or test set, shaped (n, channels, height, width), channels innermost,
/// on that device.
at::Tensor imageTensor(const PixelReader& reader, const ImageSet& set,
                       std::span<const std::uint32_t> images,
                       std::span<const Augmentation> augmentations, at::Device device);

/// The labels of these images.
std::vector<std::uint16_t> labelsOf(const ImageSet& set, std::span<const std::uint32_t> images);

struct Loss {
    double sum = 0;          ///< of the cross-entropies
    std::int64_t right = 0;  ///< images whose label has the largest logit
    at::Tensor gradient;     ///< of sum / batch by the logits
};

/// Softmax cross-entropy of logits (n, classes) in double; `batch` is the number of images in all
/// shards, `smoothing` spreads that share of each label over all classes. Logits and gradient may
/// lie on another device.
Loss crossEntropy(const at::Tensor& logits, std::span<const std::uint16_t> labels, double smoothing,
                  double batch);

/// How many of the images have their label's logit on top.
std::int64_t countRight(const at::Tensor& logits, std::span<const std::uint16_t> labels);

}  // namespace cohelix::learn
