// SPDX-License-Identifier: GPL-3.0-or-later
// From movements to the traffic, cycles and energy of each level. See forms.h.

/// The nearest level further out that keeps the tensor; -1 for none.
inline int parentOf(const model::Mapping& mapping, std::size_t level, Tensor tensor) {
    for (int outer = static_cast<int>(level) - 1; outer >= 0; --outer) {
        if (mapping.levels[static_cast<std::size_t>(outer)].keeps[indexOf(tensor)]) return outer;
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
        : m_nest(nest),
          m_mapping(mapping),
          m_hierarchy(hierarchy),
          m_convention(convention),
          m_movements(movements),
          m_result(result) {}

    /// What moves: tiles and traffic.
    void count() {
        const std::size_t levels = m_nest.levels();
        SizesOf<Count> tile = countsOf<Count>(kOneOfEach);
        for (const Tensor tensor : model::kAllTensors) feedMultipliers(tensor, tile);
        for (std::size_t l = levels; l-- > 0;) {
            for (std::size_t p = m_nest.begin(l); p < m_nest.begin(l + 1); ++p) {
                const auto& loop = m_nest.loops()[p];
                tile[indexOf(loop.dim)] = tile[indexOf(loop.dim)] * loop.trips;
            }
            m_result.levels[l].instances = m_nest.instances(m_nest.begin(l));
            for (const Tensor tensor : model::kAllTensors) {
                if (m_mapping.levels[l].keeps[indexOf(tensor)]) countTile(l, tensor, tile);
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
        return m_result.levels[level].tensors[indexOf(tensor)];
    }

    void countTile(std::size_t level, Tensor tensor, const SizesOf<Count>& tile) {
        const auto sizes = countsOf<Count>(m_nest.facts().sizes);
        SizesOf<Count> most;  // edge tiles are smaller
        for (std::size_t d = 0; d < tile.size(); ++d) most[d] = least(tile[d], sizes[d]);
        traffic(level, tensor).tile = m_convention.boxes
                                          ? wordsOf(m_nest.facts(), tensor, most, true)
                                          : m_movements.tileWords(m_nest.facts(), tensor, most);
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
        return {words.arrivals, multicast ? words.sharedArrivals : words.arrivals - words.forwarded,
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
        return roundUp(cyclesOver(words, perCycle));
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
            writes =
                writes + real(tensor.fills + tensor.updates) / instances / m_result.computeCycles;
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

    /// What goes over the ports of each memory, so that the slowest of them can be found.
    struct Ports {
        std::array<Real, kMostMemories> in;
        std::array<Real, kMostMemories> out;
    };
    Ports noWords() const {
        Ports ports;
        for (std::size_t l = 0; l < m_nest.levels(); ++l) ports.in[l] = ports.out[l] = Real(0);
        return ports;
    }
    Real slowest(const Ports& ports) const {
        Real cycles(0);
        for (std::size_t l = 0; l < m_nest.levels(); ++l) {
            const auto& memory = m_hierarchy.levels[l];
            const Real instances = real(m_result.levels[l].instances);
            const Real in = ports.in[l] / instances;
            const Real out = ports.out[l] / instances;
            if (memory.sharedBandwidth) {
                cycles = most(cycles, cyclesOver(in + out, memory.readWordsPerCycle));
            } else {
                cycles = most(cycles, cyclesOver(in, memory.writeWordsPerCycle));
                cycles = most(cycles, cyclesOver(out, memory.readWordsPerCycle));
            }
        }
        return cycles;
    }
    static Real cyclesOver(const Real& words, double perCycle) {
        return perCycle > 0 ? words / Real(perCycle) : Real(0);
    }

    SizesOf<Count> tileOf(std::size_t level) const {
        SizesOf<Count> tile = countsOf<Count>(kOneOfEach);
        for (std::size_t p = m_nest.begin(level); p < m_nest.loops().size(); ++p) {
            const auto& loop = m_nest.loops()[p];
            tile[indexOf(loop.dim)] = tile[indexOf(loop.dim)] * loop.trips;
        }
        return tile;
    }

    /// What comes into a level from a memory outside, step by step; `sent` as that memory sends.
    void stepsBetween(std::size_t parent, std::size_t child, Tensor tensor,
                      const SizesOf<Count>& tile, StepsOf<N>& steps) {
        const bool forwards = tensor != Tensor::Outputs && m_hierarchy.levels[child].forwards;
        m_movements.steps(Crossing<N>{m_nest, tensor, parent, child, tile, forwards},
                          m_hierarchy.levels[parent].multicast, steps);
    }

    /// A level's first tile of a tensor on its way in from the outermost memory; of outputs the
    /// last on its way there.
    void passAll(std::size_t level, Tensor tensor, Ports& ports) {
        const bool outputs = tensor == Tensor::Outputs;
        const auto tile = tileOf(level);
        Real words = real(traffic(level, tensor).tile) * real(m_result.levels[level].instances);
        StepsOf<N> steps;
        int inner = static_cast<int>(level);
        for (int outer = parentOf(m_mapping, level, tensor); outer >= 0;
             outer = parentOf(m_mapping, static_cast<std::size_t>(outer), tensor)) {
            const auto parent = static_cast<std::size_t>(outer);
            const auto& memory = m_hierarchy.levels[parent];
            m_movements.steps(Crossing<N>{m_nest, tensor, parent, level, tile, false}, true, steps);
            const Real distinct = least(real(steps.sent[0]), words);
            const bool merges = outputs ? memory.reduces : memory.multicast;
            auto& near = outputs ? ports.out : ports.in;
            auto& far = outputs ? ports.in : ports.out;
            near[static_cast<std::size_t>(inner)] = near[static_cast<std::size_t>(inner)] + words;
            far[parent] = far[parent] + (merges ? distinct : words);
            words = distinct;
            inner = outer;
        }
    }

    /// Cycles that work waits for a single buffer's first tiles, or its last results' way out.
    Real passes(std::span<const Tensor> tensors) {
        Real longest(0);
        for (std::size_t l = 1; l < m_nest.levels(); ++l) {
            if (!m_hierarchy.levels[l].exposesFirstFill) continue;
            Ports ports = noWords();
            for (const Tensor tensor : tensors) {
                if (m_mapping.levels[l].keeps[indexOf(tensor)]) passAll(l, tensor, ports);
            }
            longest = most(longest, roundUp(slowest(ports)));
        }
        return longest;
    }

    /// Whether work may wait for what of a tile has no room beside the one before.
    bool waitsFor(std::size_t level) const {
        if (m_convention.boxes || !mayWait(m_hierarchy.levels[level])) return false;
        const Real operands = real(m_result.levels[level].tensors[indexOf(Tensor::Weights)].tile) +
                              real(m_result.levels[level].tensors[indexOf(Tensor::Inputs)].tile);
        return any(room(level) < operands);
    }
    Real room(std::size_t level) const {
        return Real(m_hierarchy.levels[level].capacityWords) - need(level);
    }

    using ByStep = std::array<Real, kMostLoops + 1>;  ///< as StepsOf

    /// What of the words that steps count are none but zeros around the inputs: the rest of them,
    /// as a share. It is taken to be the same in all steps.
    Real wordsIn(const std::array<Count, kMostLoops + 1>& counted, std::size_t level,
                 const Count& words) const {
        if (!m_nest.facts().bordered()) return Real(1);
        Count all(0);
        for (std::size_t p = 0; p <= m_nest.begin(level); ++p) all = all + counted[p];
        return choose(all > Count(0), real(words) / real(all), Real(1));
    }

    /// Raises the waits of the steps at which the level's tile changes to those for what of it has
    /// no room. Weights and inputs share the room as they share what is new.
    void waitFor(std::size_t level, ByStep& waits) {
        const auto tile = tileOf(level);
        std::array<StepsOf<N>, 2> steps;
        constexpr std::array kOperands = {Tensor::Weights, Tensor::Inputs};
        std::array<int, 2> parents;
        std::array<Real, 2> arriving;
        std::array<Real, 2> sending;
        for (std::size_t t = 0; t < kOperands.size(); ++t) {
            const bool keeps = m_mapping.levels[level].keeps[indexOf(kOperands[t])];
            parents[t] = keeps ? parentOf(m_mapping, level, kOperands[t]) : -1;
            if (parents[t] < 0) continue;
            const auto parent = static_cast<std::size_t>(parents[t]);
            stepsBetween(parent, level, kOperands[t], tile, steps[t]);
            arriving[t] = sending[t] = Real(1);
            if (kOperands[t] != Tensor::Inputs) continue;
            arriving[t] = wordsIn(steps[t].arrivals, level, traffic(level, kOperands[t]).fills);
            sending[t] = wordsIn(steps[t].sent, level, traffic(parent, kOperands[t]).reads);
        }
        Real& all = m_result.levels[level].waitCycles;
        for (std::size_t p = 0; p <= m_nest.begin(level); ++p) {
            Real words(0);
            Real works(0);
            for (std::size_t t = 0; t < kOperands.size(); ++t) {
                if (parents[t] < 0) continue;
                words = words + arriving[t] * real(steps[t].arrivals[p]);
                works = real(steps[t].works[p]);
            }
            const auto some = words > Real(0);
            if (!any(some)) continue;
            const Real left = words - works * room(level);
            // The share of zeros is rounded: a difference of its last digits is no word.
            const Real beyond = choose(left > words * Real(1e-12), left, Real(0));
            const Real share = choose(some, beyond / words, Real(0));
            Ports ports = noWords();
            ports.in[level] = beyond;
            for (std::size_t t = 0; t < kOperands.size(); ++t) {
                if (parents[t] < 0) continue;
                auto& out = ports.out[static_cast<std::size_t>(parents[t])];
                out = out + share * sending[t] * real(steps[t].sent[p]);
            }
            const Real cycles = slowest(ports);
            all = all + cycles;
            waits[p] = most(waits[p], cycles);
        }
    }

    /// Cycles in which no work is done: before the first tiles are in, while tiles change in
    /// memories without room for two, and after the last result is made.
    Real exposed() {
        ByStep waits;
        for (std::size_t p = 0; p <= m_nest.loops().size(); ++p) waits[p] = Real(0);
        constexpr std::array kOperands = {Tensor::Weights, Tensor::Inputs};
        constexpr std::array kResults = {Tensor::Outputs};
        waits[0] = passes(kOperands);
        for (std::size_t l = 0; l < m_nest.levels(); ++l) {
            m_result.levels[l].waitCycles = Real(0);
            if (l > 0 && waitsFor(l)) waitFor(l, waits);
        }
        Real cycles(0);
        for (std::size_t p = 0; p <= m_nest.loops().size(); ++p) cycles = cycles + waits[p];
        return roundUp(cycles) + passes(kResults);
    }

    void priceAll() {
        Real slowestLevel(0);
        Real sum = m_result.computeCycles;
        Real levelsPicojoule(0);
        for (std::size_t l = 0; l < m_nest.levels(); ++l) {
            const auto& level = m_result.levels[l];
            for (const auto& energy : level.energyPicojoule) {
                levelsPicojoule = levelsPicojoule + energy;
            }
            sum = sum + level.cycles;
            slowestLevel = most(level.cycles, slowestLevel);
        }
        const bool overlaps = m_hierarchy.overlap == Overlap::Full;
        m_result.exposedCycles = overlaps ? exposed() : Real(0);
        m_result.cycles =
            overlaps ? most(m_result.computeCycles + m_result.exposedCycles, slowestLevel) : sum;
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
