// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/lab/accelerator_benchmark.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/base/json.h"
#include "core/base/json_text.h"
#include "core/base/output_file.h"
#include "core/base/units.h"
#include "core/chart/svg_plot.h"
#include "core/hardware/allocation.h"
#include "core/lab/accelerators/accelerator_comparison.h"
#include "core/lab/accelerators/authors_network.h"

#include "app/cli/checks.h"
#include "app/cli/commands.h"
#include "app/cli/cost/cost_input.h"
#include "app/cli/cost/coverage_report.h"
#include "app/cli/lab/benchmark_options.h"
#include "app/cli/terminal.h"

namespace cohelix::cli {
namespace {

using base::Json;
using lab::AcceleratorContest;
using lab::AcceleratorStanding;

constexpr const char* kAuthorsNetwork = "authors-cifar";

struct ContestOptions : BenchmarkOptions {
    std::string network = kAuthorsNetwork;
    std::vector<std::string> sizes;  ///< of dimensions that an ONNX model leaves open
    std::vector<std::int64_t> evaluations = {1000, 10000};
};

struct Report {
    ContestOptions options;
    hardware::Coverage coverage;  ///< of the network, in every period
    AcceleratorContest contest;
    std::vector<AcceleratorStanding> standings;
};

/// A network as far as the space's chunks and form price it, and what they do not.
struct Contested {
    model::Network network;
    hardware::Coverage coverage;
};

/// Chunks of the roles that the space has: what they can execute does not hang on more.
model::Accelerator rolesOf(const hardware::AcceleratorSpace& space) {
    model::Accelerator accelerator;
    accelerator.fpgaModel = space.fpgaModel;
    for (std::size_t c = 0; c < hardware::mostChunks(space); ++c) {
        accelerator.pipeline.emplace_back().role = hardware::pipelineChunk(space, c).role;
    }
    return accelerator;
}

base::Result<Contested> contestedOf(const ContestOptions& options,
                                    const hardware::AcceleratorSpace& space) {
    if (base::sameName(options.network, kAuthorsNetwork)) {
        auto network = lab::authorsCifarNetwork();
        auto coverage = hardware::coverageOf(network, space.fpgaModel);
        return Contested{std::move(network), std::move(coverage)};
    }
    auto list = readLayers({{}, options.network, options.sizes});
    if (!list) return list.error();
    Terminal terminal;
    for (const auto& note : list->notes) terminal.message(note);
    model::Network network;
    network.layers = std::move(list->layers);
    auto part = hardware::executablePart(std::move(network), rolesOf(space));
    auto coverage = hardware::coverageOf(part.network, space.fpgaModel);
    for (const auto* more : {&list->unread, &part.leftOut}) {
        for (const auto& work : *more) hardware::leaveOut(coverage.unpriced, work);
    }
    coverage.bounded = std::move(list->bounded);
    hardware::dropUnpricedBounds(coverage);
    if (coverage.pricedMacs == 0) return nothingPriced(options.network, coverage);
    return Contested{std::move(part.network), std::move(coverage)};
}

/// "das, 1,000 evaluations: 1.0123 times the proven period (1.0000 to 1.0456), 0.01 s a run".
std::string contestLine(const AcceleratorStanding& standing) {
    const auto& ratio = standing.periodRatio;
    return std::string(standing.method) + ", " +
           base::counted(standing.evaluations, "evaluation", "evaluations") + ": " +
           numberText("%.4f", ratio.median) + " times the proven period (" +
           numberText("%.4f", ratio.least) + " to " + numberText("%.4f", ratio.most) + "), " +
           numberText("%.2f", standing.seconds) + " s a run";
}

base::Result<Report> benchmark(const ContestOptions& options) {
    const auto methods = chosenMethods(lab::acceleratorMethods(), options.methods);
    if (!methods) return methods.error();
    const auto space = chosenSpace(options, model::FpgaModel::PublishedClipped);
    if (!space) return space.error();
    const auto contested = contestedOf(options, *space);
    if (!contested) return contested.error();
    base::Executor executor(options.threads);
    auto contest = lab::makeContest(contested->network, *space, options.limits, executor);
    if (!contest) return contest.error();
    Terminal terminal;
    auto standings = lab::compare(
        *contest, *methods, options.evaluations, options.seeds, executor,
        [&](const AcceleratorStanding& standing) { terminal.message(contestLine(standing)); });
    if (!standings) return standings.error();
    Report report{options, contested->coverage, std::move(*contest), std::move(*standings)};
    report.options.model = word(space->fpgaModel);
    return report;
}

/// Infinite, where no accelerator was found, becomes null.
Json toJson(const AcceleratorStanding& standing) {
    const auto figure = [](double value) { return std::isfinite(value) ? Json(value) : Json(); };
    const auto& ratio = standing.periodRatio;
    return {{"name", standing.method},
            {"evaluations", standing.evaluations},
            {"runs_within_limits", standing.runs},
            {"period_ratio", Json{{"median", figure(ratio.median)},
                                  {"min", figure(ratio.least)},
                                  {"max", figure(ratio.most)}}},
            {"seconds", standing.seconds}};
}

std::string toJsonText(const Report& report) {
    Json methods = Json::array();
    for (const auto& standing : report.standings) methods.push_back(toJson(standing));
    const auto& options = report.options;
    const auto& proven = report.contest.proven;
    const double hertz = report.contest.specification.accelerator.clockMhz * 1e6;
    Json best = {{"period_cycles", proven.periodCycles},
                 {"fps", hertz / proven.periodCycles},
                 {"dsp", proven.dsp},
                 {"bram18k", proven.bram18k},
                 {"seconds", report.contest.provenSeconds},
                 {"accelerator", proven.choices}};
    addBounds(best, report.coverage, {{"period_cycles", Grows::Cost}, {"fps", Grows::Rate}});
    Json json = {{"network", options.network},
                 {"space", options.space},
                 {"model", options.model},
                 {"dsp", options.limits.dsp},
                 {"bram18k", options.limits.bram18k},
                 {"seeds", options.seeds}};
    addCoverage(json, report.coverage);
    json["proven"] = std::move(best);
    json["methods"] = std::move(methods);
    return base::jsonText(json, 2) + "\n";
}

std::string toCsv(const Report& report) {
    std::string out =
        "method,evaluations,runs_within_limits,period_ratio_median,period_ratio_min,"
        "period_ratio_max,seconds\n";
    for (const auto& s : report.standings) {
        out += std::string(s.method) + "," + std::to_string(s.evaluations) + "," +
               std::to_string(s.runs);
        for (const double value :
             {s.periodRatio.median, s.periodRatio.least, s.periodRatio.most, s.seconds}) {
            out += std::isfinite(value) ? numberText(",%.6g", value) : ",";
        }
        out += "\n";
    }
    return out;
}

base::Result<std::string> plotOf(const Report& report) {
    chart::Plot plot;
    plot.title = "Accelerators found against evaluations";
    plot.x = {"accelerators priced", true};
    plot.y.label = "period, times the proven least";
    for (const auto& standing : report.standings) {
        if (!std::isfinite(standing.periodRatio.most)) continue;  // some run found none
        auto series = std::find_if(plot.series.begin(), plot.series.end(),
                                   [&](const auto& s) { return s.name == standing.method; });
        if (series == plot.series.end()) {
            plot.series.push_back({std::string(standing.method), chart::SeriesStyle::Line, {}, {}});
            series = plot.series.end() - 1;
        }
        const auto& ratio = standing.periodRatio;
        series->points.push_back({static_cast<double>(standing.evaluations), ratio.median, {}});
        series->spread.push_back({ratio.least, ratio.most});
    }
    const auto& options = report.options;
    plot.caption = {"Network " + options.network + "; accelerator space " + options.space + ", " +
                    options.model + ", " + numberText("%g", options.limits.dsp) + " DSP, " +
                    numberText("%g", options.limits.bram18k) + " BRAM18K. Median of " +
                    base::counted(options.seeds, "seed", "seeds") + ", bands from least to most."};
    return chart::svgOf(plot);
}

base::Result<void> writeFiles(const Report& report) {
    const auto& options = report.options;
    if (!options.csv.empty()) {
        const auto written = base::writeFile(options.csv, toCsv(report));
        if (!written) return written;
    }
    if (options.plot.empty()) return {};
    const auto svg = plotOf(report);
    return svg ? base::writeFile(options.plot, *svg) : base::Result<void>(svg.error());
}

int show(const ContestOptions& options) {
    const auto report = benchmark(options);
    if (!report) return Terminal().fail(report.error());
    if (!put(toJsonText(*report))) return kFailed;
    const auto written = writeFiles(*report);
    return written ? kFine : Terminal().fail(written.error());
}

}  // namespace

void addAcceleratorBenchmark(CLI::App& benchmark, int& exitCode) {
    auto options = std::make_shared<ContestOptions>();
    auto* command = benchmark.add_subcommand(
        "accelerator", "Accelerator searches for one network, against the proven optimum");
    command
        ->add_option("--network", options->network,
                     "authors-cifar, another network's name, an ONNX model or JSON layers")
        ->capture_default_str();
    addSizeOption(*command, options->sizes);
    command
        ->add_option("--evaluations", options->evaluations,
                     "budgets of accelerators priced, separated by commas")
        ->delimiter(',')
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}))
        ->capture_default_str();
    addRunOptions(*command, *options, "draw periods against evaluations");
    addSpaceOptions(*command, *options);
    command->callback([options, &exitCode] { exitCode = show(*options); });
}

}  // namespace cohelix::cli
