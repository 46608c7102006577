// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What stands in place of a large file of a Git repository that was not fetched with it.

#include <string_view>

namespace cohelix::base {

/// How such a pointer begins.
inline constexpr std::string_view kLfsPointer = "version https://git-lfs.github.com/";
inline constexpr const char* kFetchFromLfs = "Fetch the file itself (git lfs pull)";

}  // namespace cohelix::base
