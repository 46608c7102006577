// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Files for readers that want a path: in a folder of this process, in memory where there is
// /dev/shm.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cohelix::fuzz {

using Bytes = std::span<const std::uint8_t>;

/// What the fuzzer hands over, as text.
std::string textOf(Bytes bytes);

/// Cuts bytes into `parts`: each but the last begins with its length in two bytes, large end first.
std::vector<Bytes> cut(Bytes bytes, std::size_t parts);

/// A folder that is removed when the process ends.
class ScratchFolder {
public:
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const std::string& path() const { return m_path; }
    std::string file(const std::string& name) const { return m_path + "/" + name; }
    /// Writes, or overwrites, a file; its path.
    std::string write(const std::string& name, Bytes bytes) const;
    /// Removes all files whose names begin so.
    void remove(const std::string& beginning) const;

private:
    std::string m_path;
};

/// Ends the program as a sanitizer would, so that libFuzzer keeps the input.
void require(bool holds, const std::string& what);

}  // namespace cohelix::fuzz
