// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One picture file (JPEG, PNG, BMP, PGM, PPM, TGA) as the pixels a network wants.

#include <cstdint>
#include <filesystem>
#include <span>

#include "core/base/result.h"
#include "core/model/network.h"

namespace cohelix::learn {

/// True for the file name extensions that can be decoded.
bool isPicture(const std::filesystem::path& path);

/// Decodes a picture, scales it so that it just covers shape.height x shape.width (triangle
/// filter as wide as the scale, so that nothing is skipped), crops the centre and writes it to
/// `pixels` channel by channel. shape.channels is 1 or 3. Files of at most 64 MiB, pictures of at
/// most 16,384 pixels a side and 67,108,864 in all. Errors name the file and what is wrong with it.
base::Result<void> readPicture(const std::filesystem::path& path, const model::ImageShape& shape,
                               std::span<std::uint8_t> pixels);

}  // namespace cohelix::learn
