// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Who may write a project file. The writing process holds a lock on one byte far behind the end of
// the file and outside the bytes that SQLite locks. The kernel owns it (an open-file-description
// lock), so it ends with the process however that ends, and readers are not in its way.
//
// There is one descriptor per file and process, shared by every Project on it: POSIX drops a
// process's record locks on a file, SQLite's among them, as soon as it closes any descriptor of
// that file. So nothing else in this room opens a project file behind SQLite's back.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/draft_file.h"
#include "core/base/result.h"

namespace cohelix::store {

class FileHold {
public:
    /// Opens an existing regular file; keep it until after the database is closed.
    static base::Result<FileHold> open(const std::string& path);
    FileHold(FileHold&&) noexcept = default;
    FileHold& operator=(FileHold&&) noexcept;
    ~FileHold();

    /// Takes the writer's lock for as long as this lives; why not, when it cannot be had.
    base::Result<void> becomeWriter();

    /// Whether a process, this one or another, has the writer's lock; also where the system does
    /// not say.
    bool hasWriter() const;

    /// The same file once more; the writer's lock, if this one has it, goes with it.
    FileHold handedOver();

    /// Up to `count` bytes from the file's start, as they are on disk.
    std::vector<std::uint8_t> firstBytes(std::size_t count) const { return bytesAt(0, count); }
    /// The same from another place on.
    std::vector<std::uint8_t> bytesAt(std::uint64_t at, std::size_t count) const;
    /// Whether this file has that name.
    bool isAt(const std::string& path) const;
    /// The name that it has been given since it was opened; nothing when it was deleted, or the
    /// system does not say.
    std::optional<std::string> nameNow() const;
    /// Appends all of its bytes.
    base::Result<void> copyTo(base::DraftFile& copy) const;
    /// In bytes; 0 when the system does not say.
    std::uint64_t size() const;

private:
    struct OpenFile;
    explicit FileHold(std::shared_ptr<OpenFile> file) : m_file(std::move(file)) {}
    void release() noexcept;

    std::shared_ptr<OpenFile> m_file;
    bool m_writer = false;
};

}  // namespace cohelix::store
