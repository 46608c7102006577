// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "core/base/executor.h"
#include "core/base/output_file.h"
#include "core/lab/methods/comparison.h"
#include "core/lab/methods/kept_run.h"
#include "core/lab/methods/supernet_run.h"
#include "core/tables/reference_front.h"
#include "core/tables/trained_table.h"

#include "app/cli/commands.h"
#include "app/cli/lab/accelerator_benchmark.h"
#include "app/cli/lab/benchmark_options.h"
#include "app/cli/lab/benchmark_report.h"
#include "app/cli/named_file.h"
#include "app/cli/specification_input.h"
#include "app/cli/terminal.h"

namespace cohelix::cli {
namespace {

struct TableOptions : BenchmarkOptions {
    std::string table;
    std::string dataSet = "cifar10";
    std::vector<std::size_t> lookups = {66, 200, 400};
    std::string project;
    std::vector<std::string> freeze;
    SpecificationInput specification;  ///< of a trained table
    int searches = 3;                  ///< of the supernet
};

/// What the methods are held against.
struct Subject {
    tables::TabularSpace networks;
    hardware::AcceleratorSpace accelerators;
    std::string spaceName;
    model::Resources limits;
};

base::Result<Subject> publishedSubject(const TableOptions& options,
                                       base::Result<tables::TabularSpace> networks) {
    if (!networks) return networks.error();
    const auto space = chosenSpace(options, model::FpgaModel::PublishedFormulas);
    if (!space) return space.error();
    return Subject{std::move(*networks), *space, options.space, options.limits};
}

/// The search's own aim must be that of the comparison.
base::Result<void> checkAim(const spec::Specification& specification) {
    if (spec::limitsReach(specification.limits)) {
        return base::Error{"/limits", "only limits on DSPs and block RAM can be compared",
                           "Leave out the others, for instance with --set"};
    }
    if (specification.objective.metric != spec::Metric::Fps) {
        return base::Error{"/objective/metric", "searches are compared by accuracy and FPS",
                           "Use --set /objective/metric=fps with windows in FPS"};
    }
    return {};
}

base::Result<Subject> trainedSubject(const TableOptions& options) {
    const auto specification = specificationOf(options.specification);
    if (!specification) return specification.error();
    if (const auto fits = checkAim(*specification); !fits) return fits.error();
    auto networks = tables::readTrainedTable(pathOf(options.table), *specification);
    if (!networks) return networks.error();
    return Subject{std::move(*networks), specification->accelerator, tables::kOwnAccelerators,
                   spec::resourceLimits(*specification)};
}

constexpr const char* kAllGroups = "all";

std::vector<std::string> chosenGroups(const TableOptions& options) {
    const auto& named = options.freeze;
    if (std::find(named.begin(), named.end(), kAllGroups) == named.end()) return named;
    std::vector<std::string> all;
    for (const auto& group : lab::freezeGroups()) all.emplace_back(group.name);
    return all;
}

/// Keeps the front in a project file, which is made where there is none, and what each method that
/// is given the proven accelerators finds with the largest budget and the first seed.
base::Result<void> keepIn(const TableOptions& options, const Subject& subject,
                          const tables::Problem& problem, const tables::TrueFront& truth,
                          const std::vector<const lab::Method*>& methods) {
    auto project = std::filesystem::exists(options.project)
                       ? store::Project::open(options.project, store::Access::ReadWrite)
                       : store::Project::create(options.project);
    if (!project) return project.error();
    const auto front = tables::referenceOf(problem, truth, subject.spaceName);
    const auto kept = (*project)->putReferenceFront(front);
    if (!kept) return kept.error();
    if (front.network.empty()) return {};
    if (const auto begun = (*project)->latestSpecification(); begun && !*begun) {
        // So that the window opens with the spaces that the front is of.
        const auto search = lab::specificationOf(problem, problem.space().name);
        const auto added =
            search ? (*project)->addRevision(*search) : base::Result<std::int64_t>(search.error());
        if (!added) return added.error();
    }
    const auto lookups = *std::max_element(options.lookups.begin(), options.lookups.end());
    for (const auto* method : methods) {
        if (method->inner != lab::Inner::Exact) continue;
        const auto run = lab::keepRun(**project, problem, *method, lookups, 1);
        if (!run) return run.error();
    }
    return {};
}

bool wantsSupernet(const TableOptions& options, const Subject& subject) {
    const auto& named = options.methods;
    return subject.networks.specification &&
           (named.empty() || std::ranges::any_of(named, [](const std::string& name) {
                return base::sameName(name, lab::kSupernet);
            }));
}

/// The methods that look accuracies up.
std::vector<std::string> withoutSupernet(std::vector<std::string> names) {
    const bool named = !names.empty();
    std::erase_if(names,
                  [](const std::string& name) { return base::sameName(name, lab::kSupernet); });
    if (named && names.empty()) names.emplace_back(kNoMethod);
    return names;
}

base::Result<std::vector<lab::SupernetRun>> searchedBySupernet(const TableOptions& options,
                                                               const tables::Problem& problem,
                                                               base::Executor& executor) {
    const auto& specification = *problem.space().specification;
    const auto data = learn::loadDataSet(specification.dataSet, specification.network);
    if (!data) return data.error();
    std::vector<lab::SupernetRun> runs;
    for (int seed = 1; seed <= options.searches; ++seed) {
        auto run = lab::runSupernet(problem, *data, static_cast<std::uint64_t>(seed), executor);
        if (!run) return run.error();
        runs.push_back(std::move(*run));
    }
    return runs;
}

base::Result<std::vector<lab::Standing>> compared(const TableOptions& options,
                                                  const Subject& subject,
                                                  const tables::Problem& problem,
                                                  const tables::TrueFront& truth,
                                                  const std::vector<const lab::Method*>& methods,
                                                  base::Executor& executor) {
    Terminal terminal;
    const auto tell = [&](const lab::Standing& standing) { terminal.message(lineOf(standing)); };
    std::vector<lab::Standing> standings;
    std::optional<double> hypervolume;
    if (wantsSupernet(options, subject)) {
        const auto runs = searchedBySupernet(options, problem, executor);
        if (!runs) return runs.error();
        auto supernet = lab::standingOf(problem, truth, *runs);
        hypervolume = supernet.hypervolume;
        tell(supernet.standing);
        standings.push_back(std::move(supernet.standing));
    }
    auto looked = lab::compare(problem, truth, methods, options.lookups, options.seeds, executor,
                               tell, hypervolume);
    if (!looked) return looked.error();
    std::ranges::move(*looked, std::back_inserter(standings));
    return standings;
}

base::Result<BenchmarkReport> benchmark(const TableOptions& options, const Subject& subject) {
    const auto methods = chosenMethods(lab::methods(), withoutSupernet(options.methods));
    if (!methods) return methods.error();
    base::Executor executor(options.threads);
    const auto problem =
        tables::Problem::create(subject.networks, subject.accelerators, subject.limits, executor);
    if (!problem) return problem.error();
    const auto truth = tables::trueFront(*problem, executor);
    if (!truth) return truth.error();
    if (!options.project.empty()) {
        const auto kept = keepIn(options, subject, *problem, *truth, *methods);
        if (!kept) return kept.error();
    }
    BenchmarkReport report;
    report.settings = {subject.spaceName, std::string(word(subject.accelerators.fpgaModel)),
                       subject.limits, options.seeds};
    report.truth = truthOf(*problem, *truth);
    report.source = subject.networks.source;
    report.trainingSeconds = !subject.networks.trainingSeconds.empty();
    Terminal terminal;
    for (const auto& group : chosenGroups(options)) {
        const auto fronts = lab::frozenFronts(group, *problem, *truth, executor);
        if (!fronts) return fronts.error();
        for (const auto& front : *fronts) {
            terminal.message(lineOf(front));
            report.frozen.push_back(front);
        }
    }
    auto standings = compared(options, subject, *problem, *truth, *methods, executor);
    if (!standings) return standings.error();
    report.standings = std::move(*standings);
    return report;
}

base::Result<void> writeFiles(const TableOptions& options, const BenchmarkReport& report) {
    if (!options.csv.empty()) {
        const auto written = base::writeFile(options.csv, toCsv(report));
        if (!written) return written;
    }
    if (options.plot.empty()) return {};
    const auto svg = plotOf(report);
    return svg ? base::writeFile(options.plot, *svg) : base::Result<void>(svg.error());
}

int show(const TableOptions& options, const base::Result<Subject>& subject) {
    if (!subject) return Terminal().fail(subject.error());
    const auto report = benchmark(options, *subject);
    if (!report) return Terminal().fail(report.error());
    if (!put(toJsonText(*report))) return kFailed;
    const auto written = writeFiles(options, *report);
    return written ? kFine : Terminal().fail(written.error());
}

void addTable(CLI::App& command, TableOptions& options) {
    command.add_option("file", options.table, "table of accuracies (CSV)")->required();
    command
        .add_option("--lookups", options.lookups,
                    "budgets of looks at accuracies (default: 66,200,400)")
        ->delimiter(',')
        ->check(CLI::Range(std::size_t{1}, std::size_t{100000}));
    std::vector<std::string> groups = {kAllGroups};
    for (const auto& group : lab::freezeGroups()) groups.emplace_back(group.name);
    command
        .add_option("--freeze", options.freeze,
                    "groups of accelerator parameters to hold at each of their values in turn")
        ->delimiter(',')
        ->transform(CLI::IsMember(groups, CLI::ignore_case));
    command.add_option("--project", options.project,
                       "keep the true front in this project file, and what each method found with "
                       "the largest budget (seed 1) as a run; the window shows them");
    addRunOptions(command, options, "draw hypervolume against look-ups, or seconds of training");
}

void addTrained(CLI::App& benchmarks, const std::shared_ptr<TableOptions>& options, int& exitCode) {
    auto* command = benchmarks.add_subcommand(
        "trained", "a table that `tabulate` made; method supernet is the joint search itself");
    addTable(*command, *options);
    command->add_option("--spec", options->specification.file, kSpecificationHelp)->required();
    addSpecificationOptions(*command, options->specification);
    command->add_option("--searches", options->searches, "runs of the supernet, seeds from 1")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->callback(
        [options, &exitCode] { exitCode = show(*options, trainedSubject(*options)); });
}

}  // namespace

void addBenchmarkCommand(CLI::App& app, int& exitCode) {
    auto* command =
        app.add_subcommand("benchmark", "Hold searches against true fronts and proven optima");
    command->require_subcommand(1);
    auto options = std::make_shared<TableOptions>();
    auto* macro = command->add_subcommand("nasbench-macro", "NAS-Bench-Macro: arch, acc_mean");
    addTable(*macro, *options);
    addSpaceOptions(*macro, *options);
    macro->callback([options, &exitCode] {
        exitCode = show(*options, publishedSubject(
                                      *options, tables::readNasBenchMacro(pathOf(options->table))));
    });
    auto* cells = command->add_subcommand("nasbench201", "NAS-Bench-201: cell, <data set>_acc");
    addTable(*cells, *options);
    addSpaceOptions(*cells, *options);
    std::vector<std::string> dataSets(tables::nasBench201DataSets().begin(),
                                      tables::nasBench201DataSets().end());
    cells->add_option("--dataset", options->dataSet, "data set of the accuracies")
        ->transform(CLI::IsMember(dataSets, CLI::ignore_case))
        ->capture_default_str();
    cells->callback([options, &exitCode] {
        exitCode = show(*options,
                        publishedSubject(*options, tables::readNasBench201(pathOf(options->table),
                                                                           options->dataSet)));
    });
    addTrained(*command, options, exitCode);
    addAcceleratorBenchmark(*command, exitCode);
}

}  // namespace cohelix::cli
