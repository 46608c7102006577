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
    const auto status = fs::status(path, problem);
    if (fs::is_directory(status)) return writeError(path, EISDIR);
    if (fs::exists(status) && !fs::is_regular_file(status)) {  // a device or pipe: never replaced
        const int code = write(path, content);
        return code == 0 ? base::Result<void>() : writeError(path, code);
    }
    // What a link points to is replaced, not the link; its permissions stay.
    const fs::path target =
        fs::is_symlink(path, problem) ? fs::weakly_canonical(path) : fs::path(path);
    const std::string draft = target.string() + ".part";
    if (const int code = write(draft, content); code != 0) {
        std::remove(draft.c_str());
        return writeError(path, code);
    }
    if (fs::exists(status)) fs::permissions(draft, status.permissions(), problem);
    fs::rename(draft, target, problem);
    if (problem) {
        std::remove(draft.c_str());
        return writeError(path, problem.value());
    }
    return {};
}

base::Result<void> checkPlace(const std::string& path) {
    std::error_code problem;
    if (path.empty() || fs::is_directory(path, problem)) return writeError(path, EISDIR);
    const auto folder = fs::path(path).parent_path();
    if (!folder.empty() && !fs::is_directory(folder, problem)) return writeError(path, ENOENT);
    return {};
}

}  // namespace cohelix::interop
