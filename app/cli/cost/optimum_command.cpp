// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <memory>
#include <optional>

#include "core/base/executor.h"
#include "core/base/units.h"
#include "core/interop/designs/design_json.h"
#include "core/interop/documents/accelerator_json.h"
#include "core/search/accelerator/fastest_accelerator.h"
#include "core/specification/accelerator_presets.h"
#include "core/specification/specification.h"
#include "core/specification/specification_check.h"

#include "app/cli/checks.h"
#include "app/cli/commands.h"
#include "app/cli/cost/coverage_report.h"
#include "app/cli/reports.h"
#include "app/cli/specification_input.h"
#include "app/cli/table.h"
#include "app/cli/terminal.h"

namespace cohelix::cli {
namespace {

using base::Json;
using base::Result;

struct OptimumOptions {
    std::string specification;
    std::vector<std::string> operators;
    std::string space;
    std::string model;
    std::optional<double> dsp;
    std::optional<double> bram;
    std::optional<double> dram;
    std::optional<int> groups;
    std::string format = "text";
    bool strict = false;  ///< a form that leaves layers out is refused
    int threads = base::availableCores();
};

struct Answer {
    spec::Specification specification;
    model::Network network;
    hardware::Coverage coverage;
    search::FastestAccelerator fastest;
};

/// With what the command line says instead.
Result<spec::Specification> specificationOf(const OptimumOptions& options) {
    auto spec = specificationNamed(options.specification);
    if (!spec) return spec;
    auto& accelerator = spec->accelerator;
    if (!options.space.empty()) {
        auto space = spec::acceleratorPreset(options.space);
        if (!space) return space.error();
        accelerator = std::move(*space);
    }
    if (const auto form = base::valueOf<model::FpgaModel>(options.model))
        accelerator.fpgaModel = *form;
    if (options.dram) accelerator.dramGigabytesPerSecond = *options.dram;
    if (accelerator.searched) {
        const int blocks = static_cast<int>(spec::blockShapes(spec->network).size());
        const int most = std::min(accelerator.searched->mostGroups, blocks);
        accelerator.searched->mostGroups = options.groups.value_or(most);
    }
    if (options.dsp) spec->limits.dsp = options.dsp;
    if (options.bram) spec->limits.bram18k = options.bram;
    auto whole = spec::fromJson(spec::toJson(*spec));
    if (!whole) return whole;
    if (auto fits = spec::checkLimits(*whole); !fits) return fits.error();
    return whole;
}

/// Between the commas of each text; what is empty is one, too.
std::vector<std::string> namesIn(const std::vector<std::string>& texts) {
    std::vector<std::string> names;
    for (const auto& text : texts) {
        for (std::size_t begin = 0, end = 0; end != text.npos; begin = end + 1) {
            end = text.find(',', begin);
            names.push_back(text.substr(begin, end - begin));
        }
    }
    return names;
}

Result<model::Network> networkOf(const spec::Specification& spec, const OptimumOptions& options) {
    const auto blocks = spec::blockShapes(spec.network).size();
    std::vector<int> chosen;
    for (const auto& name : namesIn(options.operators)) {
        const auto op = spec::parseOperator(name);
        const auto& known = spec.network.operators;
        const auto found = op ? std::ranges::find(known, *op) : known.end();
        if (found == known.end()) {
            return base::Error{"--operators", "'" + name + "' is no operator of this specification",
                               "cohelix-cli spec presets NAME shows them"};
        }
        chosen.push_back(static_cast<int>(found - known.begin()));
    }
    if (chosen.size() == 1) chosen.resize(blocks, chosen.front());
    if (chosen.size() != blocks) {
        return base::Error{"--operators",
                           "there are " + std::to_string(blocks) + " blocks and " +
                               std::to_string(chosen.size()) + " operators",
                           "Give one for each block, or one for all"};
    }
    return spec::buildNetwork(spec.network, chosen);
}

Result<Answer> answerTo(const OptimumOptions& options) {
    auto spec = specificationOf(options);
    if (!spec) return spec.error();
    auto network = networkOf(*spec, options);
    if (!network) return network.error();
    Answer answer{std::move(*spec), std::move(*network), {}, {}};
    answer.coverage =
        hardware::coverageOf(answer.network, answer.specification.accelerator.fpgaModel);
    if (options.strict && !answer.coverage.exact()) {
        return refusedAsBound(options.specification, answer.coverage);
    }
    base::Executor executor(options.threads);
    auto fastest = search::fastestAccelerator(answer.specification, answer.network, executor);
    if (!fastest) return fastest.error();
    answer.fastest = std::move(*fastest);
    return answer;
}

/// Keys of the limits on what a design reaches that the answer breaks: it is the fastest within
/// those on DSPs and block RAM.
std::vector<std::string> brokenLimits(const Answer& answer) {
    std::vector<std::string> keys;
    for (const auto& info : spec::kLimits) {
        const auto limit = answer.specification.limits.*info.member;
        if (info.ofDevice || !limit) continue;
        if (!spec::keepsLimit(info, answer.fastest.cost.*info.figure, *limit)) {
            keys.emplace_back(info.key);
        }
    }
    return keys;
}

std::string brokenText(const Answer& answer) {
    const auto keys = brokenLimits(answer);
    if (keys.empty()) return {};
    return "It breaks " + base::listed(keys) +
           " of the specification: limits on DSPs and block RAM alone are kept here\n";
}

std::string textOf(const Answer& answer) {
    const auto& fastest = answer.fastest;
    const auto limits = spec::resourceLimits(answer.specification);
    const auto least = sideText(answer.coverage, Grows::Cost);
    std::string text =
        boundsText(answer.coverage) + sideText(answer.coverage, Grows::Rate) +
        base::fixed(fastest.cost.fps, 1) + " FPS, a period of " + least +
        base::fixed(fastest.cost.periodCycles, 0) + " cycles (" + fastest.cost.model + "): " +
        (fastest.proven ? "proven, no accelerator of the space within the limits is faster\n"
                        : "the best found; proven is only that none is above " +
                              base::fixed(fastest.mostFps(), 1) + " FPS\n") +
        base::fixed(fastest.cost.dsp, 0) + " of " + base::exact(limits.dsp) + " DSP, " +
        base::fixed(fastest.cost.bram18k, 0) + " of " + base::exact(limits.bram18k) +
        " BRAM18K; latency " + least + base::fixed(fastest.cost.latencyMs, 3) +
        " ms; all chunks together move " + base::fixed(fastest.dramGigabytesPerSecond(), 1) +
        " GB/s\nAs one fixed array of its tiles: " +
        placedText(fastest.resources, answer.specification) + "\n" + brokenText(answer);
    Table table({"chunk", "parallel over", "buffer Tr x Tc x Tm x Tn", "loop Tr x Tc x Tm x Tn",
                 "port words", "overlap", "layers", "cycles", "DSP", "BRAM18K"});
    for (std::size_t c = 0; c < fastest.accelerator.pipeline.size(); ++c) {
        const auto& chunk = fastest.accelerator.pipeline[c];
        const auto& figures = fastest.cost.chunks[c];
        table.add({chunk.name, std::string(word(chunk.parallelism)), tileText(chunk.buffer),
                   tileText(chunk.loop), std::to_string(chunk.portWords),
                   std::string(word(chunk.overlap)), std::to_string(figures.layers),
                   base::fixed(figures.cycles, 0), base::fixed(figures.dsp, 0),
                   base::fixed(figures.bram18k, 0)});
    }
    return text + table.text() + unpricedText(answer.coverage);
}

Json jsonOf(const Answer& answer) {
    const auto& fastest = answer.fastest;
    auto cost = interop::costJson(answer.network, fastest.accelerator, fastest.cost);
    addPipelineBounds(cost, answer.coverage);
    Json json = {{"proven", fastest.proven},
                 {"fps", fastest.cost.fps},
                 {"most_fps", fastest.mostFps()},
                 {"dram_gb_per_s", fastest.dramGigabytesPerSecond()}};
    addCoverage(json, answer.coverage);
    addBounds(json, answer.coverage, {{"fps", Grows::Rate}, {"dram_gb_per_s", Grows::Share}});
    json["broken_limits"] = brokenLimits(answer);
    json["choices"] = fastest.choices;
    json["accelerator"] = interop::chunkAcceleratorJson(fastest.accelerator);
    json["resources"] = interop::resourcesJson(fastest.resources);
    json["cost"] = std::move(cost);
    return json;
}

int show(const OptimumOptions& options) {
    const auto answer = answerTo(options);
    if (!answer) return Terminal().fail(answer.error());
    return put(options.format == "json" ? base::canonicalText(jsonOf(*answer)) : textOf(*answer))
               ? kFine
               : kFailed;
}

}  // namespace

void addOptimumCommand(CLI::App& app, int& exitCode) {
    auto* command = app.add_subcommand(
        "optimum", "The proven fastest accelerator of a space for one network of a specification");
    auto options = std::make_shared<OptimumOptions>();
    command->add_option("specification", options->specification, kSpecificationHelp)->required();
    command
        ->add_option("--operators", options->operators,
                     "operator of each block, separated by commas; one stands for all")
        ->required();
    command->add_option("--space", options->space,
                        "accelerator space by name, instead of the specification's (an unknown "
                        "name lists them)");
    command
        ->add_option("--model", options->model,
                     "form of the FPGA model, instead of the specification's")
        ->transform(CLI::IsMember(base::words<model::FpgaModel>(), CLI::ignore_case));
    command
        ->add_option("--dsp", options->dsp, "limit on DSP slices, instead of the specification's")
        ->check(numberBetween(0.0, 1e9));
    command
        ->add_option("--bram,--bram18k", options->bram,
                     "limit on block RAMs of 18 Kbit, instead of the specification's")
        ->check(numberBetween(0.0, 1e9));
    command
        ->add_option("--dram", options->dram,
                     "GB/s of the DRAM that all chunks share, instead of the specification's; "
                     "0: not bounded")
        ->check(numberBetween(0.0, 1e6));
    command
        ->add_option("--groups", options->groups,
                     "pairs of chunks at most, where the allocation is searched")
        ->check(CLI::Range(1, 32));
    command->add_flag("--strict", options->strict,
                      "fail where the form leaves layers out; else figures are bounds");
    command->add_option("--format", options->format, "text or json")
        ->transform(CLI::IsMember({"text", "json"}, CLI::ignore_case))
        ->capture_default_str();
    command->add_option("--threads", options->threads, "worker threads")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    command->callback([options, &exitCode] { exitCode = show(*options); });
}

}  // namespace cohelix::cli
