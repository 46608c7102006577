// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/accelerator/proven_search.h"

#include <algorithm>
#include <vector>

#include "core/optimum/exact_allocation.h"

namespace cohelix::search {
namespace {

model::Resources limitsOf(const spec::Specification& specification) {
    return spec::resourceLimits(specification);
}

/// With one board power energy is the period, and EDP the period times the latency.
optimum::Aim aimOf(spec::Metric metric) {
    switch (metric) {
        case spec::Metric::LatencyMs: return optimum::Aim::Latency;
        case spec::Metric::Edp: return optimum::Aim::PeriodTimesLatency;
        case spec::Metric::Fps:
        case spec::Metric::EnergyMj: break;
    }
    return optimum::Aim::Period;
}

/// Networks that together have every operator in every block.
std::vector<model::Network> everyOperator(const spec::NetworkSpace& space) {
    std::vector<model::Network> networks;
    const auto blocks = spec::blockShapes(space).size();
    for (std::size_t op = 0; op < space.operators.size(); ++op) {
        networks.push_back(
            spec::buildNetwork(space, std::vector<int>(blocks, static_cast<int>(op))));
    }
    return networks;
}

/// The space whose chunks have the plan's bits alone. Of a searched allocation all groups have
/// those of the first.
hardware::AcceleratorSpace within(hardware::AcceleratorSpace space, const PrecisionPlan& plan) {
    const auto choices = hardware::acceleratorChoices(space);
    const auto offered = space.pipeline;
    for (std::size_t i = 0; i < plan.size(); ++i) {
        if (!plan[i]) continue;
        const auto chunk = static_cast<std::size_t>(*choices[i].knob.chunk);
        if (chunk >= space.pipeline.size()) break;
        space.pipeline[chunk].bits = {offered[chunk].bits[static_cast<std::size_t>(*plan[i])]};
    }
    return space;
}

/// The space in which every chunk has its bits of this option, or the last that it has.
hardware::AcceleratorSpace withOption(hardware::AcceleratorSpace space, std::size_t option) {
    for (auto& chunk : space.pipeline) {
        chunk.bits = {chunk.bits[std::min(option, chunk.bits.size() - 1)]};
    }
    return space;
}

}  // namespace

bool ProvenSearch::available() const {
    const auto method = m_specification.search.acceleratorMethod;
    return method != spec::AcceleratorMethod::Gradient &&
           hardware::provenAcceleratorsExist(m_specification.accelerator);
}

const optimum::ExactAccelerators& ProvenSearch::level(std::size_t option) {
    const auto limits = limitsOf(m_specification);
    auto& exact = m_levels[option];
    if (exact && exact->limits() == limits) return *exact;
    auto created = optimum::ExactAccelerators::create(
        withOption(m_specification.accelerator, option), limits, &m_executor);
    exact.emplace(std::move(*created));
    exact->prepare(everyOperator(m_specification.network));
    return *exact;
}

std::vector<const optimum::ExactAccelerators*> ProvenSearch::partsOf(const PrecisionPlan& plan) {
    std::vector<std::size_t> options(m_specification.accelerator.pipeline.size(), 0);
    const auto choices = hardware::acceleratorChoices(m_specification.accelerator);
    std::size_t most = 0;
    for (std::size_t i = 0; i < plan.size(); ++i) {
        if (!plan[i]) continue;
        const auto option = static_cast<std::size_t>(*plan[i]);
        options[static_cast<std::size_t>(*choices[i].knob.chunk)] = option;
        most = std::max(most, option);
    }
    m_levels.resize(std::max(m_levels.size(), most + 1));  // before anything points into it
    std::vector<const optimum::ExactAccelerators*> parts;
    for (const std::size_t option : options) parts.push_back(&level(option));
    return parts;
}

std::optional<FoundAccelerator> ProvenSearch::best(const model::Network& network,
                                                   const PrecisionPlan& plan) {
    const auto parts = partsOf(plan);
    const auto load = parts.front()->loadOf(network);
    if (!load) return std::nullopt;
    const auto wanted = aimOf(m_specification.objective.metric);
    std::optional<FoundAccelerator> best;
    AcceleratorProblem problem(m_specification, network);
    for (const auto aim :
         {wanted, optimum::Aim::Period, optimum::Aim::Latency, optimum::Aim::PeriodTimesLatency}) {
        auto proven = optimum::ExactAccelerators::best(parts, *load, aim);
        if (!proven) return std::nullopt;
        auto choices = canonicalChoices(m_specification.accelerator,
                                        spec::withPins(plan, std::move(proven->choices)));
        auto appraisal = problem.appraise(choices);
        if (appraisal.feasible && (!best || appraisal.logCost < best->appraisal.logCost)) {
            best = FoundAccelerator{std::move(choices), std::move(appraisal)};
        }
        if (best && aim == wanted) return best;
    }
    return best;
}

bool ProvenSearch::provesAllocations() const {
    const auto& space = m_specification.accelerator;
    return m_specification.search.acceleratorMethod == spec::AcceleratorMethod::Auto &&
           space.searched && space.dramGigabytesPerSecond == 0 &&
           aimOf(m_specification.objective.metric) == optimum::Aim::Period;
}

std::optional<FoundAccelerator> ProvenSearch::bestAllocation(const model::Network& network,
                                                             const PrecisionPlan& plan) {
    const auto& space = m_specification.accelerator;
    const auto exact = optimum::ExactAllocations::create(within(space, plan), network,
                                                         limitsOf(m_specification), &m_executor);
    if (!exact) return std::nullopt;
    auto proven = exact->best();
    if (!proven) return std::nullopt;
    auto choices = canonicalChoices(space, spec::withPins(plan, std::move(proven->choices)));
    auto appraisal = AcceleratorProblem(m_specification, network).appraise(choices);
    if (!appraisal.feasible) return std::nullopt;
    return FoundAccelerator{std::move(choices), std::move(appraisal)};
}

}  // namespace cohelix::search
