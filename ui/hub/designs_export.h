// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Designs with the choices of their specifications, as text for other programs.

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/store/project.h"

namespace cohelix::ui {

/// On the file's thread. Runs come one after the other, in the order in which they first appear.
base::Result<std::string> designsAsCsv(store::Project& project,
                                       const std::vector<store::DesignRow>& rows);

}  // namespace cohelix::ui
