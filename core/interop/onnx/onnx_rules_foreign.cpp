// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/interop/onnx/onnx_attention.h"
#include "core/interop/onnx/onnx_operators.h"
#include "core/interop/onnx/onnx_rules.h"

namespace cohelix::interop {
namespace {

std::int64_t sizeAttribute(const OnnxNode& node, std::string_view name) {
    return std::max<std::int64_t>(node.integer(name, -1), -1);
}

/// The first output has the shape of the first input, and so has the sum before the normalisation.
OnnxOutputs skipNormalizationRule(const OnnxNode& node) {
    return {likeInput(node, 0), {}, {}, likeInput(node, 0)};
}

OnnxOutputs embeddingRule(const OnnxNode& node) {
    const auto* ids = node.shape(0);
    const auto* words = node.shape(2);
    if (!ids || ids->size() != 2 || !words || words->size() != 2) return {};
    const auto out = valueOf({(*ids)[0], (*ids)[1], (*words)[1]});
    return {out, valueOf({(*ids)[0]}), out};
}

OnnxOutputs attentionRule(const OnnxNode& node) {
    const auto it = attentionOf(node);
    if (!it) return {};
    const auto out = it->perHead ? OnnxShape{it->batch, it->heads, it->queries, it->valueSize}
                                 : OnnxShape{it->batch, it->queries,
                                             checkedProduct(it->heads, it->valueSize).value_or(-1)};
    const auto kept = [&](std::int64_t size) {
        return valueOf({it->batch, it->keyHeads, it->keys, size});
    };
    if (it->inputSize == 0) return {valueOf(out), kept(it->headSize), kept(it->valueSize)};
    return {valueOf(out), valueOf({2, it->batch, it->keyHeads, it->keys, it->headSize})};
}

/// Weights in blocks of few bits: only attributes say their sizes.
OnnxOutputs packedProductRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x || x->empty()) return {};
    OnnxShape out = *x;
    out.back() = sizeAttribute(node, "N");
    return {valueOf(std::move(out))};
}

OnnxOutputs reorderOutputRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x || x->size() != 4) return {};
    OnnxShape out = *x;
    out[1] = sizeAttribute(node, "channels");
    return {valueOf(node.integer("channels_last", 0) != 0 ? toChannelsLast(out) : out)};
}

OnnxOutputs reorderInputRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x) return {};
    return {valueOf(node.integer("channels_last", 0) != 0 ? toChannelsFirst(*x) : *x)};
}

/// QONNX's pool: one kernel and one stride for both axes, without pads.
OnnxOutputs quantisedPoolRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto kernel = sizeAttribute(node, "kernel"), stride = sizeAttribute(node, "stride");
    if (!x || x->size() != 4 || kernel < 1 || stride < 1) return {};
    OnnxShape out = *x;
    for (std::size_t axis = 2; axis < 4; ++axis) {
        out[axis] = out[axis] < kernel ? -1 : (out[axis] - kernel) / stride + 1;
    }
    return {valueOf(std::move(out))};
}

OnnxOutputs splitGeluRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x || x->empty()) return {};
    OnnxShape out = *x;
    out.back() = out.back() < 0 ? -1 : out.back() / 2;
    return {valueOf(std::move(out))};
}

/// Scale and zero point of the result, then each part with its own.
OnnxOutputs quantisedConcatRule(const OnnxNode& node) {
    std::optional<OnnxShape> out;
    for (int i = 2; i < node.inputs(); i += 3) {
        const auto* part = node.shape(i);
        const auto axis = part ? axisOf(node.integer("axis", 1), part->size()) : std::nullopt;
        if (!axis || (out && out->size() != part->size())) return {};
        if (!out) {
            out = *part;
            continue;
        }
        auto& size = (*out)[*axis];
        const bool sound = size >= 0 && (*part)[*axis] >= 0 && size <= kMostReckoned &&
                           (*part)[*axis] <= kMostReckoned;
        size = sound ? size + (*part)[*axis] : -1;
    }
    return {out ? valueOf(std::move(*out)) : OnnxValue()};
}

std::int64_t rows(const OnnxNode& node) {
    const auto* x = node.shape(0);
    return x && !x->empty() ? (x->size() > 1 ? (*x)[0] : 1) : -1;
}

std::int64_t classes(const OnnxNode& node) {
    for (const char* name : {"classlabels_int64s", "classlabels_ints"}) {
        if (const auto labels = node.integers(name)) return std::ssize(*labels);
    }
    const auto* texts = node.attribute("classlabels_strings");
    return texts ? texts->strings_size() : -1;
}

OnnxOutputs classifierRule(const OnnxNode& node) {
    return {valueOf({rows(node)}), valueOf({rows(node), classes(node)})};
}

OnnxOutputs regressorRule(const OnnxNode& node) {
    const char* name = node.attribute("targets") ? "targets" : "n_targets";
    return {valueOf({rows(node), std::max<std::int64_t>(node.integer(name, 1), -1)})};
}

OnnxOutputs featuresRule(const OnnxNode& node) {
    std::int64_t sum = 0;
    for (const auto size : node.integers("inputdimensions").value_or(OnnxShape())) {
        sum = sum < 0 || size < 0 || size > kMostReckoned ? -1 : sum + size;
    }
    return {valueOf({rows(node), sum})};
}

OnnxOutputs extractorRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto* indices = node.shape(1);
    if (!x || x->empty() || !indices) return {};
    OnnxShape out = *x;
    out.back() = elementsOf(*indices).value_or(-1);
    if (out.size() == 1) out.insert(out.begin(), 1);
    return {valueOf(std::move(out))};
}

using Pads = std::pair<std::int64_t, std::int64_t>;

/// QONNX's patches of an image with its channels last: batch x rows x columns x (taps x channels).
OnnxOutputs patchesRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto kernel = node.integers("kernel_size"), stride = node.integers("stride");
    if (!x || x->size() != 4 || !kernel || kernel->size() != 2) return {};
    const auto pads = node.integers("pad_amount"), dilations = node.integers("dilations");
    const auto small = [](std::int64_t size) { return size >= 0 && size <= 1'000'000'000; };
    OnnxShape out = {(*x)[0], -1, -1, -1};
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const auto step = stride && stride->size() == 2 ? (*stride)[axis] : 1;
        const auto apart = dilations && dilations->size() == 2 ? (*dilations)[axis] : 1;
        const bool four = pads && pads->size() == 4;
        const auto pad = four ? Pads((*pads)[axis], (*pads)[axis + 2]) : Pads();
        const auto size = (*x)[axis + 1], taps = (*kernel)[axis];
        if (!small(size) || !small(taps) || !small(step) || !small(apart) || !small(pad.first) ||
            !small(pad.second) || step < 1) {
            continue;
        }
        const auto room = size + pad.first + pad.second - ((taps - 1) * apart + 1);
        out[axis + 1] = room < 0 ? -1 : room / step + 1;
    }
    if (const auto taps = checkedProduct((*kernel)[0], (*kernel)[1])) {
        out[3] = checkedProduct(*taps, (*x)[3]).value_or(-1);
    }
    return {valueOf(std::move(out))};
}

/// FINN's matrix products say all sizes in attributes.
OnnxOutputs finnProductRule(const OnnxNode& node) {
    auto out = node.integers("numInputVectors");
    if (!out) return {};
    out->push_back(sizeAttribute(node, "MH"));
    return {valueOf(std::move(*out))};
}

}  // namespace

const OnnxRules& foreignRules() {
    static const OnnxRules kRules = {
        {"SkipLayerNormalization", skipNormalizationRule},
        {"SkipSimplifiedLayerNormalization", skipNormalizationRule},
        {"EmbedLayerNormalization", embeddingRule},
        {"QEmbedLayerNormalization", embeddingRule},
        {"Attention", attentionRule},
        {"QAttention", attentionRule},
        {"DecoderMaskedSelfAttention", attentionRule},
        {"MultiHeadAttention", attentionRule},
        {"DecoderMaskedMultiHeadAttention", attentionRule},
        {"GroupQueryAttention", attentionRule},
        {"MatMulNBits", packedProductRule},
        {"MatMulBnb4", packedProductRule},
        {"MatMulFpQ4", packedProductRule},
        {"MoE", [](const OnnxNode& node) { return OnnxOutputs{likeInput(node, 0)}; }},
        {"QMoE", [](const OnnxNode& node) { return OnnxOutputs{likeInput(node, 0)}; }},
        {"ReorderInput", reorderInputRule},
        {"ReorderOutput", reorderOutputRule},
        {"QuantAvgPool2d", quantisedPoolRule},
        {"BiasSplitGelu", splitGeluRule},
        {"QLinearConcat", quantisedConcatRule},
        {"LinearClassifier", classifierRule},
        {"SVMClassifier", classifierRule},
        {"TreeEnsembleClassifier", classifierRule},
        {"LinearRegressor", regressorRule},
        {"SVMRegressor", regressorRule},
        {"TreeEnsembleRegressor", regressorRule},
        {"FeatureVectorizer", featuresRule},
        {"ArrayFeatureExtractor", extractorRule},
        {"Im2Col", patchesRule},
        {"MatrixVectorActivation", finnProductRule},
        {"MVAU", finnProductRule},
        {"StreamingFCLayer", finnProductRule}};
    return kRules;
}

}  // namespace cohelix::interop
