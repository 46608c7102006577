// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/validate/rank_correlation.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

namespace cohelix::validate {
namespace {

bool comparable(std::span<const double> a, std::span<const double> b) {
    const auto isNan = [](double value) { return std::isnan(value); };
    return a.size() == b.size() && a.size() >= 2 && std::ranges::none_of(a, isNan) &&
           std::ranges::none_of(b, isNan);
}

/// Calls `group(first, last)` for each run of equal neighbours of 0 … count - 1.
template <typename Equal, typename Group>
void forRuns(std::size_t count, const Equal& equal, const Group& group) {
    for (std::size_t first = 0; first < count;) {
        std::size_t last = first + 1;
        while (last < count && equal(last - 1, last)) ++last;
        group(first, last);
        first = last;
    }
}

std::vector<double> ranksOf(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
    std::vector<double> ranks(values.size());
    forRuns(
        order.size(), [&](auto i, auto j) { return values[order[i]] == values[order[j]]; },
        [&](std::size_t first, std::size_t last) {
            const double rank = static_cast<double>(first + last - 1) / 2;
            for (std::size_t i = first; i < last; ++i) ranks[order[i]] = rank;
        });
    return ranks;
}

std::optional<double> linearCorrelation(std::span<const double> a, std::span<const double> b) {
    const auto count = static_cast<double>(a.size());
    const double meanA = std::accumulate(a.begin(), a.end(), 0.0) / count;
    const double meanB = std::accumulate(b.begin(), b.end(), 0.0) / count;
    double aa = 0;
    double bb = 0;
    double ab = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        aa += (a[i] - meanA) * (a[i] - meanA);
        bb += (b[i] - meanB) * (b[i] - meanB);
        ab += (a[i] - meanA) * (b[i] - meanB);
    }
    if (aa == 0 || bb == 0) return std::nullopt;
    return std::clamp(ab / std::sqrt(aa * bb), -1.0, 1.0);
}

/// How many pairs of a sorted list are equal.
template <typename Equal>
std::int64_t equalPairs(std::size_t count, const Equal& equal) {
    std::int64_t pairs = 0;
    forRuns(count, equal, [&](std::size_t first, std::size_t last) {
        const auto run = static_cast<std::int64_t>(last - first);
        pairs += run * (run - 1) / 2;
    });
    return pairs;
}

/// Sorts the values by merging; returns how many pairs stood in the wrong order.
std::int64_t sortCountingSwaps(std::vector<double>& values) {
    std::int64_t swaps = 0;
    std::vector<double> merged(values.size());
    for (std::size_t width = 1; width < values.size(); width *= 2) {
        for (std::size_t begin = 0; begin < values.size(); begin += 2 * width) {
            const std::size_t middle = std::min(begin + width, values.size());
            const std::size_t end = std::min(begin + 2 * width, values.size());
            std::size_t left = begin;
            std::size_t right = middle;
            for (std::size_t out = begin; out < end; ++out) {
                const bool takesRight =
                    right < end && (left == middle || values[right] < values[left]);
                if (takesRight) swaps += static_cast<std::int64_t>(middle - left);
                merged[out] = takesRight ? values[right++] : values[left++];
            }
        }
        values.swap(merged);
    }
    return swaps;
}

}  // namespace

std::optional<double> spearman(std::span<const double> a, std::span<const double> b) {
    if (!comparable(a, b)) return std::nullopt;
    return linearCorrelation(ranksOf(a), ranksOf(b));
}

std::optional<double> kendall(std::span<const double> a, std::span<const double> b) {
    if (!comparable(a, b)) return std::nullopt;
    std::vector<std::size_t> order(a.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t i, std::size_t j) {
        return a[i] != a[j] ? a[i] < a[j] : b[i] < b[j];
    });
    const auto count = static_cast<std::int64_t>(a.size());
    const std::int64_t pairs = count * (count - 1) / 2;
    const auto sameA = [&](std::size_t i, std::size_t j) { return a[order[i]] == a[order[j]]; };
    const std::int64_t equalInA = equalPairs(order.size(), sameA);
    const std::int64_t equalInBoth = equalPairs(order.size(), [&](std::size_t i, std::size_t j) {
        return sameA(i, j) && b[order[i]] == b[order[j]];
    });
    std::vector<double> second(order.size());
    std::ranges::transform(order, second.begin(), [&](std::size_t i) { return b[i]; });
    const std::int64_t discordant = sortCountingSwaps(second);
    const std::int64_t equalInB = equalPairs(
        second.size(), [&](std::size_t i, std::size_t j) { return second[i] == second[j]; });
    if (equalInA == pairs || equalInB == pairs) return std::nullopt;
    const std::int64_t difference = pairs - equalInA - equalInB + equalInBoth - 2 * discordant;
    return static_cast<double>(difference) / std::sqrt(static_cast<double>(pairs - equalInA)) /
           std::sqrt(static_cast<double>(pairs - equalInB));
}

}  // namespace cohelix::validate
