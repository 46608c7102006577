// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <initializer_list>

#include "core/interop/onnx/onnx_einsum.h"
#include "core/interop/onnx/onnx_operators.h"
#include "core/interop/onnx/onnx_rules.h"

namespace cohelix::interop {
namespace {

OnnxOutputs sameRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    return {x ? valueOf(*x) : OnnxValue()};
}

OnnxOutputs broadcastRule(const OnnxNode& node) {
    // Before operator set 7 the second operand was laid over axes of the first.
    if (node.attribute("broadcast") && node.integer("broadcast", 0) != 0) return sameRule(node);
    const auto* x = node.shape(0);
    if (!x) return {};
    OnnxValue out = valueOf(*x);
    for (int i = 1; i < node.inputs(); ++i) {
        const auto* other = node.shape(i);
        if (!other || !out.shape) return {};
        out = broadcastValue(*out.shape, *other);
        if (!out.impossible.empty()) break;
    }
    return {std::move(out)};
}

/// Quantised sums and products: scale and zero point follow each operand.
OnnxOutputs quantisedPairRule(const OnnxNode& node) {
    const auto* a = node.shape(0);
    const auto* b = node.shape(weightsOf(node));
    if (!a || !b) return {};
    return {broadcastValue(*a, *b)};
}

OnnxOutputs addRule(const OnnxNode& node) {
    return weightsOf(node) == 1 ? broadcastRule(node) : quantisedPairRule(node);
}

OnnxOutputs bothSameRule(const OnnxNode& node) { return {likeInput(node, 0), likeInput(node, 0)}; }

OnnxOutputs batchNormalizationRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x) return {};
    const auto channels = x->size() > 1 ? valueOf({(*x)[1]}) : OnnxValue();
    OnnxOutputs outputs(node.outputs(), channels);
    if (!outputs.empty()) outputs[0] = valueOf(*x);
    return outputs;
}

OnnxOutputs layerNormalizationRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto axis = x ? axisOf(node.integer("axis", -1), x->size()) : std::nullopt;
    if (!axis) return {likeInput(node, 0)};
    OnnxShape mean = *x;
    std::fill(mean.begin() + static_cast<std::ptrdiff_t>(*axis), mean.end(), 1);
    return {valueOf(*x), valueOf(mean), valueOf(mean)};
}

OnnxOutputs reduceOver(const OnnxNode& node, const std::optional<std::vector<std::int64_t>>& axes,
                       bool keeps) {
    const auto* x = node.shape(0);
    OnnxShape out;
    std::vector<bool> gone(x->size(), !axes || axes->empty());
    for (const auto axis : axes.value_or(std::vector<std::int64_t>())) {
        const auto at = axisOf(axis, x->size());
        if (!at) return {};
        gone[*at] = true;
    }
    for (std::size_t axis = 0; axis < x->size(); ++axis) {
        if (!gone[axis]) out.push_back((*x)[axis]);
        if (gone[axis] && keeps) out.push_back(1);
    }
    return {valueOf(std::move(out))};
}

OnnxOutputs reduceRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x) return {};
    const bool keeps = node.integer("keepdims", 1) != 0;
    const auto axes = node.integersOrInput("axes", 1);
    if (!axes && node.has(1)) {
        return {keeps ? valueOf(OnnxShape(x->size(), -1)) : OnnxValue()};
    }
    const bool none = !axes || axes->empty();
    if (none && node.integer("noop_with_empty_axes", 0) != 0) return {valueOf(*x)};
    return reduceOver(node, axes, keeps);
}

OnnxOutputs argRule(const OnnxNode& node) {
    if (!node.shape(0)) return {};
    return reduceOver(node, {{node.integer("axis", 0)}}, node.integer("keepdims", 1) != 0);
}

OnnxOutputs topKRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto axis = x ? axisOf(node.integer("axis", -1), x->size()) : std::nullopt;
    if (!axis) return {};
    OnnxShape out = *x;
    const auto* attribute = node.attribute("k");
    const auto k = attribute ? attribute->i() : node.whole(1).value_or(-1);
    out[*axis] = std::max<std::int64_t>(k, -1);
    return {valueOf(out), valueOf(out)};
}

OnnxOutputs scalarRule(const OnnxNode&) { return {valueOf(OnnxShape())}; }

OnnxOutputs quantiseRule(const OnnxNode& node) {
    return {likeInput(node, 0), valueOf(OnnxShape()), valueOf(OnnxShape())};
}

OnnxOutputs matMulRule(const OnnxNode& node) {
    const auto* a = node.shape(0);
    const auto* b = node.shape(weightsOf(node));
    if (!a || !b) return {};
    return {valueOf(product(turnedOperand(node, *a, "A"), turnedOperand(node, *b, "B")))};
}

OnnxOutputs gemmRule(const OnnxNode& node) {
    const auto* a = node.shape(0);
    const auto* b = node.shape(weightsOf(node));
    if (!a || !b || a->size() != 2 || b->size() != 2) return {};
    return {valueOf({(*a)[node.integer("transA", 0) != 0 ? 1 : 0],
                     (*b)[node.integer("transB", 0) != 0 ? 0 : 1]})};
}

OnnxOutputs einsumRule(const OnnxNode& node) {
    std::vector<const OnnxShape*> shapes;
    for (int i = 0; i < node.inputs(); ++i) shapes.push_back(node.shape(i));
    const auto einsum = readEinsum(node.text("equation"), shapes);
    if (!einsum) return {};
    OnnxShape out;
    for (const char letter : einsum->result) out.push_back(einsum->sizes.at(letter));
    return {valueOf(std::move(out))};
}

OnnxOutputs recurrentRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto* r = node.shape(2);
    auto hidden = node.integer("hidden_size", -1);
    if (hidden < 1 && r && r->size() == 3) hidden = r->back();
    const std::int64_t directions = node.text("direction") == "bidirectional" ? 2 : 1;
    const bool batchFirst = node.integer("layout", 0) != 0;
    const bool ranked = x && x->size() == 3;
    const auto steps = ranked ? (*x)[batchFirst ? 1 : 0] : -1;
    const auto batch = ranked ? (*x)[batchFirst ? 0 : 1] : -1;
    if (batchFirst) {
        const auto last = valueOf({batch, directions, hidden});
        return {valueOf({batch, steps, directions, hidden}), last, last};
    }
    const auto last = valueOf({directions, batch, hidden});
    return {valueOf({steps, directions, batch, hidden}), last, last};
}

OnnxOutputs lossRule(const OnnxNode& node) {
    const auto* labels = node.shape(1);
    const bool each = node.text("reduction", "mean") == "none";
    return {each ? (labels ? valueOf(*labels) : OnnxValue()) : valueOf(OnnxShape()),
            likeInput(node, 0)};
}

OnnxOutputs detRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x || x->size() < 2) return {};
    return {valueOf(OnnxShape(x->begin(), x->end() - 2))};
}

OnnxOutputs multinomialRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x || x->empty()) return {};
    return {valueOf({(*x)[0], node.integer("sample_size", 1)})};
}

OnnxOutputs windowRule(const OnnxNode& node) {
    return {valueOf({std::max<std::int64_t>(node.whole(0).value_or(-1), -1)})};
}

OnnxOutputs spectrumRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x || x->size() < 2) return {};
    OnnxShape out = *x;
    const auto given = node.whole(2).value_or(node.integer("axis", 1));
    const auto axis = axisOf(given, x->size());
    if (!axis) return {};
    if (node.has(1)) out[*axis] = std::max<std::int64_t>(node.whole(1).value_or(-1), -1);
    if (node.integer("onesided", 0) != 0 && out[*axis] >= 0) out[*axis] = out[*axis] / 2 + 1;
    out.back() = 2;
    return {valueOf(std::move(out))};
}

void add(OnnxRules& rules, OnnxRule rule, std::initializer_list<std::string_view> names) {
    for (const auto name : names) rules.emplace(name, rule);
}

OnnxRules makeRules() {
    OnnxRules rules;
    // clang-format off
    add(rules, sameRule,
        {"Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Bernoulli", "Binarizer",
         "BitwiseNot", "Cast", "CastLike", "Ceil", "Celu", "Clip", "Cos", "Cosh", "CumSum",
         "DequantizeLinear", "Elu", "Erf", "Exp", "EyeLike", "Floor", "Gelu", "GroupNormalization",
         "HardSigmoid", "HardSwish", "Hardmax", "Identity", "Inverse", "InstanceNormalization",
         "IsInf", "IsNaN", "LRN", "LeakyRelu", "Log", "LogSoftmax", "LpNormalization",
         "MeanVarianceNormalization", "Mish", "Neg", "Not", "PRelu", "QuantizeLinear",
         "RandomNormalLike", "RandomUniformLike", "Reciprocal", "Relu", "ReverseSequence",
         "RMSNormalization", "Round", "Scatter", "ScatterElements", "ScatterND", "Selu", "Shrink",
         "Sigmoid", "Sign", "Sin", "Sinh", "Softmax", "Softplus", "Softsign", "Sqrt", "Swish",
         "Tan", "Tanh", "TensorScatter", "ThresholdedRelu", "Trilu", "ImageScaler", "Affine",
         "ScaledTanh", "ParametricSoftplus"});
    add(rules, broadcastRule,
        {"And", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Div", "Equal", "Greater",
         "GreaterOrEqual", "Less", "LessOrEqual", "Max", "Mean", "Min", "Mod", "Mul", "Or", "Pow",
         "Sub", "Sum", "Where", "Xor"});
    add(rules, addRule, {"Add"});
    add(rules, bothSameRule, {"Dropout"});
    add(rules, batchNormalizationRule, {"BatchNormalization"});
    add(rules, layerNormalizationRule, {"LayerNormalization"});
    add(rules, reduceRule,
        {"ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean",
         "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare"});
    add(rules, argRule, {"ArgMax", "ArgMin"});
    add(rules, topKRule, {"TopK"});
    add(rules, quantiseRule, {"DynamicQuantizeLinear"});
    add(rules, matMulRule, {"MatMul"});
    add(rules, gemmRule, {"Gemm"});
    add(rules, einsumRule, {"Einsum"});
    add(rules, recurrentRule, {"LSTM", "GRU", "RNN"});
    add(rules, lossRule, {"SoftmaxCrossEntropyLoss", "NegativeLogLikelihoodLoss"});
    add(rules, detRule, {"Det"});
    add(rules, multinomialRule, {"Multinomial"});
    add(rules, windowRule, {"HannWindow", "HammingWindow", "BlackmanWindow"});
    add(rules, spectrumRule, {"DFT"});
    add(rules, scalarRule, {"IsEmpty"});
    // clang-format on
    return rules;
}

}  // namespace

OnnxValue likeInput(const OnnxNode& node, int input) {
    const auto* shape = node.shape(input);
    return shape ? valueOf(*shape) : OnnxValue();
}

OnnxShape broadcast(const OnnxShape& a, const OnnxShape& b) {
    OnnxShape out(std::max(a.size(), b.size()), 1);
    const auto from = [](const OnnxShape& shape, std::size_t back) {
        return back < shape.size() ? shape[shape.size() - 1 - back] : 1;
    };
    for (std::size_t back = 0; back < out.size(); ++back) {
        const auto one = from(a, back), other = from(b, back);
        auto& size = out[out.size() - 1 - back];
        if (one == other || other == 1) {
            size = one;
        } else if (one == 1) {
            size = other;
        } else {
            // What is open must fit the other.
            size = one < 0 ? other : other < 0 ? one : -1;
        }
    }
    return out;
}

OnnxValue broadcastValue(const OnnxShape& a, const OnnxShape& b) {
    auto both = broadcast(a, b);
    const auto from = [](const OnnxShape& shape, std::size_t back) {
        return back < shape.size() ? shape[shape.size() - 1 - back] : 1;
    };
    for (std::size_t back = 0; back < both.size(); ++back) {
        if (both[both.size() - 1 - back] >= 0 || from(a, back) < 0 || from(b, back) < 0) continue;
        return impossibleValue("its operands (" + textOf(a) + " and " + textOf(b) + ") do not fit");
    }
    return valueOf(std::move(both));
}

OnnxShape product(const OnnxShape& a, const OnnxShape& b) {
    if (a.empty() || b.empty()) return {};
    const OnnxShape left(a.begin(), a.end() - std::min<std::ptrdiff_t>(2, std::ssize(a)));
    const OnnxShape right(b.begin(), b.end() - std::min<std::ptrdiff_t>(2, std::ssize(b)));
    auto out = broadcast(left, right);
    if (a.size() > 1) out.push_back(a[a.size() - 2]);
    if (b.size() > 1) out.push_back(b.back());
    return out;
}

const OnnxRules& arithmeticRules() {
    static const OnnxRules kRules = makeRules();
    return kRules;
}

}  // namespace cohelix::interop
