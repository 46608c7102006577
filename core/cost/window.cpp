// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cost/window.h"

#include <algorithm>
#include <vector>

namespace cohelix::cost {

std::int64_t commonPositions(const Pace& pace, std::int64_t outputs, std::int64_t kernels,
                             std::int64_t distance) {
    const std::int64_t reach = reachOf(pace, outputs, kernels);
    if (distance >= reach) return 0;
    if (gapless(pace, outputs, kernels)) return reach - distance;
    std::vector<bool> touched(static_cast<std::size_t>(reach), false);
    for (std::int64_t p = 0; p < outputs; ++p) {
        for (std::int64_t r = 0; r < kernels; ++r) {
            touched[static_cast<std::size_t>(p * pace.stride + r * pace.dilation)] = true;
        }
    }
    std::int64_t both = 0;
    for (std::int64_t i = distance; i < reach; ++i) {
        both += touched[static_cast<std::size_t>(i)] &&
                touched[static_cast<std::size_t>(i - distance)];
    }
    return both;
}

std::int64_t covered(std::span<const std::int64_t> offsets, std::int64_t reach) {
    std::int64_t all = 0;
    std::int64_t end = offsets.empty() ? 0 : offsets.front();
    for (const auto offset : offsets) {
        all += std::max<std::int64_t>(0, offset + reach - std::max(offset, end));
        end = std::max(end, offset + reach);
    }
    return all;
}

}  // namespace cohelix::cost
