// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The search over the tilings of one problem: branch and bound, shared by the threads of an
// executor. Private to the room.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <limits>
#include <mutex>
#include <optional>
#include <string>

#include "core/mapping/bounds.h"

namespace cohelix::mapping {

using Clock = std::chrono::steady_clock;

/// The best mapping so far, shared by all threads.
class Incumbent {
public:
    /// Infinite before the first.
    const Rank& rank() const { return *m_rank.load(std::memory_order_acquire); }
    /// Keeps the first of equal ones in the order of their text. Every thread meets all of them, as
    /// no bound reaches the best rank, so that the result does not depend on who is first.
    void offer(const Rank& rank, const model::Mapping& mapping, const nest::LoopNestResult& cost) {
        offer(rank, mapping, cost, false);
    }
    /// One that the search would not have met itself: an equal one takes its place.
    void offerForNow(const Rank& rank, const model::Mapping& mapping,
                     const nest::LoopNestResult& cost) {
        offer(rank, mapping, cost, true);
    }
    /// Only when no other thread offers.
    const std::optional<BestMapping>& best() const { return m_best; }

private:
    void offer(const Rank& rank, const model::Mapping& mapping, const nest::LoopNestResult& cost,
               bool forNow);

    std::mutex m_mutex;
    std::deque<Rank> m_ranks = {Rank{}};  ///< all so far: who reads one needs no lock
    std::atomic<const Rank*> m_rank = &m_ranks.front();
    std::optional<BestMapping> m_best;
    std::string m_text;
    bool m_forNow = false;
};

/// What a search has done, and what it left.
struct Searched {
    double leastOpen = std::numeric_limits<double>::infinity();  ///< bound of all not searched
    std::int64_t tilings = 0;
    std::int64_t evaluations = 0;
};

/// Offers all mappings of the problem that could be better than the incumbent; `begin` is when the
/// options' seconds began. The bound of what is left open is in terms of the objective.
Searched searchTilings(const Problem& problem, const MapperOptions& options,
                       Clock::time_point begin, Incumbent& incumbent);

}  // namespace cohelix::mapping
