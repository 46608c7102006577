// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_import.h"

#include <algorithm>
#include <array>
#include <limits>

#include "core/base/text_file.h"
#include "core/base/unicode.h"
#include "core/interop/documents/layer_check.h"
#include "core/interop/onnx/onnx_foreign.h"
#include "core/interop/onnx/onnx_node.h"
#include "core/interop/onnx/onnx_sizes.h"
#include "core/interop/onnx/onnx_walk.h"

namespace cohelix::interop {
namespace {

using base::Error;
using base::Result;

constexpr double kMostElements = 4.6e18;

/// Attributes that must be positive for a node to mean anything.
constexpr std::array<std::string_view, 6> kPositive = {"strides", "dilations", "kernel_shape",
                                                       "group",   "blocksize", "num_groups"};

Result<void> checkAttributes(const onnx::GraphProto& graph, const std::string& where);

Result<void> checkAttribute(const onnx::NodeProto& node, const onnx::AttributeProto& attribute,
                            const std::string& where) {
    if (attribute.has_g()) {
        if (auto inner = checkAttributes(attribute.g(), where); !inner) return inner;
    }
    const auto& name = attribute.name();
    if (std::find(kPositive.begin(), kPositive.end(), name) == kPositive.end()) return {};
    std::vector<std::int64_t> values(attribute.ints().begin(), attribute.ints().end());
    if (attribute.has_i()) values.push_back(attribute.i());
    for (const auto value : values) {
        if (value >= 1 && value <= kMostSize) continue;
        return Error{where,
                     "node '" + nodeName(node) + "' (" + node.op_type() + ") has " +
                         std::to_string(value) + " in its attribute " + name,
                     "The file is damaged, or its exporter has an error"};
    }
    return {};
}

Result<void> checkAttributes(const onnx::GraphProto& graph, const std::string& where) {
    for (const auto& node : graph.node()) {
        for (const auto& attribute : node.attribute()) {
            if (auto fits = checkAttribute(node, attribute, where); !fits) return fits;
        }
    }
    return {};
}

/// Inputs and weights with more elements than can be counted.
Result<void> checkElements(const onnx::GraphProto& graph, const std::string& where) {
    const auto check = [&](const std::string& name, const OnnxShape& shape) -> Result<void> {
        double elements = 1;
        for (const auto size : shape) {
            if (size > 0) elements *= static_cast<double>(size);
        }
        if (elements < kMostElements) return {};
        return Error{where, "the value '" + name + "' has more than 2^62 elements",
                     "Give smaller sizes for its open dimensions"};
    };
    for (const auto& input : graph.input()) {
        const auto shape = statedShape(input);
        if (!shape) continue;
        if (auto fits = check(input.name(), *shape); !fits) return fits;
    }
    for (const auto& tensor : graph.initializer()) {
        const OnnxShape shape(tensor.dims().begin(), tensor.dims().end());
        if (auto fits = check(tensor.name(), shape); !fits) return fits;
    }
    return {};
}

Result<onnx::ModelProto> parse(std::string_view bytes, const std::string& where) {
    if (bytes.size() > kMostModelBytes) {
        return Error{where, "the file is larger than ONNX models can be (2 GB)", {}};
    }
    if (const auto foreign = foreignForm(bytes)) {
        return Error{where, "this is no ONNX model but " + foreign->name, foreign->advice};
    }
    onnx::ModelProto model;
    if (!model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        return Error{where, "this is no ONNX model, or it is damaged or cut off",
                     "Export or fetch it again"};
    }
    if (!model.has_graph() || model.ir_version() < 1 || model.opset_import_size() == 0) {
        return Error{where, "this is no ONNX model: it has no graph, no version or no operator set",
                     "Give a file that was exported as ONNX"};
    }
    if (model.graph().node_size() == 0) {
        return Error{where, "the model's graph has no nodes", "The file is cut off, or empty"};
    }
    return model;
}

/// Names are whatever bytes the file has.
void makeUtf8(OnnxNetwork& network) {
    for (auto* text : {&network.name, &network.producer}) *text = base::validUtf8(*text);
    for (auto& layer : network.layers) layer.name = base::validUtf8(layer.name);
    for (auto& passed : network.passedOver) {
        for (auto* text : {&passed.node, &passed.op, &passed.reason})
            *text = base::validUtf8(*text);
    }
    for (auto& aside : network.asides) {
        for (auto& work : aside.bounds) work.op = base::validUtf8(work.op);
    }
    for (auto& note : network.notes) note = base::validUtf8(note);
}

Result<OnnxNetwork> read(std::string_view bytes, const std::string& where, const OnnxSizes& sizes) {
    auto model = parse(bytes, where);
    if (!model) return model.error();
    auto& graph = *model->mutable_graph();
    if (auto fits = checkAttributes(graph, where); !fits) return fits.error();
    auto filled = fillSizes(graph, sizes, where);
    if (!filled) return filled.error();
    if (auto fits = checkElements(graph, where); !fits) return fits.error();
    auto network = walked(*model);
    network.notes.insert(network.notes.begin(), filled->begin(), filled->end());
    network.name = graph.name();
    network.producer = model->producer_name();
    if (!model->producer_version().empty()) network.producer += " " + model->producer_version();
    makeUtf8(network);
    return network;
}

}  // namespace

Result<OnnxNetwork> onnxNetwork(std::string_view bytes, const std::string& where,
                                const OnnxSizes& sizes) {
    try {
        return read(bytes, where, sizes);
    } catch (const std::exception& problem) {
        return Error{where, std::string("the model cannot be read: ") + problem.what(), {}};
    }
}

Result<OnnxNetwork> readOnnx(const std::string& path, const OnnxSizes& sizes) {
    const auto bytes = base::readText(path, kMostModelBytes);
    if (!bytes) return bytes.error();
    return onnxNetwork(*bytes, path, sizes);
}

}  // namespace cohelix::interop
