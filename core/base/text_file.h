// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The one way in which the program reads a file that somebody named. It takes regular files, and
// what is handed over under the names of open files: /dev/stdin and /dev/fd/N, which is also what
// a shell's <(command) is. Named pipes, devices, sockets and folders are refused at once, so that
// no name can make the program wait or read without end.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/platform/file.h"
#include "core/base/result.h"

namespace cohelix::base {

/// What readText() takes unless it is told otherwise.
inline constexpr std::size_t kMostTextBytes = std::size_t{64} << 20;

/// The whole of a file. Errors name it: there is none; it is none of the above; it may not be read;
/// it has more than `mostBytes`, which is asked before anything is read where the system knows it.
Result<std::string> readText(const std::filesystem::path& path,
                             std::size_t mostBytes = kMostTextBytes);
/// The same as bytes.
Result<std::vector<std::uint8_t>> readBytes(const std::filesystem::path& path,
                                            std::size_t mostBytes);

/// Such a file, open for reading.
Result<platform::File> openToRead(const std::filesystem::path& path);

}  // namespace cohelix::base
