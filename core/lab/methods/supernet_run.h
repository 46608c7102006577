// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The joint search of core/search itself, held against a table that we trained: it searches on the
// images over its shared supernet, and only the trainings of the networks that it chooses in the
// end are looked up, for they are those of the table.

#include <memory>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/learn/dataset.h"
#include "core/tables/problem.h"

namespace cohelix::lab {

struct SupernetRun {
    double searchSeconds = 0;           ///< of processors, until the trainings begin
    std::vector<std::size_t> networks;  ///< chosen for training, in their order
};

/// Searches with the specification of the problem's space and this seed. Uses the executor; other
/// work of the process would count as its own. Errors: the table is not one of ours; as CoSearch.
base::Result<SupernetRun> runSupernet(const tables::Problem& problem,
                                      std::shared_ptr<const learn::DataSet> data,
                                      std::uint64_t seed, base::Executor& executor);

}  // namespace cohelix::lab
