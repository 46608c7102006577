// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/layer_json.h"

#include <optional>
#include <set>

#include "core/base/units.h"
#include "core/interop/layer_check.h"
#include "core/workload/workload.h"

namespace cohelix::interop {
namespace {

using base::Error;
using base::JsonReader;
using model::Layer;
using model::PerAxis;

PerAxis readPerAxis(JsonReader& reader, std::string_view key) {
    if (!reader.isList(key)) {
        return static_cast<int>(reader.integer(key, 1, kMostSize, 1));
    }
    const auto both = reader.integers(key, 1, static_cast<int>(kMostSize));
    if (both.size() == 2) return {both[0], both[1]};
    reader.fail(key, "must be one number, or one of rows and one of columns");
    return {};
}

Layer readLayer(JsonReader reader) {
    Layer layer;
    layer.name = reader.text("name", "layer");
    for (const auto dim : model::kAllDims) {
        layer.size(dim) = reader.integer(dimName(dim), 1, kMostSize, 1);
    }
    layer.stride = readPerAxis(reader, "stride");
    layer.dilation = readPerAxis(reader, "dilation");
    layer.groups = static_cast<int>(reader.integer("groups", 1, kMostSize, 1));
    reader.finish();
    if (auto fits = checkLayer(layer); !fits) reader.fail("", fits.error().what);
    layer.role = workload::roleByShape(layer);
    return layer;
}

}  // namespace

base::Result<Layer> layerFromJson(const base::Json& json, const std::string& where) {
    std::optional<Error> error;
    auto layer = readLayer({json, where, error});
    if (error) return *error;
    return layer;
}

base::Result<std::vector<Layer>> layersFromJson(const base::Json& json, const std::string& where) {
    std::vector<Layer> layers;
    if (!json.is_object() || !json.contains("layers")) {
        auto layer = layerFromJson(json, where);
        if (!layer) return layer.error();
        layers.push_back(std::move(*layer));
        return layers;
    }
    const auto count = json["layers"].is_array() ? json["layers"].size() : 0;
    if (count > kMostLayers) {
        return Error{where + "/layers",
                     "there are " + base::grouped(static_cast<std::int64_t>(count)) +
                         " layers; at most " + base::grouped(kMostLayers) + " are read",
                     "Give a part of them, or layers of equal shape once"};
    }
    std::optional<Error> error;
    JsonReader reader(json, where, error);
    std::set<std::string> names;
    reader.eachObject("layers", [&](JsonReader each) {
        layers.push_back(readLayer(each));
        if (!names.insert(layers.back().name).second) {
            each.fail("name", "there is another layer '" + layers.back().name + "'");
        }
    });
    reader.finish();
    if (layers.empty()) reader.fail("layers", "there is no layer in it");
    if (error) return *error;
    return layers;
}

base::Json perAxisJson(const PerAxis& step) {
    if (step.alike()) return step.rows;
    return base::Json::array({step.rows, step.columns});
}

base::Json layerJson(const Layer& layer) {
    base::Json json = {{"name", layer.name}};
    for (const auto dim : model::kAllDims) json[std::string(dimName(dim))] = layer.size(dim);
    json["stride"] = perAxisJson(layer.stride);
    json["dilation"] = perAxisJson(layer.dilation);
    json["groups"] = layer.groups;
    return json;
}

}  // namespace cohelix::interop
