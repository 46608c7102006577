// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "core/base/units.h"
#include "core/hardware/allocation.h"
#include "core/model/pipeline_device.h"

#include "app/cli/checks.h"
#include "app/cli/commands.h"
#include "app/cli/cost/cost_input.h"
#include "app/cli/cost/cost_options.h"
#include "app/cli/cost/coverage_report.h"
#include "app/cli/cost/mapped_report.h"
#include "app/cli/cost/network_report.h"
#include "app/cli/cost/pipeline_report.h"
#include "app/cli/terminal.h"

namespace cohelix::cli {

const nest::Convention& conventionOf(const std::string& name) {
    for (const auto& convention : nest::kConventions) {
        if (convention.name == name) return convention;
    }
    return nest::kConventions.front();
}

namespace {

using base::Error;
using base::Result;
using interop::AcceleratorDocument;

int failed(const base::Error& error) { return Terminal().fail(error); }

/// What the readers noted: said on standard error at once, and part of the JSON.
class Notes {
public:
    explicit Notes(bool verbose) : m_verbose(verbose) {}

    void take(const LayerList& list) {
        take(list.notes);
        if (m_verbose) return take(list.details);
        m_all.insert(m_all.end(), list.details.begin(), list.details.end());
    }
    void take(const std::vector<std::string>& notes) {
        for (const auto& note : notes) m_terminal.message(note);
        m_all.insert(m_all.end(), notes.begin(), notes.end());
    }
    const std::vector<std::string>& all() const { return m_all; }

private:
    Terminal m_terminal;
    bool m_verbose;
    std::vector<std::string> m_all;
};

int show(base::Json json, const std::string& text, const CostOptions& options, const Notes& notes) {
    if (!options.json()) return put(text) ? kFine : kFailed;
    json["notes"] = notes.all();
    return put(base::canonicalText(json)) ? kFine : kFailed;
}

/// --strict has all of a network priced as it runs, or nothing.
Result<void> checkStrict(const std::string& name, const hardware::Coverage& coverage,
                         const CostOptions& options) {
    if (!options.strict || coverage.exact()) return {};
    return refusedAsBound(name, coverage);
}

/// The layers on a hierarchy, under given mappings or the mapper's.
Result<MappedReport> mapped(const LayerList& list, const AcceleratorSource& accelerator,
                            const CostOptions& options, Notes& notes) {
    const auto hardware = readHardware(accelerator, list.names, options.constraints);
    if (!hardware) return hardware.error();
    notes.take(hardware->notes);
    std::map<std::string, model::Mapping> given;
    if (!options.mapping.empty()) {
        auto read = readMappings(options.mapping, list, *hardware);
        if (!read) return read.error();
        given = std::move(*read);
    }
    auto report = mapNetwork(list, *hardware, given, options);
    if (!report) return report;
    if (auto whole = checkStrict(list.name, report->network.coverage, options); !whole) {
        return whole.error();
    }
    return report;
}

int evaluateOnHierarchy(const LayerList& list, const AcceleratorSource& accelerator,
                        const CostOptions& options, Notes& notes) {
    if (!options.model.empty() && options.model != kLoopNestModel) {
        return failed({options.accelerator, "the model " + options.model + " needs chunks",
                       "Pass an accelerator of chunks (JSON)"});
    }
    if (!options.form.empty() || !options.chunk.empty()) {
        return failed({options.accelerator, "it has no chunks and no form of the FPGA model",
                       "Leave out --form and --chunk"});
    }
    if (!options.device.empty()) {
        return failed({"--device " + options.device,
                       options.accelerator + " has no chunks, and only these are placed on an FPGA",
                       "Leave out --device"});
    }
    const auto report = mapped(list, accelerator, options, notes);
    if (!report) return failed(report.error());
    notes.take(report->network.notes);
    const bool single = !options.layer.empty() && list.layers.size() == 1;
    return show(mappedJson(*report, options), single ? mappedText(*report) : summaryText(*report),
                options, notes);
}

/// The chunk that --chunk names, or the only one of the layer's role.
Result<std::size_t> chunkFor(const model::Layer& layer, const model::Accelerator& accelerator,
                             const std::string& named) {
    const auto role = layer.depthwise() ? model::ChunkRole::Depthwise : model::ChunkRole::Standard;
    const std::string kind(word(role));
    std::vector<std::size_t> found;
    std::string names;
    for (std::size_t c = 0; c < accelerator.pipeline.size(); ++c) {
        const auto& chunk = accelerator.pipeline[c];
        names += (c ? ", '" : "'") + chunk.name + "'";
        if (chunk.role == role && (named.empty() || named == chunk.name)) found.push_back(c);
        if (named == chunk.name && chunk.role != role) {
            return Error{layer.name,
                         "it is a " + kind + " layer and '" + named + "' is no " + kind + " chunk",
                         {}};
        }
    }
    if (found.size() == 1) return found.front();
    if (!named.empty()) return Error{named, "there is no such chunk", "Name one of " + names};
    if (found.empty()) {
        return Error{layer.name, "it is a " + kind + " layer and there is no " + kind + " chunk",
                     "Add a chunk with the role " + kind};
    }
    std::vector<std::string> able;
    for (const auto c : found) able.push_back("'" + accelerator.pipeline[c].name + "'");
    return Error{layer.name, "more than one chunk can execute it",
                 "Pass --chunk with one of " + base::listed(able)};
}

int evaluateOnChunk(const model::Layer& layer, const model::Accelerator& accelerator,
                    const model::Device& device, const CostOptions& options, const Notes& notes) {
    if (auto known = hardware::checkExecutable(layer, accelerator); !known) {
        return failed(known.error());
    }
    const auto chunk = chunkFor(layer, accelerator, options.chunk);
    if (!chunk) return failed(chunk.error());
    const auto& on = accelerator.pipeline[*chunk];
    if (options.model == kPipelineModel || options.model.empty()) {
        const auto priced = pipelineLayer(layer, accelerator, *chunk, accelerator.fpgaModel);
        return show(pipelineJson(priced), pipelineText(priced, device), options, notes);
    }
    const auto both = explain::compareModels(layer, on);
    if (!both) return failed(both.error());
    return show(sideBySideJson(layer, on, *both), sideBySideText(layer, on, *both), options, notes);
}

/// "--seconds and --bypass": those that are given and that only the mapper obeys.
std::string mapperOptions(const CostOptions& options) {
    std::string text;
    const auto add = [&](bool given, const char* option) {
        if (given) text += (text.empty() ? "" : " and ") + std::string(option);
    };
    add(!options.constraints.empty(), "--constraints");
    add(!options.objective.empty(), "--objective");
    add(options.seconds > 0, "--seconds");
    add(options.bypass, "--bypass");
    add(options.paddingPercent > 0, "--padding");
    return text;
}

/// What an accelerator of chunks cannot be asked.
Result<void> checkForChunks(const LayerList& list, const model::Accelerator& accelerator,
                            const CostOptions& options) {
    const bool pipeline = accelerator.isPipeline();
    const bool single = !options.layer.empty() && list.layers.size() == 1;
    if (!options.mapping.empty()) {
        return Error{options.mapping, "chunks have their tiles and orders from the accelerator",
                     "Leave out --mapping"};
    }
    if (const auto unused = mapperOptions(options); !unused.empty()) {
        return Error{options.accelerator,
                     "chunks have their tiles and orders from the accelerator: no mapping is "
                     "searched for",
                     "Leave out " + unused};
    }
    if (options.convention != "exact") {
        return Error{options.accelerator, "chunks are priced by the exact convention only",
                     "Leave out --convention"};
    }
    const std::string usual = pipeline ? kPipelineModel : kLoopNestModel;
    if (options.model == kSideBySide && (!pipeline || !single)) {
        return Error{options.accelerator,
                     "models are compared side by side for one layer on a "
                     "chunk of the pipeline",
                     "Pass --layer with one layer, or another --model"};
    }
    if (!options.model.empty() && options.model != kSideBySide && options.model != usual) {
        return Error{options.accelerator, "its chunks are priced by the model " + usual,
                     "Pass --model " + usual + (pipeline ? " or side-by-side" : "")};
    }
    if (!pipeline && !options.form.empty()) {
        return Error{options.accelerator, "it knows no form of the FPGA model", "Leave out --form"};
    }
    if (!options.chunk.empty() && !(pipeline && single)) {
        return Error{options.chunk, "a chunk is named for one layer on a pipeline",
                     "Leave out --chunk; the accelerator's file says which chunk executes what"};
    }
    return {};
}

int evaluateOnChunks(const LayerList& list, AcceleratorDocument document,
                     const CostOptions& options, Notes& notes) {
    auto& accelerator = document.accelerator;
    if (auto asked = checkForChunks(list, accelerator, options); !asked) {
        return failed(asked.error());
    }
    if (!options.form.empty()) {
        if (const auto form = base::valueOf<model::FpgaModel>(options.form)) {
            accelerator.fpgaModel = *form;
        }
        if (auto sound = model::checkSharedDram(accelerator); !sound) return failed(sound.error());
        if (auto known = model::checkTemplate(accelerator); !known) return failed(known.error());
    }
    const auto device = deviceOf(options.device.empty() ? kUsualDevice : options.device);
    if (!device) return failed(device.error());
    if (accelerator.isPipeline()) {
        const auto slices = model::checkPipelineDevice(*device, "--device " + options.device);
        if (!slices) return failed(slices.error());
    }
    if (!options.layer.empty() && list.layers.size() == 1 && !accelerator.pipeline.empty()) {
        return evaluateOnChunk(list.layers.front(), accelerator, *device, options, notes);
    }
    const auto priced = priceNetwork(list, document, *device);
    if (!priced) return failed(priced.error());
    if (auto whole = checkStrict(list.name, priced->coverage, options); !whole) {
        return failed(whole.error());
    }
    notes.take(priced->notes);
    return show(networkJson(*priced), networkText(*priced), options, notes);
}

/// What is priced, and what its reader noted.
Result<LayerList> layersFor(const CostOptions& options, Notes& notes) {
    auto list = readLayers({options.layer, options.network, options.sizes});
    if (list) notes.take(*list);
    return list;
}

int evaluate(const CostOptions& options) {
    Notes notes(options.verbose);
    const auto list = layersFor(options, notes);
    if (!list) return failed(list.error());
    const auto accelerator = readAccelerator(options.accelerator);
    if (!accelerator) return failed(accelerator.error());
    auto chunks = readChunks(*accelerator);
    if (!chunks) return failed(chunks.error());
    return *chunks ? evaluateOnChunks(*list, std::move(**chunks), options, notes)
                   : evaluateOnHierarchy(*list, *accelerator, options, notes);
}

/// The best mapping of each layer.
int mapLayers(const CostOptions& options) {
    Notes notes(options.verbose);
    const auto list = layersFor(options, notes);
    if (!list) return failed(list.error());
    const auto accelerator = readAccelerator(options.accelerator);
    if (!accelerator) return failed(accelerator.error());
    const auto report = mapped(*list, *accelerator, options, notes);
    if (!report) return failed(report.error());
    notes.take(report->network.notes);
    return show(mappedJson(*report, options), mappedText(*report), options, notes);
}

void addShared(CLI::App& command, CostOptions& options) {
    std::vector<std::string> conventions;
    for (const auto& convention : nest::kConventions) conventions.emplace_back(convention.name);
    auto* layers = command.add_option_group("layers", "What is priced");
    layers->add_option("--layer", options.layer, "layer (JSON, or Timeloop's YAML)");
    layers->add_option("--network", options.network,
                       "network: a name (resnet50, mobilenetv2, …), an ONNX model, or layers "
                       "(JSON, or Timeloop's YAML)");
    layers->require_option(1);
    command.footer(
        "Each file may be - (standard input) or come from <(command). Without an "
        "extension that says JSON, YAML or ONNX its contents decide.");
    addSizeOption(command, options.sizes);
    command.add_flag("--strict", options.strict,
                     "fail where figures are bounds: not all of a network can be priced, or "
                     "not as it runs");
    command.add_flag("--verbose", options.verbose,
                     "also say which operators were passed over because they have no work");
    command
        .add_option("--accelerator", options.accelerator,
                    "accelerator: a name (gemmini, eyeriss, …), JSON, or Timeloop's YAML")
        ->required();
    command.add_option("--constraints", options.constraints,
                       "constraints on mappings in a file of their own (Timeloop's YAML)");
    command.add_option("--convention", options.convention, "how traffic is counted")
        ->transform(CLI::IsMember(conventions, CLI::ignore_case))
        ->capture_default_str();
    command.add_option("--format", options.format, "text or json")
        ->transform(CLI::IsMember({"text", "json"}, CLI::ignore_case))
        ->capture_default_str();
    command
        .add_option("--objective", options.objective,
                    "what the mapper makes least; where no energies are known, latency")
        ->transform(CLI::IsMember(base::words<mapping::Objective>(), CLI::ignore_case))
        ->default_str("edp");
    command
        .add_option("--seconds", options.seconds,
                    "the mapper stops each layer after so long; 0: never")
        ->check(numberFrom(0))
        ->capture_default_str();
    command.add_flag("--bypass", options.bypass,
                     "also choose which tensors each memory keeps and which pass it by; without it "
                     "only where they cannot keep all that they may");
    command
        .add_option("--padding", options.paddingPercent,
                    "percent by which loops may span more than a dimension, where no tiling "
                    "that divides is as good; 0: all divide")
        ->check(numberBetween(0.0, 100.0))
        ->capture_default_str();
    command.add_option("--threads", options.threads, "threads; 0: all cores")
        ->check(CLI::Range(0, 256))
        ->capture_default_str();
}

void addEvaluate(CLI::App& app, int& exitCode) {
    auto* command = app.add_subcommand(
        "evaluate", "Price a layer or a network: under mappings, the mapper's best, or on chunks");
    auto options = std::make_shared<CostOptions>();
    addShared(*command, *options);
    command->add_option("--mapping", options->mapping,
                        "mapping (JSON, or Timeloop's YAML); without one the mapper's best");
    command
        ->add_option("--model", options->model,
                     "cost model; without it the one that the accelerator is made for")
        ->transform(CLI::IsMember({kLoopNestModel, kPipelineModel, kSideBySide}, CLI::ignore_case));
    command
        ->add_option("--form", options->form, "of the FPGA model; without it the accelerator's own")
        ->transform(CLI::IsMember(base::words<model::FpgaModel>(), CLI::ignore_case));
    command->add_option("--chunk", options->chunk, "that executes the layer, where several could");
    command->add_option("--device", options->device, "FPGA whose resources and power count")
        ->default_str(kUsualDevice);
    command->final_callback([options, &exitCode] { exitCode = evaluate(*options); });
}

void addMap(CLI::App& app, int& exitCode) {
    auto* command =
        app.add_subcommand("map", "Find the best mapping of each layer, and prove how good it is");
    auto options = std::make_shared<CostOptions>();
    addShared(*command, *options);
    command->final_callback([options, &exitCode] { exitCode = mapLayers(*options); });
}

}  // namespace

void addCostCommands(CLI::App& app, int& exitCode) {
    addEvaluate(app, exitCode);
    addMap(app, exitCode);
}

}  // namespace cohelix::cli
