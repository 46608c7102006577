// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/output_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace cohelix::interop {
namespace {

namespace fs = std::filesystem;

base::Error writeError(const std::string& path, int code) {
    switch (code) {
        case ENOENT: return {path, "the folder does not exist", "Create it, or choose another one"};
        case EISDIR: return {path, "this is a folder", "Give the name of a file in it"};
        case EACCES:
        case EPERM:
        case EROFS:
            return {path, "the folder may not be written to", "Choose a folder of your own"};
        case ENOSPC:
        case EFBIG: return {path, "the disk is full", "Free some space, or choose another disk"};
        default:
            return {path, std::string("the file could not be written: ") + std::strerror(code),
                    "Check the path and the disk"};
    }
}

/// 0, or the errno of the first thing that failed.
int write(const std::string& path, std::string_view content) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (!file) return errno;
    errno = 0;
    int code = 0;
    if (std::fwrite(content.data(), 1, content.size(), file) != content.size()) {
        code = errno ? errno : EIO;
    }
    if (std::fclose(file) != 0 && code == 0) code = errno ? errno : EIO;
    return code;
}

}  // namespace

base::Result<void> writeFile(const std::string& path, std::string_view content) {
    std::error_code problem;
    if (fs::is_directory(path, problem)) return writeError(path, EISDIR);
    const std::string draft = path + ".part";
    if (const int code = write(draft, content); code != 0) {
        std::remove(draft.c_str());
        return writeError(path, code);
    }
    fs::rename(draft, path, problem);
    if (problem) {
        std::remove(draft.c_str());
        return writeError(path, problem.value());
    }
    return {};
}

}  // namespace cohelix::interop
