// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/documents/constraints_json.h"

#include <algorithm>
#include <charconv>

#include "core/interop/documents/layer_check.h"
#include "core/interop/documents/tensor_json.h"

namespace cohelix::interop {
namespace {

using base::Error;
using base::Json;
using base::JsonReader;
using mapping::Constraints;
using mapping::LevelConstraints;
using mapping::TripRule;
using mapping::TripRules;
using model::Dim;

std::size_t placeOf(Dim dim) { return static_cast<std::size_t>(dim); }

/// "<=8", ">=2", "4".
std::optional<TripRule> ruleFrom(std::string_view text) {
    const bool most = text.substr(0, 2) == "<=";
    const bool least = text.substr(0, 2) == ">=";
    if (most || least) text.remove_prefix(2);
    std::int64_t trips = 0;
    const char* last = text.data() + text.size();
    const auto [end, code] = std::from_chars(text.data(), last, trips);
    if (code != std::errc() || end != last || trips < 1 || trips > kMostSize) return std::nullopt;
    return most ? TripRule{1, trips} : least ? TripRule{trips, 0} : TripRule::exactly(trips);
}

void readRules(JsonReader& reader, const Json& json, const char* key, TripRules& rules) {
    if (!reader.has(key)) return;
    auto each = reader.object(key);
    if (!json.at(key).is_object()) return;
    for (const Dim dim : model::kAllLoopDims) {
        const std::string name(word(dim));
        if (!each.has(name)) continue;
        auto& rule = rules[placeOf(dim)];
        if (!json.at(key).at(name).is_string()) {
            rule = TripRule::exactly(each.integer(name, 1, kMostSize));
            continue;
        }
        const auto text = each.text(name);
        if (const auto read = ruleFrom(text))
            rule = *read;
        else
            each.fail(name, "'" + text + "' is no number of trips", "Write 4, \"<=4\" or \">=4\"");
    }
    each.finish();
}

std::vector<Dim> readLoopOrder(JsonReader& reader, const char* key) {
    std::vector<Dim> order;
    if (!reader.has(key)) return order;
    const auto names = reader.texts(key);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto dim = base::valueOf<model::Dim>(names[i]);
        const auto place = std::string(key) + "/" + std::to_string(i);
        if (!dim) {
            reader.fail(place, "'" + names[i] + "' is no dimension", "Use N K C P Q R S G");
        } else if (std::find(order.begin(), order.end(), *dim) != order.end()) {
            reader.fail(place, "'" + names[i] + "' is there twice");
        } else {
            order.push_back(*dim);
        }
    }
    return order;
}

LevelConstraints readConstraints(JsonReader reader, const Json& json) {
    LevelConstraints level;
    readRules(reader, json, "temporal", level.temporal);
    readRules(reader, json, "rows", level.rows);
    readRules(reader, json, "columns", level.columns);
    readRules(reader, json, "unrolled", level.unrolled);
    level.innermost = readLoopOrder(reader, "innermost");
    level.outermost = readLoopOrder(reader, "outermost");
    for (const Dim dim : level.outermost) {
        const auto& inside = level.innermost;
        if (std::find(inside.begin(), inside.end(), dim) == inside.end()) continue;
        reader.fail("outermost", std::string(word(dim)) + " is innermost as well");
    }
    const auto set = [&](const char* key) {
        return reader.has(key) ? readTensorSet(reader, json, key) : TensorSet{};
    };
    const auto keeps = set("keeps");
    const auto passes = set("passes_by");
    for (std::size_t t = 0; t < keeps.size(); ++t) {
        if (keeps[t] && passes[t]) reader.fail("passes_by", "a tensor in it is kept as well");
        if (keeps[t]) level.keeps[t] = true;
        if (passes[t]) level.keeps[t] = false;
    }
    reader.finish();
    return level;
}

Json rulesJson(const TripRules& rules) {
    Json json = Json::object();
    for (const Dim dim : model::kAllLoopDims) {
        const auto& rule = rules[placeOf(dim)];
        if (rule.free()) continue;
        auto& entry = json[std::string(word(dim))];
        if (rule.least == rule.most)
            entry = rule.most;
        else if (rule.most > 0)
            entry = "<=" + std::to_string(rule.most);
        else
            entry = ">=" + std::to_string(rule.least);
    }
    return json;
}

Json orderJson(const std::vector<Dim>& order) {
    Json json = Json::array();
    for (const Dim dim : order) json.push_back(word(dim));
    return json;
}

Json constraintsOfLevel(const LevelConstraints& level) {
    Json json = Json::object();
    const auto add = [&](const char* key, Json value) {
        if (!value.empty()) json[key] = std::move(value);
    };
    add("temporal", rulesJson(level.temporal));
    add("rows", rulesJson(level.rows));
    add("columns", rulesJson(level.columns));
    add("unrolled", rulesJson(level.unrolled));
    add("innermost", orderJson(level.innermost));
    add("outermost", orderJson(level.outermost));
    TensorSet keeps{};
    TensorSet passes{};
    for (std::size_t t = 0; t < keeps.size(); ++t) {
        keeps[t] = level.keeps[t] == true;
        passes[t] = level.keeps[t] == false;
    }
    add("keeps", tensorSetJson(keeps));
    add("passes_by", tensorSetJson(passes));
    return json;
}

}  // namespace

base::Result<std::optional<Constraints>> constraintsFromJson(const Json& json,
                                                             const std::string& where) {
    std::optional<Error> error;
    JsonReader reader(json, where, error);
    Constraints constraints;
    constraints.leastUse = reader.number("least_use", 0, 1, 0);
    bool any = constraints.leastUse > 0;
    std::size_t index = 0;
    reader.eachObject("levels", [&](JsonReader each) {
        const auto& source = json.at("levels")[index++];
        constraints.levels.emplace_back();
        if (!each.has("constraints")) return;
        any = true;
        constraints.levels.back() =
            readConstraints(each.object("constraints"), source.at("constraints"));
    });
    if (error) return *error;
    return any ? std::optional(std::move(constraints)) : std::nullopt;
}

void addConstraintsJson(const Constraints& constraints, Json& hierarchy) {
    if (constraints.leastUse > 0) hierarchy["least_use"] = constraints.leastUse;
    for (std::size_t l = 0; l < constraints.levels.size(); ++l) {
        auto level = constraintsOfLevel(constraints.levels[l]);
        if (!level.empty()) hierarchy["levels"][l]["constraints"] = std::move(level);
    }
}

}  // namespace cohelix::interop
