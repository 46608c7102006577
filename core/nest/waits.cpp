// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/waits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <span>

#include "core/nest/dividing_movement.h"
#include "core/nest/level_costs.h"
#include "core/nest/level_traffic.h"
#include "core/nest/movement.h"
#include "core/nest/window.h"

namespace cohelix::nest {
namespace {

using model::Tensor;

constexpr std::array kOperands = {Tensor::Weights, Tensor::Inputs};
constexpr std::array kResults = {Tensor::Outputs};

/// What comes into a memory from one outside, step by step; `sent` as that one sends. Zeros around
/// the inputs count as words here.
void countSteps(const Crossing& between, bool multicast, StepCounts& steps) {
    if (between.outline.divides() && dividingSteps(between, steps)) {
        if (!multicast) steps.sent = steps.arrivals;
        return;
    }
    const Nest nest = withoutBorder(between.outline.nest());
    clear(between, steps);
    for (std::size_t p = 0; p <= between.childBegin(); ++p) {
        if (p > 0 && !nest.loops[p - 1].temporal()) continue;
        const auto loop = p == 0 ? std::nullopt : std::optional(p - 1);
        const auto arrivals = exactArrivals(nest, between.tensor, between.parent, between.child,
                                            between.forwards, loop);
        steps.works[p] = exactWorks(nest, between.child, loop);
        steps.arrivals[p] = arrivals.all;
        steps.sent[p] = multicast ? arrivals.shared : arrivals.all - arrivals.forwarded;
    }
}

class Waits {
public:
    Waits(const MappedNest& mapped, LoopNestResult& result)
        : m_mapped(mapped), m_outline(mapped.outline), m_result(result) {}

    double exposed() {
        std::array<double, kMostLoops + 1> steps;
        const std::span<double> waits(steps.data(), m_outline.loops().size() + 1);
        std::fill(waits.begin(), waits.end(), 0.0);
        waits[0] = passes(kOperands);
        for (std::size_t l = 1; l < m_mapped.levels(); ++l) {
            if (mayWaitFor(l)) waitFor(l, waits);
        }
        const double cycles = std::accumulate(waits.begin(), waits.end(), 0.0);
        return std::ceil(cycles) + passes(kResults);
    }

private:
    /// What goes over the ports of each memory, so that the slowest of them can be found.
    struct Ports {
        std::array<double, kMostMemories> in = {};
        std::array<double, kMostMemories> out = {};
    };

    /// What comes into a level of weights or inputs.
    struct Operand {
        std::size_t parent;
        StepCounts steps;
        double arriving;  ///< the share of the arrivals that are none but zeros around the inputs
        double sending;   ///< and of what is sent
    };

    const TensorTraffic& traffic(std::size_t level, Tensor tensor) const {
        return m_result.levels[level].tensors[indexOf(tensor)];
    }

    double slowest(const Ports& ports) const {
        double cycles = 0;
        for (std::size_t l = 0; l < m_mapped.levels(); ++l) {
            const auto& memory = m_mapped.memory(l);
            const double instances = real(m_result.levels[l].instances);
            const double in = ports.in[l] / instances;
            const double out = ports.out[l] / instances;
            if (memory.sharedBandwidth) {
                cycles = std::max(cycles, cyclesOver(in + out, memory.readWordsPerCycle));
            } else {
                cycles = std::max(cycles, cyclesOver(in, memory.writeWordsPerCycle));
                cycles = std::max(cycles, cyclesOver(out, memory.readWordsPerCycle));
            }
        }
        return cycles;
    }

    /// What the loops from a level on span.
    LoopSizes tileOf(std::size_t level) const {
        LoopSizes tile = kOneOfEach;
        for (const auto& loop : m_outline.loops().subspan(m_outline.begin(level))) {
            tile[indexOf(loop.dim)] *= loop.trips;
        }
        return tile;
    }

    /// Cycles that work waits for a single buffer's first tiles, or its last results' way out.
    double passes(std::span<const Tensor> tensors) const {
        double longest = 0;
        for (std::size_t l = 1; l < m_mapped.levels(); ++l) {
            if (!m_mapped.memory(l).exposesFirstFill) continue;
            Ports ports;
            for (const Tensor tensor : tensors) {
                if (m_mapped.keeps(l, tensor)) passAll(l, tensor, ports);
            }
            longest = std::max(longest, std::ceil(slowest(ports)));
        }
        return longest;
    }

    /// A level's first tile of a tensor on its way in from the outermost memory; of outputs the
    /// last on its way there.
    void passAll(std::size_t level, Tensor tensor, Ports& ports) const {
        const bool outputs = tensor == Tensor::Outputs;
        const auto tile = tileOf(level);
        auto& near = outputs ? ports.out : ports.in;
        auto& far = outputs ? ports.in : ports.out;
        double passing = real(traffic(level, tensor).tile) * real(m_result.levels[level].instances);
        StepCounts steps;
        std::size_t inner = level;
        for (auto outer = m_mapped.parentOf(level, tensor); outer;
             outer = m_mapped.parentOf(*outer, tensor)) {
            countSteps({m_outline, tensor, *outer, level, tile, false}, true, steps);
            const double distinct = std::min(real(steps.sent[0]), passing);
            const auto& memory = m_mapped.memory(*outer);
            const bool merges = outputs ? memory.reduces : memory.multicast;
            near[inner] += passing;
            far[*outer] += merges ? distinct : passing;
            passing = distinct;
            inner = *outer;
        }
    }

    /// Whether work may wait for what of a tile has no room beside the one before.
    bool mayWaitFor(std::size_t level) const {
        if (m_mapped.convention.boxes || !mayWait(m_mapped.memory(level))) return false;
        return room(level) < real(traffic(level, Tensor::Weights).tile) +
                                 real(traffic(level, Tensor::Inputs).tile);
    }
    double room(std::size_t level) const {
        const auto& memory = m_mapped.memory(level);
        return memory.capacityWords - wordsHeld(memory, m_result.levels[level]);
    }

    /// Raises the waits of the steps at which the level's tile changes to those for what of it has
    /// no room. Weights and inputs share the room as they share what is new.
    void waitFor(std::size_t level, std::span<double> waits) {
        const auto tile = tileOf(level);
        std::array<Operand, 2> both;
        std::size_t count = 0;
        for (const Tensor tensor : kOperands) {
            const auto parent = m_mapped.parentOf(level, tensor);
            if (!parent || !m_mapped.keeps(level, tensor)) continue;
            fetch({m_outline, tensor, *parent, level, tile, m_mapped.forwards(level, tensor)},
                  both[count++]);
        }
        for (std::size_t p = 0; p <= m_outline.begin(level); ++p) {
            const double cycles = waitAt(p, level, {both.data(), count});
            m_result.levels[level].waitCycles += cycles;
            waits[p] = std::max(waits[p], cycles);
        }
    }

    void fetch(const Crossing& between, Operand& operand) const {
        operand.parent = between.parent;
        countSteps(between, m_mapped.memory(between.parent).multicast, operand.steps);
        operand.arriving = operand.sending = 1;
        if (between.tensor != Tensor::Inputs || !m_outline.nest().bordered()) return;
        const std::size_t steps = between.childBegin() + 1;
        operand.arriving = share(traffic(between.child, Tensor::Inputs).fills,
                                 {operand.steps.arrivals.data(), steps});
        operand.sending = share(traffic(between.parent, Tensor::Inputs).reads,
                                {operand.steps.sent.data(), steps});
    }

    /// Words as a share of what steps count. It is taken to be the same in all of them.
    static double share(std::int64_t some, std::span<const std::int64_t> counted) {
        const auto all = std::accumulate(counted.begin(), counted.end(), std::int64_t{0});
        return all > 0 ? real(some) / real(all) : 1;
    }

    /// Cycles that work waits when the loop before position p moves on; at 0, for the first tiles.
    double waitAt(std::size_t p, std::size_t level, std::span<const Operand> operands) const {
        double fresh = 0;
        double works = 0;
        for (const auto& operand : operands) {
            fresh += operand.arriving * real(operand.steps.arrivals[p]);
            works = real(operand.steps.works[p]);
        }
        const double beyond = fresh - works * room(level);
        // The share of zeros is rounded: a difference of its last digits is no word.
        if (fresh <= 0 || beyond <= fresh * 1e-12) return 0;
        Ports ports;
        ports.in[level] = beyond;
        for (const auto& operand : operands) {
            ports.out[operand.parent] +=
                beyond / fresh * operand.sending * real(operand.steps.sent[p]);
        }
        return slowest(ports);
    }

    const MappedNest& m_mapped;
    const Outline& m_outline;
    LoopNestResult& m_result;
};

}  // namespace

double exposedCycles(const MappedNest& mapped, LoopNestResult& result) {
    return Waits(mapped, result).exposed();
}

}  // namespace cohelix::nest
