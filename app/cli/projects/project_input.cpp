// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/projects/project_input.h"

namespace cohelix::cli {

base::Result<std::unique_ptr<store::Project>> openToRead(const std::string& path) {
    auto project = store::Project::open(path, store::Access::ReadOnly);
    if (!project) return project;
    Terminal terminal;
    for (const auto& notice : (*project)->notices()) terminal.message("warning: " + notice);
    return project;
}

}  // namespace cohelix::cli
