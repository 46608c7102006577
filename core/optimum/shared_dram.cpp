// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/optimum/shared_dram.h"

#include <algorithm>
#include <limits>

#include "core/base/units.h"
#include "core/hardware/evaluate.h"
#include "core/optimum/chunk_configurations.h"
#include "core/optimum/staircase.h"

namespace cohelix::optimum {
namespace {

using base::Error;
using base::Result;
using Front = std::vector<ChunkOption>;

/// The sum over the first chunks, and the way back to how it was made.
struct Sum : model::Resources {
    double bytes = 0;
    std::size_t before = 0;
    std::size_t option = 0;
};

struct Found {
    std::vector<std::size_t> options;
    double bytes = 0;
};

/// The combinations of one network on one space.
class Combinations {
public:
    Combinations(std::vector<Front> fronts, const model::Resources& limits, double bytesPerCycle,
                 std::size_t mostSums)
        : m_fronts(std::move(fronts)),
          m_limits(limits),
          m_bytesPerCycle(bytesPerCycle),
          m_mostSums(mostSums) {
        for (const auto& front : m_fronts) {
            for (const auto& option : front) m_times.push_back(option.cycles);
        }
        std::sort(m_times.begin(), m_times.end());
        m_times.erase(std::unique(m_times.begin(), m_times.end()), m_times.end());
    }

    /// The shortest period of the relaxed problem; infinite when DSPs and block RAM alone exclude
    /// every accelerator.
    double relaxedPeriod() {
        const auto fits = std::partition_point(m_times.begin(), m_times.end(), [&](double time) {
            return !combine(m_fronts, time, m_limits, Preference::FewestDsp).has_value();
        });
        const auto enough = std::partition_point(fits, m_times.end(), [&](double time) {
            return leastBytes(time) > time * m_bytesPerCycle;
        });
        double period = std::numeric_limits<double>::infinity();
        if (enough != m_times.end()) period = *enough;
        if (enough != fits) period = std::min(period, leastBytes(*(enough - 1)) / m_bytesPerCycle);
        return period;
    }

    /// The combination of the shortest period, as far as sums are not dropped.
    std::optional<Found> best() {
        std::optional<Found> found;
        const auto enough = std::partition_point(m_times.begin(), m_times.end(), [&](double time) {
            return !within(time, time * m_bytesPerCycle).has_value();
        });
        double budget = std::numeric_limits<double>::infinity();
        if (enough != m_times.end()) {
            found = within(*enough, *enough * m_bytesPerCycle);
            budget = *enough * m_bytesPerCycle;
        }
        // Between two times of chunks the DRAM sets the period.
        if (enough == m_times.begin()) return found;
        auto between = within(*(enough - 1), budget);
        if (between && (!found || periodOf(*between) < periodOf(*found))) {
            found = std::move(between);
        }
        return found;
    }

    double periodOf(const Found& found) const {
        double period = found.bytes / m_bytesPerCycle;
        for (std::size_t c = 0; c < m_fronts.size(); ++c) {
            period = std::max(period, m_fronts[c][found.options[c]].cycles);
        }
        return period;
    }
    const Front& front(std::size_t chunk) const { return m_fronts[chunk]; }
    bool dropped() const { return m_dropped; }

private:
    static double leastOf(const Front& front, double time, double ChunkOption::*figure) {
        double least = std::numeric_limits<double>::infinity();
        for (const auto& option : front) {
            if (option.cycles <= time) least = std::min(least, option.*figure);
        }
        return least;
    }
    double leastBytes(double time) const {
        double sum = 0;
        for (const auto& front : m_fronts) sum += leastOf(front, time, &ChunkOption::dramBytes);
        return sum;
    }

    /// The combination of chunks within the time that moves least, within so many bytes.
    std::optional<Found> within(double time, double mostBytes) {
        // What the chunks still to come need at least.
        std::vector<Sum> rest(m_fronts.size() + 1);
        for (std::size_t c = m_fronts.size(); c-- > 0;) {
            rest[c].bytes = rest[c + 1].bytes + leastOf(m_fronts[c], time, &ChunkOption::dramBytes);
            rest[c].dsp = rest[c + 1].dsp + leastOf(m_fronts[c], time, &ChunkOption::dsp);
            rest[c].bram18k =
                rest[c + 1].bram18k + leastOf(m_fronts[c], time, &ChunkOption::bram18k);
        }
        std::vector<std::vector<Sum>> levels(1, {Sum{}});
        for (std::size_t c = 0; c < m_fronts.size(); ++c) {
            std::vector<Sum> next;
            for (const auto& option : useful(c, time)) {
                for (std::size_t i = 0; i < levels[c].size(); ++i) {
                    const auto& before = levels[c][i];
                    Sum sum{before, before.bytes + option.bytes, i, option.option};
                    sum.add(option);
                    model::Resources least = sum;
                    least.add(rest[c + 1]);
                    if (sum.bytes + rest[c + 1].bytes > mostBytes || !least.within(m_limits)) {
                        continue;
                    }
                    next.push_back(sum);
                }
            }
            keepSurface<&Sum::bytes>(next);
            if (next.empty()) return std::nullopt;
            thin(next);
            levels.push_back(std::move(next));
        }
        Found found{std::vector<std::size_t>(m_fronts.size()), levels.back().front().bytes};
        std::size_t at = 0;
        for (std::size_t c = m_fronts.size(); c-- > 0;) {
            found.options[c] = levels[c + 1][at].option;
            at = levels[c + 1][at].before;
        }
        return found;
    }

    /// A chunk's options within the time that no other beats in bytes, DSPs and block RAM.
    std::vector<Sum> useful(std::size_t chunk, double time) const {
        std::vector<Sum> options;
        const auto& front = m_fronts[chunk];
        for (std::size_t o = 0; o < front.size() && front[o].cycles <= time; ++o) {
            options.push_back({front[o], front[o].dramBytes, 0, o});
        }
        keepSurface<&Sum::bytes>(options);
        return options;
    }

    /// Leaves sums evenly spaced, those of the least bytes, DSPs and block RAM among them.
    void thin(std::vector<Sum>& sums) {
        if (sums.size() <= m_mostSums) return;
        m_dropped = true;
        const auto by = [](double Sum::*figure) {
            return [figure](const Sum& a, const Sum& b) { return a.*figure < b.*figure; };
        };
        std::vector<Sum> kept = {*std::ranges::min_element(sums, by(&Sum::dsp)),
                                 *std::ranges::min_element(sums, by(&Sum::bram18k))};
        for (std::size_t i = 0; i < m_mostSums; ++i) {
            kept.push_back(sums[i * sums.size() / m_mostSums]);
        }
        keepSurface<&Sum::bytes>(kept);
        sums = std::move(kept);
    }

    std::vector<Front> m_fronts;
    model::Resources m_limits;
    double m_bytesPerCycle;
    std::size_t m_mostSums;
    std::vector<double> m_times;
    bool m_dropped = false;
};

Error noneWithin(const model::Resources& limits) {
    return {"/limits",
            "no accelerator of this space was found within " + base::exact(limits.dsp) +
                " DSP and " + base::exact(limits.bram18k) + " BRAM18K",
            "Raise the limits or give the space smaller choices"};
}

}  // namespace

Result<SharedDramBound> boundSharedDram(const hardware::AcceleratorSpace& space,
                                        const model::Network& network,
                                        const model::Resources& limits, base::Executor* executor,
                                        std::size_t mostSums) {
    if (space.dramGigabytesPerSecond <= 0) {
        return Error{"/accelerator/dram_gb_per_s", "no DRAM is shared in this space",
                     "Use ExactAccelerators, which proves the best accelerator"};
    }
    auto apart = space;
    apart.dramGigabytesPerSecond = 0;
    auto exact = ExactAccelerators::create(apart, limits, executor);
    if (!exact) return exact.error();

    std::vector<ChunkTable> tables;
    std::vector<Front> fronts;
    const auto chunks = layersByChunk(space, network);
    const auto form = hardware::pricingFormOf(space);
    for (std::size_t c = 0; c < chunks.size(); ++c) {
        const auto& table = tables.emplace_back(usefulConfigurations(space.pipeline[c]), chunks[c],
                                                form, limits, executor);
        std::vector<int> counts(table.columns(), 0);
        for (const auto& layer : chunks[c]) ++counts[*table.columnOf(layerShapeOf(layer))];
        fronts.push_back(table.front(counts));
        if (fronts.back().empty()) return noneWithin(limits);
    }
    const double bytesPerCycle = space.dramGigabytesPerSecond * 1e3 / space.clockMhz;
    Combinations combinations(std::move(fronts), limits, bytesPerCycle, mostSums);
    SharedDramBound bound;
    bound.leastPeriodCycles = combinations.relaxedPeriod();
    const auto best = combinations.best();
    if (!best) return noneWithin(limits);
    bound.dramBytes = best->bytes;
    for (std::size_t c = 0; c < tables.size(); ++c) {
        const auto& option = combinations.front(c)[best->options[c]];
        bound.found.latencyCycles += option.cycles;
        bound.found.add(option);
        const auto choices =
            choicesOf(space.pipeline[c], tables[c].configuration(option.configuration));
        bound.found.choices.insert(bound.found.choices.end(), choices.begin(), choices.end());
    }
    bound.found.periodCycles = combinations.periodOf(*best);
    bound.proven = !combinations.dropped() || bound.found.periodCycles <= bound.leastPeriodCycles;
    if (bound.proven) bound.leastPeriodCycles = bound.found.periodCycles;
    return bound;
}

}  // namespace cohelix::optimum
