// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Writing an exported file: whole or not at all.

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace cohelix::base {

/// Writes beside the place under another name and renames, so that a full disk leaves an older
/// file as it was. Replaces an existing file and keeps its permissions. A link is replaced too, and
/// what it points to left alone; a device or a pipe is written to, also through a link. The folder
/// must exist.
base::Result<void> writeFile(const std::string& path, std::string_view content);

/// Whether writeFile() will find a folder there: asked before the work whose result is to be kept.
base::Result<void> checkPlace(const std::string& path);

}  // namespace cohelix::base
