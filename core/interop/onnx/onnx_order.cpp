// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_order.h"

#include <functional>
#include <queue>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace cohelix::interop {
namespace {

using Makers = std::unordered_map<std::string_view, int>;

using Use = std::function<void(std::string_view)>;

void eachUse(const onnx::NodeProto& node, const Use& use);

/// What the graph takes from outside: all but its own values.
void eachOuterUse(const onnx::GraphProto& graph, const Use& use) {
    std::unordered_set<std::string_view> own;
    for (const auto& input : graph.input()) own.insert(input.name());
    for (const auto& tensor : graph.initializer()) own.insert(tensor.name());
    for (const auto& node : graph.node()) own.insert(node.output().begin(), node.output().end());
    const Use outer = [&](std::string_view value) {
        if (!own.contains(value)) use(value);
    };
    for (const auto& node : graph.node()) eachUse(node, outer);
    for (const auto& output : graph.output()) outer(output.name());
}

/// Calls with each value that the node takes, itself or within its branches and bodies.
void eachUse(const onnx::NodeProto& node, const Use& use) {
    for (const auto& input : node.input()) use(input);
    for (const auto& attribute : node.attribute()) {
        if (attribute.has_g()) eachOuterUse(attribute.g(), use);
    }
}

}  // namespace

OnnxOrder orderOf(const onnx::GraphProto& graph) {
    Makers makers;
    for (int i = 0; i < graph.node_size(); ++i) {
        for (const auto& output : graph.node(i).output()) {
            if (!output.empty()) makers.emplace(output, i);
        }
    }
    const auto count = static_cast<std::size_t>(graph.node_size());
    std::vector<std::vector<int>> followers(count);
    std::vector<int> waits(count, 0);
    for (int i = 0; i < graph.node_size(); ++i) {
        eachUse(graph.node(i), [&](std::string_view value) {
            const auto maker = makers.find(value);
            if (maker == makers.end()) return;
            followers[static_cast<std::size_t>(maker->second)].push_back(i);
            ++waits[static_cast<std::size_t>(i)];
        });
    }
    std::priority_queue<int, std::vector<int>, std::greater<>> ready;
    for (int i = 0; i < graph.node_size(); ++i) {
        if (waits[static_cast<std::size_t>(i)] == 0) ready.push(i);
    }
    OnnxOrder order;
    while (!ready.empty()) {
        const int node = ready.top();
        ready.pop();
        order.nodes.push_back(node);
        for (const int follower : followers[static_cast<std::size_t>(node)]) {
            if (--waits[static_cast<std::size_t>(follower)] == 0) ready.push(follower);
        }
    }
    for (int i = 0; i < graph.node_size(); ++i) {
        if (waits[static_cast<std::size_t>(i)] > 0) order.circular.push_back(i);
    }
    return order;
}

}  // namespace cohelix::interop
