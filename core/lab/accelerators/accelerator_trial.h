// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One run of an accelerator search for one network, with its counter: every accelerator that is
// priced counts as one, those on the way to one within the limits, warm starts and final moves too.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/search/accelerator/accelerator_problem.h"
#include "core/search/accelerator/accelerator_search.h"

namespace cohelix::lab {

class AcceleratorTrial {
public:
    /// The specification is held by reference.
    AcceleratorTrial(const spec::Specification& specification, const model::Network& network,
                     std::int64_t evaluations);

    const spec::Specification& specification() const { return m_specification; }
    std::uint64_t seed() const { return m_specification.seed; }
    /// How many options each choice has.
    const std::vector<int>& optionCounts() const { return m_optionCounts; }
    std::int64_t budget() const { return m_budget; }
    std::int64_t spent() const { return std::min(m_problem.appraisals(), m_budget); }
    bool isOver() const { return m_problem.appraisals() >= m_budget || m_asked >= m_mostAsked; }

    /// An option of every choice, uniformly.
    std::vector<int> draw(base::Random& random) const;
    /// An accelerator as it is, its choices made canonical. Nothing when the budget is spent.
    std::optional<search::FoundAccelerator> price(std::vector<int> choices);
    /// An accelerator brought within the limits on DSPs and block RAM, as the differentiable search
    /// does. Nothing when the budget is spent on the way, or when it cannot be.
    std::optional<search::FoundAccelerator> priceWithin(std::vector<int> choices);

    /// For a search that keeps its own best: what it may spend, and what it found.
    search::AcceleratorProblem& problem() { return m_problem; }
    void offer(const search::FoundAccelerator& found);

    /// The best within the limits so far.
    const std::optional<search::FoundAccelerator>& best() const { return m_best; }

private:
    const spec::Specification& m_specification;
    search::AcceleratorProblem m_problem;
    std::vector<int> m_optionCounts;
    std::int64_t m_budget;
    // The accelerator priced last is free: a search that asks for nothing else would never end.
    std::int64_t m_asked = 0;
    std::int64_t m_mostAsked;
    std::optional<search::FoundAccelerator> m_best;
};

}  // namespace cohelix::lab
