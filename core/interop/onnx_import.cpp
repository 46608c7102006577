// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx_import.h"

#include <filesystem>
#include <fstream>
#include <unordered_set>

#include "core/interop/onnx_layers.h"

namespace cohelix::interop {
namespace {

using base::Error;
using base::Result;
namespace fs = std::filesystem;

constexpr std::uintmax_t kMostBytes = 2'147'483'647;

std::string nameOf(const onnx::NodeProto& node) {
    if (!node.name().empty()) return node.name();
    for (const auto& output : node.output()) {
        if (!output.empty()) return output;
    }
    return node.op_type();
}

const onnx::GraphProto* branchOf(const onnx::NodeProto& node, const char* name) {
    for (const auto& attribute : node.attribute()) {
        if (attribute.name() == name && attribute.has_g()) return &attribute.g();
    }
    return nullptr;
}

/// Nodes of a graph and of all graphs in it.
int countNodes(const onnx::GraphProto& graph) {
    int nodes = graph.node_size();
    for (const auto& node : graph.node()) {
        for (const auto& attribute : node.attribute()) {
            if (attribute.has_g()) nodes += countNodes(attribute.g());
        }
    }
    return nodes;
}

class Walk {
public:
    explicit Walk(OnnxNetwork& network) : m_network(network) {}

    void graph(const onnx::GraphProto& graph, const OnnxScope* outer) {
        const OnnxScope scope(graph, outer);
        for (const auto& node : graph.node()) {
            if (node.op_type() == "If" && node.domain().empty()) {
                takeBranch(node, scope);
            } else {
                take(node, scope);
            }
        }
    }

private:
    void take(const onnx::NodeProto& node, const OnnxScope& scope) {
        auto found = layerOf(node, scope);
        if (auto* layer = std::get_if<model::Layer>(&found)) {
            layer->name = unique(nameOf(node));
            m_network.layers.push_back(std::move(*layer));
            return;
        }
        auto& passed = std::get<OnnxPassedOver>(found);
        passed.node = nameOf(node);
        passed.op = node.op_type();
        m_network.passedOver.push_back(std::move(passed));
    }

    void takeBranch(const onnx::NodeProto& node, const OnnxScope& scope) {
        const auto* then = branchOf(node, "then_branch");
        const auto* other = branchOf(node, "else_branch");
        const int left = other ? countNodes(*other) : 0;
        m_network.passedOver.push_back(
            {nameOf(node), "If",
             "chosen while it runs: the then branch is taken, the " + std::to_string(left) +
                 " nodes of the else branch are left out"});
        if (!then) return;
        m_network.notes.push_back("of '" + nameOf(node) + "' (If) the then branch is taken");
        graph(*then, &scope);
    }

    std::string unique(const std::string& name) {
        std::string tried = name;
        for (int i = 2; !m_names.insert(tried).second; ++i) tried = name + "#" + std::to_string(i);
        return tried;
    }

    OnnxNetwork& m_network;
    std::unordered_set<std::string> m_names;
};

}  // namespace

Result<OnnxNetwork> onnxNetwork(std::string_view bytes, const std::string& where,
                                const OnnxSizes& sizes) {
    try {
        auto model = loadOnnx(bytes, where, sizes);
        if (!model) return model.error();
        const auto& proto = model->proto;
        OnnxNetwork network;
        network.name = proto.graph().name();
        network.producer = proto.producer_name();
        if (!proto.producer_version().empty()) network.producer += " " + proto.producer_version();
        network.notes = std::move(model->notes);
        Walk(network).graph(proto.graph(), nullptr);
        return network;
    } catch (const std::exception& problem) {
        return Error{where, std::string("the model cannot be read: ") + problem.what(), {}};
    }
}

Result<OnnxNetwork> readOnnx(const std::string& path, const OnnxSizes& sizes) {
    std::error_code problem;
    if (!fs::exists(path, problem)) return Error{path, "there is no such file", {}};
    if (!fs::is_regular_file(path, problem)) return Error{path, "this is no file", {}};
    const auto size = fs::file_size(path, problem);
    if (problem) return Error{path, "the file cannot be read: " + problem.message(), {}};
    if (size > kMostBytes) {
        return Error{path, "the file is larger than ONNX models can be (2 GB)", {}};
    }
    std::string bytes(size, '\0');
    std::ifstream file(path, std::ios::binary);
    if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) {
        return Error{path, "the file cannot be read", "Check its permissions"};
    }
    return onnxNetwork(bytes, path, sizes);
}

}  // namespace cohelix::interop
