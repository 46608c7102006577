// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/mapping_text.h"

#include "core/base/json.h"
#include "core/store/sql.h"

namespace cohelix::store {
namespace {

using base::Json;
using TensorFigures = std::array<double, model::kTensors>;

[[noreturn]] void refuse(const char* what) { throw Refusal{damagedError({}, what)}; }

Json parsed(const std::string& text) {
    auto json = base::parseJson(text, {});
    if (!json || !json->is_array()) refuse("a mapping or its traffic is no JSON list");
    return std::move(json).value();
}

const Json& element(const Json& list, std::size_t index) {
    if (!list.is_array() || index >= list.size()) refuse("a mapping or its traffic is incomplete");
    return list[index];
}

std::string word(const Json& value) {
    if (!value.is_string()) refuse("a mapping or its traffic has a wrong type");
    return value.get<std::string>();
}

double figure(const Json& value) {
    if (!value.is_number()) refuse("a figure of the traffic is no number");
    return value.get<double>();
}

std::int64_t whole(const Json& value, std::int64_t least, std::int64_t most) {
    if (!value.is_number_integer()) refuse("a number of a mapping is not whole");
    const auto number = value.get<std::int64_t>();
    if (number < least || number > most) refuse("a number of a mapping is out of range");
    return number;
}

model::Loop loopFrom(const Json& json) {
    model::Loop loop;
    loop.dim = static_cast<model::Dim>(whole(element(json, 0), 0, model::kLoopDims - 1));
    loop.trips = whole(element(json, 1), 0, std::numeric_limits<std::int64_t>::max());
    loop.kind = static_cast<model::LoopKind>(whole(element(json, 2), 0, 2));
    if (json.size() > 3) loop.fanOut = static_cast<std::uint8_t>(whole(element(json, 3), 0, 255));
    return loop;
}

model::MappingLevel levelFrom(const Json& json) {
    model::MappingLevel level;
    level.memory = word(element(json, 0));
    const auto kept = whole(element(json, 1), 0, (1 << model::kTensors) - 1);
    for (std::size_t t = 0; t < model::kTensors; ++t) level.keeps[t] = (kept >> t & 1) != 0;
    const Json& loops = element(json, 2);
    if (!loops.is_array()) refuse("the loops of a mapping are no list");
    for (const Json& loop : loops) level.loops.push_back(loopFrom(loop));
    return level;
}

TensorFigures figuresFrom(const Json& json) {
    TensorFigures figures{};
    for (std::size_t t = 0; t < model::kTensors; ++t) figures[t] = figure(element(json, t));
    return figures;
}

}  // namespace

std::string textOf(const model::Mapping& mapping) {
    Json levels = Json::array();
    for (const auto& level : mapping.levels) {
        Json loops = Json::array();
        for (const auto& loop : level.loops) {
            loops.push_back(
                Json::array({static_cast<int>(loop.dim), loop.trips, static_cast<int>(loop.kind)}));
            if (loop.fanOut > 0) loops.back().push_back(loop.fanOut);
        }
        int kept = 0;
        for (std::size_t t = 0; t < model::kTensors; ++t) kept |= (level.keeps[t] ? 1 : 0) << t;
        levels.push_back(Json::array({level.memory, kept, std::move(loops)}));
    }
    return levels.dump();
}

std::string textOf(const std::vector<model::MemoryTraffic>& traffic) {
    Json memories = Json::array();
    for (const auto& at : traffic) {
        memories.push_back(Json::array({at.memory, Json(at.reads), Json(at.writes),
                                        Json(at.tileWords), at.capacityWords, at.energyPicojoule}));
    }
    return memories.dump();
}

model::Mapping mappingFrom(const std::string& text) {
    model::Mapping mapping;
    for (const Json& level : parsed(text)) mapping.levels.push_back(levelFrom(level));
    return mapping;
}

std::vector<model::MemoryTraffic> trafficFrom(const std::string& text) {
    std::vector<model::MemoryTraffic> traffic;
    for (const Json& json : parsed(text)) {
        model::MemoryTraffic at;
        at.memory = word(element(json, 0));
        at.reads = figuresFrom(element(json, 1));
        at.writes = figuresFrom(element(json, 2));
        at.tileWords = figuresFrom(element(json, 3));
        at.capacityWords = figure(element(json, 4));
        at.energyPicojoule = figure(element(json, 5));
        traffic.push_back(std::move(at));
    }
    return traffic;
}

}  // namespace cohelix::store
