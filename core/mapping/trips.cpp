// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/trips.h"

#include <array>
#include <map>
#include <unordered_map>

#include "core/nest/window.h"

namespace cohelix::mapping {
namespace {

std::vector<std::int64_t> divisorsOf(std::int64_t number) {
    std::vector<std::int64_t> small;
    std::vector<std::int64_t> large;
    for (std::int64_t d = 1; d * d <= number; ++d) {
        if (number % d != 0) continue;
        small.push_back(d);
        if (d * d != number) large.push_back(number / d);
    }
    small.insert(small.end(), large.rbegin(), large.rend());
    return small;
}

std::vector<std::int64_t> paddedTrips(std::int64_t size, std::int64_t most, std::int64_t covered) {
    std::vector<std::int64_t> all;
    for (std::int64_t trips = 1; trips <= timesToCover(size, covered); ++trips) {
        const std::int64_t part = covered * trips;
        if (timesToCover(size, part) * part <= most) all.push_back(trips);
    }
    return all;
}

}  // namespace

const std::vector<std::int64_t>& tripsOver(const Problem& problem, Dim dim, std::int64_t covered) {
    using Key = std::array<std::int64_t, 3>;
    const std::int64_t size = problem.sizes[indexOf(dim)];
    if (!problem.padded || (problem.mostSpans[indexOf(dim)] == size && size % covered == 0)) {
        thread_local std::unordered_map<std::int64_t, std::vector<std::int64_t>> known;
        auto& found = known[size / covered];
        if (found.empty()) found = divisorsOf(size / covered);
        return found;
    }
    thread_local std::map<Key, std::vector<std::int64_t>> known;
    const std::int64_t most = problem.mostSpans[indexOf(dim)];
    auto& found = known[{size, most, covered}];
    if (found.empty()) found = paddedTrips(size, most, covered);
    return found;
}

bool eachVector(const Problem& problem, const LoopSizes& covered,
                const std::function<bool(const LoopSizes&)>& allowed,
                const std::function<bool(const LoopSizes&)>& visit) {
    LoopSizes vector = kOneOfEach;
    if (!allowed(vector)) return true;
    const std::function<bool(std::size_t)> descend = [&](std::size_t d) {
        if (d == vector.size()) return visit(vector);
        for (const auto trips : tripsOver(problem, model::kAllLoopDims[d], covered[d])) {
            vector[d] = trips;
            if (trips > 1 && !allowed(vector)) {
                // A larger part of a window may hold fewer words where zeros lie around them.
                if (problem.shape.bordered() && nest::slides(model::kAllLoopDims[d])) continue;
                break;
            }
            if (!descend(d + 1)) return false;
        }
        vector[d] = 1;
        return true;
    };
    return descend(0);
}

}  // namespace cohelix::mapping
