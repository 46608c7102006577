// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/file_hold.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cohelix::store {
namespace {

using FileId = std::pair<dev_t, ino_t>;

/// SQLite locks bytes around 2^30; this one lies far behind any file's end.
constexpr off_t kWriterByte = off_t{1} << 61;

struct flock writerLock(short type) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = kWriterByte;
    lock.l_len = 1;
    return lock;
}

base::Error systemError(const std::string& path, int code) {
    switch (code) {
        case ENOENT:
            return {path, "there is no such file", "Check the name, or create a new project"};
        case ENOTDIR: return {path, "a part of the path is not a folder", "Check the path"};
        case EACCES:
        case EPERM:
            return {path, "the file may not be read",
                    "Ask its owner for the right to read it, or work on a copy"};
        default:
            return {path, std::string("the file could not be opened: ") + std::strerror(code),
                    "Check the path and the disk"};
    }
}

}  // namespace

struct FileHold::OpenFile {
    int descriptor = -1;
    bool writable = false;
    bool writerHere = false;  ///< a Project of this process writes; guarded by the registry's mutex
    FileId id;
    ~OpenFile() { ::close(descriptor); }
};

namespace {

struct Registry {
    std::mutex mutex;
    std::map<FileId, std::weak_ptr<void>> files;
};

Registry& registry() {
    static Registry instance;
    return instance;
}

}  // namespace

base::Result<FileHold> FileHold::open(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return systemError(path, errno);
    if (S_ISDIR(status.st_mode)) {
        return base::Error{path, "this is a folder, not a project file", "Choose a file in it"};
    }
    if (!S_ISREG(status.st_mode)) {
        return base::Error{path, "this is not a regular file", "Choose a .cohelix file"};
    }
    const std::lock_guard guard(registry().mutex);
    auto& files = registry().files;
    const FileId id{status.st_dev, status.st_ino};
    if (const auto known = files.find(id); known != files.end()) {
        if (auto file = std::static_pointer_cast<OpenFile>(known->second.lock())) {
            return FileHold(std::move(file));
        }
    }
    auto file = std::make_shared<OpenFile>();
    file->id = id;
    file->descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
    file->writable = file->descriptor >= 0;
    if (!file->writable) {
        file->descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    }
    if (file->descriptor < 0) return systemError(path, errno);
    std::erase_if(files, [](const auto& entry) { return entry.second.expired(); });
    files[id] = file;
    return FileHold(std::move(file));
}

FileHold FileHold::handedOver() {
    FileHold next(m_file);
    next.m_writer = std::exchange(m_writer, false);
    return next;
}

base::Result<void> FileHold::becomeWriter() {
    if (m_writer) return {};
    const std::lock_guard guard(registry().mutex);
    if (!m_file->writable) return base::Error{{}, "the file is read-only", {}};
    if (m_file->writerHere) {
        return base::Error{{}, "this program has the project open for writing already", {}};
    }
    struct flock lock = writerLock(F_WRLCK);
    if (::fcntl(m_file->descriptor, F_OFD_SETLK, &lock) != 0) {
        if (errno == EAGAIN || errno == EACCES) {
            return base::Error{{}, "another process has the project open for writing", {}};
        }
        return base::Error{
            {}, std::string("the file system cannot lock the file: ") + std::strerror(errno), {}};
    }
    m_file->writerHere = true;
    m_writer = true;
    return {};
}

bool FileHold::hasWriter() const {
    const std::lock_guard guard(registry().mutex);
    if (m_file->writerHere) return true;  // the kernel tells of others' locks alone
    struct flock lock = writerLock(F_WRLCK);
    return ::fcntl(m_file->descriptor, F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
}

std::vector<std::uint8_t> FileHold::bytesAt(std::uint64_t at, std::size_t count) const {
    std::vector<std::uint8_t> bytes(count);
    const ssize_t got = ::pread(m_file->descriptor, bytes.data(), count, static_cast<off_t>(at));
    bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return bytes;
}

bool FileHold::isAt(const std::string& path) const {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && FileId{status.st_dev, status.st_ino} == m_file->id;
}

std::optional<std::string> FileHold::nameNow() const {
    std::error_code problem;
    const auto link = std::filesystem::path("/proc/self/fd") / std::to_string(m_file->descriptor);
    const std::string name = std::filesystem::read_symlink(link, problem).string();
    if (problem || !isAt(name)) return std::nullopt;
    return name;
}

base::Result<void> FileHold::copyTo(base::DraftFile& copy) const {
    constexpr std::size_t kPartBytes = 1 << 20;
    std::string part(kPartBytes, '\0');
    for (off_t at = 0;;) {
        const ssize_t got = ::pread(m_file->descriptor, part.data(), part.size(), at);
        if (got < 0) return base::writeError(copy.path(), errno);
        if (got == 0) return {};
        const std::string_view bytes(part.data(), static_cast<std::size_t>(got));
        if (auto written = copy.write(bytes); !written) return written;
        at += got;
    }
}

std::uint64_t FileHold::size() const {
    struct stat status {};
    if (::fstat(m_file->descriptor, &status) != 0) return 0;
    return static_cast<std::uint64_t>(status.st_size);
}

void FileHold::release() noexcept {
    if (!m_file) return;
    const std::lock_guard guard(registry().mutex);
    if (m_writer) {
        struct flock lock = writerLock(F_UNLCK);
        ::fcntl(m_file->descriptor, F_OFD_SETLK, &lock);
        m_file->writerHere = false;
    }
    m_file.reset();
}

FileHold& FileHold::operator=(FileHold&& other) noexcept {
    release();
    m_file = std::move(other.m_file);
    m_writer = std::exchange(other.m_writer, false);
    return *this;
}

FileHold::~FileHold() { release(); }

}  // namespace cohelix::store
