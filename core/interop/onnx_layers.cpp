// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx_layers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/interop/layer_check.h"
#include "core/interop/onnx_reasons.h"
#include "core/workload/workload.h"

namespace cohelix::interop {
namespace {

using model::Dim;
using model::Layer;

/// Ends the reading of a node; caught in layerOf.
struct NoLayer {
    std::string reason;
    double macs = -1;  ///< below 0: not known
};

std::optional<std::int64_t> counted(double macs) {
    if (macs < 0 || macs > 9e15) return std::nullopt;
    return static_cast<std::int64_t>(macs);
}

double product(const OnnxShape& shape) {
    return std::accumulate(shape.begin(), shape.end(), 1.0, [](double so, std::int64_t size) {
        return so * static_cast<double>(size);
    });
}

/// A node with its shapes and attributes.
class NodeView {
public:
    NodeView(const onnx::NodeProto& node, const OnnxScope& scope) : m_node(node), m_scope(scope) {}

    OnnxShape input(int index) const {
        if (index >= m_node.input_size() || m_node.input(index).empty()) {
            throw NoLayer{"its input " + std::to_string(index) + " is missing"};
        }
        return known(m_node.input(index));
    }
    OnnxShape output() const {
        if (m_node.output_size() == 0) throw NoLayer{"it has no output"};
        return known(m_node.output(0));
    }
    std::int64_t integer(const char* name, std::int64_t fallback) const {
        for (const auto& attribute : m_node.attribute()) {
            if (attribute.name() == name && attribute.has_i()) return attribute.i();
        }
        return fallback;
    }
    /// One value an axis.
    OnnxShape integers(const char* name, std::size_t axes, std::int64_t fallback) const {
        for (const auto& attribute : m_node.attribute()) {
            if (attribute.name() != name) continue;
            if (attribute.ints_size() != static_cast<int>(axes)) {
                throw NoLayer{"its attribute " + std::string(name) + " has " +
                              std::to_string(attribute.ints_size()) + " values for " +
                              std::to_string(axes) + " axes"};
            }
            return {attribute.ints().begin(), attribute.ints().end()};
        }
        return OnnxShape(axes, fallback);
    }

private:
    OnnxShape known(const std::string& value) const {
        const auto* shape = m_scope.find(value);
        if (!shape) throw NoLayer{"the shape of '" + value + "' is not known"};
        if (std::any_of(shape->begin(), shape->end(), [](std::int64_t size) { return size < 1; })) {
            throw NoLayer{"the shape of '" + value + "' is only known as " + textOf(*shape)};
        }
        return *shape;
    }

    const onnx::NodeProto& m_node;
    const OnnxScope& m_scope;
};

/// Strides or dilations. An axis along which there is but one step has none of its own.
model::PerAxis perAxis(const OnnxShape& values, const OnnxShape& steps, const char* what) {
    OnnxShape taken = values;
    if (steps[0] == 1) taken[0] = steps[1] == 1 ? 1 : values[1];
    if (steps[1] == 1) taken[1] = taken[0];
    if (std::max(taken[0], taken[1]) > kMostSize) {
        throw NoLayer{"its " + std::string(what) + " are too large"};
    }
    return {static_cast<int>(taken[0]), static_cast<int>(taken[1])};
}

/// Sizes of the one or two axes after batch and channels; the second is 1 where there is one.
OnnxShape spatial(const OnnxShape& shape) {
    OnnxShape axes(shape.begin() + 2, shape.end());
    axes.resize(2, 1);
    return axes;
}

struct Operands {
    OnnxShape inputs;
    OnnxShape weights;
    OnnxShape outputs;
    std::int64_t groups;
};

Operands operandsOf(const NodeView& node, int weights) {
    Operands at{node.input(0), node.input(weights), node.output(), node.integer("group", 1)};
    if (at.inputs.size() < 3 || at.weights.size() != at.inputs.size() ||
        at.outputs.size() != at.inputs.size()) {
        throw NoLayer{"its operands (" + textOf(at.inputs) + " and " + textOf(at.weights) +
                      ") are none of a convolution"};
    }
    return at;
}

void requireFit(const Operands& at, std::int64_t channels) {
    if (at.groups >= 1 && at.inputs[1] == channels && at.inputs[0] == at.outputs[0]) return;
    throw NoLayer{"its weights (" + textOf(at.weights) + ") do not fit its input (" +
                  textOf(at.inputs) + ") in " + std::to_string(at.groups) + " groups"};
}

void requireTwoAxes(const Operands& at, double macs) {
    if (at.inputs.size() <= 4) return;
    throw NoLayer{"it runs over " + std::to_string(at.inputs.size() - 2) +
                      " axes; a layer has two",
                  macs};
}

/// Along both axes, as in spatial().
struct Window {
    OnnxShape outputs;
    OnnxShape kernel;
    OnnxShape strides;
    OnnxShape dilations;
};

Window windowOf(const NodeView& node, const Operands& at) {
    const auto axes = at.inputs.size() - 2;
    Window window{spatial(at.outputs), spatial(at.weights), node.integers("strides", axes, 1),
                  node.integers("dilations", axes, 1)};
    window.strides.resize(2, 1);
    window.dilations.resize(2, 1);
    return window;
}

Layer convolution(const NodeView& node, int weights) {
    const auto at = operandsOf(node, weights);
    // Compared as a quotient: the product could be past 64 bits in a damaged file.
    const bool whole = at.groups >= 1 && at.inputs[1] % at.groups == 0;
    requireFit(at, whole && at.inputs[1] / at.groups == at.weights[1] ? at.inputs[1] : -1);
    const double macs = product(at.outputs) * product(at.weights) /
                        static_cast<double>(at.weights[0]);
    requireTwoAxes(at, macs);
    const auto [outputs, kernel, strides, dilations] = windowOf(node, at);
    Layer layer;
    layer.sizes = {at.inputs[0], at.weights[0], at.inputs[1], outputs[0],
                   outputs[1],   kernel[0],     kernel[1]};
    layer.stride = perAxis(strides, outputs, "strides");
    layer.dilation = perAxis(dilations, kernel, "dilations");
    layer.groups = static_cast<int>(std::min(at.groups, kMostSize));
    return layer;
}

/// With stride s an output pixel takes every s-th tap of the kernel; which ones depends on its
/// place modulo s. So the s x s phases are sets of output channels of one convolution with stride
/// 1 and a kernel s times smaller, where s divides kernel and output.
Layer transposedConvolution(const NodeView& node) {
    const auto at = operandsOf(node, 1);
    requireFit(at, at.weights[0]);
    const double macs = product(at.inputs) * product(at.weights) /
                        static_cast<double>(at.weights[0]);
    requireTwoAxes(at, macs);
    const auto [outputs, kernel, strides, dilations] = windowOf(node, at);
    Layer layer;
    layer.dilation = perAxis(dilations, kernel, "dilations");
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const int dilation = axis == 0 ? layer.dilation.rows : layer.dilation.columns;
        if (kernel[axis] % strides[axis] == 0 && outputs[axis] % strides[axis] == 0 &&
            (dilation == 1 || strides[axis] == 1)) {
            continue;
        }
        throw NoLayer{"a transposed convolution with kernel " + textOf(kernel) + ", strides " +
                          textOf(strides) + " and output " + textOf(outputs) +
                          " is no convolution of equal work",
                      macs};
    }
    const double channels = static_cast<double>(at.weights[1]) * static_cast<double>(at.groups) *
                            static_cast<double>(strides[0]) * static_cast<double>(strides[1]);
    if (channels > static_cast<double>(kMostSize)) throw NoLayer{"it has too many channels", macs};
    layer.sizes = {at.inputs[0],
                   at.weights[1] * at.groups * strides[0] * strides[1],
                   at.inputs[1],
                   outputs[0] / strides[0],
                   outputs[1] / strides[1],
                   kernel[0] / strides[0],
                   kernel[1] / strides[1]};
    layer.groups = static_cast<int>(std::min(at.groups, kMostSize));
    return layer;
}

Layer productOf(std::int64_t rows, std::int64_t inner, std::int64_t columns) {
    Layer layer;
    layer.size(Dim::P) = rows;
    layer.size(Dim::C) = inner;
    layer.size(Dim::K) = columns;
    return layer;
}

Layer gemm(const NodeView& node) {
    auto a = node.input(0);
    auto b = node.input(1);
    if (a.size() != 2 || b.size() != 2) throw NoLayer{"its operands are no matrices"};
    if (node.integer("transA", 0) != 0) std::swap(a[0], a[1]);
    if (node.integer("transB", 0) != 0) std::swap(b[0], b[1]);
    if (a[1] != b[0]) {
        throw NoLayer{"its operands (" + textOf(a) + " and " + textOf(b) + ") do not fit"};
    }
    return productOf(a[0], a[1], b[1]);
}

/// Axes before the last two, from the last one back: A's, B's; 1 where there is none.
struct Batches {
    std::int64_t shared = 1;  ///< of A alone: they share B
    std::int64_t own = 1;     ///< of both
    std::int64_t reused = 1;  ///< of B alone: they share A
};

std::int64_t times(std::int64_t a, std::int64_t b) {
    if (a > kMostSize / b) throw NoLayer{"its batches are too many"};
    return a * b;
}

Batches batchesOf(const OnnxShape& a, const OnnxShape& b) {
    Batches batches;
    const auto from = [](const OnnxShape& shape, std::size_t back) {
        return back <= shape.size() ? shape[shape.size() - back] : 1;
    };
    for (std::size_t back = 3; back <= std::max(a.size(), b.size()); ++back) {
        const auto ofA = from(a, back);
        const auto ofB = from(b, back);
        if (ofA == ofB) {
            batches.own = times(batches.own, ofA);
        } else if (ofB == 1) {
            batches.shared = times(batches.shared, ofA);
        } else if (ofA == 1) {
            batches.reused = times(batches.reused, ofB);
        } else {
            throw NoLayer{"its batches (" + textOf(a) + " and " + textOf(b) + ") do not fit"};
        }
    }
    return batches;
}

Layer matrixProduct(const NodeView& node, int second) {
    auto a = node.input(0);
    auto b = node.input(second);
    if (a.empty() || b.empty()) throw NoLayer{"its operands are no matrices"};
    if (a.size() == 1) a.insert(a.begin(), 1);
    if (b.size() == 1) b.push_back(1);
    auto rows = a[a.size() - 2];
    auto columns = b.back();
    if (a.back() != b[b.size() - 2]) {
        throw NoLayer{"its operands (" + textOf(a) + " and " + textOf(b) + ") do not fit"};
    }
    auto batches = batchesOf(a, b);
    if (batches.reused > 1) {
        if (batches.shared > 1) {
            throw NoLayer{"each of its operands is shared by batches of the other",
                          product(a) * static_cast<double>(columns) *
                              static_cast<double>(batches.reused)};
        }
        // The other way round: (B^T A^T)^T, so that the shared matrix is the weights.
        std::swap(rows, columns);
        std::swap(batches.reused, batches.shared);
    }
    auto layer = productOf(rows, times(a.back(), batches.own), times(columns, batches.own));
    layer.size(Dim::N) = batches.shared;
    layer.groups = static_cast<int>(batches.own);
    return layer;
}

[[noreturn]] void refuseRecurrent(const NodeView& node) {
    const auto x = node.input(0);
    const auto w = node.input(1);
    const auto r = node.input(2);
    if (x.size() != 3) throw NoLayer{"recurrent: each step waits for the one before it"};
    const double steps = static_cast<double>(x[0]) * static_cast<double>(x[1]);
    throw NoLayer{"recurrent: each step waits for the one before it",
                  steps * (product(w) + product(r))};
}

Layer layerFrom(const onnx::NodeProto& node, const OnnxScope& scope) {
    const NodeView view(node, scope);
    const auto& op = node.op_type();
    const bool standard = node.domain().empty() || node.domain() == "ai.onnx";
    if (standard) {
        if (op == "Conv" || op == "ConvInteger") return convolution(view, 1);
        if (op == "QLinearConv") return convolution(view, 3);
        if (op == "ConvTranspose") return transposedConvolution(view);
        if (op == "Gemm") return gemm(view);
        if (op == "MatMul" || op == "MatMulInteger") return matrixProduct(view, 1);
        if (op == "QLinearMatMul") return matrixProduct(view, 3);
        if (op == "LSTM" || op == "GRU" || op == "RNN") refuseRecurrent(view);
    }
    throw NoLayer{onnxReason(node.domain(), op)};
}

}  // namespace

LayerOrReason layerOf(const onnx::NodeProto& node, const OnnxScope& scope) {
    try {
        auto layer = layerFrom(node, scope);
        if (auto fits = checkLayer(layer); !fits) {
            return OnnxPassedOver{{}, {}, fits.error().what, {}};
        }
        layer.role = workload::roleByShape(layer);
        return layer;
    } catch (const NoLayer& none) {
        return OnnxPassedOver{{}, {}, none.reason, counted(none.macs)};
    }
}

}  // namespace cohelix::interop
