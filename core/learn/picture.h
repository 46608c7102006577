// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Decoding of pictures, each form in a file of its own. Sizes are checked before any pixel is
// decoded, and no more memory is taken than they say. For image_file.cpp only.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cohelix::learn {

inline constexpr std::int64_t kLongestPictureSide = 16384;
inline constexpr std::int64_t kMostPicturePixels = std::int64_t{64} << 20;

using PictureBytes = std::span<const std::uint8_t>;
/// Why a picture cannot be decoded, a sentence without a full stop; nothing where it was.
using Refusal = std::optional<std::string>;

/// Rows of pixels as they are wanted: grey or red, green and blue, 8 bits each. Alpha is left out,
/// as if every pixel were opaque.
class Picture {
public:
    /// `channels` is 1 or 3.
    explicit Picture(int channels) : m_channels(channels) {}

    /// Once, before the rows. Refuses sides of no pixel or beyond the limits.
    Refusal begin(std::int64_t width, std::int64_t height);

    /// A row of interleaved samples of 1 (grey), 2 (grey, alpha), 3 or 4 (colour, alpha) channels.
    void setRow(int y, const std::uint8_t* samples, int channels);
    /// The same with 16 bits a sample, large end first, of which the upper 8 are kept.
    void setWideRow(int y, const std::uint8_t* samples, int channels);

    int channels() const { return m_channels; }
    int width() const { return m_width; }
    int height() const { return m_height; }
    /// Row by row, interleaved.
    const std::uint8_t* pixels() const { return m_pixels.data(); }

private:
    std::uint8_t* row(int y);

    int m_channels;
    int m_width = 0;
    int m_height = 0;
    std::vector<std::uint8_t> m_pixels;
};

/// By libpng: every form of it. Also refused: data that goes on behind the last row.
Refusal decodePng(PictureBytes bytes, Picture& picture);
/// By libjpeg: baseline and progressive, grey, colour and CMYK. Also refused: data that ends early
/// or whose codes are none.
Refusal decodeJpeg(PictureBytes bytes, Picture& picture);
/// PGM and PPM, binary and ASCII, of up to 16 bits; samples are scaled to 8 bits by the largest
/// that the header allows.
Refusal decodePnm(PictureBytes bytes, Picture& picture);
/// Uncompressed: 1, 4 and 8 bits with a palette, 16, 24 and 32 bits a pixel.
Refusal decodeBmp(PictureBytes bytes, Picture& picture);
/// 8 bits of grey, 24 and 32 of colour, plain or by run lengths. This form has no mark: anything
/// whose first 18 bytes can be read as its header is taken for it.
Refusal decodeTga(PictureBytes bytes, Picture& picture);

/// Whether the bytes begin as such a picture does.
bool looksLikePng(PictureBytes bytes);
bool looksLikeJpeg(PictureBytes bytes);
bool looksLikePnm(PictureBytes bytes);
bool looksLikeBmp(PictureBytes bytes);

}  // namespace cohelix::learn
