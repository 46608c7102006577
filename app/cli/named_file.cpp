// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/named_file.h"

#include <filesystem>

namespace cohelix::cli {
namespace {

constexpr const char* kStandardInput = "/dev/stdin";

}  // namespace

std::string pathOf(const std::string& named) { return named == "-" ? kStandardInput : named; }

bool namesFile(const std::string& value) {
    const std::filesystem::path path(value);
    std::error_code none;
    return value == "-" || path.has_parent_path() || path.has_extension() ||
           std::filesystem::exists(path, none);
}

std::string NamedFile::title() const {
    if (path == kStandardInput) return "standard input";
    if (path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/")) return "pipe";
    return std::filesystem::path(path).stem().string();
}

base::Result<base::Json> NamedFile::json() const {
    if (kind == interop::FileKind::Json) return base::parseJson(contents, path);
    if (auto text = interop::checkText(path, contents); !text) return text.error();
    return base::Error{path, "this is neither JSON nor YAML", "Give a file of one of these"};
}

base::Result<NamedFile> readNamed(const std::string& named, std::size_t mostBytes) {
    NamedFile file{.path = pathOf(named)};
    auto contents = base::readText(file.path, mostBytes);
    if (!contents) return contents.error();
    file.contents = std::move(*contents);
    if (file.contents.empty()) {
        return base::Error{file.path, "nothing is in it",
                           file.path == kStandardInput
                               ? "Only one option can read standard input, and something must be "
                                 "written to it"
                               : ""};
    }
    file.kind = interop::fileKind(file.path, file.contents);
    if (file.kind == interop::FileKind::Model) return file;
    if (auto text = interop::checkText(file.path, file.contents); !text) return text.error();
    return file;
}

}  // namespace cohelix::cli
