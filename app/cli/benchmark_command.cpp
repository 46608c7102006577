// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>
#include <memory>

#include "app/cli/accelerator_benchmark.h"
#include "app/cli/benchmark_options.h"
#include "app/cli/benchmark_report.h"
#include "app/cli/commands.h"
#include "app/cli/terminal.h"
#include "core/base/executor.h"
#include "core/interop/output_file.h"
#include "core/tabular/comparison.h"
#include "core/tabular/kept_run.h"
#include "core/tabular/reference_front.h"

namespace cohelix::cli {
namespace {

struct Options : BenchmarkOptions {
    std::string table;
    std::string dataSet = "cifar10";
    std::vector<std::size_t> lookups = {66, 200, 400};
    std::string project;
    std::vector<std::string> freeze;
};

constexpr const char* kAllGroups = "all";

std::vector<std::string> chosenGroups(const Options& options) {
    const auto& named = options.freeze;
    if (std::find(named.begin(), named.end(), kAllGroups) == named.end()) return named;
    std::vector<std::string> all;
    for (const auto& group : tabular::freezeGroups()) all.emplace_back(group.name);
    return all;
}

/// Keeps the front in a project file, which is made where there is none, and what each method that
/// is given the proven accelerators finds with the largest budget and the first seed.
base::Result<void> keepIn(const Options& options, const tabular::Problem& problem,
                          const tabular::TrueFront& truth,
                          const std::vector<const tabular::Method*>& methods) {
    auto project = std::filesystem::exists(options.project)
                       ? store::Project::open(options.project, store::Access::ReadWrite)
                       : store::Project::create(options.project);
    if (!project) return project.error();
    const auto front = tabular::referenceOf(problem, truth, options.space);
    const auto kept = (*project)->putReferenceFront(front);
    if (!kept) return kept.error();
    if (front.network.empty()) return {};
    if (const auto begun = (*project)->latestSpecification(); begun && !*begun) {
        // So that the window opens with the spaces that the front is of.
        const auto search = tabular::specificationOf(problem, problem.space().name);
        const auto added = search ? (*project)->addRevision(*search)
                                  : base::Result<std::int64_t>(search.error());
        if (!added) return added.error();
    }
    const auto lookups = *std::max_element(options.lookups.begin(), options.lookups.end());
    for (const auto* method : methods) {
        if (method->inner != tabular::Inner::Exact) continue;
        const auto run = tabular::keepRun(**project, problem, *method, lookups, 1);
        if (!run) return run.error();
    }
    return {};
}

base::Result<BenchmarkReport> benchmark(const Options& options,
                                        const tabular::TabularSpace& networks) {
    const auto methods = chosenMethods(tabular::methods(), options.methods);
    if (!methods) return methods.error();
    const auto space = chosenSpace(options, model::FpgaModel::PublishedFormulas);
    if (!space) return space.error();
    base::Executor executor(options.threads);
    const auto problem =
        tabular::Problem::create(networks, *space, {options.dsp, options.bram}, executor);
    if (!problem) return problem.error();
    const auto truth = tabular::trueFront(*problem, executor);
    if (!truth) return truth.error();
    if (!options.project.empty()) {
        const auto kept = keepIn(options, *problem, *truth, *methods);
        if (!kept) return kept.error();
    }
    BenchmarkReport report;
    report.settings = {options.space, std::string(model::fpgaModelName(space->fpgaModel)),
                       options.dsp, options.bram, options.seeds};
    report.truth = truthOf(*problem, *truth);
    report.source = networks.source;
    Terminal terminal;
    for (const auto& group : chosenGroups(options)) {
        const auto fronts = tabular::frozenFronts(group, *problem, *truth, executor);
        if (!fronts) return fronts.error();
        for (const auto& front : *fronts) {
            terminal.message(lineOf(front));
            report.frozen.push_back(front);
        }
    }
    report.standings = tabular::compare(
        *problem, *truth, *methods, options.lookups, options.seeds, executor,
        [&](const tabular::Standing& standing) { terminal.message(lineOf(standing)); });
    return report;
}

base::Result<void> writeFiles(const Options& options, const BenchmarkReport& report) {
    if (!options.csv.empty()) {
        const auto written = interop::writeFile(options.csv, toCsv(report));
        if (!written) return written;
    }
    if (options.plot.empty()) return {};
    const auto svg = plotOf(report);
    return svg ? interop::writeFile(options.plot, *svg) : base::Result<void>(svg.error());
}

int show(const Options& options, const base::Result<tabular::TabularSpace>& networks) {
    const auto fail = [](const base::Error& error) {
        Terminal().error(error);
        return kFailed;
    };
    if (!networks) return fail(networks.error());
    const auto report = benchmark(options, *networks);
    if (!report) return fail(report.error());
    if (!put(toJsonText(*report))) return kFailed;
    const auto written = writeFiles(options, *report);
    return written ? kFine : fail(written.error());
}

void addTable(CLI::App& command, Options& options) {
    command.add_option("file", options.table, "table of accuracies (CSV)")->required();
    command.add_option("--lookups", options.lookups, "budgets of looks at accuracies")
        ->delimiter(',')
        ->check(CLI::Range(std::size_t{1}, std::size_t{100000}));
    std::vector<std::string> groups = {kAllGroups};
    for (const auto& group : tabular::freezeGroups()) groups.emplace_back(group.name);
    command.add_option("--freeze", options.freeze,
                       "groups of accelerator parameters to hold at each of their values in turn")
        ->delimiter(',')
        ->check(CLI::IsMember(groups));
    command.add_option("--project", options.project,
                       "keep the true front in this project file, and what each method found with "
                       "the largest budget (seed 1) as a run; the window shows them");
    addOptions(command, options, "draw hypervolume against look-ups");
}

}  // namespace

void addBenchmarkCommand(CLI::App& app, int& exitCode) {
    auto* command = app.add_subcommand(
        "benchmark", "Hold searches against true fronts and proven optima");
    command->require_subcommand(1);
    auto options = std::make_shared<Options>();
    auto* macro = command->add_subcommand("nasbench-macro", "NAS-Bench-Macro: arch, acc_mean");
    addTable(*macro, *options);
    macro->callback([options, &exitCode] {
        exitCode = show(*options, tabular::readNasBenchMacro(options->table));
    });
    auto* cells = command->add_subcommand("nasbench201", "NAS-Bench-201: cell, <data set>_acc");
    addTable(*cells, *options);
    std::vector<std::string> dataSets(tabular::nasBench201DataSets().begin(),
                                      tabular::nasBench201DataSets().end());
    cells->add_option("--dataset", options->dataSet, "data set of the accuracies")
        ->check(CLI::IsMember(dataSets))
        ->capture_default_str();
    cells->callback([options, &exitCode] {
        exitCode = show(*options, tabular::readNasBench201(options->table, options->dataSet));
    });
    addAcceleratorBenchmark(*command, exitCode);
}

}  // namespace cohelix::cli
