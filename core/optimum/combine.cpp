// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/optimum/combine.h"

#include <algorithm>
#include <limits>

#include "core/optimum/staircase.h"

namespace cohelix::optimum {
namespace {

using Fronts = std::span<const std::vector<ChunkOption>>;
constexpr double kUnbounded = std::numeric_limits<double>::infinity();

/// The sum over the first chunks, and the way back to how it was made.
struct Partial : model::Resources {
    double latency = 0;
    std::size_t before = 0;  ///< index among the partial sums of the chunks before
    std::size_t option = 0;  ///< of the last chunk
};

std::vector<Partial> extended(const std::vector<Partial>& sums,
                              const std::vector<ChunkOption>& front, double mostCycles,
                              const model::Resources& limits) {
    std::vector<Partial> out;
    for (std::size_t option = 0; option < front.size(); ++option) {
        if (front[option].cycles > mostCycles) break;  // by ascending time
        for (std::size_t i = 0; i < sums.size(); ++i) {
            model::Resources taken = sums[i];
            taken.add(front[option]);
            if (!taken.within(limits)) continue;
            out.push_back({taken, sums[i].latency + front[option].cycles, i, option});
        }
    }
    return out;
}

Combination traced(const std::vector<std::vector<Partial>>& levels, std::size_t last,
                   Fronts fronts) {
    Combination found;
    found.options.resize(fronts.size());
    std::size_t at = last;
    for (std::size_t c = fronts.size(); c-- > 0;) {
        found.options[c] = levels[c + 1][at].option;
        at = levels[c + 1][at].before;
    }
    for (std::size_t c = 0; c < fronts.size(); ++c) {
        const auto& option = fronts[c][found.options[c]];
        found.periodCycles = std::max(found.periodCycles, option.cycles);
        found.latencyCycles += option.cycles;
        found.add(option);
    }
    return found;
}

/// All times that a chunk can take, ascending, from the least that every chunk can keep.
std::vector<double> periods(Fronts fronts) {
    double least = 0;
    std::vector<double> times;
    for (const auto& front : fronts) {
        if (front.empty()) return {};
        least = std::max(least, front.front().cycles);
        for (const auto& option : front) times.push_back(option.cycles);
    }
    std::erase_if(times, [least](double time) { return time < least; });
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    return times;
}

}  // namespace

std::optional<Combination> combine(Fronts fronts, double mostCycles, const model::Resources& limits,
                                   Preference preference) {
    std::vector<std::vector<Partial>> levels(1, {Partial{}});
    for (const auto& front : fronts) {
        auto next = extended(levels.back(), front, mostCycles, limits);
        if (next.empty()) return std::nullopt;
        if (preference == Preference::FewestDsp) {
            keepStaircase(next);
        } else {
            keepSurface<&Partial::latency>(next);
        }
        levels.push_back(std::move(next));
    }
    // Both orders put what is preferred first.
    return traced(levels, 0, fronts);
}

std::optional<Combination> shortestPeriod(Fronts fronts, const model::Resources& limits,
                                          Preference preference) {
    const auto times = periods(fronts);
    const auto canKeep = [&](double period) {
        return combine(fronts, period, limits, Preference::FewestDsp).has_value();
    };
    const auto shortest = std::partition_point(times.begin(), times.end(),
                                               [&](double period) { return !canKeep(period); });
    if (shortest == times.end()) return std::nullopt;
    return combine(fronts, *shortest, limits, preference);
}

std::optional<Combination> leastProduct(Fronts fronts, const model::Resources& limits) {
    const auto unhurried = combine(fronts, kUnbounded, limits, Preference::LeastLatency);
    if (!unhurried) return std::nullopt;
    std::optional<Combination> best;
    const auto product = [](const Combination& c) { return c.periodCycles * c.latencyCycles; };
    for (const double period : periods(fronts)) {
        // No longer period can come below this.
        if (best && period * unhurried->latencyCycles >= product(*best)) break;
        auto found = combine(fronts, period, limits, Preference::LeastLatency);
        if (found && (!best || product(*found) < product(*best))) best = std::move(found);
    }
    return best;
}

std::vector<Combination> periodAgainstDsp(Fronts fronts, const model::Resources& limits) {
    std::vector<Combination> out;
    for (const double period : periods(fronts)) {
        auto found = combine(fronts, period, limits, Preference::FewestDsp);
        if (found && (out.empty() || found->dsp < out.back().dsp)) out.push_back(std::move(*found));
    }
    return out;
}

}  // namespace cohelix::optimum
