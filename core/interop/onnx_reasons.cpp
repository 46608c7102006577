// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx_reasons.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace cohelix::interop {
namespace {

struct Kind {
    std::string_view reason;
    std::initializer_list<std::string_view> ops;
};

const std::array<Kind, 7>& kinds() {
    static const std::array<Kind, 7> kKinds = {{
        {"works element by element",
         {"Abs",       "Acos",    "Add",       "And",       "Asin",        "Atan",
          "Cast",      "CastLike", "Ceil",     "Celu",      "Clip",        "Cos",
          "Cosh",      "Div",     "Dropout",   "Elu",       "Equal",       "Erf",
          "Exp",       "Floor",   "Gelu",      "Greater",   "HardSigmoid", "HardSwish",
          "IsInf",     "IsNaN",   "LeakyRelu", "Less",      "Log",         "Max",
          "Mean",      "Min",     "Mish",      "Mod",       "Mul",         "Neg",
          "Not",       "Or",      "PRelu",     "Pow",       "Reciprocal",  "Relu",
          "Round",     "Selu",    "Shrink",    "Sigmoid",   "Sign",        "Sin",
          "Sinh",      "Softplus", "Softsign", "Sqrt",      "Sub",         "Sum",
          "Tan",       "Tanh",    "ThresholdedRelu",        "Where",       "Xor",
          "GreaterOrEqual", "LessOrEqual", "BitShift"}},
        {"normalises",
         {"BatchNormalization", "InstanceNormalization", "LayerNormalization", "LRN",
          "LpNormalization", "GroupNormalization", "MeanVarianceNormalization", "Softmax",
          "LogSoftmax", "Hardmax"}},
        {"pools or reduces",
         {"AveragePool", "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "LpPool", "MaxPool",
          "MaxRoiPool", "RoiAlign", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp",
          "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare",
          "ArgMax", "ArgMin", "CumSum", "TopK"}},
        {"moves or describes data",
         {"Compress",  "Concat",       "Constant",  "ConstantOfShape", "DepthToSpace", "Expand",
          "EyeLike",   "Flatten",      "Gather",    "GatherElements",  "GatherND",     "GridSample",
          "Identity",  "MaxUnpool",    "NonZero",   "OneHot",          "Pad",          "Range",
          "Reshape",   "Resize",       "ReverseSequence", "Scatter",   "ScatterElements",
          "ScatterND", "Shape",        "Size",      "Slice",           "SpaceToDepth", "Split",
          "Squeeze",   "Tile",         "Transpose", "Trilu",           "Unique",       "Unsqueeze",
          "Upsample",  "NonMaxSuppression"}},
        {"changes the number format",
         {"DequantizeLinear", "DynamicQuantizeLinear", "QuantizeLinear"}},
        {"its body runs a number of times that the file does not say", {"Loop", "Scan"}},
        {"a sum over indices in a notation of its own: no layer describes it in general",
         {"Einsum"}},
    }};
    return kKinds;
}

}  // namespace

std::string onnxReason(std::string_view domain, std::string_view op) {
    if (!domain.empty() && domain != "ai.onnx") {
        return "is an operator of " + std::string(domain) + ", which is not known here";
    }
    for (const auto& kind : kinds()) {
        if (std::find(kind.ops.begin(), kind.ops.end(), op) != kind.ops.end()) {
            return std::string(kind.reason);
        }
    }
    return "is no convolution or matrix product";
}

}  // namespace cohelix::interop
