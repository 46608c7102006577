// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cost/array_template.h"

#include <algorithm>

#include "core/cost/evaluate.h"
#include "core/cost/technology.h"

namespace cohelix::cost {
namespace {

using model::ArrayChunk;
using model::Dim;
using model::DimSizes;
using model::Layer;
using model::LoopKind;

std::size_t at(Dim dim) { return static_cast<std::size_t>(dim); }

/// A layer's trip counts per level, from the inside out.
struct Trips {
    DimSizes registers, spatial, buffer, dram;
};

Trips tripsOf(const ArrayChunk& chunk, const Layer& layer) {
    Trips trips;
    for (const Dim dim : model::kAllDims) {
        const std::size_t d = at(dim);
        const bool perGroup = dim == Dim::C || (dim == Dim::K && !layer.depthwise());
        std::int64_t rest = perGroup ? layer.size(dim) / layer.groups : layer.size(dim);
        const auto take = [&rest](std::int64_t most) {
            const auto taken = std::min(most, rest);
            rest = (rest + taken - 1) / taken;
            return taken;
        };
        trips.registers[d] = take(chunk.registerTile[d]);
        trips.spatial[d] = take(chunk.spatial[d]);
        trips.buffer[d] = take(chunk.bufferTile[d]);
        trips.dram[d] = rest;
    }
    return trips;
}

void addTemporal(model::MappingLevel& level, const model::DimOrder& order, const DimSizes& trips) {
    for (const Dim dim : order) {
        if (trips[at(dim)] > 1) level.loops.push_back({dim, trips[at(dim)], LoopKind::Temporal});
    }
}

}  // namespace

model::Mapping arrayMapping(const ArrayChunk& chunk, const Layer& layer) {
    const auto trips = tripsOf(chunk, layer);
    model::MappingLevel dram{"DRAM", {}, {true, true, true}};
    addTemporal(dram, chunk.dramOrder, trips.dram);
    model::MappingLevel buffer{"buffer", {}, {true, true, true}};
    addTemporal(buffer, chunk.bufferOrder, trips.buffer);
    for (const Dim dim : model::kAllDims) {
        if (trips.spatial[at(dim)] <= 1) continue;
        const bool row = std::find(chunk.rowDims.begin(), chunk.rowDims.end(), dim) !=
                         chunk.rowDims.end();
        buffer.loops.push_back({dim, trips.spatial[at(dim)], row ? LoopKind::Rows : LoopKind::Columns});
    }
    model::MappingLevel registers{"register file", {}, {true, true, true}};
    addTemporal(registers, chunk.registerOrder, trips.registers);
    return {{dram, buffer, registers}};
}

base::Result<ArrayLayer> evaluateOnArray(const Layer& layer, const ArrayChunk& chunk,
                                         const std::string& technologyName) {
    const auto technology = findTechnology(technologyName);
    if (!technology) {
        return base::Error{"/accelerator/technology", "'" + technologyName + "' is not known", {}};
    }
    const auto mapping = arrayMapping(chunk, layer);
    auto hierarchy = hierarchyOf(*technology, static_cast<double>(chunk.bufferWords),
                                 static_cast<double>(chunk.registerWords), chunk.bits);
    auto result = evaluateLoopNest(layer, mapping, hierarchy);
    if (!result) return result.error();
    const double groups = layer.depthwise() ? 1 : layer.groups;
    return ArrayLayer{mapping, std::move(hierarchy), std::move(*result), groups};
}

}  // namespace cohelix::cost
