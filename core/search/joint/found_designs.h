// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a search has found: designs are priced, their networks' accuracies estimated, and both kept
// as candidates.

#include <map>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/learn/learn.h"
#include "core/pricing/layer_mapper.h"
#include "core/search/joint/candidates.h"
#include "core/search/joint/cosearch.h"
#include "core/specification/steering.h"

namespace cohelix::search {

class FoundDesigns {
public:
    /// Holds both by reference.
    FoundDesigns(const spec::InForce& inForce, pricing::LayerMapper& mapper)
        : m_inForce(inForce), m_mapper(mapper) {}

    /// The supernet's estimate in the precision of the design's chunks, 0..1; the images that it
    /// took are added to the report. One network in one precision is estimated once for the same
    /// weights.
    base::Result<double> estimate(learn::Supernet& supernet, const model::DesignChoices& choices,
                                  StepReport& report);
    /// The supernet's weights have changed: what was estimated is out of date.
    void forgetEstimates() { m_estimates.clear(); }

    /// Prices the design and makes it a candidate, or brings that up to date.
    base::Result<ReportedDesign> report(const model::DesignChoices& choices, int target,
                                        double estimate);
    /// Where FPS, latency or energy are limited and no candidate keeps what is in force: the design
    /// that the feasibility check knows (knownDesign) is estimated and reported, as one of the
    /// target whose window it is nearest to. So a search within limits that can be kept ends with a
    /// design. Takes nothing but candidates, limits and pins into account, so that no state is
    /// needed.
    base::Result<void> requireOne(learn::Supernet& supernet, StepReport& report);
    /// The candidates that deserve a closer look (Candidates::select), of those that keep what is
    /// in force. Unless it was `steered`, that is all of them.
    std::vector<std::size_t> select(std::size_t count, std::size_t perWindow, bool steered) const;

    const Candidates& candidates() const { return m_candidates; }
    base::Json save() const { return m_candidates.save(); }
    void restore(const base::Json& json);

private:
    bool admitted(const model::DesignChoices& choices) const;
    bool anyAdmitted() const;
    /// The target that is searched and whose window the design is in or nearest to.
    int nearestTarget(const model::DesignChoices& choices) const;

    const spec::InForce& m_inForce;
    pricing::LayerMapper& m_mapper;
    Candidates m_candidates;
    /// By path and bits of each layer. No part of the state: an estimate worked out again is equal.
    std::map<std::pair<std::vector<int>, std::vector<int>>, double> m_estimates;
};

}  // namespace cohelix::search
