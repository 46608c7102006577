// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/interop/documents/layer_check.h"
#include "core/interop/onnx/onnx_attention.h"
#include "core/interop/onnx/onnx_einsum.h"
#include "core/interop/onnx/onnx_operators.h"
#include "core/interop/onnx/onnx_rules.h"
#include "core/interop/onnx/onnx_work.h"

namespace cohelix::interop {
namespace {

using model::Dim;
using model::Layer;

[[noreturn]] void refuseOperands(const OnnxShape& a, const OnnxShape& b) {
    throw NoLayer{"its operands (" + textOf(a) + " and " + textOf(b) + ") do not fit"};
}

/// Axes before the last two, from the last one back: A's, B's; 1 where there is none.
struct Batches {
    std::int64_t shared = 1;  ///< of A alone: they share B
    std::int64_t own = 1;     ///< of both
    std::int64_t reused = 1;  ///< of B alone: they share A
};

Batches batchesOf(const OnnxShape& a, const OnnxShape& b) {
    Batches batches;
    const auto from = [](const OnnxShape& shape, std::size_t back) {
        return back <= shape.size() ? shape[shape.size() - back] : 1;
    };
    for (std::size_t back = 3; back <= std::max(a.size(), b.size()); ++back) {
        const auto ofA = from(a, back);
        const auto ofB = from(b, back);
        if (ofA == ofB) {
            batches.own = layerSize(batches.own, ofA);
        } else if (ofB == 1) {
            batches.shared = layerSize(batches.shared, ofA);
        } else if (ofA == 1) {
            batches.reused = layerSize(batches.reused, ofB);
        } else {
            throw NoLayer{"its batches (" + textOf(a) + " and " + textOf(b) + ") do not fit"};
        }
    }
    return batches;
}

/// Letters of an equation by where they stand.
struct Roles {
    std::int64_t batch = 1, left = 1, right = 1, inner = 1;
    bool sums = false;
};

bool has(const std::string& text, char letter) { return text.find(letter) != std::string::npos; }

Roles rolesOf(const std::string& left, const std::string& right, const std::string& kept,
              const std::map<char, std::int64_t>& sizes) {
    Roles roles;
    for (const auto& [letter, size] : sizes) {
        const bool inLeft = has(left, letter), inRight = has(right, letter);
        if (!inLeft && !inRight) continue;
        // What is in one operand alone and not in the result is summed before.
        auto& role = inLeft && inRight ? (has(kept, letter) ? roles.batch : roles.inner)
                     : inLeft          ? roles.left
                                       : roles.right;
        if (inLeft != inRight && !has(kept, letter)) continue;
        role = layerSize(role, size);
        roles.sums = roles.sums || (inLeft && inRight && !has(kept, letter));
    }
    return roles;
}

}  // namespace

Layers gemmLayers(const OnnxNode& node) {
    const auto a = turnedOperand(node, knownInput(node, 0), "A");
    const auto b = turnedOperand(node, knownInput(node, weightsOf(node)), "B");
    if (a.size() != 2 || b.size() != 2) throw NoLayer{"its operands are no matrices"};
    if (a[1] != b[0]) refuseOperands(a, b);
    const bool plain = node.op() == "Gemm" || node.op() == "FusedGemm";
    const auto* bias = plain && node.has(2) ? node.shape(2) : nullptr;
    // Before operator set 7 a bias was laid over the result where the node said so.
    if (bias && elementsOf(*bias) && !node.attribute("broadcast") &&
        broadcast({a[0], b[1]}, *bias) != OnnxShape{a[0], b[1]}) {
        throw NoLayer{"its bias (" + textOf(*bias) + ") does not fit its result (" +
                      textOf({a[0], b[1]}) + ")"};
    }
    return {matrixLayer(1, 1, a[0], a[1], b[1])};
}

Layers matMulLayers(const OnnxNode& node) {
    auto a = turnedOperand(node, knownInput(node, 0), "A");
    auto b = turnedOperand(node, knownInput(node, weightsOf(node)), "B");
    if (a.empty() || b.empty()) throw NoLayer{"its operands are no matrices"};
    if (a.size() == 1) a.insert(a.begin(), 1);
    if (b.size() == 1) b.push_back(1);
    auto rows = a[a.size() - 2];
    auto columns = b.back();
    if (a.back() != b[b.size() - 2]) refuseOperands(a, b);
    auto batches = batchesOf(a, b);
    if (batches.reused > 1 && batches.shared > 1) {
        // Batches of A over one another are rows; those of B are matrices side by side.
        columns = layerSize(columns, batches.reused);
        rows = layerSize(rows, batches.shared);
        return {matrixLayer(1, batches.own, rows, a.back(), columns)};
    }
    if (batches.reused > 1) {
        // The other way round: (B^T A^T)^T, so that the shared matrix is the weights.
        std::swap(rows, columns);
        std::swap(batches.reused, batches.shared);
    }
    return {matrixLayer(batches.shared, batches.own, rows, a.back(), columns)};
}

Layers einsumLayers(const OnnxNode& node) {
    std::vector<OnnxShape> known;
    std::vector<const OnnxShape*> shapes;
    for (int i = 0; i < node.inputs(); ++i) known.push_back(knownInput(node, i));
    for (const auto& shape : known) shapes.push_back(&shape);
    const auto equation = node.text("equation");
    const auto einsum = readEinsum(equation, shapes);
    if (!einsum) throw NoLayer{"its equation '" + equation + "' does not fit its operands"};
    Layers layers;
    std::string left = einsum->operands.front();
    for (std::size_t i = 1; i < einsum->operands.size(); ++i) {
        const auto& right = einsum->operands[i];
        std::string kept = einsum->result;
        for (auto j = i + 1; j < einsum->operands.size(); ++j) kept += einsum->operands[j];
        const auto roles = rolesOf(left, right, kept, einsum->sizes);
        if (roles.sums || (roles.left > 1 && roles.right > 1)) {
            layers.push_back(matrixLayer(1, roles.batch, roles.left, roles.inner, roles.right));
        }
        std::string result;
        for (const char letter : left + right) {
            if (has(kept, letter) && !has(result, letter)) result += letter;
        }
        left = std::move(result);
    }
    if (layers.empty()) throw NoLayer{"works element by element", 0};
    for (std::size_t i = 0; layers.size() > 1 && i < layers.size(); ++i) {
        layers[i].name = "pair" + std::to_string(i + 1);
    }
    return layers;
}

Layers attentionLayers(const OnnxNode& node) {
    const auto it = attentionOf(node);
    if (!it) throw NoLayer{"its operands are not known as those of an attention"};
    for (const auto size : {it->batch, it->queries, it->keys, it->headSize, it->valueSize}) {
        if (size < 1) throw NoLayer{"its sizes are not all known"};
    }
    Layers layers;
    if (it->inputSize != 0) {
        if (it->inputSize < 1 || it->projected < 1) throw NoLayer{"its sizes are not all known"};
        layers.push_back(named(matrixLayer(it->batch, 1, it->queries, it->inputSize, it->projected),
                               "projection"));
    }
    const auto groups = layerSize(it->batch, it->keyHeads);
    const auto rows = layerSize(it->queries, it->heads / it->keyHeads);
    layers.push_back(named(matrixLayer(1, groups, rows, it->headSize, it->keys), "scores"));
    layers.push_back(named(matrixLayer(1, groups, rows, it->keys, it->valueSize), "values"));
    return layers;
}

Layers recurrentLayers(const OnnxNode& node) {
    const auto x = knownInput(node, 0);
    const auto& op = node.op();
    if (x.size() != 3) throw NoLayer{"its input (" + textOf(x) + ") is not steps x batch x size"};
    const std::int64_t gates = op == "GRU" ? 3 : op == "RNN" ? 1 : 4;
    const std::int64_t directions = node.text("direction") == "bidirectional" ? 2 : 1;
    auto hidden = node.integer("hidden_size", -1);
    if (hidden < 1) hidden = knownInput(node, 2).back();
    const auto* weights = node.shape(1);
    const auto ofGates = layerSize(gates, hidden);
    if (weights && elementsOf(*weights)) {
        const double needed = static_cast<double>(directions) * static_cast<double>(ofGates) *
                              static_cast<double>(x[2]);
        if (elements(*weights) != needed) {
            throw NoLayer{"its weights (" + textOf(*weights) + ") do not fit " +
                          std::to_string(directions) + " directions of " + std::to_string(hidden) +
                          " states and its input (" + textOf(x) + ")"};
        }
    }
    const auto steps = layerSize(x[0], x[1]);
    // Both directions read the same inputs; each has a state of its own.
    return {named(matrixLayer(1, 1, steps, x[2], layerSize(directions, ofGates)), "input"),
            named(matrixLayer(1, directions, steps, hidden, ofGates), kStates)};
}

Layers attributeLayers(const OnnxNode& node) {
    const auto size = [&](const char* name) {
        const auto value = node.integer(name, 0);
        if (value < 1) throw NoLayer{"its attribute " + std::string(name) + " is missing"};
        return value;
    };
    const auto product = [](const OnnxShape& shape) {
        std::int64_t count = 1;
        for (const auto each : shape) count = layerSize(count, each);
        return count;
    };
    if (node.attribute("MW")) {
        const auto vectors = node.integers("numInputVectors");
        if (!vectors) throw NoLayer{"its attribute numInputVectors is missing"};
        return {matrixLayer(1, 1, product(*vectors), size("MW"), size("MH"))};
    }
    if (node.attribute("Channels") && node.attribute("Kernel")) {  // a depthwise one
        const auto taps = node.integers("Kernel"), pixels = node.integers("Dim");
        if (!pixels) throw NoLayer{"its attribute Dim is missing"};
        return {matrixLayer(1, size("Channels"), product(*pixels), product(*taps), 1)};
    }
    auto x = knownInput(node, 0);
    if (x.empty()) throw NoLayer{"its input is no matrix"};
    const auto inner = x.back();
    x.pop_back();
    if (const auto* coefficients = node.attribute("coefficients")) {
        const auto count = coefficients->floats_size();
        if (count < 1 || count % inner != 0) throw NoLayer{"its coefficients do not fit its input"};
        return {matrixLayer(1, 1, product(x), inner, count / inner)};
    }
    if (node.op().starts_with("Linear")) {
        throw NoLayer{"its attribute coefficients, a list of numbers, is missing"};
    }
    if (inner != size("K")) throw NoLayer{"its attribute K does not fit its input"};
    return {matrixLayer(1, 1, product(x), inner, size("N"))};
}

}  // namespace cohelix::interop
