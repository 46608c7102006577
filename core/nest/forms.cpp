// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/forms.h"

#include <algorithm>
#include <vector>

namespace cohelix::nest::scalar {

void coverOneByOne(std::span<const Comb<std::int64_t>> combs, std::int64_t reach,
                   std::int64_t& positions, bool& known) {
    std::vector<std::int64_t> places = {0};
    for (const auto& comb : combs) {
        const std::size_t before = places.size();
        for (std::int64_t i = 1; i < comb.places; ++i) {
            for (std::size_t k = 0; k < before; ++k) places.push_back(places[k] + i * comb.step);
        }
        std::sort(places.begin(), places.end());
        places.erase(std::unique(places.begin(), places.end()), places.end());
    }
    positions = covered(places, reach);
    known = true;
}

}  // namespace cohelix::nest::scalar
