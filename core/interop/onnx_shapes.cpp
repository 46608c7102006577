// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx_shapes.h"

#include <algorithm>
#include <array>
#include <exception>
#include <limits>
#include <set>

#include <onnx/shape_inference/implementation.h>

#include "core/interop/apart.h"
#include "core/interop/layer_check.h"
#include "core/interop/onnx_folding.h"

namespace cohelix::interop {
namespace {

using base::Error;
using base::Result;

constexpr std::size_t kMostBytes = std::numeric_limits<std::int32_t>::max();
constexpr double kMostElements = 4.6e18;
/// Each makes more shapes known, or takes branches one level deeper.
constexpr int kMostRounds = 60;

/// Attributes that ONNX's inference divides by or trusts to be positive.
constexpr std::array<std::string_view, 6> kPositive = {"strides", "dilations",  "kernel_shape",
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

Result<onnx::ModelProto> parse(std::string_view bytes, const std::string& where) {
    if (bytes.size() > kMostBytes) {
        return Error{where, "the file is larger than ONNX models can be (2 GB)", {}};
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

/// Gives open dimensions of the inputs a size, and the same to those of the same name elsewhere.
class SizeFiller {
public:
    SizeFiller(const OnnxSizes& sizes, std::string where)
        : m_sizes(sizes), m_where(std::move(where)) {}

    Result<std::vector<std::string>> fill(onnx::GraphProto& graph) {
        std::set<std::string> constants;
        for (const auto& tensor : graph.initializer()) constants.insert(tensor.name());
        for (auto& input : *graph.mutable_input()) {
            if (constants.contains(input.name())) continue;
            if (auto filled = fillInput(input); !filled) return filled.error();
        }
        for (auto& value : *graph.mutable_value_info()) rename(value);
        for (auto& value : *graph.mutable_output()) rename(value);
        for (const auto& [name, size] : m_sizes.named) {
            if (m_used.contains(name)) continue;
            return Error{m_where, "no input has an open dimension '" + name + "'",
                         m_open.empty() ? "The model has none" : "Open are: " + m_open};
        }
        return m_notes;
    }

private:
    Result<void> fillInput(onnx::ValueInfoProto& input) {
        if (!input.type().has_tensor_type() || !input.type().tensor_type().has_shape()) return {};
        auto& shape = *input.mutable_type()->mutable_tensor_type()->mutable_shape();
        for (int axis = 0; axis < shape.dim_size(); ++axis) {
            auto& dim = *shape.mutable_dim(axis);
            const auto place = input.name() + "[" + std::to_string(axis) + "]";
            if (dim.has_dim_value() && dim.dim_value() < -1) {
                return Error{m_where, place + " has the size " + std::to_string(dim.dim_value()),
                             "The file is damaged, or its exporter has an error"};
            }
            // Some exporters write 0 or -1 for what is open.
            if (dim.has_dim_value() && dim.dim_value() > 0) continue;
            if (auto filled = fillDim(dim, place, axis == 0); !filled) return filled;
        }
        return {};
    }

    Result<void> fillDim(onnx::TensorShapeProto::Dimension& dim, const std::string& place,
                         bool first) {
        const std::string name = dim.dim_param();
        m_open += (m_open.empty() ? "" : ", ") + (name.empty() ? place : name);
        std::int64_t size = first ? m_sizes.batch : m_sizes.other;
        if (const auto given = m_sizes.named.find(place); given != m_sizes.named.end()) {
            size = given->second;
            m_used.insert(place);
        } else if (const auto byName = m_sizes.named.find(name); byName != m_sizes.named.end()) {
            size = byName->second;
            m_used.insert(name);
        } else if (const auto known = m_names.find(name); known != m_names.end()) {
            size = known->second;
        }
        if (size < 1 || size > kMostSize) {
            return Error{m_where, "the size " + std::to_string(size) + " for " + place +
                                      " is not from 1 to " + std::to_string(kMostSize), {}};
        }
        if (!name.empty()) m_names.emplace(name, size);
        dim.set_dim_value(size);
        m_notes.push_back(place + (name.empty() ? "" : " (" + name + ")") +
                          " is open in the model; taken as " + std::to_string(size));
        return {};
    }

    /// A dimension that an exporter named by a formula is left to the inference.
    void rename(onnx::ValueInfoProto& value) const {
        if (!value.type().has_tensor_type() || !value.type().tensor_type().has_shape()) return;
        auto& shape = *value.mutable_type()->mutable_tensor_type()->mutable_shape();
        for (auto& dim : *shape.mutable_dim()) {
            if (dim.has_dim_value() && dim.dim_value() > 0) continue;
            const auto known = m_names.find(dim.dim_param());
            dim.Clear();
            if (known != m_names.end()) dim.set_dim_value(known->second);
        }
    }

    const OnnxSizes& m_sizes;
    std::string m_where;
    std::map<std::string, std::int64_t> m_names;
    std::set<std::string> m_used;
    std::string m_open;
    std::vector<std::string> m_notes;
};

/// The values of weights have no part in shapes; small tensors may hold sizes.
void dropValues(onnx::TensorProto& tensor) {
    constexpr std::size_t kMostKept = 1024;
    if (tensor.ByteSizeLong() <= kMostKept) return;
    tensor.clear_raw_data();
    tensor.clear_float_data();
    tensor.clear_double_data();
    tensor.clear_int32_data();
    tensor.clear_int64_data();
    tensor.clear_uint64_data();
    tensor.clear_string_data();
}

void dropWeights(onnx::GraphProto& graph) {
    for (auto& tensor : *graph.mutable_initializer()) dropValues(tensor);
    for (auto& node : *graph.mutable_node()) {
        for (auto& attribute : *node.mutable_attribute()) {
            if (attribute.has_t()) dropValues(*attribute.mutable_t());
            if (attribute.has_g()) dropWeights(*attribute.mutable_g());
        }
    }
}

/// Inference gives up at a node of a domain that the model does not declare; so it is declared.
void declareDomains(onnx::ModelProto& model, const onnx::GraphProto& graph) {
    for (const auto& node : graph.node()) {
        const auto& known = model.opset_import();
        const bool declared = std::any_of(known.begin(), known.end(), [&](const auto& set) {
            return set.domain() == node.domain() ||
                   (set.domain() == "ai.onnx" && node.domain().empty());
        });
        if (!declared) {
            auto& added = *model.add_opset_import();
            added.set_domain(node.domain());
            added.set_version(1);
        }
        for (const auto& attribute : node.attribute()) {
            if (attribute.has_g()) declareDomains(model, attribute.g());
        }
    }
}

/// What a model says of its inner values may contradict what follows from its inputs; then the
/// inputs alone count.
void forgetInnerShapes(onnx::GraphProto& graph) {
    graph.clear_value_info();
    for (auto& output : *graph.mutable_output()) {
        if (!output.type().has_tensor_type()) continue;
        output.mutable_type()->mutable_tensor_type()->clear_shape();
    }
}

/// "+" and the model with its shapes, or "-" and why there is none.
std::string inferred(onnx::ModelProto model) {
    const onnx::ShapeInferenceOptions options(false, 0, true);
    const auto original = model;
    std::string problem;
    for (const bool trusting : {true, false}) {
        if (!trusting) {
            model = original;
            forgetInnerShapes(*model.mutable_graph());
        }
        try {
            onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(), options);
            return "+" + model.SerializeAsString();
        } catch (const std::exception& thrown) {
            problem = thrown.what();
        }
    }
    return "-" + problem;
}

/// ONNX's inference trusts a model's ranks and attributes and crashes where they are wrong, so it
/// runs apart.
Result<void> infer(onnx::ModelProto& model, const std::string& where) {
    constexpr int kSeconds = 120;
    const char* advice = "Check it with onnx.checker, or give other sizes for its open dimensions";
    // The table of all operators is made at the first question: once, here, not in every child.
    onnx::OpSchemaRegistry::Schema("Conv");
    const auto result = runApart([&model] { return inferred(model); }, kSeconds);
    if (!result) {
        return Error{where, "its shapes cannot be inferred: " + result.error().what, advice};
    }
    if (result->starts_with('+') && model.ParseFromString(result->substr(1))) return {};
    return Error{where,
                 "its shapes cannot be inferred: " + (result->empty() ? "" : result->substr(1)),
                 advice};
}

/// Sizes past counting are refused before the inference, in which they would wrap, and after it.
Result<OnnxScope> shapesOf(onnx::ModelProto model, const std::string& where) {
    if (auto fits = OnnxScope(model.graph()).check(where); !fits) return fits.error();
    if (auto good = infer(model, where); !good) return good.error();
    OnnxScope shapes(model.graph());
    if (auto fits = shapes.check(where); !fits) return fits.error();
    return shapes;
}

}  // namespace

std::string textOf(const OnnxShape& shape) {
    std::string text;
    for (const auto size : shape) {
        text += (text.empty() ? "" : " x ") + (size < 1 ? "?" : std::to_string(size));
    }
    return text.empty() ? "a scalar" : text;
}

std::string nodeName(const onnx::NodeProto& node) {
    if (!node.name().empty()) return node.name();
    for (const auto& output : node.output()) {
        if (!output.empty()) return output;
    }
    return node.op_type();
}

OnnxScope::OnnxScope(const onnx::GraphProto& graph) {
    for (const auto& value : graph.value_info()) add(value);
    for (const auto& value : graph.output()) add(value);
    for (const auto& value : graph.input()) add(value);
    for (const auto& tensor : graph.initializer()) add(tensor, tensor.name());
    for (const auto& node : graph.node()) {
        if (node.op_type() != "Constant" || node.output_size() != 1) continue;
        for (const auto& attribute : node.attribute()) {
            if (attribute.name() != "value" || !attribute.has_t()) continue;
            add(attribute.t(), node.output(0));
        }
    }
}

void OnnxScope::add(const onnx::ValueInfoProto& value) {
    if (!value.type().has_tensor_type() || !value.type().tensor_type().has_shape()) return;
    OnnxShape shape;
    for (const auto& dim : value.type().tensor_type().shape().dim()) {
        shape.push_back(dim.has_dim_value() && dim.dim_value() > 0 ? dim.dim_value() : -1);
    }
    m_shapes[value.name()] = std::move(shape);
}

void OnnxScope::add(const onnx::TensorProto& tensor, const std::string& name) {
    m_shapes[name] = {tensor.dims().begin(), tensor.dims().end()};
}

const OnnxShape* OnnxScope::find(const std::string& value) const {
    const auto found = m_shapes.find(value);
    return found == m_shapes.end() ? nullptr : &found->second;
}

Result<void> OnnxScope::check(const std::string& where) const {
    for (const auto& [name, shape] : m_shapes) {
        double elements = 1;
        for (const auto size : shape) {
            if (size > 0) elements *= static_cast<double>(size);
        }
        if (elements < kMostElements) continue;
        return Error{where, "the value '" + name + "' has more than 2^62 elements",
                     "Give smaller sizes for its open dimensions"};
    }
    return {};
}

Result<OnnxModel> loadOnnx(std::string_view bytes, const std::string& where,
                           const OnnxSizes& sizes) {
    auto model = parse(bytes, where);
    if (!model) return model.error();
    if (auto fits = checkAttributes(model->graph(), where); !fits) return fits.error();
    dropWeights(*model->mutable_graph());
    declareDomains(*model, onnx::GraphProto(model->graph()));
    auto notes = SizeFiller(sizes, where).fill(*model->mutable_graph());
    if (!notes) return notes.error();
    OnnxChanges changes;
    OnnxScope shapes;
    for (int round = 0; round < kMostRounds; ++round) {
        auto inferred = shapesOf(*model, where);
        if (!inferred && round == 0) return inferred.error();
        if (!inferred) break;  // what is known so far counts
        shapes = std::move(*inferred);
        if (foldSizes(*model->mutable_graph(), shapes, changes)) continue;
        if (!takeThenBranches(*model->mutable_graph(), changes)) break;
    }
    notes->insert(notes->end(), changes.notes.begin(), changes.notes.end());
    return OnnxModel{std::move(*model),           std::move(shapes),
                     std::move(changes.operators), std::move(changes.made),
                     std::move(changes.branches),  std::move(*notes)};
}

}  // namespace cohelix::interop
