// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_shapes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "core/interop/onnx/onnx_numbers.h"
#include "core/interop/onnx/onnx_operators.h"

namespace cohelix::interop {
namespace {

OnnxRule find(const OnnxRules& rules, std::string_view op) {
    const auto found = rules.find(op);
    return found == rules.end() ? nullptr : found->second;
}

OnnxRule ruleOf(const OnnxNode& node) {
    const auto like = likeOperator(node.domain(), node.op());
    if (like.empty()) return nullptr;
    const bool standard = isStandardDomain(node.domain());
    for (const auto name : {std::string_view(node.op()), like}) {
        if (const auto rule = find(foreignRules(), name); rule && !standard) return rule;
    }
    for (const auto* rules :
         {&windowRules(), &moveRules(), &sequenceRules(), &arithmeticRules(), &foreignRules()}) {
        if (const auto rule = find(*rules, like)) return rule;
    }
    return nullptr;
}

OnnxOutputs applied(OnnxRule rule, const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x || !channelsLast(node)) return rule(node);
    const auto moved = valueOf(toChannelsFirst(*x));
    std::vector<const OnnxValue*> inputs;
    for (int i = 0; i < node.inputs(); ++i) inputs.push_back(i == 0 ? &moved : node.value(i));
    auto outputs = rule(OnnxNode(node.proto(), std::move(inputs)));
    for (auto& output : outputs) {
        if (output.shape) output.shape = toChannelsLast(*output.shape);
    }
    return outputs;
}

/// Bits that a quantiser states: QONNX's by an input, FINN's by the name of a type ("UINT4").
int statedBits(const OnnxNode& node) {
    const auto& op = node.op();
    if (isStandardDomain(node.domain()) || !isKnownDomain(node.domain())) return 0;
    if (op == "BipolarQuant") return 1;
    if (op == "MultiThreshold" || op == "Thresholding") {
        const auto type = node.text("out_dtype", node.text("outputDataType"));
        const auto digits =
            std::ranges::find_if(type, [](unsigned char c) { return std::isdigit(c); });
        const int bits = std::atoi(std::string(digits, type.end()).substr(0, 4).c_str());
        return type == "BIPOLAR" ? 1 : bits;
    }
    const int input = op == "Quant" || op == "IntQuant" ? 3 : op == "Trunc" ? 4 : -1;
    const auto* numbers = input < 0 ? nullptr : node.numbers(input);
    const auto bits = numbers && numbers->size() == 1 ? realOf(numbers->front()) : std::nullopt;
    return bits && *bits >= 1 && *bits <= 64 ? static_cast<int>(*bits) : 0;
}

/// Values only move: what a quantiser left of each stays.
bool movesValues(std::string_view op) {
    static constexpr std::array<std::string_view, 17> kMoves = {
        "Identity", "Reshape",      "Flatten",       "Transpose", "Squeeze", "Unsqueeze",
        "Slice",    "Gather",       "Split",         "Expand",    "Tile",    "DepthToSpace",
        "MaxPool",  "SpaceToDepth", "GlobalMaxPool", "Dropout",   "Im2Col"};
    return std::ranges::find(kMoves, op) != kMoves.end();
}

int bitsOf(const OnnxNode& node) {
    if (const int stated = statedBits(node); stated > 0) return stated;
    const auto* x = node.value(0);
    return x && isKnownDomain(node.domain()) && movesValues(node.op()) ? x->bits : 0;
}

}  // namespace

OnnxOutputs outputsOf(const OnnxNode& node) {
    OnnxOutputs outputs;
    if (const auto rule = ruleOf(node)) {
        outputs = applied(rule, node);
        if (outputs.size() > node.outputs()) outputs.resize(node.outputs());
        addNumbers(node, outputs);
    }
    outputs.resize(node.outputs());
    if (const int bits = bitsOf(node); bits > 0) {
        for (auto& output : outputs) output.bits = bits;
    }
    return outputs;
}

}  // namespace cohelix::interop
