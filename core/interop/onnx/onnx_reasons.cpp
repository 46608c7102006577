// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_reasons.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "core/interop/onnx/onnx_operators.h"

namespace cohelix::interop {
namespace {

struct Kind {
    std::string_view reason;
    bool multiplies;
    std::initializer_list<std::string_view> ops;
};

const std::array<Kind, 11>& kinds() {
    // clang-format off
    static const std::array<Kind, 11> kKinds = {{
        {"works element by element", false,
         {"Abs", "Acos", "Acosh", "Adagrad", "Adam", "Add", "Affine", "And", "Asin", "Asinh",
          "Atan", "Atanh", "Bernoulli", "BiasSplitGelu", "BitShift", "BitwiseAnd", "BitwiseNot",
          "BitwiseOr", "BitwiseXor", "Cast", "CastLike", "Ceil", "Celu", "Clip", "Cos", "Cosh",
          "Div", "Dropout", "Elu", "Equal", "Erf", "Exp", "Floor", "Gelu", "Greater",
          "GreaterOrEqual", "HardSigmoid", "HardSwish", "ImageScaler", "IsInf", "IsNaN",
          "LeakyRelu", "Less", "LessOrEqual", "Log", "Max", "Mean", "Min", "Mish", "Mod",
          "Momentum", "Mul", "Neg", "Not", "Or", "PRelu", "ParametricSoftplus", "Pow",
          "Reciprocal", "RelativePositionBias", "Relu", "Round", "ScaledTanh", "Selu", "Shrink",
          "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt", "Sub", "Sum", "Swish",
          "Tan", "Tanh", "ThresholdedRelu", "Where", "Xor"}},
        {"normalises", false,
         {"BatchNormalization", "EmbedLayerNormalization", "GroupNormalization", "Hardmax",
          "InstanceNormalization", "LRN", "LayerNormalization", "LogSoftmax", "LpNormalization",
          "MeanVarianceNormalization", "NegativeLogLikelihoodLoss", "QEmbedLayerNormalization",
          "SkipLayerNormalization", "SkipSimplifiedLayerNormalization", "Softmax",
          "SoftmaxCrossEntropyLoss"}},
        {"pools or reduces", false,
         {"ArgMax", "ArgMin", "AveragePool", "CumSum", "GlobalAveragePool", "GlobalLpPool",
          "GlobalMaxPool", "LpPool", "MaxPool", "MaxRoiPool", "ReduceL1", "ReduceL2",
          "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd",
          "ReduceSum", "ReduceSumSquare", "RoiAlign", "StreamingMaxPool", "TopK"}},
        {"moves or describes data", false,
         {"AffineGrid", "ArrayFeatureExtractor", "CastMap", "CenterCropPad", "Col2Im", "Compress",
          "Concat", "ConcatFromSequence", "Constant", "ConstantOfShape", "DepthToSpace",
          "DictVectorizer", "Expand", "EyeLike", "FeatureVectorizer", "Flatten", "Gather",
          "GatherElements", "GatherND", "GridSample", "Identity", "Im2Col", "ImageDecoder",
          "MaxUnpool", "NonMaxSuppression", "NonZero", "OneHot", "OneHotEncoder", "Optional",
          "OptionalGetElement", "OptionalHasElement", "Pad", "QLinearConcat", "Range",
          "RegexFullMatch", "ReorderInput", "ReorderOutput", "Reshape", "Resize",
          "ReverseSequence", "Scatter", "ScatterElements", "ScatterND", "SequenceAt",
          "SequenceConstruct", "SequenceEmpty", "SequenceErase", "SequenceInsert",
          "SequenceLength", "Shape", "Size", "Slice", "SpaceToDepth", "Split", "SplitToSequence",
          "Squeeze", "StringConcat", "StringNormalizer", "StringSplit", "TensorScatter",
          "TfIdfVectorizer", "Tile", "Transpose", "Trilu", "Unique", "Unsqueeze", "Upsample",
          "ZipMap",
          // FINN's
          "ConvolutionInputGenerator", "FMPadding", "IODMA", "LabelSelect", "Lookup",
          "StreamingConcat", "UpsampleNearestNeighbour"}},
        {"makes numbers", false,
         {"BlackmanWindow", "HammingWindow", "HannWindow", "MelWeightMatrix", "Multinomial",
          "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"}},
        {"changes the number format", false,
         {"DequantizeLinear", "DynamicQuantizeLinear", "QuantizeLinear"}},
        {"compares", false,
         {"TreeEnsemble", "TreeEnsembleClassifier", "TreeEnsembleRegressor"}},
        {"is a Fourier transform: no layer describes it", true,
         {"DFT", "Irfft", "Rfft", "STFT"}},
        {"is a kernel machine: no layer describes it", true,
         {"SVMClassifier", "SVMRegressor"}},
        {"is a determinant: no layer describes it", true, {"Det", "Inverse"}},
        {"its body runs for each element of a sequence, of which the file does not say how many", true,
         {"SequenceMap"}},
    }};
    // clang-format on
    return kKinds;
}

}  // namespace

OnnxReason onnxReason(std::string_view domain, std::string_view op) {
    const auto like = likeOperator(domain, op);
    for (const auto& kind : kinds()) {
        if (std::ranges::find(kind.ops, like) != kind.ops.end()) {
            return {std::string(kind.reason), kind.multiplies};
        }
    }
    if (isStandardDomain(domain)) return {"is an operator that is not known here", true};
    return {"is an operator of " + std::string(domain) + ", which is not known here", true};
}

}  // namespace cohelix::interop
