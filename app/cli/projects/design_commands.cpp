// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <memory>

#include "core/base/output_file.h"
#include "core/interop/designs/c_header.h"
#include "core/interop/onnx/onnx.h"
#include "core/run/stored_weights.h"

#include "app/cli/checks.h"
#include "app/cli/commands.h"
#include "app/cli/cost/cost_input.h"
#include "app/cli/projects/explain_report.h"
#include "app/cli/projects/project_input.h"
#include "app/cli/reports.h"
#include "app/cli/terminal.h"

namespace cohelix::cli {
namespace {

using base::Error;
using base::Result;

struct DesignOptions {
    std::string project;
    std::string format = "text";
    std::string folder;
    std::string device;
    std::optional<double> dsp;
    std::optional<double> bram18k;
    std::int64_t design = 0;
};

int show(const DesignOptions& options) {
    auto project = openToRead(options.project);
    const auto report = project ? designReport(**project, options.design, options.format == "json")
                                : Result<std::string>(project.error());
    if (!report) return Terminal().fail(report.error());
    return put(*report) ? kFine : kFailed;
}

int explain(const DesignOptions& options) {
    OtherLimits other{{}, options.dsp, options.bram18k};
    if (!options.device.empty()) {
        auto device = deviceOf(options.device);
        if (!device) return Terminal().fail(device.error());
        other.device = std::move(*device);
    }
    auto project = openToRead(options.project);
    const auto design = project ? describe(**project, options.design)
                                : Result<DesignWithSpecification>(project.error());
    const auto report = design ? explainReport(*design, other, options.format == "json")
                               : Result<std::string>(design.error());
    if (!report) return Terminal().fail(report.error());
    return put(*report) ? kFine : kFailed;
}

/// Why a design has no weights to export.
std::string noWeights(const store::DesignRow& row) {
    const bool wasTrained = row.grade == model::AccuracyGrade::TrainedFromScratch;
    return "Design " + std::to_string(row.id) +
           (wasTrained ? " was trained, but its weights are lost"
                       : " has not been trained from scratch") +
           ": no weights and no ONNX to export";
}

Result<void> exportTo(const DesignOptions& options, Terminal& terminal) {
    auto project = openToRead(options.project);
    if (!project) return project.error();
    auto design = describe(**project, options.design);
    if (!design) return design.error();
    const auto weights = run::storedWeights(**project, options.design);
    if (!weights) return weights.error();
    if (*weights) design->document.precision = (*weights)->precision;

    const std::filesystem::path folder(options.folder);
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) {
        return Error{options.folder, "this folder cannot be made: " + failure.message(),
                     "Choose another with --out"};
    }
    const std::string name = "design_" + std::to_string(options.design);
    std::vector<std::pair<std::string, std::string>> files = {
        {name + ".json", base::canonicalText(interop::designJson(design->document))},
        {name + "_accelerator.json",
         base::canonicalText(interop::acceleratorJson(design->document))},
        {name + "_accelerator.h", interop::cHeader(design->document, name)}};
    if (*weights) {
        auto onnx = interop::onnxModel(design->document.network, **weights, name);
        if (!onnx) return onnx.error();
        files.emplace_back(name + ".onnx", std::move(*onnx));
        const auto bytes = learn::toBytes(**weights);
        files.emplace_back(name + ".weights", std::string(bytes.begin(), bytes.end()));
    } else {
        terminal.message(noWeights(design->document.row));
    }
    for (const auto& [file, content] : files) {
        const auto path = (folder / file).string();
        if (auto written = base::writeFile(path, content); !written) return written;
        if (!put(path + "\n")) return Error{"standard output", "cannot be written", {}};
    }
    return {};
}

int exportDesign(const DesignOptions& options) {
    Terminal terminal;
    const auto done = exportTo(options, terminal);
    if (done) return kFine;
    return terminal.fail(done.error());
}

}  // namespace

void addDesignCommands(CLI::App& app, int& exitCode) {
    auto options = std::make_shared<DesignOptions>();
    auto* showing = app.add_subcommand(
        "show", "Everything about one design: network, accelerator, loop nests, cost, utilization");
    showing->add_option("project", options->project, "project file")->required();
    showing->add_option("--design", options->design, "the design's id")
        ->required()
        ->check(wholeFrom(1));
    showing->add_option("--format", options->format, "text or json")
        ->transform(CLI::IsMember({"text", "json"}, CLI::ignore_case))
        ->capture_default_str();
    showing->callback([options, &exitCode] { exitCode = show(*options); });

    auto* explaining = app.add_subcommand(
        "explain",
        "What limits a design, whether it fits and what would make it, what more would buy");
    explaining->add_option("project", options->project, "project file")->required();
    explaining->add_option("--design", options->design, "the design's id")
        ->required()
        ->check(wholeFrom(1));
    explaining->add_option("--device", options->device,
                           "hold it against this device instead of the specification's limits");
    explaining->add_option("--dsp", options->dsp, "against so many DSP slices")
        ->check(numberFrom(0));
    explaining
        ->add_option("--bram,--bram18k", options->bram18k, "against so many block RAMs of 18 Kbit")
        ->check(numberFrom(0));
    explaining->add_option("--format", options->format, "text or json")
        ->transform(CLI::IsMember({"text", "json"}, CLI::ignore_case))
        ->capture_default_str();
    explaining->callback([options, &exitCode] { exitCode = explain(*options); });

    auto* exporting = app.add_subcommand(
        "export", "Weights, ONNX, accelerator and mappings (JSON and C header) of one design");
    exporting->add_option("project", options->project, "project file")->required();
    exporting->add_option("--design", options->design, "the design's id")
        ->required()
        ->check(wholeFrom(1));
    exporting->add_option("--out", options->folder, "folder to write to; made if needed")
        ->required();
    exporting->callback([options, &exitCode] { exitCode = exportDesign(*options); });
}

}  // namespace cohelix::cli
