// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/image_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "core/base/lfs_pointer.h"
#include "core/base/text_file.h"
#include "core/learn/picture.h"

namespace cohelix::learn {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostFileBytes = std::size_t{64} << 20;

base::Error damaged(const fs::path& path, const std::string& what) {
    return {path.string(), "the picture cannot be read: " + what, "Replace or remove it"};
}

std::string extensionOf(const fs::path& path) {
    std::string extension = path.extension().string();
    for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return extension;
}

/// By what the file holds, whatever its name says.
Refusal decode(PictureBytes bytes, bool mayBeTga, Picture& picture) {
    if (looksLikePng(bytes)) return decodePng(bytes, picture);
    if (looksLikeJpeg(bytes)) return decodeJpeg(bytes, picture);
    if (looksLikeBmp(bytes)) return decodeBmp(bytes, picture);
    if (looksLikePnm(bytes)) return decodePnm(bytes, picture);
    if (mayBeTga) return decodeTga(bytes, picture);
    return "it is none of JPEG, PNG, BMP, PPM, PGM and TGA";
}

/// The source pixels that one target pixel is the weighted mean of.
struct Window {
    int first = 0;
    std::vector<float> shares;
};

/// Windows of `wanted` target pixels in the middle of a line of `length` source pixels, `scale`
/// source pixels per target pixel.
std::vector<Window> windows(int length, int wanted, double scale) {
    const double radius = std::max(1.0, scale);
    const double start = (length - wanted * scale) / 2;
    std::vector<Window> result(static_cast<std::size_t>(wanted));
    for (int target = 0; target < wanted; ++target) {
        const double centre = start + (target + 0.5) * scale - 0.5;
        const int first = std::clamp(static_cast<int>(std::ceil(centre - radius)), 0, length - 1);
        const int last =
            std::clamp(static_cast<int>(std::floor(centre + radius)), first, length - 1);
        Window& window = result[static_cast<std::size_t>(target)];
        window.first = first;
        double sum = 0;
        for (int source = first; source <= last; ++source) {
            const double share = std::max(1e-6, 1 - std::abs(source - centre) / radius);
            window.shares.push_back(static_cast<float>(share));
            sum += share;
        }
        for (float& share : window.shares) share = static_cast<float>(share / sum);
    }
    return result;
}

/// Interleaved pixels to planes of the wanted size: first along the rows, then along the columns.
void resample(const std::uint8_t* source, int width, int height, const model::ImageShape& shape,
              std::span<std::uint8_t> pixels) {
    const int channels = shape.channels;
    const double scale = std::min(double(width) / shape.width, double(height) / shape.height);
    const auto across = windows(width, shape.width, scale);
    const auto down = windows(height, shape.height, scale);
    std::vector<float> narrow(static_cast<std::size_t>(shape.width) * height * channels);
    const auto narrowAt = [&](int channel, int y, int x) -> float& {
        return narrow[(static_cast<std::size_t>(channel) * height + y) * shape.width + x];
    };
    for (int channel = 0; channel < channels; ++channel) {
        for (int y = 0; y < height; ++y) {
            const std::uint8_t* row = source + static_cast<std::size_t>(y) * width * channels;
            for (int x = 0; x < shape.width; ++x) {
                const Window& window = across[static_cast<std::size_t>(x)];
                float sum = 0;
                for (std::size_t i = 0; i < window.shares.size(); ++i) {
                    sum += window.shares[i] * row[(window.first + i) * channels + channel];
                }
                narrowAt(channel, y, x) = sum;
            }
        }
    }
    std::size_t next = 0;
    for (int channel = 0; channel < channels; ++channel) {
        for (const Window& window : down) {
            for (int x = 0; x < shape.width; ++x) {
                float sum = 0;
                for (std::size_t i = 0; i < window.shares.size(); ++i) {
                    sum += window.shares[i] * narrowAt(channel, window.first + int(i), x);
                }
                pixels[next++] = static_cast<std::uint8_t>(std::clamp(std::lround(sum), 0L, 255L));
            }
        }
    }
}

}  // namespace

bool isPicture(const fs::path& path) {
    constexpr std::array known = {".jpg", ".jpeg", ".png", ".bmp", ".ppm", ".pgm", ".tga"};
    return std::find(known.begin(), known.end(), extensionOf(path)) != known.end();
}

base::Result<void> readPicture(const fs::path& path, const model::ImageShape& shape,
                               std::span<std::uint8_t> pixels) {
    const auto bytes = base::readBytes(path, kMostFileBytes);
    if (!bytes) return bytes.error();
    if (std::ranges::equal(*bytes | std::views::take(base::kLfsPointer.size()),
                           base::kLfsPointer)) {
        return base::Error{path.string(), "this is a pointer of Git LFS in place of the picture",
                           base::kFetchFromLfs};
    }
    Picture picture(shape.channels);
    if (const auto refusal = decode(*bytes, extensionOf(path) == ".tga", picture)) {
        return damaged(path, *refusal);
    }
    resample(picture.pixels(), picture.width(), picture.height(), shape, pixels);
    return {};
}

}  // namespace cohelix::learn
