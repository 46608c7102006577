// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/places.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/nest/window.h"

namespace cohelix::nest {

/// What some of the combs cover: `teeth` intervals `pitch` apart while `even`.
struct Places::Cover {
    std::int64_t positions;
    std::int64_t hull;  ///< from the first to the last
    std::int64_t tooth;
    std::int64_t teeth = 1;
    std::int64_t pitch = 1;
    bool even = true;
};

void Places::add(std::int64_t places, std::int64_t step) {
    m_combs[m_count] = {places, step};
    for (std::size_t k = m_count++; k > 0 && m_combs[k - 1].step > m_combs[k].step; --k) {
        std::swap(m_combs[k - 1], m_combs[k]);
    }
}

std::int64_t Places::covered(std::int64_t reach) const {
    if (m_count == 0 || reach == 0) return reach;
    Cover cover{reach, reach, reach};
    for (const auto& comb : combs()) {
        if (!spread(cover, comb)) return coveredOneByOne(reach);
    }
    return cover.positions;
}

/// Repeats what is covered at each place of one more comb, whose step is no less than those before.
/// False where it overlaps in a way that has no closed form.
bool Places::spread(Cover& cover, const Comb& comb) {
    const std::int64_t far = (comb.places - 1) * comb.step;
    const std::int64_t hull = std::exchange(cover.hull, cover.hull + far);
    if (cover.even && cover.teeth == 1) {
        if (comb.step <= cover.tooth) {
            cover.positions += far;
            cover.tooth += far;
        } else {
            cover.positions *= comb.places;
            cover.teeth = comb.places;
            cover.pitch = comb.step;
        }
        return true;
    }
    if (comb.step >= hull) {
        cover.positions *= comb.places;
        cover.even = false;
        return true;
    }
    // Teeth fall on teeth or between the ends without a gap, or the pattern is not even.
    if (!cover.even || comb.step % cover.pitch != 0) return false;
    cover.teeth += far / cover.pitch;
    cover.positions = cover.teeth * cover.tooth;
    return true;
}

std::int64_t Places::coveredOneByOne(std::int64_t reach) const {
    std::vector<std::int64_t> places = {0};
    for (const auto& comb : combs()) {
        const std::size_t before = places.size();
        for (std::int64_t i = 1; i < comb.places; ++i) {
            for (std::size_t k = 0; k < before; ++k) places.push_back(places[k] + i * comb.step);
        }
        std::sort(places.begin(), places.end());
        places.erase(std::unique(places.begin(), places.end()), places.end());
    }
    return nest::covered(places, reach);
}

}  // namespace cohelix::nest
