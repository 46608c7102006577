// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The files that options name, each read once: what comes through a pipe is gone afterwards.

#include <cstddef>
#include <string>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/text_file.h"
#include "core/interop/onnx/file_kind.h"

namespace cohelix::cli {

/// The path of a file that an option names: "-" is standard input ("./-" is a file).
std::string pathOf(const std::string& named);

/// Whether a value that may be a name of something shipped is that of a file: it has a folder or an
/// extension, is "-", or there is such a file.
bool namesFile(const std::string& value);

struct NamedFile {
    std::string path = {};
    std::string contents = {};
    interop::FileKind kind = interop::FileKind::Json;

    /// The file's name without its extension; "standard input" and "pipe" for these.
    std::string title() const;
    /// Errors: also that it is a model.
    base::Result<base::Json> json() const;
};

/// Errors: it cannot be read, is larger than `mostBytes`, or empty.
base::Result<NamedFile> readNamed(const std::string& named,
                                  std::size_t mostBytes = base::kMostTextBytes);

}  // namespace cohelix::cli
