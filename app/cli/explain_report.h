// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Why a design is as fast as it is, and what would make it faster.

#include <string>

#include "app/cli/reports.h"

namespace cohelix::cli {

/// `json`: for programs; else for people. Prices hundreds of neighbours of the design.
base::Result<std::string> explainReport(const DesignWithSpecification& design, bool json);

}  // namespace cohelix::cli
