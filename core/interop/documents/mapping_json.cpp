// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/documents/mapping_json.h"

#include <charconv>
#include <optional>

#include "core/interop/documents/layer_check.h"
#include "core/interop/documents/tensor_json.h"

namespace cohelix::interop {
namespace {

using base::Error;
using base::Json;
using base::JsonReader;
using model::Loop;
using model::LoopKind;

constexpr std::size_t kMostLevels = 16;
constexpr std::int64_t kMostFanOut = 255;

std::optional<std::int64_t> numberFrom(std::string_view text) {
    std::int64_t number = 0;
    const char* last = text.data() + text.size();
    const auto [end, code] = std::from_chars(text.data(), last, number);
    if (code != std::errc() || end != last) return std::nullopt;
    return number;
}

/// The text from the mark on, which is cut off; nothing where there is no mark.
std::optional<std::string_view> cutAt(std::string_view& text, char mark) {
    const auto place = text.find(mark);
    if (place == std::string_view::npos) return std::nullopt;
    const auto behind = text.substr(place + 1);
    text = text.substr(0, place);
    return behind;
}

/// As loopText writes it.
std::optional<Loop> loopFrom(std::string_view text) {
    Loop loop;
    if (const auto fanOut = cutAt(text, '/')) {
        const auto number = numberFrom(*fanOut);
        if (!number || *number < 0 || *number > kMostFanOut) return std::nullopt;
        loop.fanOut = static_cast<std::uint8_t>(*number);
    }
    if (const auto axis = cutAt(text, ':')) {
        const auto kind = base::valueOf<LoopKind>(*axis);
        if (!kind || *kind == LoopKind::Temporal) return std::nullopt;
        loop.kind = *kind;
    }
    if (loop.fanOut > 0 && loop.kind == LoopKind::Temporal) return std::nullopt;
    const auto dim = base::valueOf<model::Dim>(text.substr(0, 1));
    if (!dim) return std::nullopt;
    loop.dim = *dim;
    const auto trips = numberFrom(text.substr(1));
    if (!trips || *trips < 1 || *trips > kMostSize) return std::nullopt;
    loop.trips = *trips;
    return loop;
}

Loop readLoop(JsonReader reader) {
    Loop loop;
    loop.dim = reader.word<model::Dim>("dim");
    loop.trips = reader.integer("trips", 1, kMostSize);
    loop.kind = reader.word("kind", loop.kind);
    if (reader.has("fan_out")) {
        loop.fanOut = static_cast<std::uint8_t>(reader.integer("fan_out", 0, kMostFanOut));
    }
    reader.finish();
    return loop;
}

std::vector<Loop> readLoops(JsonReader& reader, const Json& json) {
    std::vector<Loop> loops;
    if (!reader.has("loops")) return loops;
    const auto& list = json.at("loops");
    if (!list.is_array() || list.empty() || list.front().is_object()) {
        reader.eachObject("loops", [&](JsonReader each) { loops.push_back(readLoop(each)); });
        return loops;
    }
    const auto texts = reader.texts("loops");
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto loop = loopFrom(texts[i]);
        if (!loop) {
            reader.fail("loops/" + std::to_string(i), "'" + texts[i] + "' is no loop",
                        "Write it like K16, or K2:rows or K2:columns where it is spatial");
            return loops;
        }
        loops.push_back(*loop);
    }
    return loops;
}

TensorSet readKeeps(JsonReader& reader, const Json& json) {
    if (!reader.has("keeps") || !json.at("keeps").is_object()) {
        return readTensorSet(reader, json, "keeps");
    }
    TensorSet keeps{};
    auto flags = reader.object("keeps");
    for (const auto tensor : model::kAllTensors) {
        keeps[static_cast<std::size_t>(tensor)] = flags.flag(word(tensor), false);
    }
    flags.finish();
    return keeps;
}

model::MappingLevel readLevel(JsonReader reader, const Json& json) {
    model::MappingLevel level;
    level.memory = reader.text("memory");
    if (!json.is_object()) return level;
    level.keeps = readKeeps(reader, json);
    level.loops = readLoops(reader, json);
    reader.finish();
    return level;
}

}  // namespace

base::Result<model::Mapping> mappingFromJson(const Json& json, const std::string& where) {
    std::optional<Error> error;
    JsonReader reader(json, where, error);
    model::Mapping mapping;
    std::size_t index = 0;
    reader.eachObject("levels", [&](JsonReader each) {
        mapping.levels.push_back(readLevel(each, json.at("levels")[index++]));
    });
    if (mapping.levels.empty() || mapping.levels.size() > kMostLevels) {
        reader.fail("levels", "there are " + std::to_string(mapping.levels.size()) +
                                  " levels; give 1 to " + std::to_string(kMostLevels));
    }
    reader.finish();
    if (error) return *error;
    return mapping;
}

Json compactMappingJson(const model::Mapping& mapping) {
    Json levels = Json::array();
    for (const auto& level : mapping.levels) {
        Json loops = Json::array();
        for (const auto& loop : level.loops) loops.push_back(loopText(loop));
        levels.push_back({{"memory", level.memory},
                          {"keeps", tensorSetJson(level.keeps)},
                          {"loops", std::move(loops)}});
    }
    return {{"levels", std::move(levels)}};
}

}  // namespace cohelix::interop
