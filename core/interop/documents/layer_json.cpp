// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/documents/layer_json.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "core/base/units.h"
#include "core/interop/documents/layer_check.h"
#include "core/workload/workload.h"

namespace cohelix::interop {
namespace {

using base::Error;
using base::JsonReader;
using model::Dim;
using model::Layer;
using model::PerAxis;

PerAxis readPerAxis(JsonReader& reader, std::string_view key, int least = 1) {
    if (!reader.isList(key)) {
        return static_cast<int>(reader.integer(key, least, kMostSize, least));
    }
    const auto both = reader.integers(key, least, static_cast<int>(kMostSize));
    if (both.size() == 2) return {both[0], both[1]};
    reader.fail(key, "must be one number, or one of rows and one of columns");
    return {};
}

/// What a file says of one axis; below zero: nothing.
struct StatedAxis {
    Dim output;
    const char* inputs;  ///< its field
    std::int64_t found = -1;
    int zeros = -1;  ///< ahead
};

/// The zeros ahead and the inputs behind them, along an axis of which the file says something.
std::pair<int, std::int64_t> aroundInputs(JsonReader& reader, const Layer& layer,
                                          const StatedAxis& axis) {
    const auto patch = model::patchAlong(layer, axis.output);
    const auto missing = std::max<std::int64_t>(0, patch - std::max<std::int64_t>(0, axis.found));
    const auto zeros = axis.zeros >= 0   ? axis.zeros
                       : axis.found >= 0 ? static_cast<int>(std::min(kMostSize, (missing + 1) / 2))
                                         : 0;
    // The last stride of the patch may lie beyond the zeros that are there.
    const auto most =
        patch - zeros - std::max<std::int64_t>(0, zeros - layer.stride.along(axis.output) + 1);
    const auto inputs = axis.found >= 0 ? axis.found : most;
    if (zeros >= patch || inputs < 1 || patch - zeros - inputs > kMostSize) {
        reader.fail(axis.zeros >= 0 ? "padding" : axis.inputs,
                    "the kernel touches " + std::to_string(patch) + " of them, zeros included",
                    "Give H and W of the inputs and the zeros ahead of them");
    }
    return {zeros, inputs};
}

bool takesKernel(const Layer& layer) {
    return layer.size(Dim::P) >= layer.size(Dim::R) && layer.size(Dim::Q) >= layer.size(Dim::S);
}

std::string evenBorderNote(const Layer& layer) {
    return "padding: " + layer.name + " does not say its own and is taken to have inputs of " +
           std::to_string(model::inputsAlong(layer, Dim::P)) + " x " +
           std::to_string(model::inputsAlong(layer, Dim::Q)) +
           " with zeros around them; \"padding\": 0 means none";
}

/// Reads the border of a layer that is otherwise read.
void readBorder(JsonReader& reader, Layer& layer, std::vector<std::string>& notes) {
    StatedAxis rows{Dim::P, "H"};
    StatedAxis columns{Dim::Q, "W"};
    if (!reader.has("padding") && !reader.has("H") && !reader.has("W")) {
        if (takesKernel(layer)) layer.border = model::evenBorder(layer);
        if (layer.border != model::Border{}) notes.push_back(evenBorderNote(layer));
        return;
    }
    if (reader.has("padding")) {
        const auto zeros = readPerAxis(reader, "padding", 0);
        rows.zeros = zeros.rows;
        columns.zeros = zeros.columns;
    }
    if (reader.has("H")) rows.found = reader.integer("H", 1, kMostSize);
    if (reader.has("W")) columns.found = reader.integer("W", 1, kMostSize);
    const auto [above, height] = aroundInputs(reader, layer, rows);
    const auto [left, width] = aroundInputs(reader, layer, columns);
    layer.border = model::borderAround(layer, {above, left}, height, width);
}

Layer readLayer(JsonReader reader, std::vector<std::string>& notes) {
    Layer layer;
    layer.name = reader.text("name", "layer");
    for (const auto dim : model::kAllDims) {
        layer.size(dim) = reader.integer(word(dim), 1, kMostSize, 1);
    }
    layer.stride = readPerAxis(reader, "stride");
    layer.dilation = readPerAxis(reader, "dilation");
    layer.groups = static_cast<int>(reader.integer("groups", 1, kMostSize, 1));
    if (auto fits = checkLayer(layer); !fits) reader.fail("", fits.error().what);
    readBorder(reader, layer, notes);
    reader.finish({"H", "W", "padding"});
    layer.role = workload::roleByShape(layer);
    return layer;
}

}  // namespace

base::Result<Layer> layerFromJson(const base::Json& json, const std::string& where) {
    std::optional<Error> error;
    std::vector<std::string> notes;
    auto layer = readLayer({json, where, error}, notes);
    if (error) return *error;
    return layer;
}

base::Result<LayersRead> layersFromJson(const base::Json& json, const std::string& where) {
    LayersRead read;
    std::optional<Error> error;
    JsonReader reader(json, where, error);
    if (!json.is_object() || !json.contains("layers")) {
        read.layers.push_back(readLayer(reader, read.notes));
        if (error) return *error;
        return read;
    }
    const auto count = json["layers"].is_array() ? json["layers"].size() : 0;
    if (count > kMostLayers) {
        return Error{where + "/layers",
                     "there are " + base::grouped(static_cast<std::int64_t>(count)) +
                         " layers; at most " + base::grouped(kMostLayers) + " are read",
                     "Give a part of them, or layers of equal shape once"};
    }
    std::set<std::string> names;
    reader.eachObject("layers", [&](JsonReader each) {
        read.layers.push_back(readLayer(each, read.notes));
        if (!names.insert(read.layers.back().name).second) {
            each.fail("name", "there is another layer '" + read.layers.back().name + "'");
        }
    });
    reader.finish();
    if (read.layers.empty()) reader.fail("layers", "there is no layer in it");
    if (error) return *error;
    return read;
}

base::Json perAxisJson(const PerAxis& step) {
    if (step.alike()) return step.rows;
    return base::Json::array({step.rows, step.columns});
}

void addBorderJson(base::Json& json, const Layer& layer) {
    json["H"] = model::inputsAlong(layer, Dim::P);
    json["W"] = model::inputsAlong(layer, Dim::Q);
    json["padding"] = perAxisJson(layer.border.before);
}

base::Json layerJson(const Layer& layer) {
    base::Json json = {{"name", layer.name}};
    for (const auto dim : model::kAllDims) json[std::string(word(dim))] = layer.size(dim);
    json["stride"] = perAxisJson(layer.stride);
    json["dilation"] = perAxisJson(layer.dilation);
    addBorderJson(json, layer);
    json["groups"] = layer.groups;
    return json;
}

}  // namespace cohelix::interop
