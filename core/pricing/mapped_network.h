// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Layers one after the other on a memory hierarchy: under mappings that are given, and where none
// is, under the mapper's best.

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/hardware/coverage.h"
#include "core/mapping/constraints.h"
#include "core/mapping/mapper.h"
#include "core/model/layer.h"
#include "core/model/mapping.h"
#include "core/nest/dataflow.h"
#include "core/nest/hierarchy.h"

namespace cohelix::pricing {

struct LayersToMap {
    std::string name;
    std::vector<model::Layer> layers;
    std::vector<hardware::UnpricedWork> unread = {};  ///< work that no layer stands for
    std::vector<hardware::BoundedWork> bounded = {};  ///< layers that run otherwise than priced
};

struct MappingHardware {
    nest::Hierarchy hierarchy = {};
    std::optional<nest::Dataflow> dataflow = {};           ///< none: all there are
    double clockMhz = 0;                                   ///< 0: none is known
    std::optional<mapping::Constraints> constraints = {};  ///< on mappings
};

struct MappedLayer {
    model::Layer layer;
    model::Mapping mapping;
    nest::LoopNestResult cost;
    std::optional<mapping::BestMapping> search;  ///< none: the mapping was given
};

struct MappedNetwork {
    std::string name;
    MappingHardware hardware;
    std::vector<MappedLayer> layers = {};
    double cycles = 0;
    double picojoule = 0;
    hardware::Coverage coverage = {};
    std::size_t given = 0;        ///< layers under a given mapping
    bool optimal = true;          ///< every searched mapping is
    mapping::Extent extent = {};  ///< of the bounds: of what every one of them is
    mapping::Objective objective = mapping::Objective::Edp;
    std::vector<std::string> notes = {};  ///< what the mapper chose unasked, what is missing

    /// Multiply-accumulates over all that the PEs could have made; 0 where their count is open.
    double utilization() const;
};

struct MappingRequest {
    mapping::MapperOptions how = {};  ///< its objective aside
    /// None: energy times delay, or latency where the hardware has no energies.
    std::optional<mapping::Objective> objective = {};
    /// A layer, by index and name, begins to be mapped.
    std::function<void(std::size_t layer, const std::string& name)> begins = {};
};

/// Equal shapes are searched once. A layer for which there is no mapping is left out and named; it
/// may be that all are. Errors: of a given mapping, and of a layer that is alone.
base::Result<MappedNetwork> mapNetwork(const LayersToMap& work, const MappingHardware& hardware,
                                       const std::map<std::string, model::Mapping>& given,
                                       const MappingRequest& request);

}  // namespace cohelix::pricing
