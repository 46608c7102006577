// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/methods/supernet_run.h"

#include <algorithm>

#include "core/base/thread_time.h"
#include "core/search/joint/cosearch.h"

namespace cohelix::lab {
namespace {

bool isTraining(const search::CoSearch& search) {
    const auto stage = search.progress().stage;
    return stage == search::Stage::Training || stage == search::Stage::Done;
}

}  // namespace

base::Result<SupernetRun> runSupernet(const tables::Problem& problem,
                                      std::shared_ptr<const learn::DataSet> data,
                                      std::uint64_t seed, base::Executor& executor) {
    if (!problem.space().specification) {
        return base::Error{problem.space().name, "there are no images that belong to this table",
                           "Only tables made by `tabulate` can be searched by the supernet"};
    }
    const double start = base::processSeconds();
    auto specification = *problem.space().specification;
    specification.seed = seed;
    auto search = search::CoSearch::create(specification, std::move(data), executor);
    if (!search) return search.error();
    SupernetRun run;
    while (!isTraining(**search)) {
        const auto report = (*search)->step();
        if (!report) return report.error();
        for (const auto& design : report->designs) {
            if (design.standing != search::Standing::Training) continue;
            run.networks.push_back(problem.space().indexOf(design.choices.network));
        }
    }
    run.searchSeconds = base::processSeconds() - start;
    // As the search trains them: the dearest first.
    std::stable_sort(run.networks.begin(), run.networks.end(), [&](std::size_t a, std::size_t b) {
        return problem.macs(problem.loads()[a]) > problem.macs(problem.loads()[b]);
    });
    return run;
}

}  // namespace cohelix::lab
