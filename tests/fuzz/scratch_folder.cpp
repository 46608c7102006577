// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/scratch_folder.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <stdlib.h>

namespace cohelix::fuzz {
namespace fs = std::filesystem;

std::string textOf(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<Bytes> cut(Bytes bytes, std::size_t parts) {
    std::vector<Bytes> found;
    while (found.size() + 1 < parts) {
        if (bytes.size() < 2) {
            found.emplace_back();
            continue;
        }
        const std::size_t wanted = std::size_t{bytes[0]} << 8 | bytes[1];
        bytes = bytes.subspan(2);
        const std::size_t length = std::min(wanted, bytes.size());
        found.push_back(bytes.first(length));
        bytes = bytes.subspan(length);
    }
    found.push_back(bytes);
    return found;
}

ScratchFolder::ScratchFolder() {
    const fs::path memory = "/dev/shm";
    std::error_code ignored;
    const auto place = fs::is_directory(memory, ignored) ? memory : fs::temp_directory_path();
    std::string name = (place / "cohelix-fuzz-XXXXXX").string();
    require(::mkdtemp(name.data()) != nullptr, "no folder for files could be made");
    m_path = name;
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

std::string ScratchFolder::write(const std::string& name, Bytes bytes) const {
    std::ofstream stream(file(name), std::ios::binary | std::ios::trunc);
    stream.write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
    require(stream.flush().good(), "a file could not be written");
    return file(name);
}

void ScratchFolder::remove(const std::string& beginning) const {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(m_path, ignored)) {
        if (entry.path().filename().string().starts_with(beginning)) fs::remove(entry, ignored);
    }
}

void require(bool holds, const std::string& what) {
    if (holds) return;
    std::fprintf(stderr, "==ERROR: %s\n", what.c_str());
    std::abort();
}

}  // namespace cohelix::fuzz
