// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One option of every chunk at once: which sums of DSPs and block RAM (and of time) can be had.
// Private to the room.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/optimum/chunk_table.h"

namespace cohelix::optimum {

/// An option of each chunk, by index into its front.
struct Combination : model::Resources {
    double periodCycles = 0;   ///< of the slowest chunk
    double latencyCycles = 0;  ///< of all chunks
    std::vector<std::size_t> options;
};

/// What a combination is chosen for, among those within the limits.
enum class Preference : std::uint8_t {
    FewestDsp,    ///< then the least block RAM, then the least latency
    LeastLatency  ///< then the fewest DSPs, then the least block RAM
};

/// The preferred combination of options that take at most `mostCycles` each; nothing when no
/// combination keeps the limits. Exact: partial sums are dropped only when another is at least as
/// good in all that counts.
std::optional<Combination> combine(std::span<const std::vector<ChunkOption>> fronts,
                                   double mostCycles, const model::Resources& limits,
                                   Preference preference);

/// The combination of the shortest period that keeps the limits, and of these the preferred one;
/// nothing when none does. Exact: whether a period can be had is monotone in it.
std::optional<Combination> shortestPeriod(std::span<const std::vector<ChunkOption>> fronts,
                                          const model::Resources& limits, Preference preference);

/// The combination of the least period times latency: energy at constant power times latency.
std::optional<Combination> leastProduct(std::span<const std::vector<ChunkOption>> fronts,
                                        const model::Resources& limits);

/// All combinations that no other beats in period and DSPs, by ascending period.
std::vector<Combination> periodAgainstDsp(std::span<const std::vector<ChunkOption>> fronts,
                                          const model::Resources& limits);

}  // namespace cohelix::optimum
