// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the mapper makes of a network on a memory hierarchy (core/pricing/mapped_network), as text
// and JSON.

#include <map>
#include <string>

#include "core/base/json.h"
#include "core/pricing/mapped_network.h"

#include "app/cli/cost/cost_input.h"
#include "app/cli/cost/cost_options.h"

namespace cohelix::cli {

struct MappedReport {
    pricing::MappedNetwork network;
    StatedBits bits = {};
};

/// A terminal sees which layer is being mapped. Errors: also that nothing can be priced.
base::Result<MappedReport> mapNetwork(const LayerList& list, const Hardware& hardware,
                                      const std::map<std::string, model::Mapping>& given,
                                      const CostOptions& options);

/// Totals, then layer by layer everything of cost_report's pricedJson and of the mapper.
base::Json mappedJson(const MappedReport& report, const CostOptions& options);
/// Layer by layer in full, then the totals.
std::string mappedText(const MappedReport& report);
/// A line a layer, then the totals.
std::string summaryText(const MappedReport& report);

}  // namespace cohelix::cli
