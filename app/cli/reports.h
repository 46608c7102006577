// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the command line prints of a project: runs, designs, one design.

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/interop/designs/design_json.h"
#include "core/store/project.h"

namespace cohelix::cli {

enum class Format : std::uint8_t { Table, Csv, Json };

struct DesignsQuery {
    std::optional<std::int64_t> run;  ///< nothing: all runs
    bool frontOnly = false;
    Format format = Format::Table;
};
base::Result<std::string> designsReport(store::Project& project, const DesignsQuery& query);
base::Result<std::string> runsReport(store::Project& project, Format format);
/// The changes made to a run, one a line with its step; empty when there were none.
base::Result<std::string> steeringText(store::Project& project, std::int64_t run);
/// The true fronts; as CSV and JSON with their designs.
base::Result<std::string> frontsReport(store::Project& project, Format format);

/// Everything about one design.
struct DesignWithSpecification {
    interop::DesignDocument document;
    spec::Specification specification;  ///< of its run, with the limits in force
    std::string steering;               ///< the changes made to its run; see steeringText
    bool areWeightsLost = false;        ///< of a trained design, by a rescue
};
base::Result<DesignWithSpecification> describe(store::Project& project, std::int64_t design);
/// What one fixed array takes against the limits: "190 DSP of 144 and 210 BRAM18K of 1,090, beyond
/// the limits".
std::string placedText(const std::vector<hardware::ResourceLine>& resources,
                       const spec::Specification& spec);
/// Rows, columns, output and input channels: "8 x 8 x 32 x 32".
std::string tileText(const model::Tile& tile);
/// The design for programs (`json`) or people. Where the specification of its run is lost these are
/// its figures and the numbers of its choices, as JSON in the form of designsReport().
base::Result<std::string> designReport(store::Project& project, std::int64_t design, bool json);
/// For people: network, accelerator, each layer's loop nest, cost and utilization.
std::string designText(const DesignWithSpecification& design);

}  // namespace cohelix::cli
