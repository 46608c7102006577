// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/optimum/exact_allocation.h"

#include <algorithm>

#include "core/model/priced_layers.h"
#include "core/optimum/chunk_configurations.h"
#include "core/optimum/staircase.h"

namespace cohelix::optimum {
namespace {

using base::Error;

/// A chunk's layers of each block; stem and head with the first and the last.
std::vector<std::vector<model::Layer>> layersByBlock(const hardware::AcceleratorSpace& space,
                                                     const model::Network& network,
                                                     model::ChunkRole role) {
    // A group a block: the allocation then says which block a layer goes with.
    auto single = space;
    const int blocks = space.searched->blocks;
    single.searched->mostGroups = blocks;
    std::vector<int> starts;
    for (int block = 0; block < blocks; ++block) starts.push_back(block);
    const auto allocation =
        hardware::allocateLayers(single, hardware::choicesOfGroups(single, starts), network);
    const auto priced = model::layersAsPriced(network.layers, space.fpgaModel);
    std::vector<std::vector<model::Layer>> layers(static_cast<std::size_t>(blocks));
    for (std::size_t i = 0; i < priced.size(); ++i) {
        if (model::costsNothing(priced[i], space.fpgaModel)) continue;
        const auto slot = static_cast<std::size_t>(allocation[i]);
        if (space.pipeline[slot % 2].role == role) layers[slot / 2].push_back(priced[i]);
    }
    return layers;
}

}  // namespace

base::Result<ExactAllocations> ExactAllocations::create(const hardware::AcceleratorSpace& space,
                                                        const model::Network& network,
                                                        const model::Resources& limits,
                                                        base::Executor* executor) {
    if (!space.searched) {
        return Error{"/accelerator/allocation", "layers are allocated by rules, not searched",
                     "Use ExactAccelerators, or a space with a searched allocation"};
    }
    if (auto known = hardware::checkTemplate(space); !known) {
        return Error{"/accelerator/" + known.error().where, known.error().what,
                     known.error().advice};
    }
    if (space.dramGigabytesPerSecond > 0) {
        return Error{
            "/accelerator/dram_gb_per_s",
            "the best allocation cannot be proven where chunks share the bandwidth of DRAM",
            "Leave the field out, which gives a lower bound of the period"};
    }
    if (network.operators.size() != static_cast<std::size_t>(space.searched->blocks)) {
        return Error{"/accelerator/allocation",
                     "the space is for " + std::to_string(space.searched->blocks) +
                         " blocks, the network has " + std::to_string(network.operators.size()),
                     "Give the space the network's number of blocks"};
    }
    ExactAllocations exact(space, limits);
    exact.price(network, executor);
    return exact;
}

ExactAllocations::ExactAllocations(const hardware::AcceleratorSpace& space,
                                   const model::Resources& limits)
    : m_space(space),
      m_limits(limits),
      m_blocks(static_cast<std::size_t>(space.searched->blocks)),
      m_runs(m_blocks * m_blocks) {}

const ExactAllocations::Run& ExactAllocations::run(std::size_t first, std::size_t end) const {
    return m_runs[first * m_blocks + end - 1];
}

void ExactAllocations::price(const model::Network& network, base::Executor* executor) {
    for (std::size_t r = 0; r < kRoles; ++r) {
        const auto& chunk = m_space.pipeline[r];
        const auto blocks = layersByBlock(m_space, network, chunk.role);
        std::vector<model::Layer> all;
        for (const auto& block : blocks) all.insert(all.end(), block.begin(), block.end());
        auto configurations = usefulConfigurations(chunk);
        const auto count = static_cast<std::int64_t>(configurations.size());
        const auto form = hardware::pricingFormOf(m_space);
        const auto& table = m_tables.emplace_back(std::move(configurations), std::move(all), form,
                                                  m_limits, executor);
        m_evaluations += count * static_cast<std::int64_t>(table.columns());
        forEach(executor, m_blocks, [&](std::size_t first) {
            std::vector<int> counts(table.columns(), 0);
            for (std::size_t last = first; last < m_blocks; ++last) {
                for (const auto& layer : blocks[last]) {
                    ++counts[*table.columnOf(layerShapeOf(layer))];
                }
                m_runs[first * m_blocks + last].fronts[r] = table.front(counts);
            }
        });
    }
    m_periods = periods();
}

std::vector<double> ExactAllocations::periods() const {
    std::vector<double> times;
    for (const auto& run : m_runs) {
        for (const auto& front : run.fronts) {
            for (const auto& option : front) times.push_back(option.cycles);
        }
    }
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    return times;
}

ExactAllocations::Paths ExactAllocations::groupsWithin(const Run& run, double period) const {
    Paths groups(1);
    for (std::size_t r = 0; r < kRoles; ++r) {
        Paths extended;
        const auto& front = run.fronts[r];
        for (std::size_t option = 0; option < front.size(); ++option) {
            if (front[option].cycles > period) break;  // by ascending time
            for (auto group : groups) {
                group.latency += front[option].cycles;
                group.add(front[option]);
                group.options[r] = option;
                if (group.within(m_limits)) extended.push_back(group);
            }
        }
        keepStaircase(extended);
        groups = std::move(extended);
    }
    return groups;
}

std::optional<ProvenAccelerator> ExactAllocations::within(double period, int mostGroups) const {
    std::vector<Paths> groups(m_runs.size());
    for (std::size_t first = 0; first < m_blocks; ++first) {
        for (std::size_t end = first + 1; end <= m_blocks; ++end) {
            groups[first * m_blocks + end - 1] = groupsWithin(run(first, end), period);
            if (groups[first * m_blocks + end - 1].empty()) break;  // longer runs take more
        }
    }
    // paths[g][b]: with g groups over the first b blocks.
    std::vector<std::vector<Paths>> paths(1, std::vector<Paths>(m_blocks + 1));
    paths[0][0] = {Path{}};
    std::optional<std::pair<std::size_t, Path>> best;
    for (std::size_t g = 1; g <= static_cast<std::size_t>(mostGroups); ++g) {
        auto& next = paths.emplace_back(m_blocks + 1);
        for (std::size_t end = g; end <= m_blocks; ++end) {
            for (std::size_t start = g - 1; start < end; ++start) {
                const auto& before = paths[g - 1][start];
                for (const auto& group : groups[start * m_blocks + end - 1]) {
                    for (std::size_t i = 0; i < before.size(); ++i) {
                        Path path = group;
                        path.latency += before[i].latency;
                        path.add(before[i]);
                        path.start = start;
                        path.before = i;
                        if (!path.within(m_limits)) continue;
                        next[end].push_back(path);
                    }
                }
            }
            keepStaircase(next[end]);
        }
        if (next[m_blocks].empty()) continue;
        const auto& found = next[m_blocks].front();
        const auto rank = [](const Path& path) { return std::tie(path.dsp, path.bram18k); };
        if (!best || rank(found) < rank(best->second)) best = {g, found};
    }
    if (!best) return std::nullopt;
    return traced(paths, best->first, 0);
}

ProvenAccelerator ExactAllocations::traced(const std::vector<std::vector<Paths>>& paths,
                                           std::size_t groups, std::size_t index) const {
    ProvenAccelerator out;
    std::vector<int> starts(groups);
    std::vector<std::vector<int>> choices(groups);
    std::size_t end = m_blocks;
    for (std::size_t g = groups; g-- > 0;) {
        const auto& path = paths[g + 1][end][index];
        starts[g] = static_cast<int>(path.start);
        for (std::size_t r = 0; r < kRoles; ++r) {
            const auto& option = run(path.start, end).fronts[r][path.options[r]];
            const auto chosen =
                choicesOf(m_space.pipeline[r], m_tables[r].configuration(option.configuration));
            choices[g].insert(choices[g].end(), chosen.begin(), chosen.end());
            out.periodCycles = std::max(out.periodCycles, option.cycles);
            out.latencyCycles += option.cycles;
            out.add(option);
        }
        end = path.start;
        index = path.before;
    }
    for (const auto& group : choices) {
        out.choices.insert(out.choices.end(), group.begin(), group.end());
    }
    const auto unused =
        (static_cast<std::size_t>(m_space.searched->mostGroups) - groups) * choices.front().size();
    out.choices.insert(out.choices.end(), unused, 0);
    const auto allocation = hardware::choicesOfGroups(m_space, starts);
    out.choices.insert(out.choices.end(), allocation.begin(), allocation.end());
    return out;
}

std::optional<ProvenAccelerator> ExactAllocations::best(int mostGroups) const {
    // Whether a period can be had is monotone in it.
    const auto shortest = std::partition_point(
        m_periods.begin(), m_periods.end(),
        [&](double period) { return !within(period, mostGroups).has_value(); });
    if (shortest == m_periods.end()) return std::nullopt;
    return within(*shortest, mostGroups);
}

std::vector<ProvenAccelerator> ExactAllocations::periodAgainstDsp() const {
    const int groups = m_space.searched->mostGroups;
    std::vector<ProvenAccelerator> out;
    auto from = m_periods.begin();
    for (;;) {
        // The fewest DSPs never grow with the period: the next fewer of them are found by halving.
        from = std::partition_point(from, m_periods.end(), [&](double period) {
            const auto found = within(period, groups);
            return !found || (!out.empty() && found->dsp >= out.back().dsp);
        });
        if (from == m_periods.end()) return out;
        out.push_back(*within(*from, groups));
    }
}

}  // namespace cohelix::optimum
