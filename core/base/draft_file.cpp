// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/draft_file.h"

#include <cerrno>
#include <cstring>
#include <random>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cohelix::base {
namespace {

namespace fs = std::filesystem;

std::string randomLetters() {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz234567";
    constexpr int kCount = 12;  // 60 bits
    std::random_device random;
    std::string letters;
    for (int i = 0; i < kCount; ++i) letters += kLetters[random() % kLetters.size()];
    return letters;
}

/// 0, or the errno. What has the disk's cache only is lost where the power goes.
int syncFolderOf(const std::string& path) {
    const auto parent = fs::path(path).parent_path();
    const std::string folder = parent.empty() ? "." : parent.string();
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return errno;
    const int code = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    // Some file systems cannot sync folders, and some folders can be written to but not read.
    return code == EINVAL ? 0 : code;
}

}  // namespace

Error writeError(const std::string& path, int code) {
    switch (code) {
        case ENOENT: return {path, "the folder does not exist", "Create it, or choose another one"};
        case ENOTDIR: return {path, "a part of the path is not a folder", "Check the path"};
        case EISDIR: return {path, "this is a folder", "Give the name of a file in it"};
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
                    "Raise it (ulimit -f), or write less"};
        case ENAMETOOLONG: return {path, "the name is too long", "Choose a shorter one"};
        default:
            return {path, std::string("the file could not be written: ") + std::strerror(code),
                    "Check the path and the disk"};
    }
}

std::string draftNameBeside(const fs::path& target) {
    return target.string() + "." + randomLetters() + ".part";
}

Result<DraftFile> DraftFile::beside(const fs::path& target) {
    constexpr int kTries = 100;
    for (int i = 0; i < kTries; ++i) {
        auto path = draftNameBeside(target);
        // Follows no link and takes nothing that is there.
        const int descriptor =
            ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (descriptor >= 0) return DraftFile(target.string(), std::move(path), descriptor);
        if (errno != EEXIST) return writeError(target.string(), errno);
    }
    return writeError(target.string(), EEXIST);
}

DraftFile::DraftFile(DraftFile&& other) noexcept
    : m_target(std::move(other.m_target)),
      m_path(std::exchange(other.m_path, {})),
      m_descriptor(std::exchange(other.m_descriptor, -1)) {}

DraftFile::~DraftFile() {
    if (m_descriptor >= 0) ::close(m_descriptor);
    if (!m_path.empty()) ::unlink(m_path.c_str());
}

Result<void> DraftFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
        if (written == 0) return writeError(m_target, ENOSPC);
        if (written < 0 && errno != EINTR) return writeError(m_target, errno);
    }
    return {};
}

Result<void> DraftFile::setPermissions(fs::perms permissions) {
    const auto mode = static_cast<mode_t>(permissions & fs::perms::mask);
    if (::fchmod(m_descriptor, mode) != 0) return writeError(m_target, errno);
    return {};
}

Result<void> DraftFile::sync() {
    // Some file systems cannot sync.
    if (::fsync(m_descriptor) != 0 && errno != EINVAL) return writeError(m_target, errno);
    if (::close(std::exchange(m_descriptor, -1)) != 0) return writeError(m_target, errno);
    return {};
}

Result<void> DraftFile::placed() {
    m_path.clear();
    if (const int code = syncFolderOf(m_target); code != 0 && code != EACCES) {
        return writeError(m_target, code);
    }
    return {};
}

Result<void> DraftFile::replace() {
    if (auto synced = sync(); !synced) return synced;
    if (::rename(m_path.c_str(), m_target.c_str()) != 0) return writeError(m_target, errno);
    return placed();
}

Result<void> DraftFile::takeFreeName() {
    if (auto synced = sync(); !synced) return synced;
    // A hard link fails where the name is taken; renaming would replace the file that has it.
    if (::link(m_path.c_str(), m_target.c_str()) == 0) {
        ::unlink(m_path.c_str());
        return placed();
    }
    if (errno == EEXIST) return writeError(m_target, EEXIST);
    std::error_code problem;  // file systems without hard links: FAT, some network shares
    if (fs::exists(fs::symlink_status(m_target, problem))) return writeError(m_target, EEXIST);
    if (::rename(m_path.c_str(), m_target.c_str()) != 0) return writeError(m_target, errno);
    return placed();
}

}  // namespace cohelix::base
