// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Reads everything about one design from the project file.

#include "core/base/result.h"
#include "core/store/project.h"

#include "ui/hub/design_details.h"

namespace cohelix::ui {

/// On the file's thread. Errors: the design is gone, or does not fit its specification.
base::Result<DesignDetails> loadDetails(store::Project& project, std::int64_t design);

}  // namespace cohelix::ui
