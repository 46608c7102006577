// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <numeric>

#include "core/base/units.h"
#include "core/interop/documents/layer_check.h"
#include "core/interop/onnx/onnx_operators.h"
#include "core/interop/onnx/onnx_work.h"

namespace cohelix::interop {
namespace {

using model::Dim;
using model::Layer;

/// More phases than any stride makes that is not a mistake.
constexpr std::int64_t kMostPhases = 65536;

/// One axis of a convolution: each output takes `taps` inputs.
struct Axis {
    std::int64_t outputs = 1;
    std::int64_t taps = 1;
    std::int64_t stride = 1;
    std::int64_t dilation = 1;
    std::int64_t kernel = 1;   ///< of the node
    std::int64_t alike = 1;    ///< so many sets of output channels
    std::int64_t inputs = -1;  ///< below zero: all that the taps touch
    std::int64_t zeros = -1;   ///< ahead of them; below zero: half of what lies beyond the inputs
};

struct Operands {
    OnnxShape inputs;
    OnnxShape weights;
    OnnxShape outputs;
    std::int64_t groups = 1;

    std::size_t axes() const { return inputs.size() - 2; }
};

Operands operandsOf(const OnnxNode& node, const std::vector<OnnxValue>& results) {
    Operands at{knownInput(node, 0), knownInput(node, weightsOf(node)), knownOutput(node, results),
                node.integer("group", 1)};
    if (channelsLast(node)) {
        at.inputs = toChannelsFirst(at.inputs);
        at.outputs = toChannelsFirst(at.outputs);
    }
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
                  textOf(at.inputs) + ") in " + base::counted(at.groups, "group", "groups")};
}

/// What the node states of its weights again; `outputs`: its output channels.
void requireStated(const OnnxNode& node, const Operands& at, std::int64_t outputs) {
    const OnnxShape kernel(at.weights.begin() + 2, at.weights.end());
    const auto stated = node.integers("kernel_shape");
    if (stated && *stated != kernel) {
        throw NoLayer{"its kernel_shape (" + textOf(*stated) + ") does not fit its weights (" +
                      textOf(at.weights) + ")"};
    }
    const bool plain =
        node.op() == "Conv" || node.op() == "FusedConv" || node.op() == "ConvTranspose";
    const auto* bias = plain && node.has(2) ? node.shape(2) : nullptr;
    const auto numbers = bias ? elementsOf(*bias) : std::nullopt;
    if (numbers && *numbers != outputs) {
        throw NoLayer{"its bias (" + textOf(*bias) + ") does not fit its " +
                      base::counted(outputs, "output channel", "output channels")};
    }
}

/// One value an axis.
OnnxShape eachAxis(const OnnxNode& node, const char* name, std::size_t axes) {
    const auto values = node.integers(name);
    if (!values) return OnnxShape(axes, 1);
    if (values->size() == axes) return *values;
    throw NoLayer{"its attribute " + std::string(name) + " has " + std::to_string(values->size()) +
                  " values for " + std::to_string(axes) + " axes"};
}

int step(std::int64_t value, const char* what) {
    if (value < 1 || value > kMostSize) {
        throw NoLayer{"its " + std::string(what) + " are " + std::to_string(value)};
    }
    return static_cast<int>(value);
}

/// An axis along which there is but one step has none of its own.
model::PerAxis perAxis(std::int64_t rows, bool hasRows, std::int64_t columns, bool hasColumns,
                       const char* what) {
    if (!hasRows) rows = hasColumns ? columns : 1;
    if (!hasColumns) columns = rows;
    return {step(rows, what), step(columns, what)};
}

bool reckonable(std::initializer_list<std::int64_t> values) {
    return std::ranges::all_of(values, [](auto value) { return std::abs(value) <= kMostSize; });
}

/// The zeros ahead along one axis, and the inputs behind them.
std::pair<int, std::int64_t> aroundInputs(const Layer& layer, Dim output, const Axis& axis) {
    const auto patch = model::patchAlong(layer, output);
    if (axis.inputs < 0) return {0, patch};
    const auto half = std::max<std::int64_t>(0, patch - axis.inputs) / 2;
    const auto zeros = axis.zeros < 0 ? half : std::min(axis.zeros, kMostSize);
    return {static_cast<int>(zeros), axis.inputs};
}

model::Border borderOf(const Layer& layer, const Axis& rows, const Axis& columns) {
    if (!reckonable(
            {layer.size(Dim::P), layer.size(Dim::Q), layer.size(Dim::R), layer.size(Dim::S)})) {
        return {};  // the layer will be refused
    }
    const auto [above, height] = aroundInputs(layer, Dim::P, rows);
    const auto [left, width] = aroundInputs(layer, Dim::Q, columns);
    return model::borderAround(layer, {above, left}, height, width);
}

/// Beyond two axes, the others become part of rows and channels: an input is read once for each
/// tap of theirs, so they are those with the fewest taps.
Layer layerOf(const Operands& at, std::int64_t channels, std::vector<Axis> axes) {
    Layer layer;
    std::int64_t folded = 1;
    layer.size(Dim::N) = at.inputs[0];
    layer.size(Dim::K) = channels;
    layer.size(Dim::C) = at.inputs[1];
    layer.groups = static_cast<int>(std::min(at.groups, kMostSize));
    for (const auto& axis : axes) layer.size(Dim::K) = layerSize(layer.size(Dim::K), axis.alike);
    while (axes.size() > 2) {
        const auto fewest = std::ranges::min_element(axes, {}, &Axis::taps);
        layer.size(Dim::C) = layerSize(layer.size(Dim::C), fewest->taps);
        folded = layerSize(folded, fewest->outputs);
        axes.erase(fewest);
    }
    axes.resize(2);
    auto& rows = axes[0];
    const auto& columns = axes[1];
    // Windows in images of their own do not overlap.
    if (rows.outputs == 1 && folded > 1) rows.stride = rows.taps;
    layer.size(Dim::P) = layerSize(rows.outputs, folded);
    layer.size(Dim::Q) = columns.outputs;
    layer.size(Dim::R) = rows.taps;
    layer.size(Dim::S) = columns.taps;
    layer.stride = perAxis(rows.stride, rows.outputs > 1 || folded > 1, columns.stride,
                           columns.outputs > 1, "strides");
    layer.dilation =
        perAxis(rows.dilation, rows.kernel > 1, columns.dilation, columns.kernel > 1, "dilations");
    if (folded > 1) rows.inputs = -1;  // rows of several images: zeros lie between them, too
    layer.border = borderOf(layer, rows, columns);
    return layer;
}

/// The axis of a transposed convolution before its phases are taken apart.
struct Spread {
    std::int64_t inputs, outputs, kernel, stride, dilation, begin;
};

/// With stride s an output takes every s-th tap of the kernel; which ones depends on its place
/// modulo s. So the s phases are sets of output channels of one convolution with stride 1, where
/// each has as many taps and outputs; nothing where they differ.
std::optional<Axis> alikePhases(const Spread& axis) {
    const auto common = std::gcd(axis.dilation, axis.stride);
    const auto apart = axis.stride / common;  // taps of one phase
    if (axis.stride > kMostPhases) return std::nullopt;
    std::optional<Axis> phases;
    for (std::int64_t tap = 0; tap < std::min(axis.kernel, apart); ++tap) {
        const auto place = (tap * (axis.dilation % axis.stride) - axis.begin) % axis.stride;
        const auto phase = place < 0 ? place + axis.stride : place;
        const auto outputs =
            phase < axis.outputs ? (axis.outputs - phase - 1) / axis.stride + 1 : 0;
        const auto taps = (axis.kernel - tap - 1) / apart + 1;
        if (!phases) {
            phases = {outputs, taps, 1, axis.dilation / common, axis.kernel, 0, axis.inputs};
        }
        if (outputs == 0 || outputs != phases->outputs || taps != phases->taps) return std::nullopt;
        ++phases->alike;
    }
    return phases;
}

/// Each tap makes an output of its own from one input: those that are within the result.
Axis spreadOfOne(const Spread& axis) {
    Axis spread;
    spread.alike = 0;
    if (axis.kernel > kMostPhases) throw NoLayer{"its kernel is too large"};
    for (std::int64_t tap = 0; tap < axis.kernel; ++tap) {
        const auto place = tap * axis.dilation - axis.begin;
        spread.alike += place >= 0 && place < axis.outputs ? 1 : 0;
    }
    if (spread.alike == 0) throw NoLayer{"nothing of its work is within its result", 0};
    return spread;
}

/// Each input makes an output of its own for each tap; those of one place are added afterwards.
Axis spreadOfEach(const Spread& axis) {
    return {axis.inputs, 1, 1, 1, 1, axis.inputs == 1 ? spreadOfOne(axis).alike : axis.kernel};
}

double work(const std::vector<Axis>& axes) {
    double product = 1;
    for (const auto& axis : axes) {
        product *= static_cast<double>(axis.outputs) * static_cast<double>(axis.taps) *
                   static_cast<double>(axis.alike);
    }
    return product;
}

/// As one convolution with stride 1, where that needs no more work than as one product of all
/// inputs with all taps.
std::vector<Axis> axesOf(const std::vector<Spread>& spreads) {
    std::vector<Axis> phases, each;
    for (const auto& axis : spreads) {
        each.push_back(spreadOfEach(axis));
        const auto alike = axis.inputs == 1 ? std::optional(each.back()) : alikePhases(axis);
        if (alike) phases.push_back(*alike);
    }
    return phases.size() == each.size() && work(phases) <= work(each) ? phases : each;
}

/// Cut off at the beginning: by pads, or as much as the size of the result leaves.
std::int64_t cutAtBegin(const OnnxNode& node, const Spread& axis, std::size_t index,
                        std::size_t axes) {
    const auto mode = node.text("auto_pad", "NOTSET");
    if (mode == "VALID") return 0;
    const bool same = mode == "SAME_UPPER" || mode == "SAME_LOWER";
    if (!same && !node.integers("output_shape")) {
        const auto pads = node.integers("pads");
        return pads && pads->size() == 2 * axes ? (*pads)[index] : 0;
    }
    const auto extra = node.integers("output_padding");
    const auto added = extra && extra->size() == axes ? (*extra)[index] : 0;
    const auto total =
        std::max<std::int64_t>((axis.inputs - 1) * axis.stride + added +
                                   (axis.kernel - 1) * axis.dilation + 1 - axis.outputs,
                               0);
    return mode == "SAME_UPPER" ? total / 2 : total - total / 2;
}

/// Ahead of a convolution's inputs; below zero: the sizes alone say how many.
std::int64_t zerosAhead(const OnnxNode& node, std::size_t index, std::size_t axes) {
    const auto mode = node.text("auto_pad", "NOTSET");
    const auto pads = node.integers("pads");
    if (mode == "SAME_UPPER" || mode == "SAME_LOWER") return -1;
    const bool stated = mode != "VALID" && pads && pads->size() == 2 * axes;
    return stated ? std::max<std::int64_t>(0, (*pads)[index]) : 0;
}

}  // namespace

Layers convolutionLayers(const OnnxNode& node, const std::vector<OnnxValue>& results) {
    auto at = operandsOf(node, results);
    at.weights = channelsFirstWeights(node, at.weights, at.inputs[1]);
    // Compared as a quotient: the product could be past 64 bits in a damaged file.
    const bool whole = at.groups >= 1 && at.inputs[1] % at.groups == 0;
    requireFit(at, whole && at.inputs[1] / at.groups == at.weights[1] ? at.inputs[1] : -1);
    requireStated(node, at, at.weights[0]);
    const auto strides = eachAxis(node, "strides", at.axes());
    const auto dilations = eachAxis(node, "dilations", at.axes());
    std::vector<Axis> axes;
    for (std::size_t i = 0; i < at.axes(); ++i) {
        const auto kernel = at.weights[i + 2];
        axes.push_back({at.outputs[i + 2], kernel, strides[i], dilations[i], kernel, 1,
                        at.inputs[i + 2], zerosAhead(node, i, at.axes())});
    }
    try {
        return {layerOf(at, at.weights[0], std::move(axes))};
    } catch (const NoLayer& none) {
        throw NoLayer{none.reason, elements(at.outputs) * elements(at.weights) /
                                       static_cast<double>(at.weights[0])};
    }
}

Layers transposedLayers(const OnnxNode& node, const std::vector<OnnxValue>& results) {
    const auto at = operandsOf(node, results);
    requireFit(at, at.weights[0]);
    requireStated(node, at, layerSize(at.weights[1], at.groups));
    const double macs =
        elements(at.inputs) * elements(at.weights) / static_cast<double>(at.weights[0]);
    const auto strides = eachAxis(node, "strides", at.axes());
    const auto dilations = eachAxis(node, "dilations", at.axes());
    try {
        std::vector<Spread> spreads;
        for (std::size_t i = 0; i < at.axes(); ++i) {
            Spread axis{at.inputs[i + 2],
                        at.outputs[i + 2],
                        at.weights[i + 2],
                        step(strides[i], "strides"),
                        step(dilations[i], "dilations"),
                        0};
            if (!reckonable({axis.inputs, axis.outputs, axis.kernel})) {
                throw NoLayer{"its sizes are too large"};
            }
            axis.begin = cutAtBegin(node, axis, i, at.axes());
            if (!reckonable({axis.begin})) throw NoLayer{"its pads are too large"};
            spreads.push_back(axis);
        }
        return {layerOf(at, layerSize(at.weights[1], at.groups), axesOf(spreads))};
    } catch (const NoLayer& none) {
        throw NoLayer{none.reason, none.macs < 0 ? macs : none.macs};
    }
}

}  // namespace cohelix::interop
