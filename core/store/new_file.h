// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A new project file: there as a whole or not at all (core/base/draft_file).

#include <functional>
#include <string>

#include "core/base/draft_file.h"
#include "core/base/result.h"
#include "core/store/leftovers.h"
#include "core/store/project.h"

namespace cohelix::store {

/// Calls `write` with an empty draft; when it succeeds, sets aside what an earlier file of that
/// name left beside it (leftovers.h; what was done is returned) and gives the draft its name. On
/// failure all is as before. Errors name `path`.
base::Result<Notices> makeFile(const std::string& path, Existing existing,
                               const std::function<base::Result<void>(base::DraftFile&)>& write);

}  // namespace cohelix::store
