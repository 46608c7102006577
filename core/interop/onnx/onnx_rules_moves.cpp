// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/interop/onnx/onnx_rules.h"
#include "core/interop/onnx/onnx_split.h"

namespace cohelix::interop {
namespace {

using Wholes = std::vector<std::int64_t>;

/// A shape given as numbers, some of which may be unknown: -1 there; by an attribute or an input.
std::optional<OnnxShape> shapeFrom(const OnnxNode& node, std::string_view name, int input) {
    if (auto given = node.integers(name)) return given;
    OnnxShape shape;
    if (const auto* numbers = node.numbers(input)) {
        for (const auto& number : *numbers) shape.push_back(wholeOf(number).value_or(-1));
        return shape;
    }
    const auto* list = node.shape(input);
    const bool countKnown = list && list->size() == 1 && (*list)[0] >= 0;
    if (!countKnown || (*list)[0] > static_cast<std::int64_t>(kMostAxes)) return std::nullopt;
    return OnnxShape(static_cast<std::size_t>((*list)[0]), -1);
}

OnnxValue unfitting(const OnnxShape& from, const OnnxShape& to) {
    return impossibleValue("its input (" + textOf(from) + ") does not fit into " + textOf(to));
}

OnnxOutputs reshapeRule(const OnnxNode& node) {
    auto shape = shapeFrom(node, "shape", 1);
    if (!shape) return {};
    const auto* x = node.shape(0);
    const bool keepsZeros = node.integer("allowzero", 0) != 0;
    for (std::size_t axis = 0; axis < shape->size(); ++axis) {
        auto& size = (*shape)[axis];
        if (size == 0 && !keepsZeros) size = x && axis < x->size() ? (*x)[axis] : -1;
        if (size < -1) return {};
    }
    // What is left over is the one size that is open.
    const auto total = x ? elementsOf(*x) : std::nullopt;
    if (total && std::ranges::count(*shape, -1) == 1) {
        auto rest = *shape;
        const auto open = std::ranges::find(rest, -1) - rest.begin();
        rest[static_cast<std::size_t>(open)] = 1;
        const auto others = elementsOf(rest);
        if (others && *others > 0 && *total % *others == 0) {
            (*shape)[static_cast<std::size_t>(open)] = *total / *others;
        } else if (others && *others > 0) {
            return {unfitting(*x, *shape)};
        }
    }
    const auto made = elementsOf(*shape);
    if (total && made && *total != *made) return {unfitting(*x, *shape)};
    return {valueOf(std::move(*shape))};
}

std::int64_t countOf(OnnxShape::const_iterator begin, OnnxShape::const_iterator end) {
    return elementsOf(OnnxShape(begin, end)).value_or(-1);
}

OnnxOutputs flattenRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x) return {};
    const auto given = node.integer("axis", 1);
    const auto axes = static_cast<std::int64_t>(x->size());
    if (given < -axes || given > axes) return {noAxis(given, *x)};
    const auto middle = x->begin() + (given < 0 ? given + axes : given);
    return {valueOf({countOf(x->begin(), middle), countOf(middle, x->end())})};
}

/// Which of the axes are meant; nothing where one is none of so many.
std::optional<std::vector<bool>> chosen(const Wholes& given, std::size_t axes) {
    std::vector<bool> taken(axes, false);
    for (const auto each : given) {
        const auto axis = axisOf(each, axes);
        if (!axis) return std::nullopt;
        taken[*axis] = true;
    }
    return taken;
}

OnnxValue noAxes(const Wholes& given, std::size_t axes) {
    return impossibleValue("its axes (" + listText(given) + ") are none of " +
                           std::to_string(axes));
}

OnnxOutputs transposeRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x) return {};
    OnnxShape out(x->rbegin(), x->rend());
    if (const auto order = node.integers("perm")) {
        const auto taken = chosen(*order, x->size());
        if (!taken || order->size() != x->size() || std::ranges::count(*taken, false) > 0) {
            return {impossibleValue("its perm (" + listText(*order) + ") is no order of the " +
                                    std::to_string(x->size()) + " axes of its input")};
        }
        for (std::size_t axis = 0; axis < out.size(); ++axis) {
            out[axis] = (*x)[*axisOf((*order)[axis], x->size())];
        }
    }
    return {valueOf(std::move(out))};
}

OnnxOutputs squeezeRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto given = node.integersOrInput("axes", 1);
    if (!x || (!given && node.has(1))) return {};
    std::vector<bool> gone(x->size());
    if (given) {
        const auto taken = chosen(*given, x->size());
        if (!taken) return {noAxes(*given, x->size())};
        gone = *taken;
        for (std::size_t axis = 0; axis < x->size(); ++axis) {
            if (!gone[axis] || (*x)[axis] < 0 || (*x)[axis] == 1) continue;
            return {impossibleValue("axis " + std::to_string(axis) + " of its input (" +
                                    textOf(*x) + ") is not of size 1")};
        }
    } else {
        if (std::ranges::count(*x, -1) > 0) return {};
        std::transform(x->begin(), x->end(), gone.begin(), [](auto size) { return size == 1; });
    }
    OnnxShape out;
    for (std::size_t axis = 0; axis < x->size(); ++axis) {
        if (!gone[axis]) out.push_back((*x)[axis]);
    }
    return {valueOf(std::move(out))};
}

OnnxOutputs unsqueezeRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto given = node.integersOrInput("axes", 1);
    if (!x || !given || x->size() + given->size() > kMostAxes) return {};
    const auto added = chosen(*given, x->size() + given->size());
    if (!added || std::ranges::count(*added, true) != static_cast<std::ptrdiff_t>(given->size())) {
        return {noAxes(*given, x->size() + given->size())};
    }
    OnnxShape out;
    auto next = x->begin();
    for (const bool isNew : *added) {
        out.push_back(isNew ? 1 : *next++);
    }
    return {valueOf(std::move(out))};
}

/// As many axes, and the same sizes along all others.
bool joins(const OnnxShape& a, const OnnxShape& b, std::size_t along) {
    if (a.size() != b.size()) return false;
    for (std::size_t axis = 0; axis < a.size(); ++axis) {
        if (axis != along && a[axis] >= 0 && b[axis] >= 0 && a[axis] != b[axis]) return false;
    }
    return true;
}

OnnxOutputs concatRule(const OnnxNode& node) {
    std::optional<OnnxShape> out;
    std::int64_t sum = 0;
    std::size_t axis = 0;
    for (int i = 0; i < node.inputs(); ++i) {
        const auto* part = node.shape(i);
        if (!part) {
            sum = -1;
            continue;
        }
        const auto at = axisOf(node.integer("axis", 1), part->size());
        if (!at) return {noAxis(node.integer("axis", 1), *part)};
        if (out && !joins(*out, *part, *at)) {
            return {impossibleValue("its parts (" + textOf(*out) + " and " + textOf(*part) +
                                    ") do not fit along axis " + std::to_string(*at))};
        }
        axis = *at;
        if (!out) out = OnnxShape(part->size(), -1);
        const bool counted = sum >= 0 && (*part)[axis] >= 0 && (*part)[axis] <= kMostReckoned;
        sum = counted ? sum + (*part)[axis] : -1;
        for (std::size_t i2 = 0; i2 < part->size(); ++i2) {
            if ((*out)[i2] < 0) (*out)[i2] = (*part)[i2];
        }
    }
    if (!out) return {};
    (*out)[axis] = sum;
    return {valueOf(std::move(*out))};
}

/// So many elements as Python's slice of a list takes.
std::int64_t sliceSize(std::int64_t size, std::int64_t start, std::int64_t end, std::int64_t step) {
    if (size < 0 || step == 0 || size > kMostReckoned) return -1;
    const auto place = [&](std::int64_t at, std::int64_t least, std::int64_t most) {
        if (at < 0) at = at < -size ? least : at + size;
        return std::clamp(at, least, most);
    };
    if (step > 0) {
        const auto from = place(start, 0, size), to = place(end, 0, size);
        return to <= from ? 0 : (to - from - 1) / step + 1;
    }
    const auto from = place(start, -1, size - 1), to = place(end, -1, size - 1);
    if (from <= to) return 0;
    // The most negative step has no counterpart.
    return step < -kMostReckoned ? 1 : (from - to - 1) / -step + 1;
}

OnnxOutputs sliceRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x) return {};
    const auto starts = node.integersOrInput("starts", 1), ends = node.integersOrInput("ends", 2);
    const auto steps = node.wholes(4);
    auto axes = node.integersOrInput("axes", 3);
    if (!axes && !node.has(3) && starts) {
        axes = Wholes();
        for (std::size_t i = 0; i < starts->size(); ++i) {
            axes->push_back(static_cast<std::int64_t>(i));
        }
    }
    if (!axes) return {valueOf(OnnxShape(x->size(), -1))};
    OnnxShape out = *x;
    for (std::size_t i = 0; i < axes->size(); ++i) {
        const auto axis = axisOf((*axes)[i], x->size());
        if (!axis) return {};
        const bool known = starts && ends && i < starts->size() && i < ends->size() &&
                           (!node.has(4) || (steps && i < steps->size()));
        out[*axis] =
            known ? sliceSize((*x)[*axis], (*starts)[i], (*ends)[i], node.has(4) ? (*steps)[i] : 1)
                  : -1;
    }
    return {valueOf(std::move(out))};
}

OnnxOutputs gatherRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto* indices = node.shape(1);
    if (!x || !indices) return {};
    const auto axis = axisOf(node.integer("axis", 0), x->size());
    if (!axis) return {noAxis(node.integer("axis", 0), *x)};
    const auto at = x->begin() + static_cast<std::ptrdiff_t>(*axis);
    OnnxShape out(x->begin(), at);
    out.insert(out.end(), indices->begin(), indices->end());
    out.insert(out.end(), at + 1, x->end());
    return {valueOf(std::move(out))};
}

OnnxOutputs gatherNdRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto* indices = node.shape(1);
    const auto batches = node.integer("batch_dims", 0);
    if (!x || !indices || indices->empty() || indices->back() < 0 || batches < 0) return {};
    const auto gone = batches + indices->back();
    if (batches > kMostReckoned || gone > static_cast<std::int64_t>(x->size())) return {};
    OnnxShape out(indices->begin(), indices->end() - 1);
    out.insert(out.end(), x->begin() + gone, x->end());
    return {valueOf(std::move(out))};
}

OnnxOutputs expandRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto shape = shapeFrom(node, "shape", 1);
    if (!x || !shape) return {};
    return {broadcastValue(*x, *shape)};
}

OnnxOutputs tileRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x) return {};
    const auto times = shapeFrom(node, "repeats", 1);
    if (!times || times->size() != x->size()) return {valueOf(OnnxShape(x->size(), -1))};
    OnnxShape out = *x;
    for (std::size_t axis = 0; axis < out.size(); ++axis) {
        out[axis] = checkedProduct(out[axis], (*times)[axis]).value_or(-1);
    }
    return {valueOf(std::move(out))};
}

OnnxOutputs padRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x) return {};
    const auto pads = node.integersOrInput(node.attribute("paddings") ? "paddings" : "pads", 1);
    std::vector<std::size_t> axes;
    if (const auto given = node.wholes(3)) {
        for (const auto axis : *given) {
            const auto at = axisOf(axis, x->size());
            if (!at) return {};
            axes.push_back(*at);
        }
    } else {
        if (node.has(3)) return {valueOf(OnnxShape(x->size(), -1))};
        for (std::size_t axis = 0; axis < x->size(); ++axis) axes.push_back(axis);
    }
    OnnxShape out = *x;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        auto& size = out[axes[i]];
        if (!pads || pads->size() != 2 * axes.size()) {
            size = -1;
            continue;
        }
        const auto begin = (*pads)[i], end = (*pads)[i + axes.size()];
        const bool sound = size >= 0 && size <= kMostReckoned && std::abs(begin) <= kMostReckoned &&
                           std::abs(end) <= kMostReckoned;
        size = sound ? std::max<std::int64_t>(size + begin + end, -1) : -1;
    }
    return {valueOf(std::move(out))};
}

OnnxOutputs shapeOfRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x) return {};
    const auto axes = static_cast<std::int64_t>(x->size());
    const auto place = [&](std::int64_t at) {
        return std::clamp<std::int64_t>(at < 0 ? at + axes : at, 0, axes);
    };
    const auto begin = place(node.integer("start", 0)), end = place(node.integer("end", axes));
    OnnxNumbers numbers;
    for (auto axis = begin; axis < end; ++axis) {
        const auto size = (*x)[static_cast<std::size_t>(axis)];
        numbers.push_back(size < 0 ? OnnxNumber() : OnnxNumber(size));
    }
    const auto count = static_cast<std::int64_t>(numbers.size());
    return {valueOf({count}, std::move(numbers))};
}

OnnxOutputs sizeRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto count = x ? elementsOf(*x) : std::nullopt;
    return {count ? valueOf({}, {*count}) : valueOf(OnnxShape())};
}

OnnxOutputs constantRule(const OnnxNode& node) {
    if (const auto* tensor = node.attribute("value"); tensor && tensor->has_t()) {
        return {valueOf(tensor->t())};
    }
    if (const auto* one = node.attribute("value_int")) return {valueOf({}, {one->i()})};
    if (const auto* one = node.attribute("value_float")) {
        return {valueOf({}, {static_cast<double>(one->f())})};
    }
    if (const auto list = node.integers("value_ints")) return {listOf(*list)};
    if (const auto list = node.reals("value_floats")) {
        return {valueOf({static_cast<std::int64_t>(list->size())},
                        OnnxNumbers(list->begin(), list->end()))};
    }
    if (node.attribute("value_string")) return {valueOf(OnnxShape())};
    const auto* texts = node.attribute("value_strings");
    if (texts) return {valueOf({texts->strings_size()})};
    const auto* sparse = node.attribute("sparse_value");
    if (!sparse || !sparse->has_sparse_tensor()) return {};
    const auto& dims = sparse->sparse_tensor().dims();
    return {valueOf(OnnxShape(dims.begin(), dims.end()))};
}

/// A value of a given shape: by an attribute or the first input.
OnnxOutputs ofShapeRule(const OnnxNode& node) {
    auto shape = shapeFrom(node, "shape", 0);
    if (!shape || std::ranges::any_of(*shape, [](auto size) { return size < -1; })) return {};
    return {valueOf(std::move(*shape))};
}

OnnxOutputs rangeRule(const OnnxNode& node) {
    std::array<double, 3> ends{};
    for (int i = 0; i < 3; ++i) {
        const auto* numbers = node.numbers(i);
        const auto number = numbers && numbers->size() == 1 ? realOf((*numbers)[0]) : std::nullopt;
        if (!number) return {valueOf({-1})};
        ends[static_cast<std::size_t>(i)] = *number;
    }
    const double count = std::ceil((ends[1] - ends[0]) / ends[2]);
    if (!(count <= static_cast<double>(kMostReckoned))) return {valueOf({-1})};
    return {valueOf({std::max<std::int64_t>(static_cast<std::int64_t>(std::max(count, 0.0)), 0)})};
}

OnnxOutputs oneHotRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x) return {};
    const auto axis = axisOf(node.integer("axis", -1), x->size() + 1);
    if (!axis) return {};
    OnnxShape out = *x;
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(*axis),
               std::max<std::int64_t>(node.whole(1).value_or(-1), -1));
    return {valueOf(std::move(out))};
}

OnnxOutputs compressRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!node.attribute("axis")) return {valueOf({-1})};
    const auto axis = x ? axisOf(node.integer("axis", 0), x->size()) : std::nullopt;
    if (!axis) return {};
    OnnxShape out = *x;
    out[*axis] = -1;
    return {valueOf(std::move(out))};
}

OnnxOutputs uniqueRule(const OnnxNode& node) {
    auto out = compressRule(node);
    return {out.empty() ? OnnxValue() : out[0], valueOf({-1}), valueOf({-1}), valueOf({-1})};
}

OnnxOutputs centerRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto shape = node.wholes(1);
    if (!x || !shape) return {};
    OnnxShape out = *x;
    const auto axes = node.integers("axes");
    if (shape->size() != (axes ? axes->size() : x->size())) return {};
    for (std::size_t i = 0; i < shape->size(); ++i) {
        const auto axis = axisOf(axes ? (*axes)[i] : static_cast<std::int64_t>(i), x->size());
        if (!axis || (*shape)[i] < 0) return {};
        out[*axis] = (*shape)[i];
    }
    return {valueOf(std::move(out))};
}

OnnxOutputs nonZeroRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    return {valueOf({x ? static_cast<std::int64_t>(x->size()) : -1, -1})};
}

}  // namespace

const OnnxRules& moveRules() {
    static const OnnxRules kRules = {
        {"Reshape", reshapeRule},
        {"Flatten", flattenRule},
        {"Transpose", transposeRule},
        {"Squeeze", squeezeRule},
        {"Unsqueeze", unsqueezeRule},
        {"Concat", concatRule},
        {"Split", splitRule},
        {"Slice", sliceRule},
        {"Gather", gatherRule},
        {"GatherND", gatherNdRule},
        {"GatherElements", [](const OnnxNode& node) { return OnnxOutputs{likeInput(node, 1)}; }},
        {"Expand", expandRule},
        {"Tile", tileRule},
        {"Pad", padRule},
        {"Shape", shapeOfRule},
        {"Size", sizeRule},
        {"Constant", constantRule},
        {"ConstantOfShape", ofShapeRule},
        {"RandomNormal", ofShapeRule},
        {"RandomUniform", ofShapeRule},
        {"Range", rangeRule},
        {"OneHot", oneHotRule},
        {"Compress", compressRule},
        {"Unique", uniqueRule},
        {"CenterCropPad", centerRule},
        {"NonZero", nonZeroRule},
        {"NonMaxSuppression", [](const OnnxNode&) {
             return OnnxOutputs{valueOf({-1, 3})};
         }}};
    return kRules;
}

}  // namespace cohelix::interop
