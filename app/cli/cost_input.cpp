// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cost_input.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/base/json.h"
#include "core/cost/presets.h"
#include "core/interop/hierarchy_json.h"
#include "core/interop/layer_json.h"
#include "core/interop/mapping_json.h"
#include "core/interop/onnx_import.h"
#include "core/interop/timeloop_yaml.h"
#include "core/workload/workload.h"

namespace cohelix::cli {
namespace {

using base::Error;
using base::Result;

Result<std::string> readText(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file || std::filesystem::is_directory(path)) {
        return Error{path, "it cannot be read", "Name a file that is there"};
    }
    return std::string{std::istreambuf_iterator<char>(file), {}};
}

bool isYaml(const std::string& path) {
    const auto extension = std::filesystem::path(path).extension();
    return extension == ".yaml" || extension == ".yml";
}

Result<base::Json> readJson(const std::string& path) {
    const auto text = readText(path);
    if (!text) return text.error();
    return base::parseJson(*text, path);
}

std::string presetNames() {
    std::string names;
    for (const auto& preset : cost::presets()) names += (names.empty() ? "" : ", ") + preset.name();
    return names;
}

Result<LayerList> layersOfFile(const std::string& path) {
    LayerList list{std::filesystem::path(path).stem().string(), {}, {}};
    if (isYaml(path)) {
        const auto text = readText(path);
        if (!text) return text.error();
        auto layer = interop::layerFromTimeloop(*text, path);
        if (!layer) return layer.error();
        list.layers = {std::move(*layer)};
        return list;
    }
    const auto json = readJson(path);
    if (!json) return json.error();
    auto layers = interop::layersFromJson(*json, path);
    if (!layers) return layers.error();
    list.layers = std::move(*layers);
    if (list.layers.size() == 1) list.name = list.layers.front().name;
    return list;
}

Result<LayerList> layersOfModel(const std::string& path) {
    auto network = interop::readOnnx(path);
    if (!network) return network.error();
    LayerList list{network->name, std::move(network->layers), std::move(network->notes)};
    for (const auto& passed : network->passedOver) {
        list.notes.push_back("passed over: " + passed.node + " (" + passed.op + "): " + passed.reason);
    }
    if (list.layers.empty()) {
        return Error{path, "it has no layer that can be priced",
                     list.notes.empty() ? "" : list.notes.front()};
    }
    return list;
}

}  // namespace

Result<LayerList> readLayers(const std::string& layers, const std::string& network) {
    if (!layers.empty()) return layersOfFile(layers);
    const auto extension = std::filesystem::path(network).extension();
    if (extension == ".onnx") return layersOfModel(network);
    if (extension == ".json" || isYaml(network)) return layersOfFile(network);
    auto known = workload::workload(network);
    if (!known) return known.error();
    return LayerList{known->name, std::move(known->layers), {}};
}

Result<Hardware> readHardware(const std::string& accelerator) {
    if (const auto preset = cost::findPreset(accelerator)) {
        return Hardware{preset->hierarchy, preset->dataflow};
    }
    if (std::filesystem::path(accelerator).extension().empty()) {
        return Error{accelerator, "no accelerator has that name",
                     "Name one of " + presetNames() + ", or a JSON or YAML file"};
    }
    if (isYaml(accelerator)) {
        const auto text = readText(accelerator);
        if (!text) return text.error();
        auto architecture = interop::hierarchyFromTimeloop(*text, accelerator);
        if (!architecture) return architecture.error();
        return Hardware{std::move(architecture->hierarchy), {}};
    }
    const auto json = readJson(accelerator);
    if (!json) return json.error();
    auto hierarchy = interop::hierarchyFromJson(*json, accelerator);
    if (!hierarchy) return hierarchy.error();
    return Hardware{std::move(*hierarchy), {}};
}

Result<model::Mapping> readMapping(const std::string& path, const model::Layer& layer,
                                   const cost::Hierarchy& hierarchy) {
    if (isYaml(path)) {
        const auto text = readText(path);
        if (!text) return text.error();
        return interop::mappingFromTimeloop(*text, path, layer, hierarchy);
    }
    const auto json = readJson(path);
    if (!json) return json.error();
    return interop::mappingFromJson(*json, path);
}

}  // namespace cohelix::cli
