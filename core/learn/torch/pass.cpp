// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/torch/pass.h"

#include <algorithm>
#include <cmath>

namespace cohelix::learn {
namespace {

bool topIs(const float* logits, std::int64_t classes, std::uint16_t label) {
    return std::max_element(logits, logits + classes) - logits == label;
}

}  // namespace

at::Tensor imageTensor(const PixelReader& reader, const ImageSet& set,
                       std::span<const std::uint32_t> images,
                       std::span<const Augmentation> augmentations, at::Device device) {
    const std::int64_t channels = set.shape.channels;
    const std::int64_t height = set.shape.height;
    const std::int64_t width = set.shape.width;
    at::Tensor tensor =
        at::empty_strided({static_cast<std::int64_t>(images.size()), channels, height, width},
                          {channels * height * width, 1, width * channels, channels}, at::kFloat);
    reader.read(set, images, augmentations, tensor.data_ptr<float>());
    return tensor.to(device);
}

std::vector<std::uint16_t> labelsOf(const ImageSet& set, std::span<const std::uint32_t> images) {
    std::vector<std::uint16_t> labels;
    labels.reserve(images.size());
    for (const auto image : images) labels.push_back(set.labels[image]);
    return labels;
}

Loss crossEntropy(const at::Tensor& logits, std::span<const std::uint16_t> labels, double smoothing,
                  double batch) {
    const at::Tensor values = logits.detach().to(at::kCPU).contiguous();
    const std::int64_t classes = values.size(1);
    Loss loss;
    loss.gradient = at::empty_like(values);
    std::vector<double> weights(static_cast<std::size_t>(classes));
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const float* row = values.data_ptr<float>() + static_cast<std::int64_t>(i) * classes;
        float* gradient = loss.gradient.data_ptr<float>() + static_cast<std::int64_t>(i) * classes;
        const double top = *std::max_element(row, row + classes);
        double sum = 0;
        double logitSum = 0;
        for (std::int64_t c = 0; c < classes; ++c) {
            sum += weights[static_cast<std::size_t>(c)] = std::exp(row[c] - top);
            logitSum += row[c] - top;
        }
        const double logSum = std::log(sum);
        const double spread = smoothing / static_cast<double>(classes);
        loss.sum += logSum - (1 - smoothing) * (row[labels[i]] - top) - spread * logitSum;
        loss.right += topIs(row, classes, labels[i]);
        for (std::int64_t c = 0; c < classes; ++c) {
            const double wanted = spread + (c == labels[i] ? 1 - smoothing : 0);
            gradient[c] =
                static_cast<float>((weights[static_cast<std::size_t>(c)] / sum - wanted) / batch);
        }
    }
    loss.gradient = loss.gradient.to(logits.device());
    return loss;
}

std::int64_t countRight(const at::Tensor& logits, std::span<const std::uint16_t> labels) {
    const at::Tensor values = logits.to(at::kCPU).contiguous();
    const std::int64_t classes = values.size(1);
    std::int64_t right = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        right += topIs(values.data_ptr<float>() + static_cast<std::int64_t>(i) * classes, classes,
                       labels[i]);
    }
    return right;
}

}  // namespace cohelix::learn
