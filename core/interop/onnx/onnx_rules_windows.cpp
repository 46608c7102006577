// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/interop/onnx/onnx_operators.h"
#include "core/interop/onnx/onnx_rules.h"

namespace cohelix::interop {
namespace {

bool reckoned(std::int64_t size) { return size >= -kMostReckoned && size <= kMostReckoned; }

/// Attributes of a window, one value an axis; what the file gets wrong is left out.
struct WindowAxes {
    std::vector<std::int64_t> kernel, strides, dilations, begins, ends, extra;
    std::string autoPad;

    WindowAxes(const OnnxNode& node, std::size_t axes) : autoPad(node.text("auto_pad", "NOTSET")) {
        kernel = each(node, "kernel_shape", axes, -1);
        strides = each(node, "strides", axes, 1);
        dilations = each(node, "dilations", axes, 1);
        extra = each(node, "output_padding", axes, 0);
        const auto pads = each(node, "pads", 2 * axes, 0);
        begins.assign(pads.begin(), pads.begin() + static_cast<std::ptrdiff_t>(axes));
        ends.assign(pads.begin() + static_cast<std::ptrdiff_t>(axes), pads.end());
    }
    bool same() const { return autoPad == "SAME_UPPER" || autoPad == "SAME_LOWER"; }
    bool valid() const { return autoPad == "VALID"; }
    std::int64_t begin(std::size_t axis) const { return valid() ? 0 : begins[axis]; }
    std::int64_t end(std::size_t axis) const { return valid() ? 0 : ends[axis]; }
    /// From the first to the last tap; -1 where a size is not known.
    std::int64_t extent(std::size_t axis) const {
        const auto steps = checkedProduct(kernel[axis] - 1, dilations[axis]);
        return steps && reckoned(*steps) ? *steps + 1 : -1;
    }
    bool reckonable(std::int64_t size, std::size_t axis) const {
        return size >= 0 && reckoned(size) && strides[axis] >= 1 && reckoned(strides[axis]) &&
               reckoned(begins[axis]) && reckoned(ends[axis]) && reckoned(extra[axis]);
    }

private:
    static std::vector<std::int64_t> each(const OnnxNode& node, std::string_view name,
                                          std::size_t count, std::int64_t fallback) {
        auto values = node.integers(name);
        if (!values || values->size() != count) return std::vector(count, fallback);
        return *values;
    }
};

/// Outputs along an axis. The last window of a pool that rounds up starts within its input, and may
/// be the only one.
std::int64_t slide(const WindowAxes& window, std::size_t axis, std::int64_t size, bool roundUp) {
    if (!window.reckonable(size, axis)) return -1;
    const auto stride = window.strides[axis];
    if (window.same()) return (size + stride - 1) / stride;
    const auto extent = window.extent(axis);
    if (extent < 0) return -1;
    const auto begin = window.begin(axis);
    const auto room = size + begin + window.end(axis) - extent;
    if (room < 0) return roundUp && size > 0 && room > -stride ? 1 : -1;
    auto places = room / stride + 1;
    if (roundUp && room % stride != 0 && places * stride < size + begin) ++places;
    return places;
}

std::int64_t slideBack(const WindowAxes& window, std::size_t axis, std::int64_t size) {
    if (!window.reckonable(size, axis) || size < 1) return -1;
    const auto steps = checkedProduct(size - 1, window.strides[axis]);
    const auto extent = window.extent(axis);
    if (!steps || !reckoned(*steps) || extent < 0) return -1;
    if (window.same()) return size * window.strides[axis];
    const auto cut = window.begin(axis) + window.end(axis);
    const auto out = *steps + extent + window.extra[axis] - cut;
    return out < 1 ? -1 : out;
}

/// Why a window has no place along an axis of which all is known.
std::string noPlace(const WindowAxes& window, std::size_t axis, std::int64_t size) {
    const auto extent = window.extent(axis);
    if (window.kernel[axis] < 1 || size < 0) return {};
    if (!window.reckonable(size, axis) || extent < 0) return "its kernel or its pads are too large";
    return "its kernel reaches over " + std::to_string(extent) + " places and its input has " +
           std::to_string(size + window.begin(axis) + window.end(axis)) + ", with its pads";
}

/// Batch and channels, then the places of the window along each axis.
OnnxValue placesIn(const OnnxShape& x, std::int64_t channels, const WindowAxes& window,
                   bool roundUp) {
    OnnxValue value = valueOf({x[0], channels});
    for (std::size_t axis = 0; axis + 2 < x.size(); ++axis) {
        const auto places = slide(window, axis, x[axis + 2], roundUp);
        value.shape->push_back(places);
        if (places < 0 && value.impossible.empty()) {
            value.impossible = noPlace(window, axis, x[axis + 2]);
        }
    }
    return value;
}

OnnxOutputs convolutionRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto* stated = node.shape(weightsOf(node));
    if (!x || x->size() < 3 || !stated || stated->size() != x->size()) return {};
    const auto weights = channelsFirstWeights(node, *stated, (*x)[1]);
    WindowAxes window(node, x->size() - 2);
    window.kernel.assign(weights.begin() + 2, weights.end());
    return {placesIn(*x, weights[0], window, false)};
}

OnnxOutputs transposedRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto* weights = node.shape(weightsOf(node));
    if (!x || x->size() < 3 || !weights || weights->size() != x->size()) return {};
    const auto axes = x->size() - 2;
    WindowAxes window(node, axes);
    window.kernel.assign(weights->begin() + 2, weights->end());
    OnnxShape out = {(*x)[0], checkedProduct((*weights)[1], node.integer("group", 1)).value_or(-1)};
    // The whole shape may be given: of the axes behind the channels, or of all.
    const auto given = node.integers("output_shape");
    if (given && given->size() >= axes) {
        out.insert(out.end(), given->end() - static_cast<std::ptrdiff_t>(axes), given->end());
        return {valueOf(std::move(out))};
    }
    OnnxValue value = valueOf(std::move(out));
    for (std::size_t axis = 0; axis < axes; ++axis) {
        const auto size = (*x)[axis + 2];
        value.shape->push_back(slideBack(window, axis, size));
        if (value.shape->back() < 0 && size > 0 && window.kernel[axis] > 0) {
            value.impossible = "its pads leave nothing of its result, or are too large";
        }
    }
    return {std::move(value)};
}

OnnxOutputs poolRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x || x->size() < 3) return {};
    const WindowAxes window(node, x->size() - 2);
    const bool roundUp = node.integer("ceil_mode", 0) != 0;
    const auto out = placesIn(*x, (*x)[1], window, roundUp);
    return {out, out};
}

OnnxOutputs globalPoolRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x || x->size() < 2) return {};
    OnnxShape out(x->size(), 1);
    std::copy_n(x->begin(), 2, out.begin());
    return {valueOf(std::move(out))};
}

OnnxOutputs unpoolRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x || x->size() < 3) return {};
    if (const auto given = node.wholes(2)) return {valueOf(*given)};
    const WindowAxes window(node, x->size() - 2);
    OnnxShape out = {(*x)[0], (*x)[1]};
    if (node.has(2)) {
        out.resize(x->size(), -1);
        return {valueOf(std::move(out))};
    }
    for (std::size_t axis = 0; axis + 2 < x->size(); ++axis) {
        out.push_back(slideBack(window, axis, (*x)[axis + 2]));
    }
    return {valueOf(std::move(out))};
}

std::int64_t scaled(std::int64_t size, double scale) {
    if (size < 0 || !(scale >= 0)) return -1;
    // Scales are of single precision, and so are products: ten times 0.7 are seven.
    const double out = std::floor(static_cast<float>(size) * static_cast<float>(scale));
    return out <= static_cast<double>(kMostReckoned) ? static_cast<std::int64_t>(out) : -1;
}

/// A scale an axis, from an attribute or an input; some may be unknown.
std::vector<std::optional<double>> scalesOf(const OnnxNode& node, int input) {
    std::vector<std::optional<double>> scales;
    if (const auto given = node.reals("scales")) {
        scales.assign(given->begin(), given->end());
    } else if (const auto* numbers = node.numbers(input)) {
        for (const auto& number : *numbers) scales.push_back(realOf(number));
    }
    return scales;
}

/// With sizes for some axes that are to keep their proportion, one scale holds for all.
void keepProportion(const OnnxNode& node, const OnnxShape& x, const std::vector<std::size_t>& axes,
                    OnnxShape& out) {
    const auto policy = node.text("keep_aspect_ratio_policy", "stretch");
    if (policy == "stretch") return;
    std::optional<double> scale;
    for (const auto axis : axes) {
        if (x[axis] < 1 || out[axis] < 1) return;
        const double own = static_cast<double>(out[axis]) / static_cast<double>(x[axis]);
        if (!scale) scale = own;
        scale = policy == "not_larger" ? std::min(*scale, own) : std::max(*scale, own);
    }
    for (const auto axis : axes) {
        const double size = std::round(static_cast<double>(x[axis]) * *scale);
        out[axis] =
            size <= static_cast<double>(kMostReckoned) ? static_cast<std::int64_t>(size) : -1;
    }
}

OnnxOutputs resizeRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    if (!x) return {};
    std::vector<std::size_t> axes;
    if (const auto given = node.integers("axes")) {
        for (const auto axis : *given) {
            const auto at = axisOf(axis, x->size());
            if (!at) return {};
            axes.push_back(*at);
        }
    } else {
        for (std::size_t axis = 0; axis < x->size(); ++axis) axes.push_back(axis);
    }
    OnnxShape out = *x;
    for (const auto axis : axes) out[axis] = -1;
    // Before operator set 11 there is no region of interest between input and scales.
    const auto* sizes = node.numbers(3);
    const auto scales = scalesOf(node, node.inputs() == 2 ? 1 : 2);
    if (sizes && sizes->size() == axes.size()) {
        for (std::size_t i = 0; i < axes.size(); ++i) {
            out[axes[i]] = wholeOf((*sizes)[i]).value_or(-1);
        }
        keepProportion(node, *x, axes, out);
    } else if (scales.size() == axes.size() &&
               node.text("coordinate_transformation_mode") != "tf_crop_and_resize") {
        for (std::size_t i = 0; i < axes.size(); ++i) {
            if (scales[i]) out[axes[i]] = scaled((*x)[axes[i]], *scales[i]);
        }
    }
    return {valueOf(std::move(out))};
}

/// Upsample of operator set 1 has a scale of its own for rows and for columns.
OnnxOutputs upsampleRule(const OnnxNode& node) {
    const auto* rows = node.attribute("height_scale");
    const auto* columns = node.attribute("width_scale");
    const auto* x = node.shape(0);
    if (!rows || !columns || !x || x->size() != 4) return resizeRule(node);
    return {valueOf({(*x)[0], (*x)[1], scaled((*x)[2], rows->f()), scaled((*x)[3], columns->f())})};
}

/// Blocks of pixels become channels (`out` is 1), or channels blocks.
OnnxOutputs blockRule(const OnnxNode& node, bool toDepth) {
    const auto* x = node.shape(0);
    const auto block = node.integer("blocksize", 0);
    if (!x || x->size() != 4 || block < 1 || block > 1'000'000) return {};
    const auto less = [](std::int64_t size, std::int64_t by) { return size < 0 ? -1 : size / by; };
    const auto more = [](std::int64_t size, std::int64_t by) {
        return checkedProduct(size, by).value_or(-1);
    };
    const auto channels = block * block;
    const auto& s = *x;
    const auto odd = [](std::int64_t size, std::int64_t by) { return size >= 0 && size % by != 0; };
    if (toDepth ? odd(s[2], block) || odd(s[3], block) : odd(s[1], channels)) {
        return {impossibleValue("its input (" + textOf(s) + ") cannot be cut into blocks of " +
                                std::to_string(block))};
    }
    if (toDepth) {
        return {valueOf({s[0], more(s[1], channels), less(s[2], block), less(s[3], block)})};
    }
    return {valueOf({s[0], less(s[1], channels), more(s[2], block), more(s[3], block)})};
}

OnnxOutputs roiRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto* rois = node.shape(1);
    if (!x || x->size() < 2 || !rois || rois->empty()) return {};
    const auto pooled = node.integers("pooled_shape");
    OnnxShape out = {(*rois)[0], (*x)[1], node.integer("output_height", 1),
                     node.integer("output_width", 1)};
    if (pooled && pooled->size() == 2) std::copy(pooled->begin(), pooled->end(), out.begin() + 2);
    return {valueOf(std::move(out))};
}

OnnxOutputs gridSampleRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto* grid = node.shape(1);
    if (!x || x->size() < 2 || !grid || grid->size() != x->size()) return {};
    OnnxShape out = *x;
    std::copy(grid->begin() + 1, grid->end() - 1, out.begin() + 2);
    return {valueOf(std::move(out))};
}

OnnxOutputs col2ImRule(const OnnxNode& node) {
    const auto* x = node.shape(0);
    const auto image = node.wholes(1);
    const auto block = node.wholes(2);
    if (!x || x->size() != 3 || !image || !block) return {};
    const auto taps = elementsOf(*block);
    OnnxShape out = {(*x)[0], taps && *taps > 0 && (*x)[1] >= 0 ? (*x)[1] / *taps : -1};
    out.insert(out.end(), image->begin(), image->end());
    return {valueOf(std::move(out))};
}

}  // namespace

const OnnxRules& windowRules() {
    static const OnnxRules kRules = {
        {"Conv", convolutionRule},
        {"DeformConv", convolutionRule},
        {"ConvTranspose", transposedRule},
        {"MaxPool", poolRule},
        {"AveragePool", poolRule},
        {"LpPool", poolRule},
        {"GlobalAveragePool", globalPoolRule},
        {"GlobalMaxPool", globalPoolRule},
        {"GlobalLpPool", globalPoolRule},
        {"MaxUnpool", unpoolRule},
        {"Resize", resizeRule},
        {"Upsample", upsampleRule},
        {"DepthToSpace", [](const OnnxNode& node) { return blockRule(node, false); }},
        {"SpaceToDepth", [](const OnnxNode& node) { return blockRule(node, true); }},
        {"RoiAlign", roiRule},
        {"MaxRoiPool", roiRule},
        {"GridSample", gridSampleRule},
        {"Col2Im", col2ImRule}};
    return kRules;
}

}  // namespace cohelix::interop
