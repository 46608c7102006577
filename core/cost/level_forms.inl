// SPDX-License-Identifier: GPL-3.0-or-later
// From movements to the traffic, cycles and energy of each level. See forms.h.

/// The nearest level further out that keeps the tensor; -1 for none.
inline int parentOf(const model::Mapping& mapping, std::size_t level, Tensor tensor) {
    for (int outer = static_cast<int>(level) - 1; outer >= 0; --outer) {
        if (mapping.levels[static_cast<std::size_t>(outer)].keeps[at(tensor)]) return outer;
    }
    return -1;
}

/// Works out a result whose levels are there, each of them zero. `Movements` counts what moves
/// where the closed forms do not: movement(holds, crossing, movement) is called with what they say.
template <typename N, typename Movements>
class Evaluation {
public:
    using Count = typename N::Count;
    using Real = typename N::Real;
    using Mask = typename N::Mask;

    Evaluation(const Outline<N>& nest, const model::Mapping& mapping, const Hierarchy& hierarchy,
               const Convention& convention, Movements& movements, typename N::Result& result)
        : m_nest(nest), m_mapping(mapping), m_hierarchy(hierarchy), m_convention(convention),
          m_movements(movements), m_result(result) {}

    /// What moves: tiles and traffic.
    void count() {
        const std::size_t levels = m_nest.levels();
        SizesOf<Count> tile = countsOf<Count>(kOneOfEach);
        for (const Tensor tensor : model::kAllTensors) feedMultipliers(tensor, tile);
        for (std::size_t l = levels; l-- > 0;) {
            for (std::size_t p = m_nest.begin(l); p < m_nest.begin(l + 1); ++p) {
                const auto& loop = m_nest.loops()[p];
                tile[at(loop.dim)] = tile[at(loop.dim)] * loop.trips;
            }
            m_result.levels[l].instances = m_nest.instances(m_nest.begin(l));
            for (const Tensor tensor : model::kAllTensors) {
                if (m_mapping.levels[l].keeps[at(tensor)]) countTile(l, tensor, tile);
            }
        }
        m_result.pesInUse = m_nest.instances(m_nest.loops().size());
    }

    /// Words that a level holds; twice where it is double-buffered.
    Real need(std::size_t level) const {
        Count tiles(0);
        for (const auto& tensor : m_result.levels[level].tensors) tiles = tiles + tensor.tile;
        return real(tiles) * Real(m_hierarchy.levels[level].doubleBuffered ? 2 : 1);
    }

    /// Cycles and energy from the traffic and the steps of the whole nest.
    void price() {
        for (std::size_t l = 0; l < m_nest.levels(); ++l) priceLevel(l);
        priceAll();
    }

private:
    auto& traffic(std::size_t level, Tensor tensor) {
        return m_result.levels[level].tensors[at(tensor)];
    }

    void countTile(std::size_t level, Tensor tensor, const SizesOf<Count>& tile) {
        const auto sizes = countsOf<Count>(m_nest.facts().sizes);
        SizesOf<Count> most;  // edge tiles are smaller
        for (std::size_t d = 0; d < tile.size(); ++d) most[d] = least(tile[d], sizes[d]);
        traffic(level, tensor).tile = wordsOf(m_nest.facts(), tensor, most, m_convention.boxes);
        const int parent = parentOf(m_mapping, level, tensor);
        if (parent < 0) return;
        const bool forwards = tensor != Tensor::Outputs && m_hierarchy.levels[level].forwards;
        moveTile({m_nest, tensor, static_cast<std::size_t>(parent), level, tile, forwards});
    }

    typename N::Movement movement(const Crossing<N>& between) {
        typename N::Movement movement;
        m_movements.count(between, movement);
        return movement;
    }

    /// Operands between a level and the nearest one outside that keeps them: into the inner
    /// instances, and out of the outer ones.
    struct Supply {
        Count arrivals;
        Count sent;
        Count forwarded;
    };
    Supply supply(const Crossing<N>& between) {
        typename N::Movement words;
        words.forwarded = Count(0);
        if (between.tensor == Tensor::Inputs && m_convention.boxes) {
            m_movements.countBoxes(between, m_convention.stillStepEndsSlide, words);
        } else {
            m_movements.count(between, words);
        }
        const bool multicast = m_hierarchy.levels[between.parent].multicast;
        return {words.arrivals,
                multicast ? words.sharedArrivals : words.arrivals - words.forwarded,
                words.forwarded};
    }

    /// Traffic between a level and the nearest one outside that keeps the tensor.
    void moveTile(const Crossing<N>& between) {
        auto& inner = traffic(between.child, between.tensor);
        auto& outer = traffic(between.parent, between.tensor);
        if (between.tensor != Tensor::Outputs) {
            const auto words = supply(between);
            inner.fills = words.arrivals;
            inner.forwards = words.forwarded;
            outer.reads = outer.reads + words.sent;
            return;
        }
        const auto words = movement(between);
        inner.drains = words.arrivals;
        if (m_hierarchy.levels[between.parent].reduces) {
            inner.fills = m_convention.firstOutputFillCounts ? words.arrivals
                                                             : words.arrivals - words.firstVisits;
            outer.updates = words.sharedLeavings;
            outer.reads = outer.reads + words.sharedArrivals - words.sharedFirstVisits;
        } else {
            outer.updates = words.arrivals;
            outer.reads = outer.reads + words.arrivals - words.sharedFirstVisits;
        }
    }

    /// The innermost level that keeps a tensor serves the multipliers.
    void feedMultipliers(Tensor tensor, const SizesOf<Count>& tile) {
        const std::size_t all = m_nest.levels();
        const auto level = static_cast<std::size_t>(parentOf(m_mapping, all, tensor));
        const Crossing<N> between{m_nest, tensor, level, all, tile, false};
        auto& serving = traffic(level, tensor);
        if (tensor != Tensor::Outputs) {
            serving.reads = serving.reads + supply(between).sent;
            return;
        }
        const auto words = movement(between);
        const bool reduces = m_hierarchy.levels[level].reduces;
        serving.updates = serving.updates + (reduces ? words.sharedLeavings : words.arrivals);
        // The first reads nothing.
        serving.reads = serving.reads + serving.updates - words.sharedFirstVisits;
    }

    /// Words that go out of a level, of one tensor.
    template <typename Traffic>
    Count outOf(const Traffic& moved) const {
        return m_convention.drainsCount ? moved.reads + moved.drains : moved.reads;
    }

    static Real energy(const MemoryLevel& memory, const Count& words, double picojoule) {
        if (memory.blockWords == 1) return real(words) * Real(picojoule);
        const Real blocks = roundUp(real(words) / Real(memory.blockWords));
        return blocks * Real(memory.blockWords) * Real(picojoule);
    }

    void priceLevel(std::size_t level) {
        auto& result = m_result.levels[level];
        const auto& memory = m_hierarchy.levels[level];
        const Real instances = real(result.instances);
        Real reads(0);
        Real writes(0);
        for (std::size_t t = 0; t < result.tensors.size(); ++t) {
            const auto& tensor = result.tensors[t];
            const Count out = outOf(tensor);
            reads = reads + real(out);
            writes = writes + real(tensor.fills + tensor.updates);
            result.energyPicojoule[t] = energy(memory, out, memory.readPicojoule) +
                                        energy(memory, tensor.fills, memory.fillPicojoule) +
                                        energy(memory, tensor.updates, memory.updatePicojoule) +
                                        real(tensor.forwards) * Real(memory.forwardPicojoule);
        }
        result.cycles = m_convention.ratesInDoubles
                            ? cyclesFromRates(level)
                            : cyclesOf(memory, reads / instances, writes / instances);
    }

    Real cyclesOf(const MemoryLevel& memory, const Real& reads, const Real& writes) const {
        if (memory.sharedBandwidth) return cyclesAt(reads + writes, memory.readWordsPerCycle);
        const Real out = cyclesAt(reads, memory.readWordsPerCycle);
        const Real in = cyclesAt(writes, memory.writeWordsPerCycle);
        return m_hierarchy.overlap == Overlap::None ? out + in : most(out, in);
    }

    static Real cyclesAt(const Real& words, double perCycle) {
        return perCycle > 0 ? roundUp(words / Real(perCycle)) : Real(0);
    }

    /// Timeloop's way of 2022 (timeloop-table.md 3): words a cycle in doubles, which rounds up one
    /// cycle more now and then.
    Real cyclesFromRates(std::size_t level) const {
        const auto& result = m_result.levels[level];
        const auto& memory = m_hierarchy.levels[level];
        if (memory.readWordsPerCycle <= 0) return Real(0);
        const Real instances = real(result.instances);
        Real reads(0);
        Real writes(0);
        for (const auto& tensor : result.tensors) {
            reads = reads + real(tensor.reads) / instances / m_result.computeCycles;
            writes = writes + real(tensor.fills + tensor.updates) / instances /
                                  m_result.computeCycles;
        }
        if (memory.sharedBandwidth) return slowed(writes + reads, memory.readWordsPerCycle);
        const Real out = slowed(reads, memory.readWordsPerCycle);
        return memory.writeWordsPerCycle > 0 ? most(out, slowed(writes, memory.writeWordsPerCycle))
                                             : out;
    }

    /// The compute cycles where a level that gives so much at most is asked for more.
    Real slowed(const Real& rate, double bound) const {
        const Real limit(bound);
        return roundUp(m_result.computeCycles / choose(rate > limit, limit / rate, Real(1)));
    }

    /// Cycles that pass before the first tiles are in and after the last result is made.
    Real exposed() {
        Real cycles(0);
        for (std::size_t l = 1; l < m_nest.levels(); ++l) {
            const auto& memory = m_hierarchy.levels[l];
            if (!memory.exposesFirstFill) continue;
            const double in = memory.sharedBandwidth ? memory.readWordsPerCycle
                                                     : memory.writeWordsPerCycle;
            const Real first = real(traffic(l, Tensor::Weights).tile) +
                               real(traffic(l, Tensor::Inputs).tile);
            cycles = cycles + cyclesAt(first, in);
            cycles = cycles + cyclesAt(real(traffic(l, Tensor::Outputs).tile),
                                       memory.readWordsPerCycle);
        }
        return cycles;
    }

    void priceAll() {
        Real slowest = m_result.computeCycles;
        Real sum = m_result.computeCycles;
        Real levelsPicojoule(0);
        for (std::size_t l = 0; l < m_nest.levels(); ++l) {
            const auto& level = m_result.levels[l];
            for (const auto& energy : level.energyPicojoule) {
                levelsPicojoule = levelsPicojoule + energy;
            }
            sum = sum + level.cycles;
            slowest = most(level.cycles, slowest);
        }
        m_result.exposedCycles = exposed();
        m_result.cycles = (m_hierarchy.overlap == Overlap::None ? sum : slowest) +
                          m_result.exposedCycles;
        m_result.macPicojoule = real(m_result.macs) * Real(m_hierarchy.macPicojoule);
        m_result.staticPicojoule = m_result.cycles * Real(m_hierarchy.staticPicojoulePerCycle);
        m_result.energyPicojoule =
            levelsPicojoule + m_result.macPicojoule + m_result.staticPicojoule;
    }

    const Outline<N>& m_nest;
    const model::Mapping& m_mapping;
    const Hierarchy& m_hierarchy;
    const Convention& m_convention;
    Movements& m_movements;
    typename N::Result& m_result;
};
