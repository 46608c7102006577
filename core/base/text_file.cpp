// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

namespace cohelix::base {
namespace {

namespace fs = std::filesystem;

Error unreadable(const fs::path& path, int code) {
    switch (code) {
        case ENOENT: return {path.string(), "there is no such file", "Check the name"};
        case EACCES: return {path.string(), "this file may not be read", "Check its permissions"};
        default:
            return {path.string(),
                    std::string("this file cannot be read: ") + std::strerror(code ? code : EIO),
                    {}};
    }
}

}  // namespace

Result<std::string> readText(const fs::path& path, std::size_t mostBytes) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        return Error{path.string(), "this is a folder", "Name a file in it"};
    }
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) return unreadable(path, errno);
    std::string text;
    std::vector<char> block(std::size_t{1} << 20);
    while (file.read(block.data(), static_cast<std::streamsize>(block.size())) ||
           file.gcount() > 0) {
        text.append(block.data(), static_cast<std::size_t>(file.gcount()));
        if (text.size() > mostBytes) {
            return Error{path.string(),
                         "it is larger than " + std::to_string(mostBytes >> 20) + " MiB",
                         "Name a smaller file"};
        }
    }
    if (file.bad()) return unreadable(path, errno);
    return text;
}

}  // namespace cohelix::base
