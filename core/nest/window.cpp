// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/window.h"

#include <algorithm>
#include <vector>

namespace cohelix::nest {

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
        both +=
            touched[static_cast<std::size_t>(i)] && touched[static_cast<std::size_t>(i - distance)];
    }
    return both;
}

namespace {

/// Tiles of outputs and kernel positions side by side along an axis, and where words lie.
class TilesAlong {
public:
    TilesAlong(const Nest& nest, std::size_t axis, const LoopSizes& tile)
        : m_pace(nest.paces[axis]), m_inputs(nest.inputs[axis]) {
        const auto& dims = kSlidingAxes[axis];
        m_outputs = {nest.sizes[indexOf(dims.dim)], tile[indexOf(dims.dim)]};
        m_kernels = {nest.sizes[indexOf(dims.kernel)], tile[indexOf(dims.kernel)]};
    }

    std::int64_t most() const {
        std::int64_t most = 0;
        for (std::int64_t r = 0; r < m_kernels.size; r += m_kernels.tile) {
            most = std::max(most, mostAt(r));
        }
        return most;
    }

private:
    struct Tiled {
        std::int64_t size = 1;
        std::int64_t tile = 1;
        std::int64_t at(std::int64_t begin) const { return std::min(tile, size - begin); }
    };

    /// The most inputs of a tile at one place in the kernel. Tiles before the inputs' begin get
    /// more the later they lie, those behind it fewer, unless they reach over both ends. The last
    /// tile may be smaller than the one before it, which is looked at, too.
    std::int64_t mostAt(std::int64_t r) const {
        const std::int64_t ahead = m_inputs.begin - r * m_pace.dilation;
        const std::int64_t step = m_outputs.tile * m_pace.stride;
        const std::int64_t reach = reachOf(m_pace, m_outputs.tile, m_kernels.at(r));
        const bool inside =
            reach <= m_inputs.size() || gapless(m_pace, m_outputs.tile, m_kernels.at(r));
        const std::int64_t last = (m_outputs.size - 1) / m_outputs.tile;
        const std::int64_t before = std::clamp<std::int64_t>(ahead / step, 0, last);
        const std::int64_t first = inside
                                       ? std::max<std::int64_t>(0, std::min(before, last - 1))
                                       : std::clamp<std::int64_t>((ahead - reach) / step, 0, last);
        const std::int64_t end =
            inside ? std::min(last, before + 1)
                   : std::clamp<std::int64_t>((ahead + m_inputs.size()) / step, 0, last);
        std::int64_t most = 0;
        for (std::int64_t k = first; k <= end; ++k) {
            most = std::max(most, wordsAt(k * m_outputs.tile, r));
        }
        return most;
    }

    std::int64_t wordsAt(std::int64_t p, std::int64_t r) const {
        const std::int64_t outputs = m_outputs.at(p);
        const std::int64_t kernels = m_kernels.at(r);
        const std::int64_t from = p * m_pace.stride + r * m_pace.dilation;
        const Positions hull = {from, from + reachOf(m_pace, outputs, kernels)};
        const auto words = both(hull, m_inputs).size();
        if (words == 0 || gapless(m_pace, outputs, kernels)) return words;
        return static_cast<std::int64_t>(touched(from, outputs, kernels).size());
    }

    std::vector<std::int64_t> touched(std::int64_t from, std::int64_t outputs,
                                      std::int64_t kernels) const {
        std::vector<std::int64_t> found;
        for (std::int64_t p = 0; p < outputs; ++p) {
            for (std::int64_t r = 0; r < kernels; ++r) {
                const auto position = from + p * m_pace.stride + r * m_pace.dilation;
                if (position >= m_inputs.begin && position < m_inputs.end) {
                    found.push_back(position);
                }
            }
        }
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        return found;
    }

    Pace m_pace;
    Positions m_inputs;
    Tiled m_outputs;
    Tiled m_kernels;
};

}  // namespace

std::int64_t pairsWithWords(const Nest& nest, std::size_t axis) {
    const auto& pace = nest.paces[axis];
    const auto& inputs = nest.inputs[axis];
    const std::int64_t outputs = nest.sizes[indexOf(kSlidingAxes[axis].dim)];
    const std::int64_t kernels = nest.sizes[indexOf(kSlidingAxes[axis].kernel)];
    if (!nest.touchesZeros[axis]) return outputs * kernels;
    // Outputs whose place for one kernel position lies before some end.
    const auto before = [&](std::int64_t end) {
        return end <= 0 ? 0 : std::min(outputs, (end + pace.stride - 1) / pace.stride);
    };
    std::int64_t pairs = 0;
    for (std::int64_t r = 0; r < kernels; ++r) {
        const std::int64_t shift = r * pace.dilation;
        pairs += before(inputs.end - shift) - before(inputs.begin - shift);
    }
    return pairs;
}

std::int64_t mostInputs(const Nest& nest, std::size_t axis, const LoopSizes& tile) {
    return TilesAlong(nest, axis, tile).most();
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

}  // namespace cohelix::nest
