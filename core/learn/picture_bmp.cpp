// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "core/learn/picture.h"

namespace cohelix::learn {
namespace {

constexpr std::size_t kFileHeader = 14;
constexpr std::uint32_t kCoreHeader = 12;  ///< of OS/2, with sides of 16 bits
constexpr std::uint32_t kInfoHeader = 40;
constexpr std::uint32_t kLargestHeader = 124;

/// A number of so many bytes, small end first; 0 beyond the end.
std::uint32_t numberAt(PictureBytes bytes, std::size_t at, int count) {
    std::uint32_t value = 0;
    for (int i = count - 1; i >= 0; --i) {
        const std::size_t place = at + static_cast<std::size_t>(i);
        value = value << 8 | (place < bytes.size() ? bytes[place] : 0U);
    }
    return value;
}

std::int64_t signedAt(PictureBytes bytes, std::size_t at) {
    return static_cast<std::int32_t>(numberAt(bytes, at, 4));
}

using Colour = std::array<std::uint8_t, 3>;

struct BmpHeader {
    std::uint32_t dataAt = 0;
    std::uint32_t headerBytes = 0;
    std::int64_t width = 0;
    std::int64_t height = 0;
    bool topDown = false;
    std::uint32_t bits = 0;  ///< of a pixel
    std::array<std::uint32_t, 3> masks{};
    std::vector<Colour> palette;
};

/// The bits of one colour as 8 bits: fewer are repeated, so that all ones is 255.
std::uint8_t maskedColour(std::uint32_t pixel, std::uint32_t mask) {
    if (mask == 0) return 0;
    const int low = std::countr_zero(mask);
    const int width = 32 - std::countl_zero(mask) - low;
    std::uint32_t value = (pixel & mask) >> low;
    if (width >= 8) return static_cast<std::uint8_t>(value >> (width - 8));
    std::uint32_t filled = 0;
    int have = 0;
    for (; have < 8; have += width) filled = filled << width | value;
    return static_cast<std::uint8_t>(filled >> (have - 8));
}

Refusal readMasks(PictureBytes bytes, std::uint32_t compression, BmpHeader& header) {
    if (compression == 3) {
        for (std::size_t c = 0; c < 3; ++c) {
            header.masks[c] = numberAt(bytes, kFileHeader + kInfoHeader + 4 * c, 4);
        }
        if (header.masks[0] == 0 && header.masks[1] == 0 && header.masks[2] == 0) {
            return "its colour masks are empty";
        }
    } else if (header.bits == 16) {
        header.masks = {0x7C00, 0x03E0, 0x001F};
    } else {
        header.masks = {0xFF0000, 0xFF00, 0xFF};
    }
    return std::nullopt;
}

void readPalette(PictureBytes bytes, BmpHeader& header) {
    const std::size_t entryBytes = header.headerBytes == kCoreHeader ? 3 : 4;
    const std::size_t start = kFileHeader + header.headerBytes;
    const std::size_t most = std::size_t{1} << header.bits;
    for (std::size_t i = 0; i < most && start + (i + 1) * entryBytes <= header.dataAt; ++i) {
        const std::size_t at = start + i * entryBytes;
        if (at + 3 > bytes.size()) break;
        header.palette.push_back({bytes[at + 2], bytes[at + 1], bytes[at]});
    }
}

Refusal readHeader(PictureBytes bytes, BmpHeader& header) {
    header.dataAt = numberAt(bytes, 10, 4);
    header.headerBytes = numberAt(bytes, 14, 4);
    const bool core = header.headerBytes == kCoreHeader;
    if (!core && (header.headerBytes < kInfoHeader || header.headerBytes > kLargestHeader)) {
        return "its header is of no known size";
    }
    if (bytes.size() < kFileHeader + header.headerBytes) return "the file is truncated";
    header.width = core ? numberAt(bytes, 18, 2) : signedAt(bytes, 18);
    const std::int64_t height = core ? numberAt(bytes, 20, 2) : signedAt(bytes, 22);
    header.height = std::abs(height);
    header.topDown = height < 0;
    header.bits = numberAt(bytes, core ? 24 : 28, 2);
    const std::uint32_t compression = core ? 0 : numberAt(bytes, 30, 4);
    if (compression != 0 && compression != 3) {
        return "it is compressed, which is not read: save it uncompressed or as PNG";
    }
    const auto b = header.bits;
    if (b != 1 && b != 4 && b != 8 && b != 16 && b != 24 && b != 32) {
        return "it has " + std::to_string(b) + " bits a pixel; 1, 4, 8, 16, 24 and 32 are read";
    }
    if (compression == 3 && b != 16 && b != 32) return "its colour masks fit no such pixels";
    if (b <= 8) readPalette(bytes, header);
    return b <= 8 ? std::nullopt : readMasks(bytes, compression, header);
}

/// Nothing where the palette has no such colour.
std::optional<Colour> colourAt(const BmpHeader& header, PictureBytes row, std::size_t x) {
    if (header.bits <= 8) {
        const std::size_t perByte = 8 / header.bits;
        const std::size_t shift = 8 - header.bits * (1 + x % perByte);
        const std::size_t index = row[x / perByte] >> shift & ((1U << header.bits) - 1);
        if (index >= header.palette.size()) return std::nullopt;
        return header.palette[index];
    }
    const std::size_t pixelBytes = header.bits / 8;
    const auto pixel = numberAt(row, x * pixelBytes, static_cast<int>(pixelBytes));
    return Colour{maskedColour(pixel, header.masks[0]), maskedColour(pixel, header.masks[1]),
                  maskedColour(pixel, header.masks[2])};
}

}  // namespace

bool looksLikeBmp(PictureBytes bytes) {
    return bytes.size() >= kFileHeader + 4 && bytes[0] == 'B' && bytes[1] == 'M';
}

Refusal decodeBmp(PictureBytes bytes, Picture& picture) {
    BmpHeader header;
    if (auto refusal = readHeader(bytes, header)) return refusal;
    if (auto refusal = picture.begin(header.width, header.height)) return refusal;
    const auto width = static_cast<std::size_t>(header.width);
    const auto height = static_cast<std::size_t>(header.height);
    const std::size_t rowBytes = (width * header.bits + 31) / 32 * 4;
    if (header.dataAt > bytes.size() || (bytes.size() - header.dataAt) / rowBytes < height) {
        return "the file is truncated";
    }
    std::vector<std::uint8_t> row(width * 3);
    for (std::size_t y = 0; y < height; ++y) {
        const auto source = bytes.subspan(header.dataAt + y * rowBytes, rowBytes);
        for (std::size_t x = 0; x < width; ++x) {
            const auto colour = colourAt(header, source, x);
            if (!colour) return "a pixel has a colour that its palette does not have";
            std::copy(colour->begin(), colour->end(),
                      row.begin() + static_cast<std::ptrdiff_t>(3 * x));
        }
        picture.setRow(static_cast<int>(header.topDown ? y : height - 1 - y), row.data(), 3);
    }
    return std::nullopt;
}

}  // namespace cohelix::learn
