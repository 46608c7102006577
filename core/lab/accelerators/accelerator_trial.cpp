// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/accelerators/accelerator_trial.h"

#include <algorithm>

namespace cohelix::lab {

AcceleratorTrial::AcceleratorTrial(const spec::Specification& specification,
                                   const model::Network& network, std::int64_t evaluations)
    : m_specification(specification),
      m_problem(specification, network),
      m_budget(evaluations),
      m_mostAsked(100 * evaluations) {
    for (const auto& choice : m_problem.choices()) {
        m_optionCounts.push_back(static_cast<int>(choice.options.size()));
    }
}

std::vector<int> AcceleratorTrial::draw(base::Random& random) const {
    std::vector<int> choices;
    for (const int count : m_optionCounts) {
        choices.push_back(static_cast<int>(random.below(static_cast<std::uint64_t>(count))));
    }
    return choices;
}

std::optional<search::FoundAccelerator> AcceleratorTrial::price(std::vector<int> choices) {
    if (isOver()) return std::nullopt;
    ++m_asked;
    search::FoundAccelerator found;
    found.choices = canonicalChoices(m_specification.accelerator, std::move(choices));
    found.appraisal = m_problem.appraise(found.choices);
    offer(found);
    return found;
}

std::optional<search::FoundAccelerator> AcceleratorTrial::priceWithin(std::vector<int> choices) {
    if (isOver()) return std::nullopt;
    ++m_asked;
    auto within = m_problem.repaired(std::move(choices));
    if (!within || m_problem.appraisals() > m_budget) return std::nullopt;
    search::FoundAccelerator found{std::move(*within), {}};
    found.appraisal = m_problem.appraise(found.choices);
    offer(found);
    return found;
}

void AcceleratorTrial::offer(const search::FoundAccelerator& found) {
    if (!found.appraisal.feasible) return;
    if (!m_best || found.appraisal.logCost < m_best->appraisal.logCost) m_best = found;
}

}  // namespace cohelix::lab
