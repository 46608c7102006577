// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Projects as commands read them.

#include <memory>
#include <string>

#include "core/store/project.h"

#include "app/cli/terminal.h"

namespace cohelix::cli {

/// Opens a project for reading. What was done about files that lay beside it is said.
base::Result<std::unique_ptr<store::Project>> openToRead(const std::string& path);

}  // namespace cohelix::cli
