// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/documents/accelerator_json.h"
#include "core/interop/documents/hierarchy_json.h"
#include "core/interop/documents/layer_json.h"
#include "core/interop/documents/mapping_json.h"
#include "core/interop/onnx/onnx.h"
#include "core/interop/timeloop/timeloop_yaml.h"
#include "core/nest/presets.h"
#include "core/specification/network_space.h"
#include "core/specification/steering.h"
#include "core/workload/workload.h"

#include "tests/fuzz/checkpoint.h"
#include "tests/fuzz/seeds.h"

namespace cohelix::fuzz {
namespace {

using base::Json;

model::Layer smallLayer() {
    return interop::layerFromJson(Json::parse(R"({"name": "conv", "K": 16, "C": 16, "P": 7, "Q": 7,
                                                  "R": 3, "S": 3, "stride": [2, 1]})"),
                                  "layer")
        .value();
}

model::Mapping smallMapping() {
    return interop::mappingFromJson(Json::parse(R"({"levels": [
            {"memory": "DRAM", "loops": ["K4", "P7"]},
            {"memory": "buffer", "keeps": ["weights", "inputs"],
             "loops": ["Q7", "C16:rows", "K4:columns"]},
            {"memory": "register", "keeps": ["weights"]}]})"),
                                    "mapping")
        .value();
}

learn::TrainedWeights someWeights(const model::Network& network) {
    learn::TrainedWeights weights;
    for (const auto& layer : network.layers) {
        const auto outputs = layer.size(model::Dim::K);
        const std::vector<std::int64_t> shape = {outputs, layer.size(model::Dim::C) / layer.groups,
                                                 layer.size(model::Dim::R),
                                                 layer.size(model::Dim::S)};
        const auto count = shape[0] * shape[1] * shape[2] * shape[3];
        weights.tensors.push_back({layer.name + ".weight", shape,
                                   std::vector<float>(static_cast<std::size_t>(count), 0.5F)});
        weights.tensors.push_back({layer.name + ".bias",
                                   {outputs},
                                   std::vector<float>(static_cast<std::size_t>(outputs), 0.5F)});
    }
    auto& classifier = weights.tensors[weights.tensors.size() - 2];
    classifier.shape.resize(2);
    weights.mean = {0.5F};
    weights.deviation = {0.5F};
    return weights;
}

/// A model of a few kilobytes.
std::string smallModel() {
    auto spec = smallSpecification();
    spec.network.input = {1, 8, 8};
    spec.network.stemChannels = 2;
    spec.network.stages = {{2, 1, 1}, {4, 1, 2}};
    spec.network.headChannels = 4;
    const auto network = spec::buildNetwork(spec.network, std::vector<int>{0, 1});
    auto model = interop::onnxModel(network, someWeights(network), "small");
    return model ? std::move(*model) : std::string();
}

}  // namespace

std::vector<Seed> documentSeeds() {
    std::vector<Seed> seeds;
    for (const auto& preset : spec::presets()) {
        seeds.push_back({"specification", spec::toJson(spec::preset(preset.name).value()).dump()});
    }
    seeds.push_back({"steering", R"([{"step": 0, "change": "limit", "limit": "dsp", "value": 450},
        {"step": 1, "change": "window", "target": 0, "low": 50, "high": 100},
        {"step": 2, "change": "weight", "target": 0, "factor": 2},
        {"step": 3, "change": "pin", "choice": "chunk0.tm", "option": "16"},
        {"step": 4, "change": "stop", "target": 0}])"});
    seeds.push_back({"layer", interop::layerJson(smallLayer()).dump()});
    Json several = {{"layers", Json::array()}};
    const auto network = workload::workload("alexnet");
    for (const auto& layer : network->layers) {
        several["layers"].push_back(interop::layerJson(layer));
    }
    seeds.push_back({"layer", several.dump()});
    seeds.push_back({"mapping", interop::compactMappingJson(smallMapping()).dump()});
    for (const auto& preset : nest::presets()) {
        seeds.push_back({"accelerator", interop::hierarchyJson(preset.hierarchy).dump()});
    }
    seeds.push_back({"accelerator", R"({"template": "chunk-pipeline", "clock_mhz": 200,
        "model": "corrected", "double_buffered_weights": false, "dram_gb_per_s": 12.8, "chunks": [
        {"name": "maps", "role": "standard", "parallelism": "output-and-input-channels",
         "buffer_tile": {"rows": 16, "columns": 16, "outputs": 8, "inputs": 8},
         "loop_tile": {"rows": 16, "columns": 16, "outputs": 8, "inputs": 8},
         "bits": 16, "layers": {"map_at_least": 28}}]})"});
    return seeds;
}

std::vector<Seed> modelSeeds() {
    std::vector<Seed> seeds;
    if (auto problem = interop::timeloopProblem(smallLayer())) {
        seeds.push_back({"timeloop", std::move(problem->text)});
    }
    for (const auto& preset : nest::presets()) {
        auto architecture = interop::timeloopArchitecture(preset.hierarchy);
        if (architecture) seeds.push_back({"timeloop", std::move(architecture->text)});
    }
    if (auto mapping = interop::timeloopMapping(smallMapping(), smallLayer())) {
        seeds.push_back({"timeloop", std::move(*mapping)});
    }
    seeds.push_back({"timeloop", "problem:\n  shape: cnn-layer\n  R: 3\n  P: 56\n  C: 64\n"});
    seeds.push_back({"timeloop",
                     "architecture:\n  version: 0.4\n  nodes:\n  - !Container\n    name: system\n"
                     "  - !Component\n    name: DRAM\n    class: DRAM\n"
                     "    attributes: {width: 64, datawidth: 8}\n"
                     "  - !Container\n    name: PE\n    spatial: {meshX: 4, meshY: 2}\n"
                     "  - !Component\n    name: mac\n    class: intmac\n"});
    seeds.push_back({"timeloop",
                     "mapping:\n- target: DRAM\n  type: temporal\n  factors: C1 K4 P7\n"
                     "  permutation: CKP\n- target: buffer\n  type: spatial\n  factors: C16 K=4\n"
                     "  split: 1\n- target: buffer\n  type: datatype\n  keep: [Weights]\n"
                     "  bypass: [Inputs]\n"});
    seeds.push_back({"onnx", smallModel()});
    return seeds;
}

}  // namespace cohelix::fuzz
