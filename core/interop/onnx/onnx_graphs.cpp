// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_graphs.h"

#include <utility>

namespace cohelix::interop {
namespace {

void substitute(onnx::NodeProto& node, const onnx::NodeProto& call) {
    google::protobuf::RepeatedPtrField<onnx::AttributeProto> attributes;
    for (auto& attribute : *node.mutable_attribute()) {
        if (attribute.has_g()) {
            for (auto& inner : *attribute.mutable_g()->mutable_node()) substitute(inner, call);
        }
        if (attribute.ref_attr_name().empty()) {
            *attributes.Add() = std::move(attribute);
            continue;
        }
        for (const auto& given : call.attribute()) {
            if (given.name() != attribute.ref_attr_name()) continue;
            auto& added = *attributes.Add();
            added = given;
            added.set_name(attribute.name());
        }
    }
    node.mutable_attribute()->Swap(&attributes);
}

}  // namespace

std::int64_t countNodes(const onnx::GraphProto* graph) {
    if (!graph) return 0;
    std::int64_t nodes = graph->node_size();
    for (const auto& node : graph->node()) {
        for (const auto& attribute : node.attribute()) {
            if (attribute.has_g()) nodes += countNodes(&attribute.g());
        }
    }
    return nodes;
}

const onnx::GraphProto* graphOf(const onnx::NodeProto& node, std::string_view name) {
    for (const auto& attribute : node.attribute()) {
        if (attribute.name() == name && attribute.has_g()) return &attribute.g();
    }
    return nullptr;
}

onnx::GraphProto bodyOf(const onnx::NodeProto& call, const onnx::FunctionProto& function) {
    onnx::GraphProto body;
    *body.mutable_node() = function.node();
    for (auto& node : *body.mutable_node()) substitute(node, call);
    return body;
}

}  // namespace cohelix::interop
