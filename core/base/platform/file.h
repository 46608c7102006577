// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Files as the system has them, beyond what the standard library knows: opened without surprises,
// told apart by what they are and not by name, locked, brought to the disk, put in one another's
// place. Errors are told as std::filesystem tells them.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

namespace cohelix::platform {

enum class FileKind : std::uint8_t { Regular, Folder, Pipe, Socket, CharacterDevice, Device };

/// The same for every name of a file, and of one file at a time.
struct FileId {
    std::uint64_t volume = 0;
    std::uint64_t number = 0;
    friend auto operator<=>(const FileId&, const FileId&) = default;
};

struct FileStatus {
    FileKind kind = FileKind::Regular;
    FileId id;
    std::uint64_t size = 0;  ///< bytes of a regular file
};
/// Of what a name leads to, links followed.
FileStatus statusOf(const std::filesystem::path& path, std::error_code& problem);

/// An open file, closed with the object. No child process inherits it.
class File {
public:
    enum class For : std::uint8_t { Reading, Changing };

    File() = default;
    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    ~File();

    /// Never waits, not at a pipe either, and makes no terminal that of the process.
    static File open(const std::filesystem::path& path, For purpose, std::error_code& problem);
    /// An empty file to write to. Follows no link and takes nothing that is there.
    static File create(const std::filesystem::path& path, std::error_code& problem);

    bool isOpen() const { return m_descriptor >= 0; }
    FileStatus status(std::error_code& problem) const;
    /// The name that it has been given since it was opened; nothing where it was deleted, or where
    /// the system does not say.
    std::optional<std::filesystem::path> nameNow() const;

    /// From here on reading waits for bytes, at a pipe.
    void mayWait();
    /// The bytes got; 0 at the end.
    std::size_t read(void* bytes, std::size_t count, std::error_code& problem);
    std::size_t readAt(std::uint64_t offset, void* bytes, std::size_t count,
                       std::error_code& problem) const;
    /// Appends all of them.
    void write(std::string_view bytes, std::error_code& problem);
    void setPermissions(std::filesystem::perms permissions, std::error_code& problem);
    /// Brings it to the disk and closes it. A file system that cannot do the former is no error.
    void finish(std::error_code& problem);

    /// Locks a byte, that need not be there, against other processes for as long as the file is
    /// open. std::errc::resource_unavailable_try_again: another one has it.
    void lockByte(std::uint64_t offset, std::error_code& problem);
    void unlockByte(std::uint64_t offset);
    /// Whether another process has it, or the system does not say.
    bool byteIsLocked(std::uint64_t offset) const;

    /// As a descriptor of the C library, which the caller closes.
    int release();

private:
    explicit File(int descriptor) : m_descriptor(descriptor) {}

    int m_descriptor = -1;
};

/// Closes what File::release() gave.
void closeDescriptor(int descriptor);

/// Gives a file the name of another one, which is gone at once: whoever looks sees one of the two.
void replace(const std::filesystem::path& from, const std::filesystem::path& to,
             std::error_code& problem);
/// Gives a file a free name. std::errc::file_exists: it is taken, by a link too.
void takeFreeName(const std::filesystem::path& from, const std::filesystem::path& to,
                  std::error_code& problem);
/// Brings the names in a folder to the disk. No error where file systems or rights do not allow it.
void syncFolder(const std::filesystem::path& folder, std::error_code& problem);
bool mayWriteInto(const std::filesystem::path& folder);
/// Whether this session bounds how large a file may become.
bool fileSizeIsLimited();

}  // namespace cohelix::platform
