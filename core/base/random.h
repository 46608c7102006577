// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Random numbers that can be replayed. A stream is named by a seed, a purpose and up to two
// counters (a step, an epoch, a block …) and depends on nothing else: no stream has to be kept in
// a checkpoint, two runs at once cannot disturb each other, and the order in which threads ask
// does not matter. The generator is SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace cohelix::base {

class Random {
public:
    Random(std::uint64_t seed, std::string_view purpose, std::uint64_t first = 0,
           std::uint64_t second = 0);

    std::uint64_t next();
    /// In [0, 1), 53 bits.
    double uniform();
    /// Whole number in [0, bound); bound > 0. Unbiased.
    std::uint64_t below(std::uint64_t bound);
    /// Standard normal (Box-Muller).
    double normal();
    /// Standard Gumbel: -log(-log(u)), u in (0, 1).
    double gumbel();

    template <typename T>
    void shuffle(std::span<T> items) {
        for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
    }

private:
    std::uint64_t m_state;
};

/// 0 … count-1 in an order drawn from the stream.
std::vector<std::uint32_t> permutation(std::uint32_t count, Random stream);

/// 64-bit FNV-1a.
std::uint64_t hashOf(std::string_view bytes, std::uint64_t start = 0xcbf29ce484222325ULL);

}  // namespace cohelix::base
