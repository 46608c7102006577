// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cost/batch.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <utility>

#include "core/cost/batch_lanes.h"
#include "core/cost/nest.h"
#include "core/cost/nest_checks.h"

namespace cohelix::cost {
namespace {

using base::Error;
using base::Result;

/// Mappings that a worker takes at once.
constexpr std::size_t kStretch = 1024;

std::size_t loopsOf(const model::Mapping& shape) {
    std::size_t loops = 0;
    for (const auto& level : shape.levels) loops += level.loops.size();
    return loops;
}

/// Places of loops; their trips are the batch's.
void addLoops(Nest& nest, const model::Mapping& shape) {
    for (const auto& level : shape.levels) {
        nest.begin.push_back(nest.loops.size());
        for (const auto& loop : level.loops) {
            nest.loops.push_back({loop.dim, loop.kind, 1, 1, loop.fanOut});
        }
    }
    nest.begin.push_back(nest.loops.size());
}

class Batch {
public:
    Batch(const model::Layer& layer, const MappingBatch& batch, const Hierarchy& hierarchy,
          const BatchOptions& options)
        : m_layer(readsBorder(layer, hierarchy, options.convention)
                      ? model::withZerosAsWords(layer)
                      : layer),
          m_batch(batch), m_hierarchy(hierarchy), m_options(options) {
        m_result.valid.resize(batch.count);
        m_result.cycles.resize(batch.count);
        m_result.energyPicojoule.resize(batch.count);
        m_figures = batch.shape.levels.size() * model::kTensors;
        if (options.traffic) m_result.traffic.resize(batch.count * m_figures);
        if (auto facts = factsOf(m_layer); facts.ok()) {
            m_shape = std::move(*facts);
            addLoops(m_shape, batch.shape);
            m_inLanes = suitsLanes();
        }
    }

    BatchResult run() {
        const std::size_t stretches = (m_batch.count + kStretch - 1) / kStretch;
        if (m_options.executor) {
            m_options.executor->forEach(stretches, [this](std::size_t s) { evaluate(s); });
        } else {
            for (std::size_t s = 0; s < stretches; ++s) evaluate(s);
        }
        m_result.oneByOne = m_oneByOne;
        return std::move(m_result);
    }

private:
    bool suitsLanes() const {
        return !m_shape.bordered() && m_shape.levels() <= kMostLaneLevels && m_shape.loops.size() <= kMostLoops &&
               checkShape(m_layer, m_batch.shape, m_hierarchy, m_options.convention).ok();
    }

    void evaluate(std::size_t stretch) {
        const std::size_t begin = stretch * kStretch;
        const std::size_t count = std::min(kStretch, m_batch.count - begin);
        std::array<LaneVerdict, kStretch> verdicts;
        verdicts.fill(LaneVerdict::Left);
        if (m_inLanes) {
            const LanePlan plan{m_shape, m_batch.shape, m_hierarchy, m_options.convention,
                                model::macs(m_layer)};
            evaluateLanes(plan, m_batch.trips.data() + begin, m_batch.count, count,
                          {verdicts.data(), m_result.cycles.data() + begin,
                           m_result.energyPicojoule.data() + begin,
                           m_options.traffic ? m_result.traffic.data() + begin * m_figures
                                             : nullptr});
        }
        std::size_t left = 0;
        for (std::size_t i = 0; i < count; ++i) {
            m_result.valid[begin + i] = verdicts[i] == LaneVerdict::Valid;
            if (verdicts[i] != LaneVerdict::Left) continue;
            evaluateAlone(begin + i);
            ++left;
        }
        m_oneByOne += left;
    }

    void evaluateAlone(std::size_t index) {
        const auto one = evaluateLoopNest(m_layer, m_batch.mapping(index), m_hierarchy,
                                          m_options.convention);
        if (!one) return;
        m_result.valid[index] = 1;
        m_result.cycles[index] = one->cycles;
        m_result.energyPicojoule[index] = one->energyPicojoule;
        if (!m_options.traffic) return;
        auto* to = m_result.traffic.data() + index * m_figures;
        for (const auto& level : one->levels) {
            to = std::copy(level.tensors.begin(), level.tensors.end(), to);
        }
    }

    const model::Layer m_layer;
    const MappingBatch& m_batch;
    const Hierarchy& m_hierarchy;
    const BatchOptions& m_options;
    Nest m_shape;
    bool m_inLanes = false;
    std::size_t m_figures = 0;  ///< TensorTraffic a mapping
    std::atomic<std::size_t> m_oneByOne = 0;
    BatchResult m_result;
};

}  // namespace

model::Mapping MappingBatch::mapping(std::size_t index) const {
    model::Mapping one = shape;
    std::size_t loop = 0;
    for (auto& level : one.levels) {
        for (auto& each : level.loops) each.trips = trips[count * loop++ + index];
    }
    return one;
}

MappingBatch batchOf(const model::Mapping& shape, std::size_t count) {
    MappingBatch batch{shape, count, {}};
    batch.trips.reserve(loopsOf(shape) * count);
    for (const auto& level : shape.levels) {
        for (const auto& loop : level.loops) {
            batch.trips.insert(batch.trips.end(), count, loop.trips);
        }
    }
    return batch;
}

Result<BatchResult> evaluateBatch(const model::Layer& layer, const MappingBatch& batch,
                                  const Hierarchy& hierarchy, const BatchOptions& options) {
    const std::size_t loops = loopsOf(batch.shape);
    const bool whole = loops == 0 ? batch.trips.empty()
                                  : batch.trips.size() % loops == 0 &&
                                        batch.trips.size() / loops == batch.count;
    if (!whole) {
        return Error{layer.name,
                     "a batch of " + std::to_string(batch.count) + " mappings of " +
                         std::to_string(loops) + " loops has " +
                         std::to_string(batch.trips.size()) + " trips",
                     "Give one of each loop for each mapping"};
    }
    return Batch(layer, batch, hierarchy, options).run();
}

}  // namespace cohelix::cost
