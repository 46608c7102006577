// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <optional>
#include <set>

#include "core/base/json_text.h"
#include "core/base/units.h"
#include "core/interop/documents/layer_check.h"
#include "core/interop/timeloop/timeloop_shape.h"
#include "core/interop/timeloop/timeloop_words.h"
#include "core/interop/timeloop/timeloop_yaml.h"
#include "core/interop/timeloop/yaml_reader.h"
#include "core/workload/workload.h"

namespace cohelix::interop {
namespace {

using model::Dim;
using model::Layer;

/// A coefficient's name, or a number in its place; what the instance does not give has the shape's
/// value.
std::int64_t coefficient(const YamlReader& instance, const std::optional<YamlReader>& shape,
                         const std::string& name) {
    if (name.empty()) return 1;
    if (const auto given = instance.find(name)) return given->integer(1, kMostSize);
    if (!shape || !shape->isMap()) return 1;
    if (name.find_first_not_of("0123456789") == std::string::npos && name.size() < 10) {
        if (const auto number = std::stoll(name); number > 0) return number;
        shape->fail("a coefficient is 0: the inputs do not depend on that dimension");
    }
    const auto list = shape->find("coefficients");
    if (!list) shape->fail("the coefficient '" + name + "' is not declared");
    for (const auto& each : list->items()) {
        if (each.at("name").text() != name) continue;
        return each.find("default") ? each.at("default").integer(1, kMostSize) : 1;
    }
    list->fail("the coefficient '" + name + "' is not declared");
}

/// Steps along rows and columns. An axis with a single step takes that of the other.
model::PerAxis perAxis(std::int64_t rows, std::int64_t columns, bool rowsMatter,
                       bool columnsMatter) {
    if (!rowsMatter) rows = columnsMatter ? columns : 1;
    if (!columnsMatter) columns = rows;
    return {static_cast<int>(rows), static_cast<int>(columns)};
}

void refuseUnknown(const YamlReader& instance, const TimeloopShape& shape) {
    static const std::set<std::string> kIgnored = {"version", "name",      "shape", "instance",
                                                   "type",    "densities", "H",     "W",
                                                   "Hpad",    "Wpad",      "notes"};
    for (const auto& key : instance.keys()) {
        const auto named = [&](const auto& names) {
            return std::find(names.begin(), names.end(), key) != names.end();
        };
        if (kIgnored.contains(key) || shape.names.dim(key) || named(shape.strides) ||
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

/// Dense tensors, or zeros in places that are fixed beforehand: hardware without sparse
/// optimisations moves and multiplies them as well, and Timeloop counts them for it.
void readDensities(const YamlReader& instance, TimeloopProblem& problem) {
    const auto densities = instance.find("densities");
    if (!densities || densities->isNothing()) return;
    for (const auto& tensor : densities->keys()) {
        const auto given = densities->at(tensor);
        const auto density = given.isMap() ? given.find("density") : std::optional(given);
        const double share = density ? density->number(0, 1) : 1;
        if (share == 1) continue;
        const auto distribution = given.isMap() ? given.find("distribution") : std::nullopt;
        const auto kind = distribution ? distribution->text() : "fixed_structured";
        // Versions of Timeloop have spelled it otherwise, and taken a number alone for it.
        if (kind != "fixed_structured" && kind != "fixed-structured" && kind != "fixed") {
            given.fail(
                "the density of " + tensor + " is " + base::exact(share) + "; layers are dense",
                "Leave out the density to price the dense layer");
        }
        problem.hasZeros = true;
        problem.notes.push_back(tensor + ": density " + base::exact(share) +
                                " (fixed_structured) is not used: the layer is counted dense, its "
                                "zeros moved and multiplied as well, as on all hardware without "
                                "sparse_optimizations");
    }
}

void sayOtherNames(const TimeloopShape& shape, TimeloopProblem& problem) {
    std::string renamed;
    for (const auto& name : shape.dimensions) {
        const auto dim = *shape.names.dim(name);
        if (timeloopDim(name) == dim) continue;
        renamed += (renamed.empty() ? "" : ", ") + name + " is " + std::string(word(dim));
    }
    std::string tensors;
    for (const auto& [name, tensor] : shape.names.tensors) {
        if (timeloopTensor(name) == tensor) continue;
        tensors += ", " + name + " the " + std::string(word(tensor));
    }
    if (renamed.empty() && tensors.empty()) return;
    problem.notes.push_back("the problem's " +
                            (renamed.empty() ? tensors.substr(2) : renamed + tensors) + " here");
}

TimeloopProblem problemOf(const YamlReader& root) {
    const auto node = root.find("problem").value_or(root);
    if (!node.isMap()) node.fail("this is no problem of Timeloop: there is no map in it");
    const auto shapeNode = node.find("shape");
    const auto shape = shapeNode ? readTimeloopShape(*shapeNode) : convolutionShape();
    const auto instance = node.find("instance").value_or(node);
    refuseUnknown(instance, shape);
    TimeloopProblem problem;
    problem.names = shape.names;
    Layer& layer = problem.layer;
    layer.name = node.find("name") ? node.at("name").text() : "layer";
    for (const auto& name : shape.dimensions) {
        const Dim dim = *shape.names.dim(name);
        const bool asM = name == "K" && dim == Dim::K && !instance.find("K");
        const auto size = instance.at(asM ? "M" : name).integer(1, kMostSize);
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
    readDensities(instance, problem);
    sayOtherNames(shape, problem);
    return problem;
}

}  // namespace

base::Result<TimeloopProblem> layerFromTimeloop(std::string_view text, const std::string& where) {
    return readYaml<TimeloopProblem>(text, where, problemOf);
}

base::Result<TimeloopText> timeloopProblem(const Layer& layer) {
    if (auto fits = checkLayer(layer); !fits) return fits.error();
    const bool groups = layer.groups > 1;
    const std::string g = groups ? "      - [ [G] ]\n" : "";
    std::string text = "problem:\n  name: " + base::jsonText(layer.name) + "\n";
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
        text += "    " + std::string(word(dim)) + ": " +
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
