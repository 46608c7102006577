// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Tables of designs for other programs: CSV (fields quoted as in RFC 4180, lines end with a line
// feed) and the same as JSON. The columns are
//   id, run, state, accuracy, accuracy_grade, fps, latency_ms, energy_mj, edp, dsp, bram18k, front
// and then one per choice of the specification, network first, under the choice's name; its value
// is the option's text; where the specification is lost "choice_numbers" holds all of them as
// numbers. The last columns are macs and within_limits (1 or 0: see below). `accuracy` is in
// percent, 0 … 100, and empty where there is none; `edp` is in mJ * ms; `front` is 1 or 0. Numbers
// have all their digits and read back exactly.

#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/specification/specification.h"
#include "core/store/project.h"

namespace cohelix::interop {

/// Designs of runs that share a specification; nothing where it is lost (store::RunRow).
struct DesignTable {
    std::optional<spec::Specification> specification;
    std::vector<store::DesignRow> rows;
};

/// The rows by their runs, with the specification of each. Errors: one cannot be read.
base::Result<std::vector<DesignTable>> designTables(store::Project& project,
                                                    const std::vector<store::DesignRow>& rows);

/// All tables below one header; where their specifications differ the columns are the union of
/// their choices, in the order in which they first appear, and a field that does not apply is
/// empty. Error: a design's choices are not in its specification.
base::Result<std::string> designsCsv(const std::vector<DesignTable>& tables);

/// An array of objects with the keys above and the object "choices"; `accuracy` is null where
/// there is none, `front` true or false; `within_limits` is false where the run was steered since
/// to limits or pins that the design does not keep.
base::Result<base::Json> designsJson(const std::vector<DesignTable>& tables);

/// A field as RFC 4180 has it: in quotes where it holds a comma, a quote or a line break.
std::string csvField(const std::string& text);

}  // namespace cohelix::interop
