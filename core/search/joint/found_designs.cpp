// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/joint/found_designs.h"

#include <algorithm>

#include "core/pricing/design_pricing.h"
#include "core/search/accelerator/feasibility.h"
#include "core/search/accelerator/layer_bits.h"
#include "core/search/accelerator/precision_plans.h"

namespace cohelix::search {

base::Result<double> FoundDesigns::estimate(learn::Supernet& supernet,
                                            const model::DesignChoices& choices,
                                            StepReport& report) {
    const auto& spec = m_inForce.specification;
    auto bits = layerBits(spec, choices);
    const auto known = m_estimates.find({choices.network, bits});
    if (known != m_estimates.end()) return known->second;
    const auto accuracy =
        supernet.estimateAccuracy(choices.network, spec.search.estimateImages, bits);
    if (!accuracy) return accuracy;
    report.images += spec.search.estimateImages;
    m_estimates[{choices.network, std::move(bits)}] = *accuracy;
    return accuracy;
}

base::Result<ReportedDesign> FoundDesigns::report(const model::DesignChoices& choices, int target,
                                                  double estimate) {
    const auto& spec = m_inForce.specification;
    ReportedDesign design;
    design.choices = choices;
    design.target = target;
    auto priced = pricing::priceDesign(spec, choices, m_mapper);
    if (!priced) return priced.error();
    design.cost = std::move(priced->cost);
    design.macs = model::macs(priced->network);
    design.parameters = model::parameters(priced->network);
    design.accuracy = design.supernetAccuracy = estimate;
    const double metric = spec::metricOf(design.cost, spec.objective.metric);
    const double merit = spec::largerIsBetter(spec.objective.metric) ? metric : 1 / metric;
    Candidate candidate{choices, target, merit, estimate};
    if (choosesPrecision(spec.accelerator)) candidate.precision = layerBits(spec, choices);
    m_candidates.put(std::move(candidate));
    return design;
}

bool FoundDesigns::admitted(const model::DesignChoices& choices) const {
    const auto priced = pricing::priceDesign(m_inForce.specification, choices, m_mapper);
    return priced && spec::keeps(m_inForce, choices, priced->cost);
}

bool FoundDesigns::anyAdmitted() const {
    for (std::size_t i = 0; i < m_candidates.size(); ++i) {
        if (admitted(m_candidates.at(i).choices)) return true;
    }
    return false;
}

int FoundDesigns::nearestTarget(const model::DesignChoices& choices) const {
    const auto& spec = m_inForce.specification;
    const auto priced = pricing::priceDesign(spec, choices, m_mapper);
    const double metric = priced ? spec::metricOf(priced->cost, spec.objective.metric) : 0;
    return std::ranges::min(spec::activeTargets(m_inForce), {}, [&](int target) {
        return missOf(metric, spec.objective.targets[static_cast<std::size_t>(target)]);
    });
}

base::Result<void> FoundDesigns::requireOne(learn::Supernet& supernet, StepReport& report) {
    if (!spec::limitsReach(m_inForce.specification.limits) || anyAdmitted()) return {};
    const auto known = knownDesign(m_inForce.specification, m_inForce.pins);
    if (!known) return {};
    const auto accuracy = estimate(supernet, *known, report);
    if (!accuracy) return accuracy.error();
    auto design = this->report(*known, nearestTarget(*known), *accuracy);
    if (!design) return design.error();
    report.designs.push_back(std::move(*design));
    report.messages.push_back(
        "The search has found no design within the limits: the cheapest "
        "network, which keeps them, is taken up");
    return {};
}

std::vector<std::size_t> FoundDesigns::select(std::size_t count, std::size_t perWindow,
                                              bool steered) const {
    return m_candidates.select(count, m_inForce.specification.objective, perWindow,
                               [&](const auto& choices) { return !steered || admitted(choices); });
}

void FoundDesigns::restore(const base::Json& json) {
    m_candidates.restore(json);
    forgetEstimates();
}

}  // namespace cohelix::search
