// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Why a design is as fast as it is, whether it fits, and what would make it fit or faster.

#include <optional>
#include <string>

#include "core/model/device.h"

#include "app/cli/reports.h"

namespace cohelix::cli {

/// What a design is held against instead of its specification's limits.
struct OtherLimits {
    std::optional<model::Device> device = {};  ///< with all it has
    std::optional<double> dsp = {};
    std::optional<double> bram18k = {};
};

/// `json`: for programs; else for people. Prices hundreds of neighbours of the design.
base::Result<std::string> explainReport(const DesignWithSpecification& design,
                                        const OtherLimits& other, bool json);

}  // namespace cohelix::cli
