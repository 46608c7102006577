// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_layers.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "core/base/units.h"
#include "core/interop/documents/layer_check.h"
#include "core/interop/onnx/onnx_attention.h"
#include "core/interop/onnx/onnx_operators.h"
#include "core/interop/onnx/onnx_reasons.h"
#include "core/interop/onnx/onnx_work.h"
#include "core/workload/workload.h"

namespace cohelix::interop {
namespace {

using model::Dim;
using model::Layer;

std::optional<std::int64_t> counted(double macs) {
    if (macs < 0 || macs > 9e15) return std::nullopt;
    return static_cast<std::int64_t>(macs);
}

OnnxShape known(const OnnxShape* shape, const std::string& value) {
    if (!shape) throw NoLayer{"the shape of '" + value + "' is not known"};
    if (std::ranges::any_of(*shape, [](std::int64_t size) { return size < 0; })) {
        throw NoLayer{"the shape of '" + value + "' is only known as " + textOf(*shape)};
    }
    if (std::ranges::count(*shape, 0) > 0) throw NoLayer{"'" + value + "' is empty", 0};
    return *shape;
}

using Reader = Layers (*)(const OnnxNode&, const std::vector<OnnxValue>&);

template <Layers (*read)(const OnnxNode&)>
Layers ofInputs(const OnnxNode& node, const std::vector<OnnxValue>&) {
    return read(node);
}

Reader readerOf(const OnnxNode& node) {
    static const std::unordered_map<std::string_view, Reader> kReaders = {
        {"Conv", convolutionLayers},
        {"ConvTranspose", transposedLayers},
        {"Gemm", ofInputs<gemmLayers>},
        {"MatMul", ofInputs<matMulLayers>},
        {"Einsum", ofInputs<einsumLayers>},
        {"LSTM", ofInputs<recurrentLayers>},
        {"GRU", ofInputs<recurrentLayers>},
        {"RNN", ofInputs<recurrentLayers>},
        {"Attention", ofInputs<attentionLayers>},
        {"QAttention", ofInputs<attentionLayers>},
        {"DecoderMaskedSelfAttention", ofInputs<attentionLayers>},
        {"MultiHeadAttention", ofInputs<attentionLayers>},
        {"DecoderMaskedMultiHeadAttention", ofInputs<attentionLayers>},
        {"GroupQueryAttention", ofInputs<attentionLayers>},
        {"MatMulNBits", ofInputs<attributeLayers>},
        {"MatMulBnb4", ofInputs<attributeLayers>},
        {"MatMulFpQ4", ofInputs<attributeLayers>},
        {"MatrixVectorActivation", ofInputs<attributeLayers>},
        {"MVAU", ofInputs<attributeLayers>},
        {"StreamingFCLayer", ofInputs<attributeLayers>},
        {"VectorVectorActivation", ofInputs<attributeLayers>},
        {"VVAU", ofInputs<attributeLayers>},
        {"LinearClassifier", ofInputs<attributeLayers>},
        {"LinearRegressor", ofInputs<attributeLayers>}};
    const auto found = kReaders.find(likeOperator(node.domain(), node.op()));
    return found == kReaders.end() ? nullptr : found->second;
}

/// Experts are chosen token by token, so no layer says which weights are read.
[[noreturn]] void refuseExperts(const OnnxNode& node) {
    const char* reason = "chooses its matrices for each token while it runs";
    const auto* x = node.shape(0);
    const auto* first = node.shape(2);
    if (!x || x->size() < 2 || !first || first->size() != 3) throw NoLayer{reason};
    const double tokens = elements(*x) / static_cast<double>(x->back());
    const double each = elements(*first) / static_cast<double>((*first)[0]);
    const auto chosen = static_cast<double>(node.integer("k", 1));
    const double gated = node.has(6) ? 3 : 2;
    throw NoLayer{reason, node.op() == "MoE" ? tokens * chosen * each * gated : -1};
}

Layers layersOf(const OnnxNode& node, const std::vector<OnnxValue>& outputs) {
    if (const auto read = readerOf(node)) return read(node, outputs);
    if (node.domain() == "com.microsoft" && node.op().ends_with("MoE")) refuseExperts(node);
    const auto reason = onnxReason(node.domain(), node.op());
    throw NoLayer{reason.text, reason.multiplies ? -1.0 : 0.0};
}

OperandBits bitsOf(const OnnxNode& node) {
    const auto of = [](const OnnxValue* value) { return value ? value->bits : 0; };
    return {of(node.value(0)), of(node.value(weightsOf(node)))};
}

std::string bitsText(int bits, const std::string& what) {
    if (bits == 0) return {};
    return what + " of " + std::to_string(bits) + (bits == 1 ? " bit" : " bits");
}

/// What quantisers state of the operands.
std::optional<std::string> bitsNote(const OnnxNode& node) {
    const auto bits = bitsOf(node);
    const auto inputs = bitsText(bits.inputs, "inputs");
    const auto weights = bitsText(bits.weights, "weights");
    if (inputs.empty() && weights.empty()) return std::nullopt;
    const std::string both = inputs.empty() || weights.empty() ? "" : " and ";
    return "has " + inputs + both + weights + ": a layer has one precision, the accelerator's";
}

/// Steps of a recurrent node; else 0.
std::int64_t stepsOf(const OnnxNode& node) {
    const auto like = likeOperator(node.domain(), node.op());
    if (like != "LSTM" && like != "GRU" && like != "RNN") return 0;
    return (*node.shape(0))[node.integer("layout", 0) != 0 ? 1 : 0];
}

std::string stepsReason(std::int64_t steps) {
    return "runs " + std::to_string(steps) +
           " steps, each waiting for the one before it: they are priced as one product over all "
           "steps";
}

/// How an attention over windows is priced; else empty.
std::string windowReason(const OnnxNode& node) {
    if (!node.attribute("local_window_size")) return {};
    const auto it = attentionOf(node);
    if (!it || it->apart == 0) return {};
    return "attends to windows of " + base::grouped(it->keys) + " of " +
           base::grouped(it->keys + it->apart) +
           " tokens, each query to its own: they are priced as one window for all";
}

constexpr const char* kShorter = "sequences that are shorter are counted in full";

std::optional<std::string> stepsNote(const OnnxNode& node) {
    const auto steps = stepsOf(node);
    if (steps < 2) return std::nullopt;
    return stepsReason(steps) + ", a bound" + (node.has(4) ? std::string("; ") + kShorter : "");
}

/// The product with the states waits from step to step; that with the inputs does not.
OnnxAside asideOf(const OnnxNode& node, const Layer& layer) {
    OnnxAside aside{.bits = bitsOf(node)};
    // All keys are read, not those of one window.
    if (const auto window = windowReason(node); !window.empty()) {
        aside.bounds.push_back({node.op(), window, {}, true, false});
    }
    const auto steps = stepsOf(node);
    if (steps < 2) return aside;
    if (layer.name == kStates) {
        aside.bounds.push_back({node.op(), stepsReason(steps), {}, true, false});
    }
    if (node.has(4)) aside.bounds.push_back({node.op(), kShorter, {}, false, true});
    return aside;
}

}  // namespace

OnnxShape knownInput(const OnnxNode& node, int input) {
    if (!node.has(input)) throw NoLayer{"its input " + std::to_string(input) + " is missing"};
    const auto* value = node.value(input);
    const auto& name = node.proto().input(input);
    if (value && !value->impossible.empty()) {
        throw NoLayer{"there is no '" + name + "': " + value->impossible};
    }
    return known(node.shape(input), name);
}

OnnxShape knownOutput(const OnnxNode& node, const std::vector<OnnxValue>& outputs) {
    if (outputs.empty()) throw NoLayer{"it has no output"};
    if (!outputs[0].impossible.empty()) throw NoLayer{outputs[0].impossible};
    return known(outputs[0].shape ? &*outputs[0].shape : nullptr, node.proto().output(0));
}

double elements(const OnnxShape& shape) {
    return std::accumulate(shape.begin(), shape.end(), 1.0, [](double so, std::int64_t size) {
        return so * static_cast<double>(size);
    });
}

std::int64_t layerSize(std::int64_t a, std::int64_t b) {
    const auto product = checkedProduct(a, b);
    // One size may pass what a layer can have: that is said of the layer.
    if (product && (*product <= kMostSize || a == 1 || b == 1)) return *product;
    throw NoLayer{"its sizes are too many for a layer"};
}

Layer matrixLayer(std::int64_t shared, std::int64_t groups, std::int64_t rows, std::int64_t inner,
                  std::int64_t columns) {
    Layer layer;
    layer.size(Dim::N) = shared;
    layer.size(Dim::P) = rows;
    layer.size(Dim::C) = layerSize(inner, groups);
    layer.size(Dim::K) = layerSize(columns, groups);
    layer.groups = static_cast<int>(std::min(groups, kMostSize));
    return layer;
}

Layer named(Layer layer, std::string name) {
    layer.name = std::move(name);
    return layer;
}

OnnxWork workOf(const OnnxNode& node, const std::vector<OnnxValue>& outputs) {
    try {
        OnnxWork work{.layers = layersOf(node, outputs)};
        for (auto& layer : work.layers) {
            if (auto fits = checkLayer(layer); !fits) throw NoLayer{fits.error().what};
            layer.role = workload::roleByShape(layer);
            work.asides.push_back(asideOf(node, layer));
        }
        for (const auto& note : {bitsNote(node), stepsNote(node)}) {
            if (note) work.notes.push_back(*note);
        }
        if (auto window = windowReason(node); !window.empty()) {
            work.notes.push_back(std::move(window) + ", a bound");
        }
        return work;
    } catch (const NoLayer& none) {
        return {.passedOver = OnnxPassedOver{{}, {}, none.reason, counted(none.macs)}};
    }
}

}  // namespace cohelix::interop
