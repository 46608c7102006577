// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/interop/onnx_folding.h"

namespace cohelix::interop {
namespace {

const onnx::GraphProto* branchOf(const onnx::NodeProto& node, const char* name) {
    for (const auto& attribute : node.attribute()) {
        if (attribute.name() == name && attribute.has_g()) return &attribute.g();
    }
    return nullptr;
}

using Names = std::unordered_map<std::string, std::string>;

void renameUses(onnx::GraphProto& graph, const Names& names);

void renameUses(onnx::NodeProto& node, const Names& names) {
    for (auto& input : *node.mutable_input()) {
        if (const auto found = names.find(input); found != names.end()) input = found->second;
    }
    for (auto& attribute : *node.mutable_attribute()) {
        if (attribute.has_g()) renameUses(*attribute.mutable_g(), names);
    }
}

/// In a graph further in, whose own names are others.
void renameUses(onnx::GraphProto& graph, const Names& names) {
    for (auto& node : *graph.mutable_node()) renameUses(node, names);
    for (auto& output : *graph.mutable_output()) {
        const auto found = names.find(output.name());
        if (found != names.end()) output.set_name(found->second);
    }
}

/// Nodes of all graphs in it counted.
int countNodes(const onnx::GraphProto* graph) {
    if (!graph) return 0;
    int nodes = graph->node_size();
    for (const auto& node : graph->node()) {
        for (const auto& attribute : node.attribute()) {
            if (attribute.has_g()) nodes += countNodes(&attribute.g());
        }
    }
    return nodes;
}

/// Puts a branch in the place of its If: its values get names of their own, its outputs those of
/// the If.
void inlineBranch(const onnx::NodeProto& node, onnx::GraphProto branch, onnx::GraphProto& graph,
                  google::protobuf::RepeatedPtrField<onnx::NodeProto>& nodes,
                  OnnxChanges& changes) {
    const auto prefix = (node.output_size() > 0 ? node.output(0) : nodeName(node)) + "/";
    Names names;
    for (const auto& tensor : branch.initializer()) names[tensor.name()] = prefix + tensor.name();
    for (const auto& inner : branch.node()) {
        for (const auto& output : inner.output()) {
            if (!output.empty()) names[output] = prefix + output;
        }
    }
    renameUses(branch, names);
    for (auto& tensor : *branch.mutable_initializer()) {
        tensor.set_name(names[tensor.name()]);
        *graph.add_initializer() = std::move(tensor);
    }
    for (auto& inner : *branch.mutable_node()) {
        for (auto& output : *inner.mutable_output()) {
            if (!output.empty()) output = names[output];
        }
        *nodes.Add() = std::move(inner);
    }
    for (int i = 0; i < std::min(node.output_size(), branch.output_size()); ++i) {
        auto& same = *nodes.Add();
        same.set_op_type("Identity");
        same.add_input(branch.output(i).name());
        same.add_output(node.output(i));
        changes.made.insert(node.output(i));
    }
}

}  // namespace

void replaceIf(const onnx::NodeProto& node, std::optional<bool> condition, onnx::GraphProto& graph,
               google::protobuf::RepeatedPtrField<onnx::NodeProto>& nodes, OnnxChanges& changes) {
    const bool then = condition.value_or(true);
    const auto* taken = branchOf(node, then ? "then_branch" : "else_branch");
    const auto* left = branchOf(node, then ? "else_branch" : "then_branch");
    const std::string name = then ? "then" : "else";
    changes.branches.push_back(
        {nodeName(node), "If",
         (condition ? "its condition follows from the sizes: the " : "chosen while it runs: the ") +
             name + " branch is taken, the " + std::to_string(countNodes(left)) +
             " nodes of the other are left out",
         {}});
    if (!condition) {
        changes.notes.push_back("of '" + nodeName(node) + "' (If) the then branch is taken");
    }
    if (taken) inlineBranch(node, *taken, graph, nodes, changes);
}

bool takeThenBranches(onnx::GraphProto& graph, OnnxChanges& changes) {
    bool changed = false;
    google::protobuf::RepeatedPtrField<onnx::NodeProto> nodes;
    for (auto& node : *graph.mutable_node()) {
        if (node.op_type() == "If" && node.domain().empty()) {
            replaceIf(node, std::nullopt, graph, nodes, changes);
            changed = true;
        } else {
            *nodes.Add() = std::move(node);
        }
    }
    graph.mutable_node()->Swap(&nodes);
    return changed;
}

}  // namespace cohelix::interop
