// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/new_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/draft_file.h"

namespace cohelix::store {
namespace {

namespace fs = std::filesystem;

base::Error writeError(const std::string& path, int code) {
    switch (code) {
        case ENOENT: return {path, "the folder does not exist", "Create it, or choose another one"};
        case ENOTDIR: return {path, "a part of the path is not a folder", "Check the path"};
        case EACCES:
        case EPERM:
        case EROFS:
            return {path, "the folder may not be written to", "Choose a folder of your own"};
        case EEXIST:
            return {path, "there is a file of that name already",
                    "Open that file, or choose another name"};
        case ENOSPC:
        case EDQUOT: return {path, "the disk is full", "Free some space, or choose another disk"};
        case EFBIG:
            return {path, "the file size limit of this session is reached",
                    "Raise it (ulimit -f), or choose a smaller network space"};
        case ENAMETOOLONG: return {path, "the name is too long", "Choose a shorter one"};
        default: return {path, std::string("the file could not be written: ") +
                                   std::strerror(code), "Check the path and the disk"};
    }
}

/// On the disk, not only in the cache.
base::Result<void> sync(const std::string& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0) return writeError(path, errno);
    const int code = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    // Some file systems cannot sync folders.
    if (code != 0 && code != EINVAL) return writeError(path, code);
    return {};
}

constexpr std::size_t kPartBytes = 1 << 20;

/// 0, or the system's error.
int writeAll(int descriptor, const std::vector<std::uint8_t>& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t written = ::write(descriptor, bytes.data() + done, bytes.size() - done);
        if (written > 0) done += static_cast<std::size_t>(written);
        if (written == 0) return ENOSPC;
        if (written < 0 && errno != EINTR) return errno;
    }
    return 0;
}

/// Writes what `next` gives from each place on, until it gives nothing.
base::Result<void> writeParts(
    const std::string& path,
    const std::function<int(std::vector<std::uint8_t>& part, std::uint64_t at)>& next) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0) return writeError(path, errno);
    std::vector<std::uint8_t> part;
    std::uint64_t at = 0;
    int code = next(part, at);
    while (code == 0 && !part.empty()) {
        code = writeAll(descriptor, part);
        at += part.size();
        if (code == 0) code = next(part, at);
    }
    if (::close(descriptor) != 0 && code == 0) code = errno;
    if (code != 0) return writeError(path, code);
    return {};
}

base::Result<void> giveName(const std::string& from, const std::string& to) {
    // A hard link fails where the name is taken; renaming would replace the file that has it.
    if (::link(from.c_str(), to.c_str()) == 0) {
        ::unlink(from.c_str());
        return {};
    }
    if (errno == EEXIST) return writeError(to, EEXIST);
    std::error_code problem;  // file systems without hard links: FAT, some network shares
    if (fs::exists(fs::symlink_status(to, problem))) return writeError(to, EEXIST);
    if (::rename(from.c_str(), to.c_str()) != 0) return writeError(to, errno);
    return {};
}

}  // namespace

base::Result<void> writeBytes(const std::string& path, const std::vector<std::uint8_t>& bytes) {
    return writeParts(path, [&](std::vector<std::uint8_t>& part, std::uint64_t at) {
        part.assign(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end());
        return 0;
    });
}

base::Result<void> writeAllOf(int descriptor, const std::string& path) {
    return writeParts(path, [&](std::vector<std::uint8_t>& part, std::uint64_t at) {
        part.resize(kPartBytes);
        const ssize_t got =
            ::pread(descriptor, part.data(), part.size(), static_cast<off_t>(at));
        part.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return got < 0 ? errno : 0;
    });
}

base::Result<Notices> makeNewFile(
    const std::string& path, const std::function<base::Result<void>(const std::string&)>& write) {
    const fs::path target(path);
    std::error_code problem;
    if (fs::exists(fs::symlink_status(target, problem))) return writeError(path, EEXIST);
    const auto folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    if (!fs::exists(folder, problem)) return writeError(path, problem ? problem.value() : ENOENT);
    if (!fs::is_directory(folder, problem)) return writeError(path, ENOTDIR);
    if (::access(folder.c_str(), W_OK | X_OK) != 0) return writeError(path, errno);

    const std::string draft = base::draftNameBeside(target);
    auto done = write(draft);
    if (done) done = sync(draft, O_RDONLY);
    Notices notices;
    if (done) {
        auto cleared = setAsideAll(path);
        done = cleared ? giveName(draft, path) : base::Result<void>(cleared.error());
        if (cleared) notices = std::move(*cleared);
    }
    std::remove(draft.c_str());
    if (!done) {
        auto error = done.error();
        error.where = path;
        return error;
    }
    if (auto synced = sync(folder.string(), O_RDONLY | O_DIRECTORY); !synced) return synced.error();
    return notices;
}

}  // namespace cohelix::store
