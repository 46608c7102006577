// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pricing/layer_mapper.h"

#include <algorithm>

#include "core/hardware/evaluate.h"

namespace cohelix::pricing {
namespace {

using model::Dim;
using model::LoopKind;

/// The level of the template's hierarchy inside which the PEs are unrolled, and the innermost one.
constexpr std::size_t kBufferLevel = 1;
constexpr std::size_t kRegisterLevel = 2;

mapping::Objective objectiveOf(spec::Metric metric) {
    switch (metric) {
        case spec::Metric::EnergyMj: return mapping::Objective::Energy;
        case spec::Metric::Edp: return mapping::Objective::Edp;
        case spec::Metric::Fps:
        case spec::Metric::LatencyMs: break;
    }
    return mapping::Objective::Latency;
}

/// The chunk's rows and columns, free for any of the dimensions that it unrolls along them.
mapping::MapSpace mapSpaceOf(const model::ArrayChunk& chunk) {
    mapping::Unrolling rows{kBufferLevel, LoopKind::Rows};
    mapping::Unrolling columns{kBufferLevel, LoopKind::Columns};
    for (const Dim dim : model::kAllDims) {
        const auto size = chunk.spatial[static_cast<std::size_t>(dim)];
        const bool row = std::ranges::find(chunk.rowDims, dim) != chunk.rowDims.end();
        if (!row && size == 1) continue;
        auto& unrolling = row ? rows : columns;
        unrolling.most *= size;
        // In a depthwise layer the template's output channels are the groups.
        const bool groups = chunk.role == model::ChunkRole::Depthwise && dim == Dim::K;
        unrolling.dims[static_cast<std::size_t>(groups ? Dim::G : dim)] = true;
    }
    return {kBufferLevel, kRegisterLevel, {rows, columns}};
}

}  // namespace

bool LayerMapper::available() const {
    return m_specification.search.layerMapping == spec::LayerMapping::Proven &&
           m_specification.accelerator.kind == model::Template::LoopNest;
}

void LayerMapper::map(model::Accelerator& accelerator, std::span<const model::Layer> layers,
                      std::span<const int> chunkOfLayer) {
    const mapping::MapperOptions options{.objective = objectiveOf(m_specification.objective.metric),
                                         .executor = &m_executor};
    for (std::size_t i = 0; i < layers.size(); ++i) {
        auto& chunk = accelerator.arrays[static_cast<std::size_t>(chunkOfLayer[i])];
        if (chunk.mappings.contains(model::layerShapeOf(layers[i]))) continue;
        const auto hierarchy = hardware::arrayHierarchy(chunk, accelerator.technology);
        if (!hierarchy) return;  // pricing says so
        const auto best = m_cache.bestMapping(layers[i], *hierarchy, mapSpaceOf(chunk), options);
        if (!best) continue;
        const auto tiled =
            nest::evaluateLoopNest(layers[i], hardware::arrayMapping(chunk, layers[i]), *hierarchy);
        if (tiled && mapping::objectiveValue(options.objective, *tiled) < best->value) continue;
        chunk.mappings.emplace(model::layerShapeOf(layers[i]), best->mapping);
    }
}

void restoreMappings(model::Accelerator& accelerator, const model::Network& network,
                     const model::DesignCost& cost) {
    if (accelerator.kind != model::Template::LoopNest) return;
    for (std::size_t i = 0; i < cost.layers.size(); ++i) {
        const auto c = static_cast<std::size_t>(cost.layers[i].chunk);
        accelerator.arrays[c].mappings.emplace(model::layerShapeOf(network.layers[i]),
                                               cost.layers[i].mapping);
    }
}

}  // namespace cohelix::pricing
