// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace cohelix::base {

/// The whole of a text file; of a pipe, too. Errors: there is none; it is a folder; it may not be
/// read; it has more bytes than `mostBytes`, or no end.
Result<std::string> readText(const std::filesystem::path& path,
                             std::size_t mostBytes = std::size_t{64} << 20);

}  // namespace cohelix::base
