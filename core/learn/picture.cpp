// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/picture.h"

#include <algorithm>

#include "core/base/units.h"

namespace cohelix::learn {
namespace {

/// ITU-R BT.601, in 256ths.
constexpr unsigned kRed = 77;
constexpr unsigned kGreen = 150;
constexpr unsigned kBlue = 29;

template <typename Sample>
unsigned greyOf(Sample red, Sample green, Sample blue) {
    return (red * kRed + green * kGreen + blue * kBlue) >> 8;
}

/// `at` gives a sample by its index, `kept` its 8 bits.
template <typename At, typename Kept>
void convertRow(std::uint8_t* row, int width, int wanted, int channels, At at, Kept kept) {
    for (int x = 0; x < width; ++x) {
        const auto first = static_cast<std::size_t>(x) * static_cast<std::size_t>(channels);
        const bool colour = channels > 2;
        if (wanted == 1) {
            *row++ = kept(colour ? greyOf(at(first), at(first + 1), at(first + 2)) : at(first));
        } else {
            for (std::size_t c = 0; c < 3; ++c) *row++ = kept(at(first + (colour ? c : 0)));
        }
    }
}

}  // namespace

Refusal Picture::begin(std::int64_t width, std::int64_t height) {
    const std::string size = std::to_string(width) + " x " + std::to_string(height) + " pixels";
    if (width < 1 || height < 1) return "it has no pixels: " + size;
    if (width > kLongestPictureSide || height > kLongestPictureSide ||
        width * height > kMostPicturePixels) {
        return "it has " + size + "; at most " + base::grouped(kLongestPictureSide) +
               " a side and " + base::grouped(kMostPicturePixels) + " in all are read";
    }
    m_width = static_cast<int>(width);
    m_height = static_cast<int>(height);
    m_pixels.assign(static_cast<std::size_t>(width * height * m_channels), 0);
    return std::nullopt;
}

std::uint8_t* Picture::row(int y) {
    return m_pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(m_width) *
                                 static_cast<std::size_t>(m_channels);
}

void Picture::setRow(int y, const std::uint8_t* samples, int channels) {
    convertRow(
        row(y), m_width, m_channels, channels,
        [samples](std::size_t i) { return unsigned{samples[i]}; },
        [](unsigned value) { return static_cast<std::uint8_t>(value); });
}

void Picture::setWideRow(int y, const std::uint8_t* samples, int channels) {
    convertRow(
        row(y), m_width, m_channels, channels,
        [samples](std::size_t i) {
            return unsigned{samples[2 * i]} << 8 | unsigned{samples[2 * i + 1]};
        },
        [](unsigned value) { return static_cast<std::uint8_t>(value >> 8); });
}

}  // namespace cohelix::learn
