// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/file_kind.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>

#include "core/interop/onnx/onnx_foreign.h"

namespace cohelix::interop {
namespace {

std::optional<FileKind> kindByExtension(const std::string& path) {
    auto extension = std::filesystem::path(path).extension().string();
    std::ranges::transform(extension, extension.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (extension == ".json") return FileKind::Json;
    if (extension == ".yaml" || extension == ".yml") return FileKind::Yaml;
    if (extension == ".onnx") return FileKind::Model;
    return std::nullopt;
}

bool isText(std::string_view contents) {
    constexpr std::string_view kSpaces = "\t\n\r\f";
    return std::ranges::all_of(contents, [&](unsigned char c) {
        return c >= ' ' || kSpaces.find(static_cast<char>(c)) != kSpaces.npos;
    });
}

bool beginsLikeJson(std::string_view contents) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (contents.starts_with(kByteOrderMark)) contents.remove_prefix(kByteOrderMark.size());
    const auto first = contents.find_first_not_of(" \t\n\r");
    return first != contents.npos && (contents[first] == '{' || contents[first] == '[');
}

}  // namespace

base::Result<void> checkText(const std::string& path, std::string_view contents) {
    const auto foreign = foreignForm(contents);
    if (!foreign) return {};
    return base::Error{path, "this is neither JSON nor YAML but " + foreign->name, foreign->advice};
}

FileKind fileKind(const std::string& path, std::string_view contents) {
    if (const auto known = kindByExtension(path)) return *known;
    if (!isText(contents) || foreignForm(contents)) return FileKind::Model;
    if (beginsLikeJson(contents)) return FileKind::Json;
    return contents.find(':') != contents.npos ? FileKind::Yaml : FileKind::Model;
}

}  // namespace cohelix::interop
