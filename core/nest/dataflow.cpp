// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/dataflow.h"

#include <algorithm>

#include "core/nest/nest.h"

namespace cohelix::nest {
namespace {

using base::Error;
using base::Result;
using model::Dim;
using model::LoopKind;

struct Place {
    const model::Layer& layer;
    const model::MappingLevel& level;
    const Dataflow& dataflow;

    Error error(const std::string& what, const std::string& hint) const {
        return {layer.name, level.memory + ": " + what + " (" + dataflow.name + ")", hint};
    }
};

std::string namesOf(const std::vector<Dim>& dims) {
    std::string names;
    for (const Dim dim : dims) names += (names.empty() ? "" : " ") + std::string(word(dim));
    return names.empty() ? "none" : names;
}

Result<void> checkKeeps(const Place& place, const DataflowLevel& allowed) {
    for (const auto tensor : model::kAllTensors) {
        if (place.level.keeps[indexOf(tensor)] == allowed.keeps[indexOf(tensor)]) continue;
        const std::string name(word(tensor));
        return allowed.keeps[indexOf(tensor)]
                   ? place.error("the mapping passes by its " + name, "Keep them here")
                   : place.error("the mapping keeps " + name + " here", "Let them pass it by");
    }
    return {};
}

Result<void> checkSpatial(const Place& place, const DataflowLevel& allowed) {
    for (const auto& loop : place.level.loops) {
        if (loop.kind == LoopKind::Temporal || loop.trips <= 1) continue;
        const bool row = loop.kind == LoopKind::Rows;
        const auto& dims = row ? allowed.rows : allowed.columns;
        if (std::find(dims.begin(), dims.end(), loop.dim) != dims.end()) continue;
        const std::string side = row ? "rows" : "columns";
        return place.error(std::string(word(loop.dim)) + " cannot be unrolled over " + side,
                           "Allowed over " + side + ": " + namesOf(dims));
    }
    return {};
}

Result<void> checkOrder(const Place& place, const DataflowLevel& allowed) {
    if (!allowed.stationary) return {};
    const model::Loop* passing = nullptr;
    for (const auto& loop : place.level.loops) {
        if (loop.kind != LoopKind::Temporal || loop.trips <= 1) continue;
        if (!indexes(*allowed.stationary, loop.dim)) {
            passing = &loop;
        } else if (passing) {
            return place.error("the loop over " + std::string(word(loop.dim)) + " lies inside " +
                                   std::string(word(passing->dim)) + " and exchanges the " +
                                   std::string(word(*allowed.stationary)) +
                                   " before they are used up",
                               "Move it outside");
        }
    }
    return {};
}

}  // namespace

Result<void> checkDataflow(const model::Layer& layer, const model::Mapping& mapping,
                           const Dataflow& dataflow) {
    if (mapping.levels.size() != dataflow.levels.size()) {
        return Error{layer.name,
                     "the mapping has " + std::to_string(mapping.levels.size()) +
                         " levels, the dataflow " + std::to_string(dataflow.levels.size()),
                     "Give one level of loops per memory"};
    }
    for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
        const Place place{layer, mapping.levels[l], dataflow};
        if (auto fits = checkKeeps(place, dataflow.levels[l]); !fits) return fits;
        if (auto fits = checkSpatial(place, dataflow.levels[l]); !fits) return fits;
        if (auto fits = checkOrder(place, dataflow.levels[l]); !fits) return fits;
    }
    return {};
}

}  // namespace cohelix::nest
