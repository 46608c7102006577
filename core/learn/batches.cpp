// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/batches.h"

#include <algorithm>
#include <utility>

#include "core/base/random.h"

namespace cohelix::learn {

BatchOrder::BatchOrder(std::vector<std::uint32_t> images, int batch, std::uint64_t seed,
                       std::string purpose)
    : m_images(std::move(images)),
      m_batch(std::min(static_cast<std::size_t>(std::max(batch, 1)), m_images.size())),
      m_batches(m_batch > 0 ? static_cast<std::int64_t>(m_images.size() / m_batch) : 0),
      m_seed(seed),
      m_purpose(std::move(purpose)) {}

std::span<const std::uint32_t> BatchOrder::at(std::int64_t step) {
    if (m_batches == 0) return {};
    const std::int64_t epoch = step / m_batches;
    if (epoch != m_epoch) {
        m_shuffled = m_images;
        base::Random(m_seed, m_purpose, static_cast<std::uint64_t>(epoch))
            .shuffle(std::span(m_shuffled));
        m_epoch = epoch;
    }
    const auto first = static_cast<std::size_t>(step % m_batches) * m_batch;
    return std::span<const std::uint32_t>(m_shuffled).subspan(first, m_batch);
}

std::vector<Augmentation> drawAugmentations(const spec::DataSetSpec& spec, std::size_t count,
                                            std::uint64_t seed, const std::string& purpose,
                                            std::int64_t step) {
    if (spec.cropPadding <= 0 && !spec.flip) return {};
    base::Random stream(seed, purpose, static_cast<std::uint64_t>(step));
    std::vector<Augmentation> drawn(count);
    const int padding = std::max(spec.cropPadding, 0);
    const auto places = 2 * static_cast<std::uint64_t>(padding) + 1;
    const auto shift = [&] { return static_cast<int>(stream.below(places)) - padding; };
    for (auto& one : drawn) {
        one.down = shift();
        one.right = shift();
        one.flip = spec.flip && stream.below(2) == 1;
    }
    return drawn;
}

PixelReader::PixelReader(std::shared_ptr<const DataSet> data)
    : m_data(std::move(data)),
      m_imageFloats(static_cast<std::size_t>(m_data->train.shape.channels) *
                    static_cast<std::size_t>(m_data->train.shape.height) *
                    static_cast<std::size_t>(m_data->train.shape.width)),
      m_table(static_cast<std::size_t>(m_data->train.shape.channels)) {
    for (std::size_t c = 0; c < m_table.size(); ++c) {
        for (int value = 0; value < 256; ++value) {
            m_table[c][static_cast<std::size_t>(value)] =
                (static_cast<float>(value) / 255.0F - m_data->mean[c]) / m_data->deviation[c];
        }
    }
}

void PixelReader::read(const ImageSet& set, std::span<const std::uint32_t> images,
                       std::span<const Augmentation> augmentations, float* target) const {
    const int channels = set.shape.channels;
    const int height = set.shape.height;
    const int width = set.shape.width;
    for (std::size_t i = 0; i < images.size(); ++i) {
        const Augmentation change = augmentations.empty() ? Augmentation{} : augmentations[i];
        const std::uint8_t* source = set.pixels.data() + images[i] * m_imageFloats;
        for (int c = 0; c < channels; ++c) {
            const auto& table = m_table[static_cast<std::size_t>(c)];
            float* out = target + i * m_imageFloats + c;
            for (int y = 0; y < height; ++y) {
                const int fromY = y - change.down;
                const bool inside = fromY >= 0 && fromY < height;
                const std::uint8_t* row =
                    source + static_cast<std::ptrdiff_t>(c * height + (inside ? fromY : 0)) * width;
                for (int x = 0; x < width; ++x, out += channels) {
                    const int fromX = (change.flip ? width - 1 - x : x) - change.right;
                    *out = table[inside && fromX >= 0 && fromX < width ? row[fromX] : 0];
                }
            }
        }
    }
}

}  // namespace cohelix::learn
