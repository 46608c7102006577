// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hardware/array/array_layer.h"

#include <algorithm>

#include "core/nest/technology.h"

namespace cohelix::hardware {
namespace {

using model::ArrayChunk;
using model::Dim;
using model::DimSizes;
using model::Layer;
using model::LoopKind;

/// In a depthwise layer the template's output channels are the groups.
Dim loopDim(const Layer& layer, Dim dim) {
    return layer.depthwise() && dim == Dim::K ? Dim::G : dim;
}

/// A layer's trip counts per level, from the inside out.
struct Trips {
    DimSizes registers, spatial, buffer, dram;
};

Trips tripsOf(const ArrayChunk& chunk, const Layer& layer) {
    Trips trips;
    for (const Dim dim : model::kAllDims) {
        const std::size_t d = model::indexOf(dim);
        std::int64_t rest = model::loopSize(layer, loopDim(layer, dim));
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

void addTemporal(model::MappingLevel& level, const Layer& layer, const model::DimOrder& order,
                 const DimSizes& trips) {
    for (const Dim dim : order) {
        if (trips[model::indexOf(dim)] <= 1) continue;
        level.loops.push_back(
            {loopDim(layer, dim), trips[model::indexOf(dim)], LoopKind::Temporal});
    }
}

}  // namespace

model::Mapping arrayMapping(const ArrayChunk& chunk, const Layer& layer) {
    if (const auto own = chunk.mappings.find(model::layerShapeOf(layer));
        own != chunk.mappings.end()) {
        return own->second;
    }
    const auto trips = tripsOf(chunk, layer);
    model::MappingLevel dram{"DRAM", {}, {true, true, true}};
    if (layer.groups > 1 && !layer.depthwise()) {
        dram.loops.push_back({Dim::G, layer.groups, LoopKind::Temporal});  // one after the other
    }
    addTemporal(dram, layer, chunk.dramOrder, trips.dram);
    model::MappingLevel buffer{"buffer", {}, {true, true, true}};
    addTemporal(buffer, layer, chunk.bufferOrder, trips.buffer);
    for (const Dim dim : model::kAllDims) {
        if (trips.spatial[model::indexOf(dim)] <= 1) continue;
        const bool row =
            std::find(chunk.rowDims.begin(), chunk.rowDims.end(), dim) != chunk.rowDims.end();
        buffer.loops.push_back({loopDim(layer, dim), trips.spatial[model::indexOf(dim)],
                                row ? LoopKind::Rows : LoopKind::Columns});
    }
    model::MappingLevel registers{"register file", {}, {true, true, true}};
    addTemporal(registers, layer, chunk.registerOrder, trips.registers);
    return {{dram, buffer, registers}};
}

base::Result<nest::Hierarchy> arrayHierarchy(const ArrayChunk& chunk,
                                             const std::string& technologyName) {
    const auto technology = nest::findTechnology(technologyName);
    if (!technology) {
        return base::Error{"/accelerator/technology", "'" + technologyName + "' is not known", {}};
    }
    return nest::hierarchyOf(*technology, static_cast<double>(chunk.bufferWords),
                             static_cast<double>(chunk.registerWords), chunk.bits);
}

base::Result<ArrayLayer> evaluateOnArray(const Layer& layer, const ArrayChunk& chunk,
                                         const std::string& technologyName, double extraDramWords) {
    auto described = arrayHierarchy(chunk, technologyName);
    if (!described) return described.error();
    auto& hierarchy = *described;
    const auto mapping = arrayMapping(chunk, layer);
    hierarchy.levels.front().readWordsPerCycle += extraDramWords;
    hierarchy.levels.front().writeWordsPerCycle += extraDramWords;
    auto result = nest::evaluateLoopNest(layer, mapping, hierarchy);
    if (!result) return result.error();
    return ArrayLayer{mapping, std::move(hierarchy), std::move(*result)};
}

}  // namespace cohelix::hardware
