// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Sums of DSPs and block RAM, of which those are worth keeping that no other beats. Private to
// the room.

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <tuple>
#include <vector>

namespace cohelix::optimum {

/// Leaves the sums that no other beats in DSPs and block RAM, by ascending DSPs; of equal ones that
/// of the least latency.
template <typename Sum>
void keepStaircase(std::vector<Sum>& sums) {
    std::sort(sums.begin(), sums.end(), [](const Sum& a, const Sum& b) {
        return std::tie(a.dsp, a.bram18k, a.latency) < std::tie(b.dsp, b.bram18k, b.latency);
    });
    double least = std::numeric_limits<double>::infinity();
    std::erase_if(sums, [&least](const Sum& sum) {
        if (sum.bram18k >= least) return true;
        least = sum.bram18k;
        return false;
    });
}

/// Leaves the sums that no other beats in a figure, DSPs and block RAM, by ascending figure.
template <auto Figure, typename Sum>
void keepSurface(std::vector<Sum>& sums) {
    std::sort(sums.begin(), sums.end(), [](const Sum& a, const Sum& b) {
        return std::tie(a.*Figure, a.dsp, a.bram18k) < std::tie(b.*Figure, b.dsp, b.bram18k);
    });
    std::map<double, double> stairs;  // of those kept: block RAM by DSPs, descending
    std::erase_if(sums, [&stairs](const Sum& sum) {
        const auto above = stairs.upper_bound(sum.dsp);
        if (above != stairs.begin() && std::prev(above)->second <= sum.bram18k) return true;
        auto beaten = std::next(stairs.insert_or_assign(sum.dsp, sum.bram18k).first);
        while (beaten != stairs.end() && beaten->second >= sum.bram18k) {
            beaten = stairs.erase(beaten);
        }
        return false;
    });
}

}  // namespace cohelix::optimum
