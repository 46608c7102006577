// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/proven_search.h"

#include <vector>

namespace cohelix::search {
namespace {

optimum::ResourceLimits limitsOf(const space::Specification& specification) {
    return {space::dspLimit(specification), space::bramLimit(specification)};
}

/// With one board power energy is the period, and EDP the period times the latency.
optimum::Aim aimOf(space::Metric metric) {
    switch (metric) {
        case space::Metric::LatencyMs: return optimum::Aim::Latency;
        case space::Metric::Edp: return optimum::Aim::PeriodTimesLatency;
        case space::Metric::Fps:
        case space::Metric::EnergyMj: break;
    }
    return optimum::Aim::Period;
}

/// Networks that together have every operator in every block.
std::vector<model::Network> everyOperator(const space::NetworkSpace& space) {
    std::vector<model::Network> networks;
    const auto blocks = space::blockShapes(space).size();
    for (std::size_t op = 0; op < space.operators.size(); ++op) {
        networks.push_back(
            space::buildNetwork(space, std::vector<int>(blocks, static_cast<int>(op))));
    }
    return networks;
}

}  // namespace

bool ProvenSearch::available() const {
    const auto method = m_specification.search.acceleratorMethod;
    return method != space::AcceleratorMethod::Gradient &&
           space::provenAcceleratorsExist(m_specification.accelerator);
}

void ProvenSearch::prepare() {
    const auto limits = limitsOf(m_specification);
    if (m_exact && m_exact->limits() == limits) return;
    auto exact =
        optimum::ExactAccelerators::create(m_specification.accelerator, limits, &m_executor);
    m_exact.emplace(std::move(*exact));
    m_exact->prepare(everyOperator(m_specification.network));
}

std::optional<FoundAccelerator> ProvenSearch::best(const model::Network& network) {
    prepare();
    const auto wanted = aimOf(m_specification.objective.metric);
    std::optional<FoundAccelerator> best;
    AcceleratorProblem problem(m_specification, network);
    for (const auto aim : {wanted, optimum::Aim::Period, optimum::Aim::Latency,
                           optimum::Aim::PeriodTimesLatency}) {
        const auto proven = m_exact->best(network, aim);
        if (!proven) return std::nullopt;
        auto choices = space::canonicalChoices(m_specification.accelerator, proven->choices);
        auto appraisal = problem.appraise(choices);
        if (appraisal.feasible && (!best || appraisal.logCost < best->appraisal.logCost)) {
            best = FoundAccelerator{std::move(choices), std::move(appraisal)};
        }
        if (best && aim == wanted) return best;
    }
    return best;
}

}  // namespace cohelix::search
