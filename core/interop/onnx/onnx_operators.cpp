// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_operators.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace cohelix::interop {
namespace {

constexpr std::array<std::string_view, 7> kDomains = {
    "ai.onnx.ml",    "ai.onnx.training",    "ai.onnx.preview.training",
    "com.microsoft", "com.microsoft.nchwc", "com.ms.internal.nhwc",
    "onnx.brevitas"};
/// Their operators are of one family, whatever follows.
constexpr std::array<std::string_view, 2> kFamilies = {"qonnx.custom_op.", "finn.custom_op."};

struct Like {
    std::string_view standard;
    int weights = 1;
};

/// By name, whatever the domain: onnxruntime puts some of its own into ONNX's.
const std::unordered_map<std::string_view, Like>& likes() {
    static const std::unordered_map<std::string_view, Like> kLikes = {
        {"FusedConv", {"Conv"}},
        {"NhwcConv", {"Conv"}},
        {"NhwcFusedConv", {"Conv"}},
        {"ConvInteger", {"Conv"}},
        {"QLinearConv", {"Conv", 3}},
        {"DeformConv", {"Conv"}},
        {"QLinearConvTranspose", {"ConvTranspose", 3}},
        {"FusedGemm", {"Gemm"}},
        {"GemmFloat8", {"Gemm"}},
        {"QGemm", {"Gemm", 3}},
        {"MatMulInteger", {"MatMul"}},
        {"MatMulInteger16", {"MatMul"}},
        {"MatMulIntegerToFloat", {"MatMul"}},
        {"DynamicQuantizeMatMul", {"MatMul"}},
        {"GemmFastGelu", {"MatMul"}},
        {"SparseToDenseMatMul", {"MatMul"}},
        {"XnorPopcountMatMul", {"MatMul"}},
        {"TransposeMatMul", {"MatMul"}},
        {"FusedMatMul", {"MatMul"}},
        {"FusedMatMulActivation", {"MatMul"}},
        {"QLinearMatMul", {"MatMul", 3}},
        {"QOrderedMatMul", {"MatMul", 2}},
        {"DynamicQuantizeLSTM", {"LSTM"}},
        {"QLinearAveragePool", {"AveragePool"}},
        {"NhwcMaxPool", {"MaxPool"}},
        {"QLinearGlobalAveragePool", {"GlobalAveragePool"}},
        {"QuantAvgPool2d", {"AveragePool"}},
        {"GlobalAccPool", {"GlobalAveragePool"}},
        {"QLinearReduceMean", {"ReduceMean"}},
        {"QLinearAdd", {"Add", 3}},
        {"QLinearMul", {"Add", 3}},
        {"QLinearWhere", {"Where"}},
        {"BiasGelu", {"Relu"}},
        {"FastGelu", {"Relu"}},
        {"QuickGelu", {"Relu"}},
        {"Gelu", {"Relu"}},
        {"BiasAdd", {"Relu"}},
        {"BiasSoftmax", {"Relu"}},
        {"BiasDropout", {"Dropout"}},
        {"BitmaskDropout", {"Dropout"}},
        {"BitmaskBiasDropout", {"Dropout"}},
        {"DropoutGrad", {"Relu"}},
        {"QLinearSigmoid", {"Relu"}},
        {"QLinearLeakyRelu", {"Relu"}},
        {"QLinearSoftmax", {"Relu"}},
        {"QOrderedGelu", {"Relu"}},
        {"QOrderedLayerNormalization", {"Relu"}},
        {"QuantizeWithOrder", {"Relu"}},
        {"DequantizeWithOrder", {"Relu"}},
        {"SimplifiedLayerNormalization", {"LayerNormalization"}},
        {"RMSNormalization", {"LayerNormalization"}},
        {"SkipGroupNorm", {"Relu"}},
        {"GroupNorm", {"Relu"}},
        {"RotaryEmbedding", {"Relu"}},
        {"GemmaRotaryEmbedding", {"Relu"}},
        {"Rfft", {"Relu"}},
        {"SoftmaxGrad", {"Relu"}},
        {"Quant", {"Relu"}},
        {"IntQuant", {"Relu"}},
        {"FloatQuant", {"Relu"}},
        {"BipolarQuant", {"Relu"}},
        {"Trunc", {"Relu"}},
        {"MultiThreshold", {"Relu"}},
        {"Thresholding", {"Relu"}},
        {"StreamingFIFO", {"Relu"}},
        {"StreamingDataWidthConverter", {"Relu"}},
        {"DuplicateStreams", {"Relu"}},
        {"AddStreams", {"Relu"}},
        {"ChannelwiseOp", {"Relu"}},
        {"Scaler", {"Relu"}},
        {"Normalizer", {"Relu"}},
        {"Imputer", {"Relu"}},
        {"Binarizer", {"Relu"}},
        {"LabelEncoder", {"Relu"}},
        {"CategoryMapper", {"Relu"}},
        {"QuantizeLinear", {"Relu"}},
        {"DequantizeLinear", {"Relu"}}};
    return kLikes;
}

}  // namespace

bool isKnownDomain(std::string_view domain) {
    const auto begins = [&](std::string_view family) { return domain.starts_with(family); };
    return isStandardDomain(domain) || std::ranges::find(kDomains, domain) != kDomains.end() ||
           std::ranges::any_of(kFamilies, begins);
}

std::string_view likeOperator(std::string_view domain, std::string_view op) {
    if (!isKnownDomain(domain)) return {};
    if (domain.starts_with("finn.")) {
        // How FINN makes an operator stands behind its name.
        for (const std::string_view ending : {"_hls", "_rtl", "_Batch"}) {
            if (op.ends_with(ending)) op.remove_suffix(ending.size());
        }
    }
    const auto found = likes().find(op);
    return found == likes().end() ? op : found->second.standard;
}

int weightsOf(const OnnxNode& node) {
    const auto found = likes().find(node.op());
    return found == likes().end() ? 1 : found->second.weights;
}

bool channelsLast(const OnnxNode& node) {
    static constexpr std::array<std::string_view, 7> kSliding = {
        "Conv",          "ConvTranspose", "MaxPool", "AveragePool", "GlobalAveragePool",
        "GlobalMaxPool", "LpPool"};
    const auto like = likeOperator(node.domain(), node.op());
    if (std::ranges::find(kSliding, like) == kSliding.end()) return false;
    return node.domain() == "qonnx.custom_op.channels_last" ||
           node.domain() == "com.ms.internal.nhwc" || node.op().starts_with("Nhwc") ||
           node.integer("channels_last", 0) != 0 || node.text("data_layout") == "NHWC";
}

OnnxShape toChannelsFirst(const OnnxShape& shape) {
    if (shape.size() < 3) return shape;
    OnnxShape moved = shape;
    std::rotate(moved.begin() + 1, moved.end() - 1, moved.end());
    return moved;
}

OnnxShape toChannelsLast(const OnnxShape& shape) {
    if (shape.size() < 3) return shape;
    OnnxShape moved = shape;
    std::rotate(moved.begin() + 1, moved.begin() + 2, moved.end());
    return moved;
}

OnnxShape channelsFirstWeights(const OnnxNode& node, const OnnxShape& weights,
                               std::int64_t channels) {
    if (!channelsLast(node) || weights.size() < 3) return weights;
    const auto groups = node.integer("group", 1);
    const auto fits = [&](std::int64_t own) { return checkedProduct(own, groups) == channels; };
    const bool last = !fits(weights[1]) && fits(weights.back());
    return last ? toChannelsFirst(weights) : weights;
}

OnnxShape turnedOperand(const OnnxNode& node, OnnxShape shape, const std::string& which) {
    // onnxruntime's: the first axis goes behind those of the batch.
    if (node.integer("transBatch" + which, 0) != 0 && shape.size() >= 3) {
        std::rotate(shape.begin(), shape.begin() + 1, shape.end() - 1);
    }
    if (node.integer("trans" + which, 0) != 0 && shape.size() >= 2) {
        std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
    }
    return shape;
}

}  // namespace cohelix::interop
