// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <memory>
#include <thread>

#include "app/cli/commands.h"
#include "app/cli/cost_input.h"
#include "app/cli/cost_report.h"
#include "app/cli/terminal.h"
#include "core/base/units.h"
#include "core/mapping/mapping_cache.h"

namespace cohelix::cli {
namespace {

struct CostOptions {
    std::string layer;
    std::string network;
    std::string accelerator;
    std::string mapping;
    std::string convention = "exact";
    std::string objective = "edp";
    std::string format = "text";
    std::string out;
    double seconds = 0;
    bool bypass = false;
    int threads = 0;
};

const cost::Convention& conventionOf(const std::string& name) {
    for (const auto& convention : cost::kConventions) {
        if (convention.name == name) return convention;
    }
    return cost::kConventions.front();
}

mapping::Objective objectiveOf(const std::string& name) {
    using mapping::Objective;
    for (const auto objective : {Objective::Latency, Objective::Energy, Objective::Edp}) {
        if (mapping::objectiveName(objective) == name) return objective;
    }
    return Objective::Edp;
}

int failed(const base::Error& error) {
    Terminal().error(error);
    return kFailed;
}

int show(const base::Json& json, const std::string& text, const std::string& format) {
    return put(format == "json" ? base::canonicalText(json) : text) ? kFine : kFailed;
}

/// One layer under the mapping of a file.
int evaluateLayer(const CostOptions& options) {
    const auto list = readLayers(options.layer, options.network);
    if (!list) return failed(list.error());
    if (list->layers.size() != 1) {
        return failed({list->name, "it has " + std::to_string(list->layers.size()) + " layers",
                       "A mapping is of one layer: pass --layer, or let map find the mappings"});
    }
    const auto hardware = readHardware(options.accelerator);
    if (!hardware) return failed(hardware.error());
    const auto& layer = list->layers.front();
    const auto mapping = readMapping(options.mapping, layer, hardware->hierarchy);
    if (!mapping) return failed(mapping.error());
    const auto cost = cost::evaluateLoopNest(layer, *mapping, hardware->hierarchy,
                                             conventionOf(options.convention));
    if (!cost) return failed(cost.error());
    const PricedLayer priced{layer, *mapping, hardware->hierarchy, *cost};
    auto json = pricedJson(priced);
    json["convention"] = options.convention;
    return show(json, pricedText(priced), options.format);
}

/// The figures of all layers added up.
struct Sum {
    double cycles = 0;
    double picojoule = 0;
    bool optimal = true;
};

base::Json mappedJson(const mapping::BestMapping& best, const PricedLayer& priced,
                      const std::string& objective) {
    auto json = pricedJson(priced);
    json["objective"] = objective;
    json["value"] = best.value;
    json["lower_bound"] = best.lowerBound;
    json["gap"] = best.gap();
    json["optimal"] = best.optimal();
    json["seconds"] = best.seconds;
    json["tilings"] = best.tilings;
    json["evaluations"] = best.evaluations;
    return json;
}

std::string mappedText(const mapping::BestMapping& best, const PricedLayer& priced) {
    const std::string proof =
        best.optimal() ? "optimal"
                       : "at most " + base::fixed(best.gap() * 100, 2) + " % from the optimum";
    return pricedText(priced) + proof + "; " + base::grouped(best.tilings) + " tilings bounded, " +
           base::grouped(best.evaluations) + " mappings evaluated in " +
           base::fixed(best.seconds, 2) + " s\n\n";
}

/// The best mapping of each layer; equal shapes are searched once.
int mapLayers(const CostOptions& options) {
    const auto list = readLayers(options.layer, options.network);
    if (!list) return failed(list.error());
    const auto hardware = readHardware(options.accelerator);
    if (!hardware) return failed(hardware.error());
    const auto& hierarchy = hardware->hierarchy;
    const auto space = hardware->dataflow ? mapping::mapSpaceOf(hierarchy, *hardware->dataflow)
                                          : mapping::fullMapSpace(hierarchy);
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    base::Executor executor(options.threads > 0 ? options.threads : cores, false);
    mapping::MapperOptions how;
    how.objective = objectiveOf(options.objective);
    how.seconds = options.seconds;
    how.choosesBypass = options.bypass;
    how.convention = conventionOf(options.convention);
    how.executor = &executor;
    Terminal terminal;
    for (const auto& note : list->notes) terminal.message(note);
    mapping::MappingCache cache;
    base::Json layers = base::Json::array();
    std::string text;
    Sum sum;
    for (const auto& layer : list->layers) {
        const auto best = cache.bestMapping(layer, hierarchy, space, how);
        if (!best) return failed(best.error());
        const PricedLayer priced{layer, best->mapping, hierarchy, best->cost};
        layers.push_back(mappedJson(*best, priced, options.objective));
        text += mappedText(*best, priced);
        sum.cycles += best->cost.cycles;
        sum.picojoule += best->cost.energyPicojoule;
        sum.optimal = sum.optimal && best->optimal();
    }
    base::Json json;
    json["network"] = list->name;
    json["accelerator"] = hierarchy.name;
    json["convention"] = options.convention;
    json["cycles"] = sum.cycles;
    json["energy_pj"] = sum.picojoule;
    json["optimal"] = sum.optimal;
    json["layers"] = std::move(layers);
    text += list->name + ": " + base::fixed(sum.cycles, 0) + " cycles, " +
            energyText(sum.picojoule) + ", layers one after the other" +
            (sum.optimal ? ", each optimal\n" : "\n");
    return show(json, text, options.format);
}

void addShared(CLI::App& command, CostOptions& options) {
    std::vector<std::string> conventions;
    for (const auto& convention : cost::kConventions) conventions.emplace_back(convention.name);
    auto* layers = command.add_option_group("layers", "What is priced");
    layers->add_option("--layer", options.layer, "layer (JSON, or Timeloop's YAML)");
    layers->add_option("--network", options.network,
                       "network: a name (resnet50, mobilenetv2, …), an ONNX model, or JSON with "
                       "layers");
    layers->require_option(1);
    command.add_option("--accelerator", options.accelerator,
                       "accelerator: a name (gemmini, eyeriss, …), JSON, or Timeloop's YAML")
        ->required();
    command.add_option("--convention", options.convention, "how traffic is counted")
        ->check(CLI::IsMember(conventions));
    command.add_option("--format", options.format, "text or json")
        ->check(CLI::IsMember({"text", "json"}));
}

void addEvaluate(CLI::App& app, int& exitCode) {
    auto* command = app.add_subcommand("evaluate", "Price a layer under a mapping");
    auto options = std::make_shared<CostOptions>();
    addShared(*command, *options);
    command->add_option("--mapping", options->mapping, "mapping (JSON, or Timeloop's YAML)")
        ->required();
    command->add_option("--model", "cost model")
        ->check(CLI::IsMember({"loop-nest"}))
        ->default_str("loop-nest");
    command->final_callback([options, &exitCode] { exitCode = evaluateLayer(*options); });
}

void addMap(CLI::App& app, int& exitCode) {
    auto* command =
        app.add_subcommand("map", "Find the best mapping of each layer, and prove how good it is");
    auto options = std::make_shared<CostOptions>();
    addShared(*command, *options);
    command->add_option("--objective", options->objective, "what is made least")
        ->check(CLI::IsMember({"latency", "energy", "edp"}));
    command->add_option("--seconds", options->seconds, "stop each layer after so long; 0: never")
        ->check(CLI::NonNegativeNumber);
    command->add_flag("--bypass", options->bypass,
                      "choose which tensors each memory keeps of those that it may");
    command->add_option("--threads", options->threads, "threads; 0: all cores")
        ->check(CLI::Range(0, 256));
    command->final_callback([options, &exitCode] { exitCode = mapLayers(*options); });
}

}  // namespace

void addCostCommands(CLI::App& app, int& exitCode) {
    addEvaluate(app, exitCode);
    addMap(app, exitCode);
}

}  // namespace cohelix::cli
