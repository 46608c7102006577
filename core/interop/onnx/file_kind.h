// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The kind of a file with layers, an accelerator or a mapping.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace cohelix::interop {

enum class FileKind : std::uint8_t { Json, Yaml, Model };

/// By the extension: .json, .yaml, .yml, .onnx. Where it is another one or there is none, by the
/// contents: what begins like an object or a list of JSON is JSON, text with a key is YAML, and all
/// else is held for a model, whose reader says what it is instead.
FileKind fileKind(const std::string& path, std::string_view contents);

/// Error: the contents of a file that says it is JSON or YAML are of another form, as is a pointer
/// of Git LFS in its place.
base::Result<void> checkText(const std::string& path, std::string_view contents);

}  // namespace cohelix::interop
