// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/level_costs.h"

#include <algorithm>
#include <cmath>

namespace cohelix::nest {
namespace {

/// The energy of whole blocks.
double energyOf(const MemoryLevel& memory, std::int64_t words, double picojoule) {
    if (memory.blockWords == 1) return real(words) * picojoule;
    return std::ceil(real(words) / memory.blockWords) * memory.blockWords * picojoule;
}

class LevelPrice {
public:
    LevelPrice(const MappedNest& mapped, const MemoryLevel& memory, LevelResult& level)
        : m_mapped(mapped), m_memory(memory), m_level(level) {}

    void price(double computeCycles) {
        double reads = 0;
        double writes = 0;
        for (std::size_t t = 0; t < m_level.tensors.size(); ++t) {
            const auto& tensor = m_level.tensors[t];
            const std::int64_t out =
                m_mapped.convention.drainsCount ? tensor.reads + tensor.drains : tensor.reads;
            reads += real(out);
            writes += real(tensor.fills + tensor.updates);
            m_level.energyPicojoule[t] =
                energyOf(m_memory, out, m_memory.readPicojoule) +
                energyOf(m_memory, tensor.fills, m_memory.fillPicojoule) +
                energyOf(m_memory, tensor.updates, m_memory.updatePicojoule) +
                real(tensor.forwards) * m_memory.forwardPicojoule;
        }
        const double instances = real(m_level.instances);
        m_level.cycles = m_mapped.convention.ratesInDoubles
                             ? cyclesFromRates(computeCycles)
                             : cyclesOf(reads / instances, writes / instances);
    }

private:
    double cyclesOf(double reads, double writes) const {
        if (m_memory.sharedBandwidth) {
            return std::ceil(cyclesOver(reads + writes, m_memory.readWordsPerCycle));
        }
        const double out = std::ceil(cyclesOver(reads, m_memory.readWordsPerCycle));
        const double in = std::ceil(cyclesOver(writes, m_memory.writeWordsPerCycle));
        return m_mapped.hierarchy.overlap == Overlap::None ? out + in : std::max(out, in);
    }

    /// Timeloop's way of 2022 (timeloop-table.md 3): words a cycle in doubles, which rounds up one
    /// cycle more now and then.
    double cyclesFromRates(double computeCycles) const {
        if (m_memory.readWordsPerCycle <= 0) return 0;
        const double instances = real(m_level.instances);
        double reads = 0;
        double writes = 0;
        for (const auto& tensor : m_level.tensors) {
            reads += real(tensor.reads) / instances / computeCycles;
            writes += real(tensor.fills + tensor.updates) / instances / computeCycles;
        }
        // The compute cycles where a level that gives so much at most is asked for more.
        const auto slowed = [computeCycles](double rate, double most) {
            return std::ceil(computeCycles / (rate > most ? most / rate : 1));
        };
        if (m_memory.sharedBandwidth) return slowed(writes + reads, m_memory.readWordsPerCycle);
        const double out = slowed(reads, m_memory.readWordsPerCycle);
        if (m_memory.writeWordsPerCycle <= 0) return out;
        return std::max(out, slowed(writes, m_memory.writeWordsPerCycle));
    }

    const MappedNest& m_mapped;
    const MemoryLevel& m_memory;
    LevelResult& m_level;
};

}  // namespace

void priceLevels(const MappedNest& mapped, LoopNestResult& result) {
    for (std::size_t l = 0; l < mapped.levels(); ++l) {
        LevelPrice(mapped, mapped.memory(l), result.levels[l]).price(result.computeCycles);
    }
}

}  // namespace cohelix::nest
