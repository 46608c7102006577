// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/designs/design_json.h"

#include "core/hardware/evaluate.h"
#include "core/interop/documents/accelerator_json.h"
#include "core/interop/documents/layer_json.h"

namespace cohelix::interop {
namespace {

using base::Json;
using model::Dim;

Json percent(double share, bool known = true) { return known ? Json(share * 100) : Json(); }

Json percent(const std::optional<double>& share) {
    return percent(share.value_or(0), share.has_value());
}

template <typename Sizes>
Json byDim(const Sizes& sizes) {
    Json json = Json::object();
    for (const Dim dim : model::kAllDims) {
        json[std::string(word(dim))] = sizes[static_cast<std::size_t>(dim)];
    }
    return json;
}

template <typename Figures>
Json byTensor(const Figures& figures) {
    Json json = Json::object();
    for (const auto tensor : model::kAllTensors) {
        json[std::string(word(tensor))] = figures[static_cast<std::size_t>(tensor)];
    }
    return json;
}

Json layerJson(const model::Network& network, const model::Layer& layer) {
    const auto nameOf = [&](int index) {
        return index < 0 ? Json() : Json(network.layers[static_cast<std::size_t>(index)].name);
    };
    Json json = {{"name", layer.name},
                 {"role", word(layer.role)},
                 {"block", layer.block < 0 ? Json() : Json(layer.block)},
                 {"sizes", byDim(layer.sizes)},
                 {"stride", perAxisJson(layer.stride)},
                 {"dilation", perAxisJson(layer.dilation)}};
    addBorderJson(json, layer);
    json.update(Json{{"groups", layer.groups},
                     {"input", layer.input < 0 ? Json("image") : nameOf(layer.input)},
                     {"added_to", nameOf(layer.addedTo)},
                     {"relu", layer.relu},
                     {"shuffle_groups", layer.shuffleGroups},
                     {"macs", model::macs(layer)},
                     {"parameters", model::parameters(layer)}});
    return json;
}

Json networkJson(const model::Network& network) {
    Json layers = Json::array();
    for (const auto& layer : network.layers) layers.push_back(layerJson(network, layer));
    return {{"input",
             {{"channels", network.input.channels},
              {"height", network.input.height},
              {"width", network.input.width}}},
            {"classes", network.classes},
            {"operators", network.operators},
            {"macs", model::macs(network)},
            {"parameters", model::parameters(network)},
            {"layers", std::move(layers)}};
}

/// A pipeline's energy is that of the board over a period, of no layer and no memory.
Json energyJson(const model::Accelerator& accelerator, double picojoule) {
    return accelerator.isPipeline() ? Json() : Json(picojoule);
}

/// What the model does not count is null.
Json trafficJson(const model::Accelerator& accelerator,
                 const std::vector<model::MemoryTraffic>& traffic) {
    Json list = Json::array();
    for (std::size_t m = 0; m < traffic.size(); ++m) {
        const auto& at = traffic[m];
        Json reads = byTensor(at.reads);
        Json writes = byTensor(at.writes);
        for (const auto tensor : model::kAllTensors) {
            const auto counted = hardware::countedWays(accelerator, m, tensor);
            const std::string name(word(tensor));
            if (!counted.reads) reads[name] = nullptr;
            if (!counted.writes) writes[name] = nullptr;
        }
        list.push_back({{"memory", at.memory},
                        {"reads", std::move(reads)},
                        {"writes", std::move(writes)},
                        {"tile_words", byTensor(at.tileWords)},
                        {"capacity_words", at.capacityWords},
                        {"energy_pj", energyJson(accelerator, at.energyPicojoule)}});
    }
    return list;
}

Json layerCosts(const model::Network& network, const model::Accelerator& accelerator,
                const model::DesignCost& cost) {
    Json list = Json::array();
    for (std::size_t i = 0; i < cost.layers.size(); ++i) {
        const auto& layer = cost.layers[i];
        list.push_back({{"layer", network.layers[i].name},
                        {"chunk", layer.chunk},
                        {"cycles", layer.cycles},
                        {"compute_cycles", layer.computeCycles},
                        {"energy_pj", energyJson(accelerator, layer.energyPicojoule)},
                        {"spatial_utilization", layer.spatialUtilization},
                        {"temporal_utilization", layer.temporalUtilization},
                        {"utilization", layer.utilization()},
                        {"limit", model::limitText(layer)},
                        {"mapping", mappingJson(layer.mapping)},
                        {"traffic", trafficJson(accelerator, layer.traffic)}});
    }
    return list;
}

Json chunkCosts(const model::Accelerator& accelerator, const model::DesignCost& cost) {
    Json list = Json::array();
    for (std::size_t i = 0; i < cost.chunks.size(); ++i) {
        const auto& chunk = cost.chunks[i];
        list.push_back({{"chunk", accelerator.chunkName(i)},
                        {"cycles", chunk.cycles},
                        {"dsp", chunk.dsp},
                        {"bram18k", chunk.bram18k},
                        {"pes", chunk.pes},
                        {"layers", chunk.layers},
                        {"utilization", chunk.utilization}});
    }
    return list;
}

/// What a hardware generator need not build: chunks without layers, by name.
void addBuilt(Json& json, const DesignDocument& design) {
    if (!design.resources.empty()) json["resources"] = resourcesJson(design.resources);
    const auto layers = layersOfChunks(design);
    Json idle = Json::array();
    for (std::size_t c = 0; c < layers.size(); ++c) {
        if (layers[c] == 0) idle.push_back(design.accelerator.chunkName(c));
    }
    json["idle_chunks"] = std::move(idle);
}

}  // namespace

std::vector<int> layersOfChunks(const DesignDocument& design) {
    std::vector<int> layers(design.accelerator.chunkCount(), 0);
    for (const auto& layer : design.cost.layers) ++layers[static_cast<std::size_t>(layer.chunk)];
    return layers;
}

Json resourcesJson(const std::vector<hardware::ResourceLine>& lines) {
    Json list = Json::array();
    for (const auto& line : lines) {
        list.push_back({{"name", line.name},
                        {"used", line.used},
                        {"placed", line.placed},
                        {"available", line.available},
                        {"estimate", line.estimate}});
    }
    return list;
}

Json mappingJson(const model::Mapping& mapping) {
    Json levels = Json::array();
    for (const auto& level : mapping.levels) {
        Json loops = Json::array();
        for (const auto& loop : level.loops) {
            loops.push_back(
                {{"dim", word(loop.dim)}, {"trips", loop.trips}, {"kind", word(loop.kind)}});
            if (loop.fanOut > 0) loops.back()["fan_out"] = loop.fanOut;
        }
        levels.push_back({{"memory", level.memory},
                          {"keeps", byTensor(level.keeps)},
                          {"loops", std::move(loops)}});
    }
    return levels;
}

Json costJson(const model::Network& network, const model::Accelerator& accelerator,
              const model::DesignCost& cost) {
    return {{"model", cost.model},
            {"period_cycles", cost.periodCycles},
            {"latency_cycles", cost.latencyCycles},
            {"fps", cost.fps},
            {"latency_ms", cost.latencyMs},
            {"energy_mj", cost.energyMj},
            {"edp_mj_ms", cost.edp},
            {"dsp", cost.dsp},
            {"bram18k", cost.bram18k},
            {"chunks", chunkCosts(accelerator, cost)},
            {"layers", layerCosts(network, accelerator, cost)}};
}

Json designJson(const DesignDocument& design) {
    const auto& row = design.row;
    Json choices = Json::object();
    for (const auto& [name, option] : design.choices) choices[name] = option;
    Json json = {
        {"design", row.id},
        {"run", row.run},
        {"state", word(row.state)},
        {"accuracy_percent", percent(row.accuracy, row.grade != model::AccuracyGrade::None)},
        {"accuracy_grade", word(row.grade)},
        {"validation_accuracy_percent", percent(row.validationAccuracy)},
        {"supernet_accuracy_percent", percent(row.supernetAccuracy)},
        {"front", row.front},
        {"choices", std::move(choices)},
        {"network", networkJson(design.network)},
        {"accelerator", chunkAcceleratorJson(design.accelerator)},
        {"cost", costJson(design.network, design.accelerator, design.cost)}};
    addBuilt(json, design);
    return json;
}

Json acceleratorJson(const DesignDocument& design) {
    Json mappings = Json::array();
    for (std::size_t i = 0; i < design.network.layers.size(); ++i) {
        const auto& layer = design.network.layers[i];
        const auto& cost = design.cost.layers[i];
        mappings.push_back({{"layer", layer.name},
                            {"chunk", cost.chunk},
                            {"sizes", byDim(layer.sizes)},
                            {"stride", perAxisJson(layer.stride)},
                            {"groups", layer.groups},
                            {"levels", mappingJson(cost.mapping)}});
    }
    Json json = {{"design", design.row.id},
                 {"accelerator", chunkAcceleratorJson(design.accelerator)},
                 {"mappings", std::move(mappings)}};
    addBuilt(json, design);
    return json;
}

}  // namespace cohelix::interop
