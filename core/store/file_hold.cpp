// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/file_hold.h"

#include <map>
#include <mutex>
#include <system_error>
#include <utility>

#include "core/base/platform/file.h"

namespace cohelix::store {
namespace {

/// SQLite locks bytes around 2^30; this one lies far behind any file's end.
constexpr std::uint64_t kWriterByte = std::uint64_t{1} << 61;

base::Error systemError(const std::string& path, const std::error_code& code) {
    if (code == std::errc::no_such_file_or_directory) {
        return {path, "there is no such file", "Check the name, or create a new project"};
    }
    if (code == std::errc::not_a_directory) {
        return {path, "a part of the path is not a folder", "Check the path"};
    }
    if (code == std::errc::permission_denied || code == std::errc::operation_not_permitted) {
        return {path, "the file may not be read",
                "Ask its owner for the right to read it, or work on a copy"};
    }
    return {path, "the file could not be opened: " + code.message(), "Check the path and the disk"};
}

}  // namespace

struct FileHold::OpenFile {
    platform::File file;
    bool writable = false;
    bool writerHere = false;  ///< a Project of this process writes; guarded by the registry's mutex
    platform::FileId id;
};

namespace {

struct Registry {
    std::mutex mutex;
    std::map<platform::FileId, std::weak_ptr<void>> files;
};

Registry& registry() {
    static Registry instance;
    return instance;
}

}  // namespace

base::Result<FileHold> FileHold::open(const std::string& path) {
    std::error_code problem;
    const auto status = platform::statusOf(path, problem);
    if (problem) return systemError(path, problem);
    if (status.kind == platform::FileKind::Folder) {
        return base::Error{path, "this is a folder, not a project file", "Choose a file in it"};
    }
    if (status.kind != platform::FileKind::Regular) {
        return base::Error{path, "this is not a regular file", "Choose a .cohelix file"};
    }
    const std::lock_guard guard(registry().mutex);
    auto& files = registry().files;
    if (const auto known = files.find(status.id); known != files.end()) {
        if (auto file = std::static_pointer_cast<OpenFile>(known->second.lock())) {
            return FileHold(std::move(file));
        }
    }
    using For = platform::File::For;
    auto file = std::make_shared<OpenFile>();
    file->id = status.id;
    file->file = platform::File::open(path, For::Changing, problem);
    file->writable = !problem;
    if (problem) file->file = platform::File::open(path, For::Reading, problem);
    if (problem) return systemError(path, problem);
    std::erase_if(files, [](const auto& entry) { return entry.second.expired(); });
    files[status.id] = file;
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
    std::error_code problem;
    m_file->file.lockByte(kWriterByte, problem);
    if (problem == std::errc::resource_unavailable_try_again) {
        return base::Error{{}, "another process has the project open for writing", {}};
    }
    if (problem) {
        return base::Error{{}, "the file system cannot lock the file: " + problem.message(), {}};
    }
    m_file->writerHere = true;
    m_writer = true;
    return {};
}

bool FileHold::hasWriter() const {
    const std::lock_guard guard(registry().mutex);
    if (m_file->writerHere) return true;  // the kernel tells of others' locks alone
    return m_file->file.byteIsLocked(kWriterByte);
}

std::vector<std::uint8_t> FileHold::bytesAt(std::uint64_t at, std::size_t count) const {
    std::error_code problem;
    std::vector<std::uint8_t> bytes(count);
    bytes.resize(m_file->file.readAt(at, bytes.data(), count, problem));
    return bytes;
}

bool FileHold::isAt(const std::string& path) const {
    std::error_code problem;
    const auto status = platform::statusOf(path, problem);
    return !problem && status.id == m_file->id;
}

std::optional<std::string> FileHold::nameNow() const {
    const auto name = m_file->file.nameNow();
    if (!name) return std::nullopt;
    return name->string();
}

base::Result<void> FileHold::copyTo(base::DraftFile& copy) const {
    constexpr std::size_t kPartBytes = 1 << 20;
    std::string part(kPartBytes, '\0');
    std::error_code problem;
    for (std::uint64_t at = 0;;) {
        const auto got = m_file->file.readAt(at, part.data(), part.size(), problem);
        if (problem) return base::writeError(copy.path(), problem);
        if (got == 0) return {};
        if (auto written = copy.write(std::string_view(part.data(), got)); !written) return written;
        at += got;
    }
}

std::uint64_t FileHold::size() const {
    std::error_code problem;
    return m_file->file.status(problem).size;
}

void FileHold::release() noexcept {
    if (!m_file) return;
    const std::lock_guard guard(registry().mutex);
    if (m_writer) {
        m_file->file.unlockByte(kWriterByte);
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
