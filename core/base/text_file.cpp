// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cohelix::base {
namespace {

namespace fs = std::filesystem;

Error unreadable(const fs::path& path, int code) {
    switch (code) {
        case ENOENT: return {path.string(), "there is no such file", "Check the name"};
        case EACCES: return {path.string(), "this file may not be read", "Check its permissions"};
        default:
            return {path.string(),
                    std::string("this file cannot be read: ") + std::strerror(code ? code : EIO),
                    {}};
    }
}

/// Whether the name is that of a file which this process has open already.
bool isHandedOver(const fs::path& path) {
    const auto plain = path.lexically_normal().string();
    return plain == "/dev/stdin" || plain.starts_with("/dev/fd/") ||
           plain.starts_with("/proc/self/fd/");
}

Result<void> checkKind(const fs::path& path, mode_t mode) {
    const auto refuse = [&](const char* what, const char* advice) {
        return Error{path.string(), what, advice};
    };
    constexpr const char* kAdvice = "Name a regular file; a pipe can be read as /dev/stdin";
    if (S_ISREG(mode)) return {};
    if (S_ISDIR(mode)) return refuse("this is a folder", "Name a file in it");
    if (isHandedOver(path) && (S_ISFIFO(mode) || S_ISCHR(mode))) return {};
    if (S_ISFIFO(mode)) return refuse("this is a named pipe, not a file", kAdvice);
    if (S_ISSOCK(mode)) return refuse("this is a socket, not a file", kAdvice);
    return refuse("this is a device, not a file", kAdvice);
}

Error tooLarge(const fs::path& path, std::size_t mostBytes) {
    return {path.string(), "it is larger than " + std::to_string(mostBytes >> 20) + " MiB",
            "Name a smaller file"};
}

/// A descriptor that is closed with the object.
struct OpenFile {
    int descriptor;
    ~OpenFile() { ::close(descriptor); }
};

/// Bytes that the system says the file has; 0 where it does not know.
std::size_t sizeOf(int descriptor) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    return static_cast<std::size_t>(status.st_size);
}

template <typename Content>
Result<Content> readWhole(const fs::path& path, std::size_t mostBytes) {
    const auto descriptor = openToRead(path);
    if (!descriptor) return descriptor.error();
    const OpenFile file{*descriptor};
    const std::size_t size = sizeOf(file.descriptor);
    if (size > mostBytes) return tooLarge(path, mostBytes);
    constexpr std::size_t kBlock = std::size_t{1} << 16;
    Content content;
    std::size_t done = 0;
    while (true) {
        // One byte more than there should be shows the end.
        if (done == content.size()) content.resize(std::max(done + kBlock, size + 1));
        const auto got = ::read(file.descriptor, &content[done], content.size() - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(path, errno);
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
        if (done > mostBytes) return tooLarge(path, mostBytes);
    }
    content.resize(done);
    return content;
}

}  // namespace

Result<int> openToRead(const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return unreadable(path, errno);
    // Before it is opened, since that alone moves some devices and tells a pipe's writer to begin.
    if (auto kind = checkKind(path, status.st_mode); !kind) return kind.error();
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0) return unreadable(path, errno);
    if (::fstat(descriptor, &status) != 0) status.st_mode = 0;
    if (auto kind = checkKind(path, status.st_mode); !kind) {
        ::close(descriptor);
        return kind.error();
    }
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
    return descriptor;
}

Result<std::string> readText(const fs::path& path, std::size_t mostBytes) {
    return readWhole<std::string>(path, mostBytes);
}

Result<std::vector<std::uint8_t>> readBytes(const fs::path& path, std::size_t mostBytes) {
    return readWhole<std::vector<std::uint8_t>>(path, mostBytes);
}

}  // namespace cohelix::base
