// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Which images a step sees, and their pixels as the network wants them. Everything is a function
// of seed and step; nothing has to be saved. No LibTorch.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/learn/dataset.h"
#include "core/specification/specification.h"

namespace cohelix::learn {

/// Mini-batches over some training images, in a new order each epoch. The images that do not fill
/// a batch are left out of that epoch; fewer images than a batch make one smaller batch.
class BatchOrder {
public:
    /// `purpose` names the random stream of the order.
    BatchOrder(std::vector<std::uint32_t> images, int batch, std::uint64_t seed,
               std::string purpose);

    std::int64_t batches() const { return m_batches; }
    /// The images of a step >= 0, valid until the next call.
    std::span<const std::uint32_t> at(std::int64_t step);

private:
    std::vector<std::uint32_t> m_images;
    std::size_t m_batch;
    std::int64_t m_batches;
    std::uint64_t m_seed;
    std::string m_purpose;
    std::int64_t m_epoch = -1;
    std::vector<std::uint32_t> m_shuffled;
};

/// How one image is moved and mirrored before it is used.
struct Augmentation {
    int down = 0;  ///< pixels, at most the crop padding either way
    int right = 0;
    bool flip = false;
};
std::vector<Augmentation> drawAugmentations(const spec::DataSetSpec& spec, std::size_t count,
                                            std::uint64_t seed, const std::string& purpose,
                                            std::int64_t step);

/// Turns bytes into normalised floats, (pixel/255 - mean) / deviation.
class PixelReader {
public:
    explicit PixelReader(std::shared_ptr<const DataSet> data);

    std::size_t imageFloats() const { return m_imageFloats; }
    const DataSet& data() const { return *m_data; }
    /// Writes the images one after the other, row by row, channels innermost (NHWC), to
    /// target[images.size() * imageFloats()]. `augmentations` is empty or one an image; what is
    /// shifted in is black.
    void read(const ImageSet& set, std::span<const std::uint32_t> images,
              std::span<const Augmentation> augmentations, float* target) const;

private:
    std::shared_ptr<const DataSet> m_data;
    std::size_t m_imageFloats;
    std::vector<std::array<float, 256>> m_table;  // per channel
};

}  // namespace cohelix::learn
