// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text_file.h"

#include <algorithm>
#include <system_error>

namespace cohelix::base {
namespace {

namespace fs = std::filesystem;

Error unreadable(const fs::path& path, const std::error_code& code) {
    if (code == std::errc::no_such_file_or_directory) {
        return {path.string(), "there is no such file", "Check the name"};
    }
    if (code == std::errc::permission_denied) {
        return {path.string(), "this file may not be read", "Check its permissions"};
    }
    return {path.string(), "this file cannot be read: " + code.message(), {}};
}

/// Whether the name is that of a file which this process has open already.
bool isHandedOver(const fs::path& path) {
    const auto plain = path.lexically_normal().string();
    return plain == "/dev/stdin" || plain.starts_with("/dev/fd/") ||
           plain.starts_with("/proc/self/fd/");
}

Result<void> checkKind(const fs::path& path, platform::FileKind kind) {
    using Kind = platform::FileKind;
    const auto refuse = [&](const char* what, const char* advice) {
        return Error{path.string(), what, advice};
    };
    constexpr const char* kAdvice = "Name a regular file; a pipe can be read as /dev/stdin";
    if (kind == Kind::Regular) return {};
    if (kind == Kind::Folder) return refuse("this is a folder", "Name a file in it");
    const bool isStream = kind == Kind::Pipe || kind == Kind::CharacterDevice;
    if (isHandedOver(path) && isStream) return {};
    if (kind == Kind::Pipe) return refuse("this is a named pipe, not a file", kAdvice);
    if (kind == Kind::Socket) return refuse("this is a socket, not a file", kAdvice);
    return refuse("this is a device, not a file", kAdvice);
}

Error tooLarge(const fs::path& path, std::size_t mostBytes) {
    return {path.string(), "it is larger than " + std::to_string(mostBytes >> 20) + " MiB",
            "Name a smaller file"};
}

template <typename Content>
Result<Content> readWhole(const fs::path& path, std::size_t mostBytes) {
    auto file = openToRead(path);
    if (!file) return file.error();
    std::error_code problem;
    const auto size = static_cast<std::size_t>(file->status(problem).size);  // of a pipe none
    if (size > mostBytes) return tooLarge(path, mostBytes);
    constexpr std::size_t kBlock = std::size_t{1} << 16;
    Content content;
    std::size_t done = 0;
    while (true) {
        // One byte more than there should be shows the end.
        if (done == content.size()) content.resize(std::max(done + kBlock, size + 1));
        const auto got = file->read(&content[done], content.size() - done, problem);
        if (problem) return unreadable(path, problem);
        if (got == 0) break;
        done += got;
        if (done > mostBytes) return tooLarge(path, mostBytes);
    }
    content.resize(done);
    return content;
}

}  // namespace

Result<platform::File> openToRead(const fs::path& path) {
    std::error_code problem;
    const auto named = platform::statusOf(path, problem);
    if (problem) return unreadable(path, problem);
    // Before it is opened, since that alone moves some devices and tells a pipe's writer to begin.
    if (auto kind = checkKind(path, named.kind); !kind) return kind.error();
    auto file = platform::File::open(path, platform::File::For::Reading, problem);
    if (problem) return unreadable(path, problem);
    const auto opened = file.status(problem);
    if (problem) return unreadable(path, problem);
    if (auto kind = checkKind(path, opened.kind); !kind) return kind.error();
    file.mayWait();
    return file;
}

Result<std::string> readText(const fs::path& path, std::size_t mostBytes) {
    return readWhole<std::string>(path, mostBytes);
}

Result<std::vector<std::uint8_t>> readBytes(const fs::path& path, std::size_t mostBytes) {
    return readWhole<std::vector<std::uint8_t>>(path, mostBytes);
}

}  // namespace cohelix::base
