// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/documents/hierarchy_json.h"

#include <cmath>
#include <optional>
#include <set>

#include "core/base/units.h"
#include "core/interop/documents/layer_check.h"
#include "core/interop/documents/tensor_json.h"

namespace cohelix::interop {
namespace {

using base::Error;
using base::Json;
using base::JsonReader;
using nest::Hierarchy;
using nest::MemoryLevel;

constexpr double kMostFigure = 1e15;
constexpr std::size_t kMostMemories = 16;

void readEnergy(JsonReader& reader, MemoryLevel& level) {
    const auto access = reader.optionalNumber("access_pj", 0, kMostFigure);
    const auto energy = [&](const char* key) {
        if (access && reader.has(key)) reader.fail(key, "access_pj stands for it already");
        return reader.number(key, 0, kMostFigure, access.value_or(0));
    };
    level.readPicojoule = energy("read_pj");
    level.fillPicojoule = energy("fill_pj");
    level.updatePicojoule = energy("update_pj");
}

double readBandwidth(JsonReader& reader, const char* key) {
    const auto words = reader.number(key, 0, kMostFigure, 0);
    if (words > 0 && words < nest::kLeastWordsPerCycle) {
        reader.fail(
            key, base::exact(words) + " words a cycle are fewer than any memory moves",
            "Give " + base::exact(nest::kLeastWordsPerCycle) + " or more, or 0 for no bound");
    }
    return words;
}

MemoryLevel readMemory(JsonReader reader, const Json& json) {
    MemoryLevel level;
    level.name = reader.text("name");
    if (level.name.empty()) reader.fail("name", "the memory's name is empty");
    level.capacityWords = reader.number("capacity_words", 0, kMostFigure, 0);
    readEnergy(reader, level);
    level.readWordsPerCycle = readBandwidth(reader, "read_words_per_cycle");
    level.writeWordsPerCycle = readBandwidth(reader, "write_words_per_cycle");
    level.sharedBandwidth = reader.flag("shared_bandwidth", false);
    level.blockWords = reader.number("block_words", 1, kMostFigure, 1);
    level.multicast = reader.flag("multicast", true);
    level.reduces = reader.flag("reduces", true);
    level.forwards = reader.flag("forwards", false);
    level.forwardPicojoule = reader.number("forward_pj", 0, kMostFigure, 0);
    level.doubleBuffered = reader.flag("double_buffered", false);
    level.exposesFirstFill = reader.flag("exposes_first_fill", false);
    level.refillsInPlace = reader.flag("refills_in_place", false);
    level.mayKeep = readTensorSet(reader, json, "may_keep");
    level.rows = reader.integer("rows", 0, kMostSize, 0);
    level.columns = reader.integer("columns", 0, kMostSize, 0);
    if (reader.has("constraints")) reader.object("constraints");  // constraintsFromJson reads them
    reader.finish();
    return level;
}

void readLevels(JsonReader& reader, const Json& json, Hierarchy& hierarchy) {
    std::set<std::string> names;
    std::size_t index = 0;
    reader.eachObject("levels", [&](JsonReader each) {
        hierarchy.levels.push_back(readMemory(each, json.at("levels")[index++]));
        const auto& name = hierarchy.levels.back().name;
        if (!names.insert(name).second) each.fail("name", "there is another memory '" + name + "'");
    });
    if (hierarchy.levels.empty() || hierarchy.levels.size() > kMostMemories) {
        reader.fail("levels", "there are " + std::to_string(hierarchy.levels.size()) +
                                  " levels; give 1 to " + std::to_string(kMostMemories));
    }
}

/// Sets the field unless it has the default.
template <typename T>
void put(Json& json, const char* key, const T& value, const T& fallback) {
    if (value != fallback) json[key] = value;
}

/// 65536 rather than 65536.0.
Json figure(double value) {
    if (value == std::floor(value) && value < 1e15) return static_cast<std::int64_t>(value);
    return value;
}

void put(Json& json, const char* key, double value, double fallback) {
    if (value != fallback) json[key] = figure(value);
}

Json memoryJson(const MemoryLevel& level) {
    const MemoryLevel fallback;
    Json json = {{"name", level.name}};
    put(json, "capacity_words", level.capacityWords, fallback.capacityWords);
    if (level.readPicojoule == level.fillPicojoule &&
        level.readPicojoule == level.updatePicojoule) {
        put(json, "access_pj", level.readPicojoule, 0.0);
    } else {
        json["read_pj"] = figure(level.readPicojoule);
        json["fill_pj"] = figure(level.fillPicojoule);
        json["update_pj"] = figure(level.updatePicojoule);
    }
    put(json, "read_words_per_cycle", level.readWordsPerCycle, fallback.readWordsPerCycle);
    put(json, "write_words_per_cycle", level.writeWordsPerCycle, fallback.writeWordsPerCycle);
    put(json, "shared_bandwidth", level.sharedBandwidth, fallback.sharedBandwidth);
    put(json, "block_words", level.blockWords, fallback.blockWords);
    put(json, "multicast", level.multicast, fallback.multicast);
    put(json, "reduces", level.reduces, fallback.reduces);
    put(json, "forwards", level.forwards, fallback.forwards);
    put(json, "forward_pj", level.forwardPicojoule, fallback.forwardPicojoule);
    put(json, "double_buffered", level.doubleBuffered, fallback.doubleBuffered);
    put(json, "exposes_first_fill", level.exposesFirstFill, fallback.exposesFirstFill);
    put(json, "refills_in_place", level.refillsInPlace, fallback.refillsInPlace);
    if (level.mayKeep != fallback.mayKeep) json["may_keep"] = tensorSetJson(level.mayKeep);
    put(json, "rows", level.rows, fallback.rows);
    put(json, "columns", level.columns, fallback.columns);
    return json;
}

}  // namespace

base::Result<Hierarchy> hierarchyFromJson(const Json& json, const std::string& where) {
    std::optional<Error> error;
    JsonReader reader(json, where, error);
    Hierarchy hierarchy;
    hierarchy.name = reader.text("name", "");
    hierarchy.source = reader.text("source", "");
    hierarchy.estimate = reader.flag("estimate", false);
    hierarchy.pes = reader.integer("pes", 0, kMostSize, 0);
    hierarchy.macPicojoule = reader.number("mac_pj", 0, kMostFigure, 0);
    hierarchy.staticPicojoulePerCycle = reader.number("static_pj_per_cycle", 0, kMostFigure, 0);
    const bool full = reader.oneOf("overlap", {"full", "none"}, 0) == 0;
    hierarchy.overlap = full ? nest::Overlap::Full : nest::Overlap::None;
    hierarchy.readsZeros = reader.flag("reads_zeros", false);
    readLevels(reader, json, hierarchy);
    reader.optionalNumber("least_use", 0, 1);
    reader.finish();
    if (error) return *error;
    return hierarchy;
}

Json hierarchyJson(const Hierarchy& hierarchy) {
    const Hierarchy fallback;
    Json json = Json::object();
    put(json, "name", hierarchy.name, fallback.name);
    put(json, "source", hierarchy.source, fallback.source);
    put(json, "estimate", hierarchy.estimate, fallback.estimate);
    put(json, "pes", hierarchy.pes, fallback.pes);
    put(json, "mac_pj", hierarchy.macPicojoule, fallback.macPicojoule);
    put(json, "static_pj_per_cycle", hierarchy.staticPicojoulePerCycle,
        fallback.staticPicojoulePerCycle);
    if (hierarchy.overlap == nest::Overlap::None) json["overlap"] = "none";
    put(json, "reads_zeros", hierarchy.readsZeros, fallback.readsZeros);
    json["levels"] = Json::array();
    for (const auto& level : hierarchy.levels) json["levels"].push_back(memoryJson(level));
    return json;
}

}  // namespace cohelix::interop
