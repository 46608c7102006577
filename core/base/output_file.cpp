// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/output_file.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "core/base/draft_file.h"

namespace cohelix::base {
namespace {

namespace fs = std::filesystem;
using base::writeError;

std::error_code lastError() { return {errno ? errno : EIO, std::generic_category()}; }

base::Result<void> append(const std::string& path, std::string_view content) {
    std::FILE* file = std::fopen(path.c_str(), "ab");
    if (!file) return writeError(path, lastError());
    errno = 0;
    std::error_code problem;
    if (std::fwrite(content.data(), 1, content.size(), file) != content.size()) {
        problem = lastError();
    }
    if (std::fclose(file) != 0 && !problem) problem = lastError();
    return problem ? writeError(path, problem) : base::Result<void>();
}

/// Devices, pipes and what /dev/stdout leads to are written to, never replaced.
bool isWrittenInPlace(const std::string& path, const fs::file_status& status) {
    if (fs::exists(status) && !fs::is_regular_file(status)) return true;
    const auto plain = fs::path(path).lexically_normal().string();
    return plain == "/dev/stdout" || plain == "/dev/stderr" || plain.starts_with("/dev/fd/") ||
           plain.starts_with("/proc/");
}

}  // namespace

base::Result<void> writeFile(const std::string& path, std::string_view content) {
    std::error_code problem;
    const auto status = fs::status(path, problem);
    if (fs::is_directory(status)) return writeError(path, std::errc::is_a_directory);
    if (isWrittenInPlace(path, status)) return append(path, content);
    // A link is replaced, and what it points to left alone.
    const bool keepsPermissions = fs::is_regular_file(fs::symlink_status(path, problem));
    auto draft = base::DraftFile::beside(path);
    auto done = draft ? draft->write(content) : base::Result<void>(draft.error());
    if (done && keepsPermissions) done = draft->setPermissions(status.permissions());
    if (done) done = draft->replace();
    if (done) return {};
    auto error = done.error();
    error.where = path;
    return error;
}

base::Result<void> checkPlace(const std::string& path) {
    std::error_code problem;
    if (path.empty() || fs::is_directory(path, problem))
        return writeError(path, std::errc::is_a_directory);
    const auto folder = fs::path(path).parent_path();
    if (!folder.empty() && !fs::is_directory(folder, problem))
        return writeError(path, std::errc::no_such_file_or_directory);
    return {};
}

}  // namespace cohelix::base
