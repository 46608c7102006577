// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A true front as it is kept in a project file, from a table and an accelerator space by name; and
// what the designs of a run are worth beside it.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/accelerator.h"
#include "core/specification/specification.h"
#include "core/store/project.h"
#include "core/tables/true_front.h"

namespace cohelix::tables {

/// What the front is to be of.
struct FrontRequest {
    std::string table;                         ///< CSV file
    std::string benchmark = "nasbench-macro";  ///< or another of benchmarkNames()
    std::string dataSet = "cifar10";           ///< of nasbench201
    /// Names the networks of a table that was trained, and gives accelerators and limits in place
    /// of what follows.
    std::shared_ptr<const spec::Specification> specification;
    std::string space = "wide";  ///< name of an accelerator preset
    model::FpgaModel model = model::FpgaModel::PublishedFormulas;
    model::Resources limits = {900, 700};
    friend bool operator==(const FrontRequest&, const FrontRequest&) = default;
};

/// What the accelerator space of a trained table's specification is called.
inline constexpr const char* kOwnAccelerators = "its own accelerators";

/// "nasbench-macro", "nasbench201", "trained" (trained_table.h).
const std::vector<std::string_view>& benchmarkNames();

/// Reads the table and computes. Blocks; uses the executor. Errors: as of the table, the space and
/// trueFront().
base::Result<store::ReferenceFront> computeReference(const FrontRequest& request,
                                                     base::Executor& executor, const Watch& watch);

/// A computed front as it is kept; `spaceName` is what its accelerator space is called.
store::ReferenceFront referenceOf(const Problem& problem, const TrueFront& truth,
                                  const std::string& spaceName);

/// The network space as specifications write it; nothing where they cannot (cells).
std::optional<spec::NetworkSpace> networkSpaceOf(const TabularSpace& space);

/// Whether designs of the specification's search are of the front's spaces and limits.
bool sameSpaces(const store::ReferenceFront& front, const spec::Specification& specification);

/// Share of the front's hypervolume that the run's designs with tabulated accuracies cover, 0 … 1;
/// nothing when it has none: accuracies of other grades are not compared with a table's.
/// Precondition: the run is of the front's spaces.
std::optional<double> coveredShare(const store::ReferenceFront& front, std::int64_t run,
                                   const std::vector<store::DesignRow>& designs);

}  // namespace cohelix::tables
