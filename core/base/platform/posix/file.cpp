// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/platform/file.h"

#include <cerrno>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cohelix::platform {
namespace {

namespace fs = std::filesystem;

std::error_code codeOf(int number) {
    // A full quota is a full disk to whoever writes.
    return {number == EDQUOT ? ENOSPC : number, std::generic_category()};
}

/// The last call's: `failed` says whether it did.
std::error_code lastCode(bool failed) { return failed ? codeOf(errno) : std::error_code(); }

FileKind kindOf(mode_t mode) {
    if (S_ISREG(mode)) return FileKind::Regular;
    if (S_ISDIR(mode)) return FileKind::Folder;
    if (S_ISFIFO(mode)) return FileKind::Pipe;
    if (S_ISSOCK(mode)) return FileKind::Socket;
    return S_ISCHR(mode) ? FileKind::CharacterDevice : FileKind::Device;
}

FileStatus statusFrom(const struct stat& status) {
    const auto size = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
    return {kindOf(status.st_mode), {status.st_dev, status.st_ino}, size};
}

struct flock byteLock(short type, std::uint64_t offset) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = static_cast<off_t>(offset);
    lock.l_len = 1;
    return lock;
}

}  // namespace

FileStatus statusOf(const fs::path& path, std::error_code& problem) {
    struct stat status {};
    problem = lastCode(::stat(path.c_str(), &status) != 0);
    return problem ? FileStatus() : statusFrom(status);
}

File::File(File&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

File& File::operator=(File&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

File::~File() { closeDescriptor(m_descriptor); }

File File::open(const fs::path& path, For purpose, std::error_code& problem) {
    const int access = purpose == For::Reading ? O_RDONLY : O_RDWR;
    File file(::open(path.c_str(), access | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    problem = lastCode(!file.isOpen());
    return file;
}

File File::create(const fs::path& path, std::error_code& problem) {
    constexpr int kHow = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    File file(::open(path.c_str(), kHow, 0666));
    problem = lastCode(!file.isOpen());
    return file;
}

FileStatus File::status(std::error_code& problem) const {
    struct stat status {};
    problem = lastCode(::fstat(m_descriptor, &status) != 0);
    return problem ? FileStatus() : statusFrom(status);
}

std::optional<fs::path> File::nameNow() const {
    std::error_code problem;
    const auto link = fs::path("/proc/self/fd") / std::to_string(m_descriptor);
    auto name = fs::read_symlink(link, problem);
    if (problem) return std::nullopt;
    const auto own = status(problem).id;
    if (problem || statusOf(name, problem).id != own || problem) return std::nullopt;
    return name;
}

void File::mayWait() {
    ::fcntl(m_descriptor, F_SETFL, ::fcntl(m_descriptor, F_GETFL) & ~O_NONBLOCK);
}

std::size_t File::read(void* bytes, std::size_t count, std::error_code& problem) {
    ssize_t got = 0;
    do {
        got = ::read(m_descriptor, bytes, count);
        problem = lastCode(got < 0);
    } while (problem == std::errc::interrupted);
    return got < 0 ? 0 : static_cast<std::size_t>(got);
}

std::size_t File::readAt(std::uint64_t offset, void* bytes, std::size_t count,
                         std::error_code& problem) const {
    const auto got = ::pread(m_descriptor, bytes, count, static_cast<off_t>(offset));
    problem = lastCode(got < 0);
    return got < 0 ? 0 : static_cast<std::size_t>(got);
}

void File::write(std::string_view bytes, std::error_code& problem) {
    problem.clear();
    while (!bytes.empty()) {
        const auto written = ::write(m_descriptor, bytes.data(), bytes.size());
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
        problem = written == 0 ? codeOf(ENOSPC) : lastCode(written < 0);
        if (problem && problem != std::errc::interrupted) return;
    }
    problem.clear();
}

void File::setPermissions(fs::perms permissions, std::error_code& problem) {
    const auto mode = static_cast<mode_t>(permissions & fs::perms::mask);
    problem = lastCode(::fchmod(m_descriptor, mode) != 0);
}

void File::finish(std::error_code& problem) {
    problem = lastCode(::fsync(m_descriptor) != 0);
    if (problem && problem != std::errc::invalid_argument) return;
    problem = lastCode(::close(std::exchange(m_descriptor, -1)) != 0);
}

void File::lockByte(std::uint64_t offset, std::error_code& problem) {
    struct flock lock = byteLock(F_WRLCK, offset);
    problem = lastCode(::fcntl(m_descriptor, F_OFD_SETLK, &lock) != 0);
    if (problem == std::errc::permission_denied) problem = codeOf(EAGAIN);
}

void File::unlockByte(std::uint64_t offset) {
    struct flock lock = byteLock(F_UNLCK, offset);
    ::fcntl(m_descriptor, F_OFD_SETLK, &lock);
}

bool File::byteIsLocked(std::uint64_t offset) const {
    struct flock lock = byteLock(F_WRLCK, offset);
    return ::fcntl(m_descriptor, F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
}

int File::release() { return std::exchange(m_descriptor, -1); }

void closeDescriptor(int descriptor) {
    if (descriptor >= 0) ::close(descriptor);
}

void replace(const fs::path& from, const fs::path& to, std::error_code& problem) {
    problem = lastCode(::rename(from.c_str(), to.c_str()) != 0);
}

void takeFreeName(const fs::path& from, const fs::path& to, std::error_code& problem) {
    // A hard link fails where the name is taken; renaming would replace the file that has it.
    problem = lastCode(::link(from.c_str(), to.c_str()) != 0);
    if (!problem) {
        ::unlink(from.c_str());
        return;
    }
    if (problem == std::errc::file_exists) return;
    std::error_code ignored;  // file systems without hard links: FAT, some network shares
    if (fs::exists(fs::symlink_status(to, ignored))) {
        problem = codeOf(EEXIST);
        return;
    }
    replace(from, to, problem);
}

void syncFolder(const fs::path& folder, std::error_code& problem) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    problem = lastCode(descriptor < 0);
    if (!problem) problem = lastCode(::fsync(descriptor) != 0);
    closeDescriptor(descriptor);
    // Some file systems cannot sync folders, and some folders can be written to but not read.
    if (problem == std::errc::invalid_argument || problem == std::errc::permission_denied) {
        problem.clear();
    }
}

bool mayWriteInto(const fs::path& folder) { return ::access(folder.c_str(), W_OK | X_OK) == 0; }

bool fileSizeIsLimited() {
    struct rlimit limit {};
    return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

}  // namespace cohelix::platform
