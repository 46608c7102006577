// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cost/cost_input.h"

#include <algorithm>
#include <charconv>

#include "core/base/json.h"
#include "core/base/units.h"
#include "core/interop/documents/constraints_json.h"
#include "core/interop/documents/hierarchy_json.h"
#include "core/interop/documents/layer_check.h"
#include "core/interop/documents/layer_json.h"
#include "core/interop/documents/mapping_json.h"
#include "core/interop/onnx/onnx_import.h"
#include "core/interop/timeloop/timeloop_yaml.h"
#include "core/workload/workload.h"

namespace cohelix::cli {
namespace {

using base::Error;
using base::Result;
using interop::FileKind;

Error nothingNamed(const std::string& option) {
    return {option, "the name is empty", "Give a name or a file"};
}

std::string presetNames() {
    std::string names;
    for (const auto& preset : nest::presets()) names += (names.empty() ? "" : ", ") + preset.name();
    return names;
}

Result<LayerList> layersOfText(const NamedFile& file) {
    LayerList list{.name = file.title()};
    if (file.kind == FileKind::Yaml) {
        auto problem = interop::layerFromTimeloop(file.contents, file.path);
        if (!problem) return problem.error();
        list.layers = {std::move(problem->layer)};
        list.notes = std::move(problem->notes);
        list.names = std::move(problem->names);
        list.hasZeros = problem->hasZeros;
        return list;
    }
    const auto json = file.json();
    if (!json) return json.error();
    auto read = interop::layersFromJson(*json, file.path);
    if (!read) return read.error();
    list.layers = std::move(read->layers);
    list.notes = std::move(read->notes);
    if (list.layers.size() == 1) list.name = list.layers.front().name;
    return list;
}

/// Sizes can be given to models alone.
Result<void> checkOpen(const std::string& name, const std::vector<std::string>& sizes) {
    if (sizes.empty()) return {};
    return Error{"--size " + sizes.front(), name + " leaves no size open",
                 "Give it for an ONNX model, or leave it out"};
}

Result<LayerList> layersOfText(const NamedFile& file, const std::vector<std::string>& sizes) {
    if (auto open = checkOpen(file.path, sizes); !open) return open.error();
    return layersOfText(file);
}

Result<LayerList> layersOfFile(const std::string& named, const std::vector<std::string>& sizes) {
    const auto file = readNamed(named);
    if (!file) return file.error();
    return layersOfText(*file, sizes);
}

/// "H=48, W=320" is cut at its comma.
std::string withoutSpaces(const std::string& text) {
    const auto first = text.find_first_not_of(' ');
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// "H=48,W=320" and the like, in one text or several. The last = counts: names may have others.
Result<interop::OnnxSizes> sizesFrom(const std::vector<std::string>& texts) {
    interop::OnnxSizes sizes;
    for (const auto& given : texts) {
        const auto text = withoutSpaces(given);
        const auto equals = text.rfind('=');
        const auto name = text.substr(0, equals);
        const std::string option = "--size " + text;
        if (equals == std::string::npos || name.empty()) {
            return Error{option, "this is no name and size", "Write it like H=48 or image[2]=48"};
        }
        const auto digits = text.substr(equals + 1);
        std::int64_t size = 0;
        const char* end = digits.data() + digits.size();
        const auto [stop, problem] = std::from_chars(digits.data(), end, size);
        if (problem != std::errc() || stop != end || size < 1 || size > interop::kMostSize) {
            return Error{option,
                         "a size is a whole number from 1 to " + base::grouped(interop::kMostSize),
                         {}};
        }
        if (!sizes.named.emplace(name, size).second) {
            return Error{option, "'" + name + "' has another size already", "Give each once"};
        }
    }
    return sizes;
}

/// "Constant (3), Relu (2)".
std::string countedOperators(const std::map<std::string, std::size_t>& counts) {
    std::string text;
    for (const auto& [op, count] : counts) {
        text += (text.empty() ? "" : ", ") + op + " (" + std::to_string(count) + ")";
    }
    return text;
}

Result<LayerList> layersOfModel(const NamedFile& file, const interop::OnnxSizes& sizes) {
    auto network = interop::onnxNetwork(file.contents, file.path, sizes);
    if (!network) return network.error();
    LayerList list{.name = network->name,
                   .layers = std::move(network->layers),
                   .notes = std::move(network->notes)};
    for (std::size_t i = 0; i < list.layers.size(); ++i) {
        for (auto& work : network->asides[i].bounds) {
            work.layers = {list.layers[i].name};
            hardware::bound(list.bounded, work);
        }
        const auto& bits = network->asides[i].bits;
        if (bits.stated()) list.bits.emplace(list.layers[i].name, bits);
    }
    std::map<std::string, std::map<std::string, std::size_t>> workless;  // by reason
    for (const auto& passed : network->passedOver) {
        if (passed.macs == 0) {
            ++workless[passed.reason][passed.op];
        } else {
            hardware::leaveOut(list.unread, {passed.op, passed.reason, {passed.node}, passed.macs});
        }
    }
    for (const auto& [reason, counts] : workless) {
        list.details.push_back("no multiply-accumulates, since it " + reason + ": " +
                               countedOperators(counts));
    }
    if (list.layers.empty() && list.unread.empty()) {
        return Error{file.path, "it has no convolution, no matrix product and nothing like them",
                     "Only these are priced"};
    }
    return list;
}

using Mappings = std::map<std::string, model::Mapping>;

Error oneMapping(const std::string& path, const LayerList& list) {
    return {path,
            "it is the mapping of one layer and there are " + std::to_string(list.layers.size()),
            "Pass --layer with that layer, or a list of mappings by layer"};
}

Result<Mappings> severalMappings(const base::Json& json, const std::string& path,
                                 const LayerList& list) {
    Mappings mappings;
    std::optional<Error> error;
    std::size_t index = 0;
    base::JsonReader reader(json, path, error);
    reader.eachObject("mappings", [&](base::JsonReader each) {
        const auto& source = json["mappings"][index++];
        const auto name = each.text("layer");
        if (error) return;
        if (std::ranges::find(list.layers, name, &model::Layer::name) == list.layers.end()) {
            each.fail("layer", "there is no layer '" + name + "'");
            return;
        }
        auto mapping = interop::mappingFromJson(
            base::Json{{"levels", source.contains("levels") ? source["levels"] : base::Json()}},
            each.pointer());
        if (!mapping) {
            error = mapping.error();
        } else if (!mappings.emplace(name, std::move(*mapping)).second) {
            each.fail("layer", "'" + name + "' has another mapping");
        }
    });
    if (error) return *error;
    return mappings;
}

}  // namespace

Result<LayerList> readLayers(const LayerSource& source) {
    const auto sizes = sizesFrom(source.sizes);
    if (!sizes) return sizes.error();
    if (!source.layers.empty()) return layersOfFile(source.layers, source.sizes);
    if (source.network.empty()) return nothingNamed("--layer or --network");
    auto known = workload::workload(source.network);
    if (known) {
        if (auto open = checkOpen(source.network, source.sizes); !open) return open.error();
        return LayerList{.name = known->name, .layers = std::move(known->layers)};
    }
    if (!namesFile(source.network)) {
        auto error = known.error();
        error.advice += "; or a file: an ONNX model, JSON or YAML";
        return error;
    }
    const auto file = readNamed(source.network, interop::kMostModelBytes);
    if (!file) return file.error();
    return file->kind == FileKind::Model ? layersOfModel(*file, *sizes)
                                         : layersOfText(*file, source.sizes);
}

Result<AcceleratorSource> readAccelerator(const std::string& named) {
    if (named.empty()) return nothingNamed("--accelerator");
    AcceleratorSource source{.preset = nest::findPreset(named)};
    if (source.preset) return source;
    if (!namesFile(named)) {
        return Error{named, "no accelerator has that name",
                     "Name one of " + presetNames() + ", or a JSON or YAML file"};
    }
    auto file = readNamed(named);
    if (!file) return file.error();
    source.file = std::move(*file);
    return source;
}

namespace {

Result<Hardware> hardwareOfYaml(const NamedFile& file, const interop::TimeloopNames& names,
                                const std::string& constraints) {
    auto architecture = interop::hierarchyFromTimeloop(file.contents, file.path, names);
    if (!architecture) return architecture.error();
    if (!constraints.empty()) {
        const auto more = readNamed(constraints);
        if (!more) return more.error();
        auto added =
            interop::addTimeloopConstraints(more->contents, more->path, names, *architecture);
        if (!added) return added.error();
    }
    Hardware hardware{.hierarchy = std::move(architecture->hierarchy)};
    hardware.hierarchy.name = file.title();
    hardware.constraints = std::move(architecture->constraints);
    hardware.containers = std::move(architecture->containers);
    hardware.notes = std::move(architecture->notes);
    hardware.sparesZeros = architecture->sparesZeros;
    return hardware;
}

}  // namespace

Result<Hardware> readHardware(const AcceleratorSource& accelerator,
                              const interop::TimeloopNames& names, const std::string& constraints) {
    const auto& file = accelerator.file;
    if (!constraints.empty() && !(file && file->kind == FileKind::Yaml)) {
        return Error{constraints,
                     "constraints of a file of their own are Timeloop's, for an "
                     "architecture of Timeloop",
                     "State them in the accelerator's own file"};
    }
    if (const auto& preset = accelerator.preset) {
        return Hardware{preset->hierarchy, preset->dataflow, preset->clockMhz};
    }
    if (file->kind == FileKind::Yaml) return hardwareOfYaml(*file, names, constraints);
    const auto json = file->json();
    if (!json) return json.error();
    if (interop::looksLikeAccelerator(*json)) {
        return Error{file->path, "it has chunks, and mappings are searched for on memories",
                     "Price layers on chunks with evaluate, or give levels of memory"};
    }
    auto hierarchy = interop::hierarchyFromJson(*json, file->path);
    if (!hierarchy) return hierarchy.error();
    auto stated = interop::constraintsFromJson(*json, file->path);
    if (!stated) return stated.error();
    return Hardware{.hierarchy = std::move(*hierarchy), .constraints = std::move(*stated)};
}

Result<std::optional<interop::AcceleratorDocument>> readChunks(
    const AcceleratorSource& accelerator) {
    using Chunks = std::optional<interop::AcceleratorDocument>;
    const auto& file = accelerator.file;
    if (!file || file->kind != FileKind::Json) return Chunks();
    const auto json = file->json();
    if (!json) return json.error();
    if (!interop::looksLikeAccelerator(*json)) return Chunks();
    auto document = interop::acceleratorFromJson(*json, file->path);
    if (!document) return document.error();
    return Chunks(std::move(*document));
}

namespace {

Result<Mappings> mappingsIn(const NamedFile& file, const LayerList& list,
                            const Hardware& hardware) {
    if (interop::looksLikeTimeloopListing(file.contents)) {
        return interop::timeloopListingError(file.path);
    }
    if (file.kind == FileKind::Yaml) {
        if (list.layers.size() != 1) return oneMapping(file.path, list);
        auto mapping =
            interop::mappingFromTimeloop(file.contents, file.path, list.layers.front(),
                                         hardware.hierarchy, hardware.containers, list.names);
        if (!mapping) return mapping.error();
        return Mappings{{list.layers.front().name, std::move(*mapping)}};
    }
    const auto json = file.json();
    if (!json) return json.error();
    if (json->is_object() && json->contains("mappings")) {
        return severalMappings(*json, file.path, list);
    }
    if (list.layers.size() != 1) return oneMapping(file.path, list);
    auto mapping = interop::mappingFromJson(*json, file.path);
    if (!mapping) return mapping.error();
    return Mappings{{list.layers.front().name, std::move(*mapping)}};
}

/// Levels belong to memories by their place; another name there is a mistake that would pass.
Result<void> checkNames(const std::string& path, const model::Mapping& mapping,
                        const nest::Hierarchy& hierarchy) {
    const auto levels = std::min(mapping.levels.size(), hierarchy.levels.size());
    for (std::size_t l = 0; l < levels; ++l) {
        const auto& name = hierarchy.levels[l].name;
        if (name.empty() || mapping.levels[l].memory == name) continue;
        return Error{
            path + "/levels/" + std::to_string(l) + "/memory",
            "'" + mapping.levels[l].memory + "' stands where the accelerator has '" + name + "'",
            "Give the memories by their names, the outermost first"};
    }
    return {};
}

}  // namespace

Result<std::map<std::string, model::Mapping>> readMappings(const std::string& path,
                                                           const LayerList& list,
                                                           const Hardware& hardware) {
    const auto file = readNamed(path);
    if (!file) return file.error();
    auto mappings = mappingsIn(*file, list, hardware);
    if (!mappings) return mappings;
    for (const auto& [layer, mapping] : *mappings) {
        auto fits = checkNames(file->path, mapping, hardware.hierarchy);
        if (!fits) return fits.error();
    }
    return mappings;
}

Result<model::Device> deviceOf(const std::string& name) {
    if (auto device = model::findDevice(name)) return std::move(*device);
    std::string known;
    for (const auto& device : model::devices()) known += (known.empty() ? "" : ", ") + device.name;
    return Error{"--device " + name, "there is no such device", "Name one of " + known};
}

}  // namespace cohelix::cli
