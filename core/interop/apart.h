// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Work on data from outside by a library that does not withstand damaged data: in a process of its
// own, whose crash is only an error here. Private to core/interop.

#include <functional>
#include <string>

#include "core/base/result.h"

namespace cohelix::interop {

/// What `work` gives, computed in a child process. It must not touch what other threads hold:
/// locks, files, the window. Errors, without a place: it crashed, it took longer than `seconds`,
/// no process could be started. Elsewhere than on Unix it runs in this process.
base::Result<std::string> runApart(const std::function<std::string()>& work, int seconds);

}  // namespace cohelix::interop
