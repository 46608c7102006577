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

class Walk {
public:
    explicit Walk(OnnxNetwork& network) : m_network(network) {}

    void model(const OnnxModel& model) {
        for (const auto& node : model.proto.graph().node()) {
            const auto output = node.output_size() > 0 ? node.output(0) : std::string();
            if (!model.made.contains(output)) take(node, model);
        }
        m_network.passedOver.insert(m_network.passedOver.end(), model.branches.begin(),
                                    model.branches.end());
    }

private:
    void take(const onnx::NodeProto& node, const OnnxModel& model) {
        auto found = layerOf(node, model.shapes);
        if (auto* layer = std::get_if<model::Layer>(&found)) {
            layer->name = unique(nodeName(node));
            m_network.layers.push_back(std::move(*layer));
            return;
        }
        auto& passed = std::get<OnnxPassedOver>(found);
        passed.node = nodeName(node);
        const auto folded = node.output_size() > 0 ? model.operators.find(node.output(0))
                                                   : model.operators.end();
        passed.op = folded == model.operators.end() ? node.op_type() : folded->second;
        m_network.passedOver.push_back(std::move(passed));
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
        Walk(network).model(*model);
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
