// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The differentiable accelerator search (method.md 2.5): a Gumbel-Softmax over every parameter of
// the accelerator, hard samples, straight-through gradients of the log-cost minus its moving
// average, Adam. Samples are brought within the hard limits before they are priced, the best
// design seen is kept, and single-parameter moves finish it. Parameters are kept between calls.

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "core/base/json.h"
#include "core/search/accelerator_problem.h"
#include "core/search/gumbel.h"

namespace cohelix::search {

/// How far a search goes.
struct SearchEffort {
    int samples = 0;
    bool singleMoves = true;  ///< finish the best design by these
    /// It ends when the problem has priced so many accelerators.
    std::int64_t mostAppraisals = std::numeric_limits<std::int64_t>::max();
};

class AcceleratorSearch {
public:
    /// `stream` tells the searches of one run apart: the target's index, say.
    AcceleratorSearch(const space::Specification& specification, std::uint64_t stream);

    /// The best accelerator for the network after so many samples; nothing when no sample met the
    /// limits. Deterministic in the seed, the stream and the calls before.
    std::optional<FoundAccelerator> search(const model::Network& network, int iterations);
    /// The same for a problem that has been posed, of the specification that was given.
    std::optional<FoundAccelerator> search(AcceleratorProblem& problem, const SearchEffort& effort);

    base::Json save() const;
    void restore(const base::Json& json);

private:
    void sampleOnce(AcceleratorProblem& problem, const SearchEffort& effort, base::Random& random,
                    std::optional<FoundAccelerator>& best);
    void polish(AcceleratorProblem& problem, const SearchEffort& effort,
                FoundAccelerator& best) const;

    const space::Specification& m_specification;
    std::uint64_t m_stream;
    std::uint64_t m_calls = 0;
    std::vector<Categorical> m_parameters;
    std::optional<double> m_baseline;   ///< moving average of the log-cost
    std::vector<int> m_lastBest;        ///< start of the next call; empty before the first
};

}  // namespace cohelix::search
