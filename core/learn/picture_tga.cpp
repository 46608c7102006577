// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/learn/picture.h"

namespace cohelix::learn {
namespace {

constexpr std::size_t kTgaHeader = 18;
constexpr int kTopDown = 0x20;
constexpr int kRunLengths = 8;  ///< added to the kind of picture

/// Pixels one after the other, whether they are packed or not.
class TgaPixels {
public:
    TgaPixels(PictureBytes bytes, std::size_t pixelBytes, bool packed)
        : m_left(bytes), m_pixelBytes(pixelBytes), m_packed(packed) {}

    /// The next pixel; nothing where the file ends.
    std::optional<PictureBytes> next() {
        if (m_packed && m_count == 0) {
            if (m_left.empty()) return std::nullopt;
            m_repeats = (m_left[0] & 0x80) != 0;
            m_count = (m_left[0] & 0x7F) + 1;
            m_left = m_left.subspan(1);
        }
        if (m_left.size() < m_pixelBytes) return std::nullopt;
        const auto pixel = m_left.first(m_pixelBytes);
        if (m_packed) --m_count;
        if (!m_packed || !m_repeats || m_count == 0) m_left = m_left.subspan(m_pixelBytes);
        return pixel;
    }

private:
    PictureBytes m_left;
    std::size_t m_pixelBytes;
    bool m_packed;
    bool m_repeats = false;
    int m_count = 0;  ///< pixels left of the packet
};

}  // namespace

Refusal decodeTga(PictureBytes bytes, Picture& picture) {
    if (bytes.size() < kTgaHeader) return "this is no picture of a form that is read";
    const int kind = bytes[2] & ~kRunLengths;
    const std::size_t bits = bytes[16];
    const bool grey = kind == 3;
    if (bytes[1] != 0 || (kind != 2 && !grey) || bytes[2] > 11) {
        return "this is no picture of a form that is read, or a TGA with a palette";
    }
    if (grey ? bits != 8 : bits != 24 && bits != 32) {
        return "it has " + std::to_string(bits) +
               " bits a pixel; of TGA 8 of grey and 24 and 32 of "
               "colour are read";
    }
    if (auto refusal = picture.begin(bytes[12] | bytes[13] << 8, bytes[14] | bytes[15] << 8)) {
        return refusal;
    }
    const std::size_t start = kTgaHeader + bytes[0];
    if (start > bytes.size()) return "the file is truncated";
    const std::size_t channels = bits / 8;
    TgaPixels pixels(bytes.subspan(start), channels, (bytes[2] & kRunLengths) != 0);
    std::vector<std::uint8_t> row(static_cast<std::size_t>(picture.width()) * channels);
    for (int y = 0; y < picture.height(); ++y) {
        for (std::size_t at = 0; at < row.size(); at += channels) {
            const auto pixel = pixels.next();
            if (!pixel) return "the file is truncated";
            std::copy(pixel->begin(), pixel->end(), row.begin() + static_cast<std::ptrdiff_t>(at));
            if (!grey) std::swap(row[at], row[at + 2]);  // blue stands first
        }
        const bool topDown = (bytes[17] & kTopDown) != 0;
        picture.setRow(topDown ? y : picture.height() - 1 - y, row.data(),
                       static_cast<int>(channels));
    }
    return std::nullopt;
}

}  // namespace cohelix::learn
