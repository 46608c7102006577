// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Writing an exported file: whole or not at all.

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace cohelix::interop {

/// Writes beside the place under another name and renames, so that a full disk leaves an older
/// file as it was. Replaces an existing file; the folder must exist.
base::Result<void> writeFile(const std::string& path, std::string_view content);

}  // namespace cohelix::interop
