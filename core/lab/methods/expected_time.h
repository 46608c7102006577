// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The time of a relaxed network on an accelerator, and its gradient: every option of every place is
// priced on the accelerator's chunks, and the chunks' expected times are sums of these by the
// options' probabilities.

#include <vector>

#include "core/lab/methods/trial.h"
#include "core/search/joint/accuracy_model.h"

namespace cohelix::lab {

/// log of the period in cycles and its gradient.
struct ExpectedPeriod {
    double value = 0;
    search::RelaxedNetwork byProbability;
};

/// The options' times on one accelerator.
class AcceleratorClock {
public:
    /// For the slowest chunk smoothly: the 8-norm of the chunks' expected times, so that every busy
    /// chunk has a gradient.
    ExpectedPeriod logPeriod(const search::RelaxedNetwork& network) const;

    std::vector<double> fixedCycles;  ///< by chunk, of what no choice changes
    std::vector<std::vector<std::vector<double>>> optionCycles;  ///< [place][option][chunk]
};

class ExpectedTimes {
public:
    explicit ExpectedTimes(const tables::Problem& problem);
    /// As the trial knows time: on the accelerator that the network would get there, which it has,
    /// or by multiply-accumulates, or not at all; where accelerators are sampled, the proven one.
    AcceleratorClock as(const Trial& trial, std::size_t network) const;
    /// The option of the fewest multiply-accumulates at each place.
    std::vector<int> quickestOptions() const;

private:
    AcceleratorClock onAccelerator(const std::vector<std::size_t>& rows) const;
    AcceleratorClock byMacs() const;
    AcceleratorClock timeless() const;

    const tables::Problem& m_problem;
    optimum::Load m_fixed;                            ///< of the network of all first options
    std::vector<std::vector<optimum::Load>> m_extra;  ///< [place][option]: what it adds to that
};

}  // namespace cohelix::lab
