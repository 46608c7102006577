// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/level_traffic.h"

#include <algorithm>

#include "core/nest/box_movement.h"
#include "core/nest/dividing_movement.h"
#include "core/nest/tile_words.h"

namespace cohelix::nest {
namespace {

using model::Tensor;

class TrafficCount {
public:
    TrafficCount(const MappedNest& mapped, LoopNestResult& result)
        : m_mapped(mapped), m_outline(mapped.outline), m_result(result) {}

    void count() {
        LoopSizes tile = kOneOfEach;
        for (const Tensor tensor : model::kAllTensors) feedMultipliers(tensor, tile);
        for (std::size_t l = m_outline.levels(); l-- > 0;) {
            for (std::size_t p = m_outline.begin(l); p < m_outline.begin(l + 1); ++p) {
                const auto& loop = m_outline.loops()[p];
                tile[indexOf(loop.dim)] *= loop.trips;
            }
            m_result.levels[l].instances = m_outline.instances(m_outline.begin(l));
            for (const Tensor tensor : model::kAllTensors) {
                if (m_mapped.keeps(l, tensor)) countTile(l, tensor, tile);
            }
        }
        m_result.pesInUse = m_outline.instances(m_outline.loops().size());
    }

private:
    TensorTraffic& traffic(std::size_t level, Tensor tensor) {
        return m_result.levels[level].tensors[indexOf(tensor)];
    }

    /// The innermost level that keeps a tensor serves the multipliers.
    void feedMultipliers(Tensor tensor, const LoopSizes& tile) {
        const std::size_t all = m_outline.levels();
        const std::size_t level = *m_mapped.parentOf(all, tensor);
        const Crossing between{m_outline, tensor, level, all, tile, false};
        const auto words = movementOf(between);
        auto& serving = traffic(level, tensor);
        if (tensor != Tensor::Outputs) {
            serving.reads += sent(level, words);
            return;
        }
        serving.updates += m_mapped.memory(level).reduces ? words.sharedLeavings : words.arrivals;
        // The first reads nothing.
        serving.reads += serving.updates - words.sharedFirstVisits;
    }

    void countTile(std::size_t level, Tensor tensor, const LoopSizes& tile) {
        const Nest& nest = m_outline.nest();
        LoopSizes most;  // edge tiles are smaller
        for (std::size_t d = 0; d < tile.size(); ++d) most[d] = std::min(tile[d], nest.sizes[d]);
        traffic(level, tensor).tile = m_mapped.convention.boxes ? boxWords(nest, tensor, most)
                                                                : elementWords(nest, tensor, most);
        const auto parent = m_mapped.parentOf(level, tensor);
        if (!parent) return;
        moveTile({m_outline, tensor, *parent, level, tile, m_mapped.forwards(level, tensor)});
    }

    /// Traffic between a level and the nearest one outside that keeps the tensor.
    void moveTile(const Crossing& between) {
        const auto words = movementOf(between);
        auto& inner = traffic(between.child, between.tensor);
        auto& outer = traffic(between.parent, between.tensor);
        if (between.tensor != Tensor::Outputs) {
            inner.fills = words.arrivals;
            inner.forwards = words.forwarded;
            outer.reads += sent(between.parent, words);
            return;
        }
        inner.drains = words.arrivals;
        if (m_mapped.memory(between.parent).reduces) {
            inner.fills = words.arrivals;
            if (!m_mapped.convention.firstOutputFillCounts) inner.fills -= words.firstVisits;
            outer.updates = words.sharedLeavings;
            outer.reads += words.sharedArrivals - words.sharedFirstVisits;
        } else {
            outer.updates = words.arrivals;
            outer.reads += words.arrivals - words.sharedFirstVisits;
        }
    }

    Movement movementOf(const Crossing& between) const {
        const bool inputs = between.tensor == Tensor::Inputs;
        if (inputs && m_mapped.convention.boxes) {
            return boxMovement(between, m_mapped.convention.stillStepEndsSlide);
        }
        // Tiles at an edge, or at zeros around the inputs, are counted one by one.
        const Nest& nest = m_outline.nest();
        if (m_outline.divides() && !(inputs && nest.bordered())) {
            if (const auto movement = dividingMovement(between)) return *movement;
        }
        return exactMovement(nest, between.tensor, between.parent, between.child, between.forwards);
    }

    /// Words of an operand that leave a memory for the inner instances.
    std::int64_t sent(std::size_t level, const Movement& words) const {
        return m_mapped.memory(level).multicast ? words.sharedArrivals
                                                : words.arrivals - words.forwarded;
    }

    const MappedNest& m_mapped;
    const Outline& m_outline;
    LoopNestResult& m_result;
};

}  // namespace

void countTraffic(const MappedNest& mapped, LoopNestResult& result) {
    TrafficCount(mapped, result).count();
}

double wordsHeld(const MemoryLevel& memory, const LevelResult& level) {
    std::int64_t tiles = 0;
    for (const auto& tensor : level.tensors) tiles += tensor.tile;
    return static_cast<double>(tiles) * (memory.doubleBuffered ? 2 : 1);
}

}  // namespace cohelix::nest
