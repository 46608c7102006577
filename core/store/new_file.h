// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A new file that is either there as a whole or not at all: it is written beside its place under
// another name and then given its own, which fails when that name is taken.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/store/leftovers.h"

namespace cohelix::store {

/// Calls `write` with the name of a file that does not exist yet; when it succeeds, syncs the file,
/// sets aside what an earlier file of that name left beside it (leftovers.h; what was done is
/// returned) and renames it to `path`. Nothing is left behind on failure. Refuses an existing `path`.
base::Result<Notices> makeNewFile(
    const std::string& path, const std::function<base::Result<void>(const std::string&)>& write);

/// Writes bytes to a file that must not exist.
base::Result<void> writeBytes(const std::string& path, const std::vector<std::uint8_t>& bytes);
/// Writes all that an open descriptor's file holds to a file that must not exist.
base::Result<void> writeAllOf(int descriptor, const std::string& path);

}  // namespace cohelix::store
