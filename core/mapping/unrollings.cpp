// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/unrollings.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <utility>

#include "core/mapping/trips.h"
#include "core/nest/window.h"

namespace cohelix::mapping {
namespace {

bool forwardsInputs(const Problem& problem) {
    const int local = problem.local[indexOf(Tensor::Inputs)];
    return local >= 0 && problem.level(local).forwards;
}

/// With each choice of the loop along which neighbours lie; those that inputs do not slide along
/// are alike.
std::vector<Unrolled> withInnermost(std::vector<Unrolled> all) {
    const std::size_t unrollings = all.empty() ? 0 : all.front().trips.size();
    for (std::size_t u = 0; u < unrollings; ++u) {
        std::vector<Unrolled> more;
        for (const auto& unrolled : all) {
            bool another = false;
            for (const Dim dim : model::kAllLoopDims) {
                if (unrolled.trips[u][indexOf(dim)] == 1 || (another && !nest::slides(dim)))
                    continue;
                another = another || !nest::slides(dim);
                more.push_back(unrolled);
                more.back().innermost.push_back(static_cast<int>(dim));
            }
            if (unrolled.trips[u] != kOneOfEach) continue;
            more.push_back(unrolled);
            more.back().innermost.push_back(-1);
        }
        all = std::move(more);
    }
    return all;
}

/// What rows and columns of each level unroll together.
std::vector<LoopSizes> tripsByLevel(const Problem& problem, const Unrolled& unrolled) {
    std::vector<LoopSizes> trips(problem.hierarchy.levels.size(), kOneOfEach);
    for (std::size_t u = 0; u < unrolled.trips.size(); ++u) {
        auto& level = trips[problem.space.unrollings[u].level];
        level = level * unrolled.trips[u];
    }
    return trips;
}

/// The longest loop over each dimension.
LoopSizes longestLoops(const Unrolled& unrolled) {
    LoopSizes longest = kOneOfEach;
    for (const auto& trips : unrolled.trips) {
        for (std::size_t d = 0; d < longest.size(); ++d) {
            longest[d] = std::max(longest[d], trips[d]);
        }
    }
    return longest;
}

bool noneLonger(const LoopSizes& a, const LoopSizes& b) {
    return std::equal(a.begin(), a.end(), b.begin(), std::less_equal<>());
}

/// Adds another of equal cost, so that one of them stays. Where trips need not divide, those stay
/// that the space may have where it has no other: two loops of two trips may leave the last of
/// four PEs without work, one loop of four trips may not, as three would do.
void keepShortest(std::vector<Unrolled>& alike, const Unrolled& another, bool padded) {
    if (!alike.empty() && !padded) return;
    const auto longest = longestLoops(another);
    const auto isShorter = [&](const Unrolled& one) {
        return noneLonger(longestLoops(one), longest);
    };
    if (std::ranges::any_of(alike, isShorter)) return;
    std::erase_if(alike,
                  [&](const Unrolled& one) { return noneLonger(longest, longestLoops(one)); });
    alike.push_back(another);
}

/// Rows and columns of one level are alike in cost.
std::vector<Unrolled> oneOfAlike(const Problem& problem, const std::vector<Unrolled>& all) {
    std::map<std::vector<LoopSizes>, std::vector<Unrolled>> alike;
    for (const auto& unrolled : all) {
        keepShortest(alike[tripsByLevel(problem, unrolled)], unrolled, problem.padded);
    }
    std::vector<Unrolled> found;
    for (auto& [trips, kept] : alike) std::ranges::move(kept, std::back_inserter(found));
    return found;
}

std::vector<Unrolled> inOrder(const Problem& problem, std::vector<Unrolled> all) {
    for (auto& unrolled : all) unrolled = withInstances(problem, std::move(unrolled));
    std::stable_sort(all.begin(), all.end(),
                     [](const Unrolled& a, const Unrolled& b) { return a.pes > b.pes; });
    return all;
}

}  // namespace

LoopSizes unrolledBefore(const Problem& problem, const Unrolled& unrolled, int level) {
    LoopSizes all = kOneOfEach;
    for (std::size_t u = 0; u < unrolled.trips.size(); ++u) {
        if (static_cast<int>(problem.space.unrollings[u].level) < level) {
            all = all * unrolled.trips[u];
        }
    }
    return all;
}

Unrolled withInstances(const Problem& problem, Unrolled unrolled) {
    for (std::size_t l = 0; l < problem.hierarchy.levels.size(); ++l) {
        unrolled.instances[l] = product(unrolledBefore(problem, unrolled, static_cast<int>(l)));
    }
    return unrolled;
}

bool unrollingsOf(const Problem& problem, const std::function<bool()>& goesOn,
                  std::vector<Unrolled>& unrollings) {
    std::vector<Unrolled> all = {Unrolled{}};
    for (const auto& unrolling : problem.space.unrollings) {
        auto dims = unrolling.dims;
        for (const Dim dim : kWindowDims) {  // a window must not be torn apart by middle loops
            if (unrolling.level < problem.space.middle) dims[indexOf(dim)] = false;
        }
        const auto allowed = [&](const LoopSizes& trips) {
            for (std::size_t d = 0; d < trips.size(); ++d) {
                if (trips[d] > 1 && !dims[d]) return false;
            }
            return product(trips) <= static_cast<double>(std::max<std::int64_t>(1, unrolling.most));
        };
        std::vector<Unrolled> more;
        for (const auto& outer : all) {
            const bool whole = eachVector(problem, outer.all, allowed, [&](const LoopSizes& trips) {
                Unrolled next = outer;
                next.trips.push_back(trips);
                next.all = next.all * trips;
                next.pes = product(next.all);
                more.push_back(std::move(next));
                return goesOn();
            });
            if (!whole) return false;
        }
        all = std::move(more);
    }
    unrollings = forwardsInputs(problem) ? inOrder(problem, withInnermost(std::move(all)))
                                         : inOrder(problem, oneOfAlike(problem, all));
    return true;
}

}  // namespace cohelix::mapping
