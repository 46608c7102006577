// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "core/base/json.h"
#include "core/interop/layer_check.h"
#include "core/interop/timeloop_words.h"
#include "core/interop/timeloop_yaml.h"
#include "core/interop/yaml_reader.h"
#include "core/workload/workload.h"

namespace cohelix::interop {
namespace {

using model::Dim;
using model::Layer;

/// The names of what P and Q are multiplied by in the inputs; empty: by one.
struct Shape {
    std::set<Dim> dims;
    std::array<std::string, 2> strides = {"Wstride", "Hstride"};
    std::array<std::string, 2> dilations = {"Wdilation", "Hdilation"};
};

const std::set<Dim> kAll = {Dim::N, Dim::K, Dim::C, Dim::P, Dim::Q, Dim::R, Dim::S};

Dim dimOf(const YamlReader& node) {
    if (const auto dim = timeloopDim(node.text())) return *dim;
    node.fail("the shape has a dimension '" + node.text() + "'",
              "Layers have N, K (or M), C, P, Q, R, S and G");
}

/// One coordinate of a tensor: dimensions, each with the name of its factor.
using Sum = std::vector<std::pair<Dim, std::string>>;

Sum sumOf(const YamlReader& node) {
    Sum sum;
    for (const auto& term : node.items()) {
        const auto parts = term.items();
        if (parts.empty() || parts.size() > 2) {
            term.fail("a term of a projection is a dimension, or a dimension and a coefficient");
        }
        sum.emplace_back(dimOf(parts[0]), parts.size() == 2 ? parts[1].text() : "");
    }
    return sum;
}

void readWindow(const YamlReader& node, const Sum& sum, Shape& shape) {
    for (const auto& [dim, factor] : sum) {
        switch (dim) {
            case Dim::P: shape.strides[0] = factor; break;
            case Dim::Q: shape.strides[1] = factor; break;
            case Dim::R: shape.dilations[0] = factor; break;
            case Dim::S: shape.dilations[1] = factor; break;
            default: node.fail("only P, Q, R and S can have a coefficient");
        }
    }
}

bool windowed(const Sum& sum) {
    const std::set<Dim> pair = {sum.front().first, sum.back().first};
    const bool known = pair == std::set{Dim::P, Dim::R} || pair == std::set{Dim::Q, Dim::S};
    return sum.size() == 2 && known;
}

void readProjection(const YamlReader& space, Shape& shape) {
    const auto name = space.at("name").text();
    const auto tensor = timeloopTensor(name);
    if (!tensor) space.fail("the shape has a data space '" + name + "'",
                            "Layers have Weights, Inputs and Outputs");
    std::set<Dim> found;
    for (const auto& coordinate : space.at("projection").items()) {
        const auto sum = sumOf(coordinate);
        if (sum.empty()) coordinate.fail("a projection is empty");
        const bool window = *tensor == model::Tensor::Inputs && windowed(sum);
        if (sum.size() > 1 && !window) {
            coordinate.fail("these dimensions do not slide along each other in a convolution",
                            "In the inputs P goes with R, and Q with S");
        }
        if (window || !sum.front().second.empty()) readWindow(coordinate, sum, shape);
        for (const auto& term : sum) found.insert(term.first);
    }
    std::set<Dim> expected;
    for (const Dim dim : shape.dims) {
        const bool weights = dim == Dim::K || dim == Dim::C || dim == Dim::R || dim == Dim::S;
        const bool outputs = dim == Dim::N || dim == Dim::K || dim == Dim::P || dim == Dim::Q;
        const bool in = *tensor == model::Tensor::Weights   ? weights
                        : *tensor == model::Tensor::Outputs ? outputs
                                                            : dim != Dim::K;
        if (in || dim == Dim::G) expected.insert(dim);
    }
    if (found != expected) {
        space.fail("the dimensions of " + name + " are not those of a convolution");
    }
}

Shape shapeOf(const YamlReader& node) {
    Shape shape;
    if (node.isText()) {
        std::string name = node.text();
        std::replace(name.begin(), name.end(), '_', '-');
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        if (name != "cnn-layer" && name != "cnn-layer.yaml") {
            node.fail("the shape '" + node.text() + "' is not known",
                      "Use cnn-layer, or spell the shape out");
        }
        shape.dims = kAll;
        return shape;
    }
    for (const auto& dim : node.at("dimensions").items()) {
        if (!shape.dims.insert(dimOf(dim)).second) dim.fail("this dimension is there twice");
    }
    shape.strides = shape.dilations = {};
    std::set<std::string> spaces;
    for (const auto& space : node.at("data_spaces").items()) {
        readProjection(space, shape);
        if (!spaces.insert(space.at("name").text()).second) {
            space.fail("this data space is there twice");
        }
    }
    if (spaces.size() != 3) node.fail("the shape has not three data spaces");
    return shape;
}

/// Coefficients that the shape gives a value of its own.
std::int64_t coefficient(const YamlReader& instance, const std::optional<YamlReader>& shape,
                         const std::string& name) {
    if (name.empty()) return 1;
    if (const auto given = instance.find(name)) return given->integer(1, kMostSize);
    if (!shape || !shape->isMap()) return 1;
    const auto list = shape->find("coefficients");
    if (!list) shape->fail("the coefficient '" + name + "' is not declared");
    for (const auto& each : list->items()) {
        if (each.at("name").text() != name) continue;
        return each.find("default") ? each.at("default").integer(1, kMostSize) : 1;
    }
    list->fail("the coefficient '" + name + "' is not declared");
}

/// Of rows and of columns; an axis along which there is but one step has none of its own.
model::PerAxis perAxis(std::int64_t rows, std::int64_t columns, bool rowsMatter,
                       bool columnsMatter) {
    if (!rowsMatter) rows = columnsMatter ? columns : 1;
    if (!columnsMatter) columns = rows;
    return {static_cast<int>(rows), static_cast<int>(columns)};
}

void refuseUnknown(const YamlReader& instance, const Shape& shape) {
    static const std::set<std::string> kIgnored = {"version", "name", "shape", "instance", "type",
                                                   "H",       "W",    "Hpad",  "Wpad",     "notes"};
    for (const auto& key : instance.keys()) {
        const auto dim = timeloopDim(key);
        const auto named = [&](const auto& names) {
            return std::find(names.begin(), names.end(), key) != names.end();
        };
        if (kIgnored.contains(key) || (dim && shape.dims.contains(*dim)) || named(shape.strides) ||
            named(shape.dilations)) {
            continue;
        }
        // Timeloop's files may state the default strides of axes that the shape does not have.
        if (key == "Wstride" || key == "Hstride" || key == "Wdilation" || key == "Hdilation") {
            if (instance.at(key).integer(0, kMostSize) <= 1) continue;
        }
        instance.at(key).fail("'" + key + "' has no meaning for a dense layer of this shape");
    }
}

Layer layerOf(const YamlReader& root) {
    const auto problem = root.find("problem").value_or(root);
    if (!problem.isMap()) problem.fail("this is no problem of Timeloop: there is no map in it");
    const auto shapeNode = problem.find("shape");
    Shape shape;
    shape.dims = kAll;
    if (shapeNode) shape = shapeOf(*shapeNode);
    const auto instance = problem.find("instance").value_or(problem);
    refuseUnknown(instance, shape);
    Layer layer;
    layer.name = problem.find("name") ? problem.at("name").text() : "layer";
    for (const Dim dim : shape.dims) {
        const bool asM = dim == Dim::K && !instance.find("K");
        const auto size = instance.at(asM ? "M" : dimName(dim)).integer(1, kMostSize);
        if (dim == Dim::G) {
            layer.groups = static_cast<int>(size);
        } else {
            layer.size(dim) = size;
        }
    }
    for (const Dim dim : {Dim::K, Dim::C}) {
        if (layer.size(dim) > kMostSize / layer.groups) {
            instance.fail("there are too many channels");
        }
        layer.size(dim) *= layer.groups;
    }
    const auto factor = [&](const std::string& name) {
        return coefficient(instance, shapeNode, name);
    };
    layer.stride = perAxis(factor(shape.strides[0]), factor(shape.strides[1]),
                           layer.size(Dim::P) > 1, layer.size(Dim::Q) > 1);
    layer.dilation = perAxis(factor(shape.dilations[0]), factor(shape.dilations[1]),
                             layer.size(Dim::R) > 1, layer.size(Dim::S) > 1);
    if (auto fits = checkLayer(layer); !fits) instance.fail(fits.error().what);
    layer.role = workload::roleByShape(layer);
    return layer;
}

}  // namespace

base::Result<Layer> layerFromTimeloop(std::string_view text, const std::string& where) {
    return readYaml<Layer>(text, where, layerOf);
}

base::Result<TimeloopText> timeloopProblem(const Layer& layer) {
    if (auto fits = checkLayer(layer); !fits) return fits.error();
    const bool groups = layer.groups > 1;
    const std::string g = groups ? "      - [ [G] ]\n" : "";
    std::string text = "problem:\n  name: " + base::Json(layer.name).dump() + "\n";
    text += "  shape:\n    name: \"CNN_Layer\"\n    dimensions: [ R, S, P, Q, C, K, N";
    text += groups ? ", G ]\n" : " ]\n";
    text += "    coefficients:\n";
    for (const char* name : {"Wstride", "Hstride", "Wdilation", "Hdilation"}) {
        text += "    - {name: " + std::string(name) + ", default: 1}\n";
    }
    text += "    data_spaces:\n    - name: Weights\n      projection:\n" + g;
    text += "      - [ [C] ]\n      - [ [K] ]\n      - [ [R] ]\n      - [ [S] ]\n";
    text += "    - name: Inputs\n      projection:\n" + g;
    text += "      - [ [N] ]\n      - [ [C] ]\n      - [ [R, Wdilation], [P, Wstride] ]\n";
    text += "      - [ [S, Hdilation], [Q, Hstride] ]\n";
    text += "    - name: Outputs\n      projection:\n" + g;
    text += "      - [ [N] ]\n      - [ [K] ]\n      - [ [Q] ]\n      - [ [P] ]\n";
    text += "      read_write: True\n  instance:\n";
    for (const Dim dim : model::kAllLoopDims) {
        if (dim == Dim::G && !groups) continue;
        text += "    " + std::string(dimName(dim)) + ": " +
                std::to_string(model::loopSize(layer, dim)) + "\n";
    }
    const auto coefficient = [&](const char* name, int value) {
        text += "    " + std::string(name) + ": " + std::to_string(value) + "\n";
    };
    coefficient("Wstride", layer.stride.rows);
    coefficient("Hstride", layer.stride.columns);
    coefficient("Wdilation", layer.dilation.rows);
    coefficient("Hdilation", layer.dilation.columns);
    return TimeloopText{text, {}};
}

}  // namespace cohelix::interop
