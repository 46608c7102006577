// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Layers one after the other on a memory hierarchy: under mappings that are given, and where none
// is, under the mapper's best.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/hardware/coverage.h"
#include "core/mapping/mapper.h"

#include "app/cli/cost/cost_input.h"
#include "app/cli/cost/cost_options.h"

namespace cohelix::cli {

struct MappedLayer {
    model::Layer layer;
    model::Mapping mapping;
    nest::LoopNestResult cost;
    std::optional<mapping::BestMapping> search;  ///< none: the mapping was given
};

struct MappedNetwork {
    std::string name;
    Hardware hardware;
    std::vector<MappedLayer> layers = {};
    double cycles = 0;
    double picojoule = 0;
    hardware::Coverage coverage = {};
    std::size_t given = 0;        ///< layers under a given mapping
    bool optimal = true;          ///< every searched mapping is
    mapping::Extent extent = {};  ///< of the bounds: of what every one of them is
    mapping::Objective objective = mapping::Objective::Edp;
    StatedBits bits = {};
    std::vector<std::string> notes = {};  ///< what the mapper chose unasked, what is missing

    /// Multiply-accumulates over all that the PEs could have made; 0 where their count is open.
    double utilization() const;
};

/// Equal shapes are searched once. A terminal sees which layer is being mapped. A layer for which
/// there is no mapping is left out and named.
/// Errors: of a given mapping; nothing can be priced.
base::Result<MappedNetwork> mapNetwork(const LayerList& list, const Hardware& hardware,
                                       const std::map<std::string, model::Mapping>& given,
                                       const CostOptions& options);

/// Totals, then layer by layer everything of cost_report's pricedJson and of the mapper.
base::Json mappedJson(const MappedNetwork& network, const CostOptions& options);
/// Layer by layer in full, then the totals.
std::string mappedText(const MappedNetwork& network);
/// A line a layer, then the totals.
std::string summaryText(const MappedNetwork& network);

}  // namespace cohelix::cli
