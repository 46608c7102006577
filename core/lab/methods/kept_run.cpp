// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/methods/kept_run.h"

#include <chrono>

#include "core/base/units.h"
#include "core/hardware/evaluate.h"
#include "core/tables/reference_front.h"

namespace cohelix::lab {
namespace {

/// Nothing when no accelerator keeps the limits for the network.
base::Result<std::optional<store::DesignRecord>> designOf(const tables::Problem& problem,
                                                          const spec::Specification& search,
                                                          std::size_t index) {
    using Record = base::Result<std::optional<store::DesignRecord>>;
    const auto best = problem.accelerators().best(problem.loads()[index], optimum::Aim::Period);
    if (!best) return Record(std::nullopt);
    store::DesignRecord record;
    record.row.choices.network = problem.space().optionsOf(index);
    record.row.choices.accelerator = best->choices;
    const auto network = spec::buildNetwork(search.network, record.row.choices.network);
    const auto accelerator = hardware::buildAccelerator(search.accelerator, best->choices, network);
    auto cost = hardware::evaluate(
        network, accelerator, hardware::allocateLayers(search.accelerator, best->choices, network),
        search.device);
    if (!cost) return cost.error();
    record.row.grade = model::AccuracyGrade::Tabulated;
    record.row.accuracy = problem.space().accuracies[index] / 100;
    record.row.macs = model::macs(network);
    record.row.parameters = model::parameters(network);
    record.cost = std::move(*cost);
    return Record(std::move(record));
}

base::Result<std::int64_t> begun(store::Project& project, const spec::Specification& search) {
    const auto revision = project.addRevision(search);
    if (!revision) return revision.error();
    store::RunRow run;
    run.revision = *revision;
    run.name = search.name;
    run.seed = search.seed;
    run.threads = 1;
    run.programVersion = base::programVersion();
    run.torchVersion = "none";
    return project.addRun(run);
}

}  // namespace

base::Result<spec::Specification> specificationOf(const tables::Problem& problem,
                                                  const std::string& name) {
    if (const auto& own = problem.space().specification) {
        auto search = *own;
        search.name = name;
        return search;
    }
    const auto networks = tables::networkSpaceOf(problem.space());
    if (!networks) {
        return base::Error{problem.space().name, "its networks cannot be kept as designs",
                           "Only chains of blocks can, as of nasbench-macro"};
    }
    auto search = spec::preset("dna-cifar10-zc706");
    if (!search) return search.error();
    search->name = name;
    search->description = problem.space().source;
    search->network = *networks;
    search->accelerator = problem.accelerators().space();
    const auto& limits = problem.accelerators().limits();
    search->limits = {};
    search->limits.dsp = limits.dsp;
    search->limits.bram18k = limits.bram18k;
    return search;
}

base::Result<std::int64_t> keepRun(store::Project& project, const tables::Problem& problem,
                                   const Method& method, std::size_t lookups, std::uint64_t seed) {
    if (method.inner != Inner::Exact) {
        return base::Error{std::string(method.name),
                           "only methods that are given the proven accelerators can be kept",
                           {}};
    }
    auto search = specificationOf(
        problem, std::string(method.name) + ", " +
                     base::counted(static_cast<std::int64_t>(lookups), "look-up", "look-ups"));
    if (!search) return search.error();
    search->seed = seed;
    const auto start = std::chrono::steady_clock::now();
    Trial trial(problem, method.inner, seed, lookups);
    method.run(trial);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;

    store::Commit commit;
    commit.activeSeconds = taken.count();
    for (const std::size_t index : trial.networks()) {
        auto record = designOf(problem, *search, index);
        if (!record) return record.error();
        if (*record) commit.designs.push_back(std::move(**record));
    }
    const auto run = begun(project, *search);
    if (!run) return run.error();
    commit.run = *run;
    commit.events = {{0, *run, {}, "info", "Accuracies are looked up: " + problem.space().source}};
    if (const auto kept = project.commit(commit); !kept) return kept.error();
    const auto ended = project.setRunState(*run, store::RunState::Finished, "");
    if (!ended) return ended.error();
    return *run;
}

}  // namespace cohelix::lab
