// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once for each kind of processor; the one that runs is chosen when the program starts.
#include "core/learn/depthwise.h"

// Vectors whose size only the processor knows cannot stand in arrays.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/learn/depthwise.cpp"
#include <algorithm>
#include <vector>

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cohelix::learn::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
/// One row of inputs and of outputs at one vector of channels.
struct RowPair {
    const float* maps;
    const float* byOutput;
    std::size_t channels;  ///< between two columns
};

/// Adds what one row gives to kTaps weights of a kernel's row, the first of them at column
/// `firstTap`.
template <std::size_t kTaps, typename Tag>
HWY_INLINE void addTaps(Tag tag, const ConvolvedAxis& axis, const RowPair& row,
                        std::size_t firstTap, float* sums) {
    hn::Vec<Tag> tap[kTaps];
    for (std::size_t s = 0; s < kTaps; ++s) tap[s] = hn::Zero(tag);
    const auto atBorder = [&](std::size_t q) HWY_ATTR {
        const auto g = hn::LoadU(tag, row.byOutput + q * row.channels);
        for (std::size_t s = 0; s < kTaps; ++s) {
            // Wraps around where it is left of the map, and is beyond it then.
            const std::size_t column = q * axis.stride + firstTap + s - axis.padding;
            if (column >= axis.inputs) continue;
            const auto x = hn::LoadU(tag, row.maps + column * row.channels);
            tap[s] = hn::Add(tap[s], hn::Mul(g, x));
        }
    };
    const std::size_t missing = axis.padding > firstTap ? axis.padding - firstTap : 0;
    const std::size_t inside = std::min((missing + axis.stride - 1) / axis.stride, axis.outputs);
    const std::size_t reach = axis.inputs + axis.padding;  // of the last tap's column, exclusive
    const std::size_t end =
        reach < firstTap + kTaps
            ? inside
            : std::clamp((reach - firstTap - kTaps) / axis.stride + 1, inside, axis.outputs);
    for (std::size_t q = 0; q < inside; ++q) atBorder(q);
    for (std::size_t q = inside; q < end; ++q) {
        const auto g = hn::LoadU(tag, row.byOutput + q * row.channels);
        const float* at = row.maps + (q * axis.stride + firstTap - axis.padding) * row.channels;
        for (std::size_t s = 0; s < kTaps; ++s) {
            tap[s] = hn::Add(tap[s], hn::Mul(g, hn::LoadU(tag, at + s * row.channels)));
        }
    }
    for (std::size_t q = end; q < axis.outputs; ++q) atBorder(q);
    for (std::size_t s = 0; s < kTaps; ++s) {
        float* sum = sums + (firstTap + s) * row.channels;
        hn::StoreU(hn::Add(hn::LoadU(tag, sum), tap[s]), tag, sum);
    }
}

template <typename Tag>
HWY_INLINE void addKernelRow(Tag tag, const ConvolvedAxis& axis, const RowPair& row, float* sums) {
    switch (axis.kernel) {
        case 3: return addTaps<3>(tag, axis, row, 0, sums);
        case 5: return addTaps<5>(tag, axis, row, 0, sums);
        case 7: return addTaps<7>(tag, axis, row, 0, sums);
        default:
            for (std::size_t s = 0; s < axis.kernel; ++s) addTaps<1>(tag, axis, row, s, sums);
    }
}

/// Pointers to one image and its gradient, and to sums[kernel row][kernel column][channel].
struct ImageSums {
    const float* maps;
    const float* byOutput;
    float* sums;
};

/// Adds one row of outputs to all weights of the channels from `first` on that fill whole vectors;
/// the first channel that is left.
template <typename Tag>
HWY_INLINE std::size_t addChannels(Tag tag, const DepthwiseShape& shape, const ImageSums& image,
                                   std::size_t outputRow, std::size_t first) {
    const std::size_t mapRow = shape.columns.inputs * shape.channels;
    const float* byRow = image.byOutput + outputRow * shape.columns.outputs * shape.channels;
    std::size_t c = first;
    for (; c + hn::Lanes(tag) <= shape.channels; c += hn::Lanes(tag)) {
        for (std::size_t r = 0; r < shape.rows.kernel; ++r) {
            // Above the map it wraps around, and is beyond it then.
            const std::size_t from = outputRow * shape.rows.stride + r - shape.rows.padding;
            if (from >= shape.rows.inputs) continue;
            const RowPair row = {image.maps + from * mapRow + c, byRow + c, shape.channels};
            float* sums = image.sums + r * shape.columns.kernel * shape.channels + c;
            addKernelRow(tag, shape.columns, row, sums);
        }
    }
    return c;
}

}  // namespace

void addImage(const DepthwiseShape& shape, const float* maps, const float* byOutput, float* sums) {
    const ImageSums image = {maps, byOutput, sums};
    for (std::size_t p = 0; p < shape.rows.outputs; ++p) {
        std::size_t c = addChannels(hn::ScalableTag<float>(), shape, image, p, 0);
        c = addChannels(hn::CappedTag<float, 8>(), shape, image, p, c);
        c = addChannels(hn::CappedTag<float, 4>(), shape, image, p, c);
        addChannels(hn::CappedTag<float, 1>(), shape, image, p, c);
    }
}

}  // namespace cohelix::learn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cohelix::learn {

HWY_EXPORT(addImage);

void depthwiseByWeight(const DepthwiseShape& shape, std::span<const float> maps,
                       std::span<const float> byOutput, std::span<float> byWeight) {
    const std::size_t taps = shape.rows.kernel * shape.columns.kernel;
    const std::size_t input = shape.rows.inputs * shape.columns.inputs * shape.channels;
    const std::size_t output = shape.rows.outputs * shape.columns.outputs * shape.channels;
    std::vector<float> sums(taps * shape.channels);
    std::vector<double> totals(sums.size());
    for (std::size_t n = 0; n < shape.images; ++n) {
        HWY_DYNAMIC_DISPATCH(addImage)
        (shape, maps.data() + n * input, byOutput.data() + n * output, sums.data());
        // An image's sums are short enough for float; those of a batch are not.
        for (std::size_t i = 0; i < sums.size(); ++i) totals[i] += static_cast<double>(sums[i]);
        std::ranges::fill(sums, 0.0F);
    }
    for (std::size_t tap = 0; tap < taps; ++tap) {
        for (std::size_t c = 0; c < shape.channels; ++c) {
            byWeight[c * taps + tap] = static_cast<float>(totals[tap * shape.channels + c]);
        }
    }
}

}  // namespace cohelix::learn
#endif
