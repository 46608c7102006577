// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/learn/picture.h"

namespace cohelix::learn {
namespace {

constexpr std::uint32_t kMostSample = 65535;

/// The numbers of a header, or of a whole picture in ASCII.
class PnmText {
public:
    explicit PnmText(PictureBytes bytes) : m_left(bytes) {}

    /// The next number up to `most`; nothing where there is none or it is larger.
    std::optional<std::uint32_t> number(std::uint32_t most) {
        skipSpace();
        if (m_left.empty() || !isDigit(m_left[0])) return std::nullopt;
        std::uint32_t value = 0;
        while (!m_left.empty() && isDigit(m_left[0])) {
            value = value * 10 + (m_left[0] - '0');
            if (value > most) return std::nullopt;
            m_left = m_left.subspan(1);
        }
        return value;
    }
    /// What follows the one space behind the header.
    std::optional<PictureBytes> raster() const {
        if (m_left.empty() || !isSpace(m_left[0])) return std::nullopt;
        return m_left.subspan(1);
    }

private:
    static bool isDigit(std::uint8_t c) { return c >= '0' && c <= '9'; }
    static bool isSpace(std::uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

    void skipSpace() {
        while (!m_left.empty() && (isSpace(m_left[0]) || m_left[0] == '#')) {
            if (m_left[0] == '#') {
                const auto end = std::find(m_left.begin(), m_left.end(), std::uint8_t{'\n'});
                m_left = m_left.subspan(static_cast<std::size_t>(end - m_left.begin()));
            } else {
                m_left = m_left.subspan(1);
            }
        }
    }

    PictureBytes m_left;
};

struct PnmHeader {
    int channels = 1;
    bool ascii = false;
    std::uint32_t largest = 255;
};

std::uint8_t scaled(std::uint32_t sample, std::uint32_t largest) {
    return static_cast<std::uint8_t>((sample * 255 + largest / 2) / largest);
}

std::string beyond(std::uint32_t largest) {
    return "a sample is missing, no number or larger than its header's " + std::to_string(largest);
}

Refusal readAscii(PnmText& text, const PnmHeader& header, Picture& picture) {
    std::vector<std::uint8_t> row(static_cast<std::size_t>(picture.width() * header.channels));
    for (int y = 0; y < picture.height(); ++y) {
        for (auto& sample : row) {
            const auto read = text.number(header.largest);
            if (!read) return beyond(header.largest);
            sample = scaled(*read, header.largest);
        }
        picture.setRow(y, row.data(), header.channels);
    }
    return std::nullopt;
}

Refusal readBinary(PictureBytes raster, const PnmHeader& header, Picture& picture) {
    const std::size_t sampleBytes = header.largest > 255 ? 2 : 1;
    std::vector<std::uint8_t> row(static_cast<std::size_t>(picture.width() * header.channels));
    if (raster.size() / (row.size() * sampleBytes) < static_cast<std::size_t>(picture.height())) {
        return "the file is truncated";
    }
    for (int y = 0; y < picture.height(); ++y) {
        for (auto& sample : row) {
            const std::uint32_t value =
                sampleBytes == 1 ? raster[0] : std::uint32_t{raster[0]} << 8 | raster[1];
            if (value > header.largest) return beyond(header.largest);
            sample = scaled(value, header.largest);
            raster = raster.subspan(sampleBytes);
        }
        picture.setRow(y, row.data(), header.channels);
    }
    return std::nullopt;
}

}  // namespace

bool looksLikePnm(PictureBytes bytes) {
    return bytes.size() >= 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7';
}

Refusal decodePnm(PictureBytes bytes, Picture& picture) {
    const char kind = static_cast<char>(bytes[1]);
    if (kind != '2' && kind != '3' && kind != '5' && kind != '6') {
        return std::string("this kind of it, P") + kind + ", is not read; P2, P3, P5 and P6 are";
    }
    PnmText text(bytes.subspan(2));
    const auto width = text.number(1'000'000);
    const auto height = text.number(1'000'000);
    const auto largest = text.number(kMostSample);
    if (!width || !height || !largest || *largest == 0) {
        return "its header is damaged: width, height and largest sample (1 to 65535) are expected";
    }
    if (auto refusal = picture.begin(*width, *height)) return refusal;
    const PnmHeader header{kind == '3' || kind == '6' ? 3 : 1, kind < '4', *largest};
    if (header.ascii) return readAscii(text, header, picture);
    const auto raster = text.raster();
    return raster ? readBinary(*raster, header, picture) : "the file is truncated";
}

}  // namespace cohelix::learn
