// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The differentiable accelerator search (method.md 2.5): a Gumbel-Softmax over every parameter of
// the accelerator, hard samples, straight-through gradients, Adam. A chunk's parameters answer for
// what their chunk does: its own time, the more the nearer it is to being the slowest, and the DSPs
// and block RAM that it takes, at prices that rise while samples ask for more than there is; each
// minus its moving average. No option's probability falls to nothing, so that the search does not
// end where it first settled. (Where chunks share DRAM or their energies and times multiply, and
// for the choices of the allocation, it is the log-cost of the whole.) Samples are brought within
// the hard limits, the best design seen is kept, single-parameter moves finish it, pairs of them
// where a call found nothing better than the one before, and the next call leans towards it.
// Parameters are kept between calls.

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "core/base/json.h"
#include "core/search/accelerator/accelerator_problem.h"
#include "core/search/accelerator/gumbel.h"

namespace cohelix::search {

/// How far a search goes.
struct SearchEffort {
    int samples = 0;
    bool moves = true;  ///< finish the best design by single moves and pairs of them
    /// It ends when the problem has priced so many accelerators.
    std::int64_t mostAppraisals = std::numeric_limits<std::int64_t>::max();
};

class AcceleratorSearch {
public:
    /// `stream` tells the searches of one run apart: the target's index, say.
    AcceleratorSearch(const spec::Specification& specification, std::uint64_t stream);

    /// The best accelerator for the network after so many samples; nothing when no sample met the
    /// limits. Parameters that are pinned or planned have that option. Deterministic in the seed,
    /// the stream and the calls before.
    std::optional<FoundAccelerator> search(const model::Network& network, int iterations,
                                           const spec::PinnedOptions& pins = {},
                                           const PrecisionPlan& plan = {});
    /// The same for a problem that has been posed, of the specification that was given.
    std::optional<FoundAccelerator> search(AcceleratorProblem& problem, const SearchEffort& effort);

    base::Json save() const;
    void restore(const base::Json& json);

private:
    static constexpr double kFirstPrice = 0.05;
    /// Another option of one parameter.
    struct Move {
        std::size_t parameter = 0;
        int option = 0;
    };

    /// One step of all parameters, down what their chunks answer for.
    void learn(const AcceleratorProblem& problem, const std::vector<GumbelSample>& samples,
               const Appraisal& appraisal);
    /// What each chunk answers for; takes the appraisal into the averages and prices.
    std::vector<double> lossesOf(const Appraisal& appraisal);
    /// Makes these choices the most probable ones.
    void leanTowards(const std::vector<int>& choices);
    void sampleOnce(AcceleratorProblem& problem, const SearchEffort& effort, base::Random& random,
                    std::optional<FoundAccelerator>& best);
    /// The moves of one chunk, or of the allocation.
    std::vector<Move> movesOf(const AcceleratorProblem& problem, int chunk,
                              const std::vector<int>& from) const;
    /// A sweep over the single moves of one chunk, or of the allocation; whether one of them was
    /// better.
    bool improveChunk(AcceleratorProblem& problem, const SearchEffort& effort, int chunk,
                      FoundAccelerator& best) const;
    void polish(AcceleratorProblem& problem, const SearchEffort& effort,
                FoundAccelerator& best) const;
    /// Pairs of moves of the slowest chunk, drawn until one is better but no more of them than the
    /// samples of a call; whether one was.
    bool improveByPair(AcceleratorProblem& problem, const SearchEffort& effort,
                       base::Random& random, FoundAccelerator& best) const;

    const spec::Specification& m_specification;
    std::uint64_t m_stream;
    std::uint64_t m_calls = 0;
    std::vector<Categorical> m_parameters;
    std::vector<double> m_typicalCycles;  ///< of each chunk, moving averages; empty at first
    std::vector<double> m_baselines;      ///< moving averages of what each chunk answers for
    double m_dspPrice = kFirstPrice;      ///< of the whole limit, in units of log-cost
    double m_bramPrice = kFirstPrice;
    std::vector<int> m_lastBest;  ///< start of the next call; empty before the first
};

}  // namespace cohelix::search
