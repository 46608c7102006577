// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Where the instances of an unrolled window begin along an axis, and what they cover. Private to
// the room.

#include <array>
#include <cstdint>
#include <span>

#include "core/nest/nest.h"

namespace cohelix::nest {

/// Sums of one place of each comb.
class Places {
public:
    /// Places in a row, so far apart: at least two.
    void add(std::int64_t places, std::int64_t step);

    /// Positions that intervals of length `reach` from each place cover.
    std::int64_t covered(std::int64_t reach) const;

private:
    struct Comb {
        std::int64_t places;
        std::int64_t step;
    };
    struct Cover;
    static bool spread(Cover& cover, const Comb& comb);

    std::span<const Comb> combs() const { return {m_combs.data(), m_count}; }
    std::int64_t coveredOneByOne(std::int64_t reach) const;

    std::array<Comb, kMostLoops> m_combs;  ///< so many as counted, their steps ascending
    std::size_t m_count = 0;
};

}  // namespace cohelix::nest
