// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/joint/ranking.h"

#include <algorithm>

#include "core/search/accelerator/layer_bits.h"

namespace cohelix::search {
namespace {

/// How many networks are ranked again for every one that is trained.
constexpr int kRankedPerTrained = 4;

}  // namespace

base::Result<StepReport> Ranking::step(learn::Supernet& supernet,
                                       std::vector<std::unique_ptr<TargetSearch>>& targets,
                                       bool steered) {
    const int designs = m_inForce.specification.training.designs;
    if (m_ranking.empty()) {
        StepReport known;
        if (auto required = m_found.requireOne(supernet, known); !required) return required.error();
        if (!known.designs.empty()) return known;
        m_ranking =
            m_found.select(static_cast<std::size_t>(std::max(1, designs) * kRankedPerTrained),
                           kRankedPerTrained, steered);
    }
    if (m_ranked < m_ranking.size()) return estimateNext(supernet);
    if (m_finalists.empty()) {
        m_finalists = m_found.select(static_cast<std::size_t>(designs), 1, steered);
    }
    if (!m_finalists.empty()) return searchNext(supernet, targets);
    m_done = true;
    StepReport out;
    if (designs > 0) {
        out.messages.push_back("No design keeps the limits and pins: none is trained");
    }
    return out;
}

base::Result<StepReport> Ranking::estimateNext(learn::Supernet& supernet) {
    StepReport out;
    const Candidate candidate = m_found.candidates().at(m_ranking[m_ranked++]);
    const auto estimate = m_found.estimate(supernet, candidate.choices, out);
    if (!estimate) return estimate.error();
    auto design = m_found.report(candidate.choices, candidate.target, *estimate);
    if (!design) return design.error();
    out.designs.push_back(std::move(*design));
    return out;
}

base::Result<StepReport> Ranking::searchNext(learn::Supernet& supernet,
                                             std::vector<std::unique_ptr<TargetSearch>>& targets) {
    const auto& spec = m_inForce.specification;
    const Candidate candidate = m_found.candidates().at(m_finalists[m_finished]);
    auto& target = *targets[static_cast<std::size_t>(candidate.target)];
    auto choices = candidate.choices;
    // In the precision that its accuracy was estimated in; a better one is a design of its own.
    const auto found = target.searchFinalAccelerator(
        spec::buildNetwork(spec.network, choices.network),
        planOf(spec.accelerator, m_inForce.pins.parameters, choices.accelerator));
    if (found) {
        const bool larger = spec::largerIsBetter(spec.objective.metric);
        const double metric = found->appraisal.metric;
        if ((larger ? metric : 1 / metric) > candidate.merit) choices.accelerator = found->choices;
    }
    StepReport out;
    // Splits of a searched allocation may move layers to a chunk of another precision.
    const bool samePrecision = layerBits(spec, choices) == layerBits(spec, candidate.choices);
    const auto estimate = samePrecision ? base::Result<double>(candidate.estimate)
                                        : m_found.estimate(supernet, choices, out);
    if (!estimate) return estimate.error();
    auto design = m_found.report(choices, candidate.target, *estimate);
    if (!design) return design.error();
    design->standing = Standing::Training;
    m_finalists[m_finished++] = m_found.candidates().indexOf(choices);
    out.designs.push_back(std::move(*design));
    if (m_finished == m_finalists.size()) {
        sortByMacs();
        m_done = true;
    }
    return out;
}

void Ranking::sortByMacs() {
    // The dearest first: no thread is left with a long training at the end.
    const auto macsOf = [this](std::size_t candidate) {
        return model::macs(spec::buildNetwork(m_inForce.specification.network,
                                              m_found.candidates().at(candidate).choices.network));
    };
    std::stable_sort(m_finalists.begin(), m_finalists.end(),
                     [&](std::size_t a, std::size_t b) { return macsOf(a) > macsOf(b); });
}

void Ranking::steered() {
    m_ranking.clear();
    m_ranked = 0;
}

void Ranking::save(base::Json& json) const {
    json["ranking"] = m_ranking;
    json["ranked"] = m_ranked;
    json["finalists"] = m_finalists;
    json["finished"] = m_finished;
}

void Ranking::restore(const base::Json& json) {
    m_ranking = json.at("ranking").get<std::vector<std::size_t>>();
    m_ranked = json.at("ranked").get<std::size_t>();
    m_finalists = json.at("finalists").get<std::vector<std::size_t>>();
    m_finished = json.at("finished").get<std::size_t>();
    m_done = !m_finalists.empty() && m_finished == m_finalists.size();
}

}  // namespace cohelix::search
