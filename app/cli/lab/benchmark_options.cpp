// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/lab/benchmark_options.h"

#include <cstdio>

#include "core/specification/accelerator_presets.h"

#include "app/cli/checks.h"

namespace cohelix::cli {

void addRunOptions(CLI::App& command, BenchmarkOptions& options, const std::string& plotMeaning) {
    command
        .add_option("--methods", options.methods,
                    "methods to compare, separated by commas (default: all; an unknown one "
                    "lists them); none: the proven optimum alone")
        ->delimiter(',');
    command.add_option("--seeds", options.seeds, "runs of each method and budget")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command.add_option("--csv", options.csv, "write methods and budgets to this file")
        ->check(outputFile());
    command.add_option("--plot", options.plot, plotMeaning + " to this file (SVG)")
        ->check(outputFile());
    command.add_option("--threads", options.threads, "worker threads")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
}

void addSpaceOptions(CLI::App& command, BenchmarkOptions& options) {
    std::vector<std::string> spaces;
    for (const auto& preset : spec::acceleratorPresets()) spaces.emplace_back(preset.name);
    command.add_option("--dsp", options.limits.dsp, "limit on DSP slices")
        ->check(numberBetween(0.0, 1e9))
        ->capture_default_str();
    command
        .add_option("--bram,--bram18k", options.limits.bram18k, "limit on block RAMs of 18 Kbit")
        ->check(numberBetween(0.0, 1e9))
        ->capture_default_str();
    command.add_option("--space", options.space, "accelerator space")
        ->transform(CLI::IsMember(spaces, CLI::ignore_case))
        ->capture_default_str();
    command
        .add_option("--model", options.model,
                    "form of the FPGA model (default: published-formulas for tables, "
                    "published-clipped for accelerator, published-beyond for spaces beyond the "
                    "authors' template)")
        ->transform(CLI::IsMember(base::words<model::FpgaModel>(), CLI::ignore_case));
}

base::Result<hardware::AcceleratorSpace> chosenSpace(const BenchmarkOptions& options,
                                                     model::FpgaModel usual) {
    auto space = spec::acceleratorPreset(options.space);
    if (!space) return space.error();
    space->fpgaModel = usual;
    if (options.model.empty() && !hardware::checkTemplate(*space)) {
        space->fpgaModel = model::FpgaModel::PublishedBeyond;
    }
    if (const auto form = base::valueOf<model::FpgaModel>(options.model)) space->fpgaModel = *form;
    return space;
}

base::Error noSuchMethod(const std::string& name, const std::vector<std::string_view>& known) {
    std::string names;
    for (const auto each : known) names += (names.empty() ? "" : ", ") + std::string(each);
    return {"--methods", "there is no method '" + name + "'", "Use none or some of " + names};
}

std::string numberText(const char* format, double value) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, format, value);
    return buffer;
}

}  // namespace cohelix::cli
