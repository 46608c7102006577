// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/optimum/exact_accelerator.h"

#include <algorithm>
#include <limits>
#include <set>

#include "core/model/priced_layers.h"
#include "core/optimum/chunk_configurations.h"

namespace cohelix::optimum {

base::Result<ExactAccelerators> ExactAccelerators::create(const hardware::AcceleratorSpace& space,
                                                          const model::Resources& limits,
                                                          base::Executor* executor,
                                                          Restriction restriction) {
    if (space.kind != model::Template::ChunkPipeline) {
        return base::Error{"/accelerator/template",
                           "the best accelerator cannot be proven on this template: its chunks "
                           "share one budget, so that no chunk can be searched on its own",
                           "Use the chunk-pipeline template, or the accelerator search"};
    }
    if (space.searched) {
        return base::Error{
            "/accelerator/allocation",
            "where the allocation is searched, an accelerator's chunks depend on the "
            "splits of the network's blocks",
            "Use ExactAllocations, or allocate by rules"};
    }
    if (auto known = hardware::checkTemplate(space); !known) {
        return base::Error{"/accelerator/" + known.error().where, known.error().what,
                           known.error().advice};
    }
    if (space.dramGigabytesPerSecond > 0) {
        return base::Error{
            "/accelerator/dram_gb_per_s",
            "the best accelerator cannot be proven where chunks share the bandwidth "
            "of DRAM: no chunk can be searched on its own",
            "Leave the field out, which gives a lower bound of the period; or ask for "
            "the bound and the best accelerator found (boundSharedDram)"};
    }
    return ExactAccelerators(space, limits, executor, std::move(restriction));
}

ExactAccelerators::ExactAccelerators(const hardware::AcceleratorSpace& space,
                                     const model::Resources& limits, base::Executor* executor,
                                     Restriction restriction)
    : m_space(space),
      m_limits(limits),
      m_executor(executor),
      m_restriction(std::move(restriction)),
      m_chunks(space.pipeline.size()),
      m_memory(std::make_unique<Memory>()) {
    m_memory->fronts.resize(m_chunks.size());
}

std::vector<std::vector<model::Layer>> layersByChunk(const hardware::AcceleratorSpace& space,
                                                     const model::Network& network) {
    std::vector<std::vector<model::Layer>> chunks(space.pipeline.size());
    const auto allocation = hardware::allocateLayers(space, {}, network);
    const auto priced = model::layersAsPriced(network.layers, space.fpgaModel);
    for (std::size_t i = 0; i < priced.size(); ++i) {
        if (model::costsNothing(priced[i], space.fpgaModel)) continue;
        chunks[static_cast<std::size_t>(allocation[i])].push_back(priced[i]);
    }
    return chunks;
}

void ExactAccelerators::prepare(std::span<const model::Network> networks) {
    std::vector<std::set<LayerShape>> known(m_chunks.size());
    std::vector<bool> grown(m_chunks.size(), false);
    for (std::size_t c = 0; c < m_chunks.size(); ++c) {
        for (const auto& layer : m_chunks[c].layers) known[c].insert(model::layerShapeOf(layer));
        grown[c] = !m_chunks[c].table;
    }
    for (const auto& network : networks) {
        const auto chunks = layersByChunk(m_space, network);
        for (std::size_t c = 0; c < chunks.size(); ++c) {
            for (const auto& layer : chunks[c]) {
                if (!known[c].insert(model::layerShapeOf(layer)).second) continue;
                m_chunks[c].layers.push_back(layer);
                grown[c] = true;
            }
        }
    }
    const auto form = hardware::pricingFormOf(m_space);
    for (std::size_t c = 0; c < m_chunks.size(); ++c) {
        if (!grown[c]) continue;
        auto& chunk = m_chunks[c];
        auto configurations = usefulConfigurations(m_space.pipeline[c]);
        if (m_restriction) {
            configurations = m_restriction(m_space.pipeline[c], std::move(configurations));
        }
        m_evaluations += static_cast<std::int64_t>(configurations.size() * chunk.layers.size());
        chunk.table.emplace(std::move(configurations), chunk.layers, form, m_limits, m_executor);
        m_memory->fronts[c].clear();
    }
}

std::optional<Load> ExactAccelerators::loadOf(const model::Network& network) const {
    const auto chunks = layersByChunk(m_space, network);
    Load load;
    for (std::size_t c = 0; c < chunks.size(); ++c) {
        if (!m_chunks[c].table) return std::nullopt;
        load.emplace_back(m_chunks[c].table->columns(), 0);
        for (const auto& layer : chunks[c]) {
            const auto column = m_chunks[c].table->columnOf(model::layerShapeOf(layer));
            if (!column) return std::nullopt;
            ++load.back()[*column];
        }
    }
    return load;
}

ExactAccelerators::Front ExactAccelerators::frontOf(std::size_t chunk, const Load& load) const {
    auto& known = m_memory->fronts[chunk];
    {
        const std::lock_guard lock(m_memory->mutex);
        const auto found = known.find(load[chunk]);
        if (found != known.end()) return found->second;
    }
    auto front = m_chunks[chunk].table->front(load[chunk]);
    const std::lock_guard lock(m_memory->mutex);
    known.try_emplace(load[chunk], front);
    return front;
}

std::vector<ExactAccelerators::Front> ExactAccelerators::frontsOf(const Load& load) const {
    std::vector<Front> fronts;
    for (std::size_t c = 0; c < m_chunks.size(); ++c) fronts.push_back(frontOf(c, load));
    return fronts;
}

ProvenAccelerator ExactAccelerators::proven(std::span<const ExactAccelerators* const> parts,
                                            const Combination& found,
                                            const std::vector<Front>& fronts) {
    ProvenAccelerator out{found, {}, found.periodCycles, found.latencyCycles, {}};
    for (std::size_t c = 0; c < parts.size(); ++c) {
        const auto row = fronts[c][found.options[c]].configuration;
        const auto choices = choicesOf(parts[c]->m_space.pipeline[c],
                                       parts[c]->m_chunks[c].table->configuration(row));
        out.rows.push_back(row);
        out.choices.insert(out.choices.end(), choices.begin(), choices.end());
    }
    return out;
}

std::optional<ProvenAccelerator> ExactAccelerators::best(
    std::span<const ExactAccelerators* const> parts, const Load& load, Aim aim) {
    const auto& limits = parts.front()->m_limits;
    std::vector<Front> fronts;
    for (std::size_t c = 0; c < parts.size(); ++c) fronts.push_back(parts[c]->frontOf(c, load));
    std::optional<Combination> found;
    switch (aim) {
        case Aim::Period: found = shortestPeriod(fronts, limits, Preference::FewestDsp); break;
        case Aim::Latency:
            found = combine(fronts, std::numeric_limits<double>::infinity(), limits,
                            Preference::LeastLatency);
            break;
        case Aim::PeriodTimesLatency: found = leastProduct(fronts, limits); break;
    }
    if (!found) return std::nullopt;
    return proven(parts, *found, fronts);
}

std::optional<ProvenAccelerator> ExactAccelerators::best(const Load& load, Aim aim) const {
    return best(alone(), load, aim);
}

std::optional<ProvenAccelerator> ExactAccelerators::best(const model::Network& network, Aim aim) {
    auto load = loadOf(network);
    if (!load) {
        prepare(std::span(&network, 1));
        load = loadOf(network);
    }
    return best(*load, aim);
}

std::vector<ProvenAccelerator> ExactAccelerators::periodAgainstDsp(const Load& load) const {
    const auto fronts = frontsOf(load);
    std::vector<ProvenAccelerator> out;
    for (const auto& found : optimum::periodAgainstDsp(fronts, m_limits)) {
        out.push_back(proven(alone(), found, fronts));
    }
    return out;
}

std::vector<std::size_t> ExactAccelerators::tableRows() const {
    std::vector<std::size_t> rows;
    for (const auto& chunk : m_chunks)
        rows.push_back(chunk.table ? chunk.table->configurations() : 0);
    return rows;
}

}  // namespace cohelix::optimum
