// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_split.h"

#include <algorithm>

namespace cohelix::interop {
namespace {

using Wholes = std::vector<std::int64_t>;

std::string axisText(const OnnxShape& x, std::size_t axis) {
    return "axis " + std::to_string(axis) + " of its input (" + textOf(x) + ")";
}

/// Why parts of these sizes cannot be those of an axis; empty where they can. The axis may not be
/// known.
std::string contradiction(const Wholes& sizes, const OnnxShape& x, std::size_t axis) {
    const auto text = "its sizes (" + listText(sizes) + ")";
    std::int64_t sum = 0;
    for (const auto size : sizes) {
        if (size < 0) return text + " are not all sizes";
        if (size > kMostReckoned || (sum += size) > kMostReckoned) return text + " are too large";
    }
    if (x[axis] < 0 || sum == x[axis]) return {};
    return text + " do not add up to " + axisText(x, axis);
}

/// Sizes that are not given, of so many parts of an axis: nothing where there are none.
std::optional<Wholes> evenParts(const OnnxNode& node, std::int64_t whole, std::int64_t parts) {
    // Operator set 18 lets the last part be smaller, and has the number of parts said.
    if (!node.attribute("num_outputs") && whole % parts != 0) return std::nullopt;
    const auto each = (whole + parts - 1) / parts;
    const auto last = whole - each * (parts - 1);
    if (last < 0) return std::nullopt;
    Wholes sizes(static_cast<std::size_t>(parts), each);
    sizes.back() = last;
    return sizes;
}

OnnxOutputs allImpossible(const OnnxNode& node, const std::string& why) {
    return OnnxOutputs(node.outputs(), impossibleValue(why));
}

OnnxOutputs partsOf(const OnnxNode& node, const OnnxShape& x, std::size_t axis,
                    const std::optional<Wholes>& sizes) {
    OnnxOutputs outputs;
    for (std::size_t i = 0; i < node.outputs(); ++i) {
        auto part = x;
        part[axis] = sizes ? (*sizes)[i] : -1;
        outputs.push_back(valueOf(std::move(part)));
    }
    return outputs;
}

}  // namespace

OnnxOutputs splitRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto parts = static_cast<std::int64_t>(node.outputs());
    if (!x || parts == 0) return {};
    const auto given = node.integer("axis", 0);
    const auto axis = axisOf(given, x->size());
    if (!axis) return OnnxOutputs(node.outputs(), noAxis(given, *x));
    if (const auto said = node.integer("num_outputs", parts); said != parts) {
        return allImpossible(node, "it says that it has " + std::to_string(said) +
                                       " outputs, and has " + std::to_string(parts));
    }
    if (const auto sizes = node.integersOrInput("split", 1)) {
        if (static_cast<std::int64_t>(sizes->size()) != parts) {
            return allImpossible(node, "its sizes (" + listText(*sizes) + ") are not those of " +
                                           std::to_string(parts) + " outputs");
        }
        const auto why = contradiction(*sizes, *x, *axis);
        return why.empty() ? partsOf(node, *x, *axis, sizes) : allImpossible(node, why);
    }
    const auto whole = (*x)[*axis];
    if (node.has(1) || whole < 0) return partsOf(node, *x, *axis, std::nullopt);
    const auto sizes = evenParts(node, whole, parts);
    if (sizes) return partsOf(node, *x, *axis, sizes);
    return allImpossible(node, axisText(*x, *axis) + " cannot be split into " +
                                   std::to_string(parts) + " equal parts");
}

OnnxOutputs splitToSequenceRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto axis = x ? axisOf(node.integer("axis", 0), x->size()) : std::nullopt;
    if (!axis) return {};
    OnnxShape out = *x;
    if (!node.has(1)) {
        out[*axis] = 1;
        if (node.integer("keepdims", 1) == 0) {
            out.erase(out.begin() + static_cast<std::ptrdiff_t>(*axis));
        }
        return {valueOf(std::move(out))};
    }
    const auto sizes = node.wholes(1);
    const auto* list = node.shape(1);
    if (sizes && list && !list->empty()) {
        if (auto why = contradiction(*sizes, *x, *axis); !why.empty()) {
            return {impossibleValue(std::move(why))};
        }
    }
    const bool alike =
        sizes && !sizes->empty() && (*sizes)[0] > 0 &&
        std::ranges::count(*sizes, (*sizes)[0]) == static_cast<std::ptrdiff_t>(sizes->size());
    // One size cuts into as many parts as there are; the last may be smaller.
    out[*axis] = alike && (*x)[*axis] >= 0 && (*x)[*axis] % (*sizes)[0] == 0 ? (*sizes)[0] : -1;
    return {valueOf(std::move(out))};
}

}  // namespace cohelix::interop
