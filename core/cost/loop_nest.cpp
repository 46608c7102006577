// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cost/loop_nest.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/units.h"
#include "core/cost/movement.h"
#include "core/cost/nest.h"

namespace cohelix::cost {
namespace {

using base::Error;
using base::Result;
using model::Layer;
using model::LoopKind;
using model::Mapping;
using model::Tensor;

/// Counts beyond this are refused, so that sums of them stay within 64 bits.
constexpr double kMostWords = 4.6e18 / 16;

std::string count(std::int64_t words) { return base::fixed(static_cast<double>(words), 0); }

std::string nameOf(const MemoryLevel& memory, std::size_t level) {
    return memory.name.empty() ? "level " + std::to_string(level) : memory.name;
}

Result<void> checkLevels(const Layer& layer, const Mapping& mapping, const Hierarchy& hierarchy) {
    if (mapping.levels.size() == hierarchy.levels.size() && !mapping.levels.empty()) return {};
    return Error{layer.name,
                 "the mapping has " + std::to_string(mapping.levels.size()) +
                     " levels, the hierarchy " + std::to_string(hierarchy.levels.size()),
                 "Give one level of loops per memory"};
}

Result<void> checkKept(const Layer& layer, const Mapping& mapping, const Hierarchy& hierarchy) {
    for (const Tensor tensor : model::kAllTensors) {
        const auto name = [tensor] { return std::string(model::tensorName(tensor)); };
        bool anywhere = false;
        for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
            if (!mapping.levels[l].keeps[at(tensor)]) continue;
            anywhere = true;
            if (hierarchy.levels[l].mayKeep[at(tensor)]) continue;
            return Error{layer.name,
                         "the mapping keeps " + name() + " in " + nameOf(hierarchy.levels[l], l) +
                             ", which cannot hold them",
                         "Let them pass it by"};
        }
        if (!anywhere) {
            return Error{layer.name, "no memory keeps the " + name(),
                         "Keep them at least in the outermost"};
        }
    }
    return {};
}

/// The instances of the next level that each level unrolls, along rows and columns.
Result<void> checkArray(const Layer& layer, const Mapping& mapping, const Hierarchy& hierarchy) {
    double pes = 1;
    for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
        double rows = 1;
        double columns = 1;
        for (const auto& loop : mapping.levels[l].loops) {
            if (loop.kind == LoopKind::Rows) rows *= static_cast<double>(loop.trips);
            if (loop.kind == LoopKind::Columns) columns *= static_cast<double>(loop.trips);
        }
        pes *= rows * columns;
        const auto& memory = hierarchy.levels[l];
        const auto over = [&](double used, std::int64_t most, const char* what) -> Result<void> {
            if (most == 0 || used <= static_cast<double>(most)) return {};
            return Error{layer.name,
                         "the mapping unrolls " + base::fixed(used, 0) + " " + what + " inside " +
                             nameOf(memory, l) + "; the array has " + count(most),
                         "Unroll less, or make the array larger"};
        };
        if (auto fits = over(rows, memory.rows, "rows"); !fits) return fits;
        if (auto fits = over(columns, memory.columns, "columns"); !fits) return fits;
    }
    if (hierarchy.pes == 0 || pes <= static_cast<double>(hierarchy.pes)) return {};
    return Error{layer.name,
                 "the mapping unrolls " + base::fixed(pes, 0) + " multipliers; the array has " +
                     count(hierarchy.pes),
                 "Unroll less, or make the array larger"};
}

bool forwardsAnywhere(const Hierarchy& hierarchy) {
    return std::any_of(hierarchy.levels.begin(), hierarchy.levels.end(),
                       [](const MemoryLevel& memory) { return memory.forwards; });
}

/// No count of any level can reach the most that is allowed.
Result<void> checkRange(const Layer& layer, const Nest& nest) {
    double steps = 1;
    for (const auto& loop : nest.loops) steps *= static_cast<double>(loop.trips);
    double worst = steps;
    for (std::size_t l = 0; l < nest.levels(); ++l) {
        double fetches = 1;
        for (const auto& loop : nest.all().first(nest.begin[l])) {
            fetches *= static_cast<double>(loop.trips);
        }
        const auto tile = tileSizes(nest, nest.begin[l]);
        for (const Tensor tensor : model::kAllTensors) {
            double words = 1;
            for (const auto& axis : axesOf(tensor)) {
                const auto size = [&](model::Dim dim) { return static_cast<double>(tile[at(dim)]); };
                words *= axis.sliding() ? size(axis.dim) * nest.stride.along(axis.dim) +
                                              size(axis.kernel) * nest.dilation.along(axis.dim)
                                        : size(axis.dim);
            }
            worst = std::max(worst, words * fetches);
        }
    }
    if (worst < kMostWords) return {};
    return Error{layer.name,
                 "its counts reach " + base::fixed(worst / 1e18, 1) +
                     " x 10^18, more than can be counted exactly",
                 "Make the layer or the mapping's trips smaller"};
}

/// The nearest level further out that keeps the tensor; -1 for none.
int parentOf(const Mapping& mapping, std::size_t level, Tensor tensor) {
    for (int outer = static_cast<int>(level) - 1; outer >= 0; --outer) {
        if (mapping.levels[static_cast<std::size_t>(outer)].keeps[at(tensor)]) return outer;
    }
    return -1;
}

class Evaluation {
public:
    Evaluation(const Layer& layer, const Nest& nest, const Mapping& mapping,
               const Hierarchy& hierarchy, const Convention& convention)
        : m_layer(layer), m_nest(nest), m_mapping(mapping), m_hierarchy(hierarchy),
          m_convention(convention), m_divides(nest.divides()) {
        m_result.levels.resize(mapping.levels.size());
        m_result.macs = model::macs(layer);
        for (const auto& loop : nest.loops) {
            if (!loop.temporal()) m_result.pesInUse *= loop.trips;
        }
        m_result.computeCycles = static_cast<double>(steps());
        for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
            auto& instances = m_result.levels[l].instances;
            for (const auto& loop : nest.all().first(nest.begin[l])) {
                if (!loop.temporal()) instances *= loop.trips;
            }
        }
    }

    Result<LoopNestResult> run() {
        for (const Tensor tensor : model::kAllTensors) {
            for (std::size_t l = 0; l < m_mapping.levels.size(); ++l) {
                if (!m_mapping.levels[l].keeps[at(tensor)]) continue;
                traffic(l, tensor).tile = tileWords(tensor, tileSizes(m_nest, m_nest.begin[l]));
                if (parentOf(m_mapping, l, tensor) >= 0) moveTile(l, tensor);
            }
            feedMultipliers(tensor);
        }
        for (std::size_t l = 0; l < m_mapping.levels.size(); ++l) {
            if (auto fits = checkCapacity(l); !fits) return fits.error();
            finishLevel(l);
        }
        finish();
        return m_result;
    }

private:
    TensorTraffic& traffic(std::size_t level, Tensor tensor) {
        return m_result.levels[level].tensors[at(tensor)];
    }

    std::int64_t tileWords(Tensor tensor, const LoopSizes& tile) const {
        return m_convention.boxes ? boxWords(m_nest, tensor, tile)
                                  : elementWords(m_nest, tensor, tile);
    }

    /// Steps of the nest: iterations at the edge that have no work in any PE are not made.
    std::int64_t steps() const {
        std::int64_t product = 1;
        for (const model::Dim dim : model::kAllLoopDims) product *= stepsAlong(dim);
        return product;
    }
    std::int64_t stepsAlong(model::Dim dim) const {
        std::int64_t steps = 0;
        std::int64_t rest = m_nest.sizes[at(dim)];
        // The temporal loops alone, from the outside in: whole iterations, then what is left.
        std::int64_t inner = 1;
        for (const auto& loop : m_nest.loops) {
            if (loop.dim == dim && loop.temporal()) inner *= loop.trips;
        }
        for (const auto& loop : m_nest.loops) {
            if (loop.dim != dim || !loop.temporal()) continue;
            inner /= loop.trips;
            const std::int64_t whole = std::min(loop.trips, rest / loop.step);
            steps += whole * inner;
            rest -= whole * loop.step;
            if (whole == loop.trips) return steps;
        }
        return steps + (rest > 0 ? 1 : 0);
    }

    Movement movement(Tensor tensor, std::size_t parent, std::size_t child) const {
        const bool forwards = tensor != Tensor::Outputs && child < m_hierarchy.levels.size() &&
                              m_hierarchy.levels[child].forwards;
        if (m_divides) {
            const auto fast = dividingMovement(m_nest, tensor, parent, child, forwards);
            if (fast) return *fast;
        }
        return exactMovement(m_nest, tensor, parent, child, forwards);
    }

    /// Operands between a level and the nearest one outside that keeps them: into the inner
    /// instances, and out of the outer ones.
    struct Supply {
        std::int64_t arrivals;
        std::int64_t sent;
        std::int64_t forwarded;
    };
    Supply supply(Tensor tensor, std::size_t parent, std::size_t child) const {
        const bool multicast = m_hierarchy.levels[parent].multicast;
        if (tensor == Tensor::Inputs && m_convention.boxes) {
            const auto box = boxMovement(m_nest, tensor, parent, child,
                                         m_convention.stillStepEndsSlide);
            return {box.arrivals, multicast ? box.sharedArrivals : box.arrivals, 0};
        }
        const auto exact = movement(tensor, parent, child);
        return {exact.arrivals,
                multicast ? exact.sharedArrivals : exact.arrivals - exact.forwarded,
                exact.forwarded};
    }

    /// Traffic between a level and the nearest one outside that keeps the tensor.
    void moveTile(std::size_t level, Tensor tensor) {
        const auto parent = static_cast<std::size_t>(parentOf(m_mapping, level, tensor));
        auto& inner = traffic(level, tensor);
        auto& outer = traffic(parent, tensor);
        if (tensor != Tensor::Outputs) {
            const auto words = supply(tensor, parent, level);
            inner.fills = words.arrivals;
            inner.forwards = words.forwarded;
            outer.reads += words.sent;
            return;
        }
        const auto words = movement(tensor, parent, level);
        inner.drains = words.arrivals;
        if (m_hierarchy.levels[parent].reduces) {
            inner.fills =
                words.arrivals - (m_convention.firstOutputFillCounts ? 0 : words.firstVisits);
            outer.updates = words.sharedLeavings;
            outer.reads += words.sharedArrivals - words.sharedFirstVisits;
        } else {
            outer.updates = words.arrivals;
            outer.reads += words.arrivals - words.sharedFirstVisits;
        }
    }

    /// The innermost level that keeps a tensor serves the multipliers.
    void feedMultipliers(Tensor tensor) {
        const std::size_t all = m_mapping.levels.size();
        const auto level = static_cast<std::size_t>(parentOf(m_mapping, all, tensor));
        auto& serving = traffic(level, tensor);
        if (tensor != Tensor::Outputs) {
            serving.reads += supply(tensor, level, all).sent;
            return;
        }
        const auto words = movement(tensor, level, all);
        serving.updates += m_hierarchy.levels[level].reduces ? words.sharedLeavings : words.arrivals;
        serving.reads += serving.updates - words.sharedFirstVisits;  // the first reads nothing
    }

    Result<void> checkCapacity(std::size_t level) {
        const auto& memory = m_hierarchy.levels[level];
        if (memory.capacityWords == 0) return {};
        std::int64_t tiles = 0;
        for (const auto& tensor : m_result.levels[level].tensors) tiles += tensor.tile;
        const double need = static_cast<double>(tiles) * (memory.doubleBuffered ? 2 : 1);
        m_result.levels[level].occupancy = need / memory.capacityWords;
        if (need <= memory.capacityWords) return {};
        return Error{m_layer.name,
                     "the tiles (" + tilesText(level) + " words" +
                         (memory.doubleBuffered ? ", twice" : "") + ") overflow the " +
                         nameOf(memory, level) + " of " + base::fixed(memory.capacityWords, 0) +
                         " words by " + base::fixed(need - memory.capacityWords, 0),
                     "Move loops outwards or enlarge the memory"};
    }

    /// "9 of weights + 24 of inputs".
    std::string tilesText(std::size_t level) {
        std::string text;
        for (const Tensor tensor : model::kAllTensors) {
            const auto words = traffic(level, tensor).tile;
            if (words == 0) continue;
            text += (text.empty() ? "" : " + ") + count(words) + " of " +
                    std::string(model::tensorName(tensor));
        }
        return text;
    }

    /// Words that go out of a level, of one tensor.
    std::int64_t outOf(const TensorTraffic& moved) const {
        return moved.reads + (m_convention.drainsCount ? moved.drains : 0);
    }

    void finishLevel(std::size_t level) {
        auto& result = m_result.levels[level];
        const auto& memory = m_hierarchy.levels[level];
        const auto instances = static_cast<double>(result.instances);
        const auto energy = [&](std::int64_t words, double picojoule) {
            const double blocks = std::ceil(static_cast<double>(words) / memory.blockWords);
            return blocks * memory.blockWords * picojoule;
        };
        double reads = 0;
        double writes = 0;
        for (std::size_t t = 0; t < result.tensors.size(); ++t) {
            const auto& tensor = result.tensors[t];
            reads += static_cast<double>(outOf(tensor));
            writes += static_cast<double>(tensor.fills + tensor.updates);
            result.energyPicojoule[t] = energy(outOf(tensor), memory.readPicojoule) +
                                        energy(tensor.fills, memory.fillPicojoule) +
                                        energy(tensor.updates, memory.updatePicojoule) +
                                        static_cast<double>(tensor.forwards) *
                                            memory.forwardPicojoule;
        }
        if (m_convention.ratesInDoubles) {
            result.cycles = cyclesFromRates(level);
            return;
        }
        reads /= instances;
        writes /= instances;
        const auto cycles = [](double words, double perCycle) {
            return perCycle > 0 ? std::ceil(words / perCycle) : 0;
        };
        if (memory.sharedBandwidth) {
            result.cycles = cycles(reads + writes, memory.readWordsPerCycle);
        } else {
            const double out = cycles(reads, memory.readWordsPerCycle);
            const double in = cycles(writes, memory.writeWordsPerCycle);
            result.cycles = m_hierarchy.overlap == Overlap::None ? out + in : std::max(out, in);
        }
    }

    /// Timeloop's way of 2022 (timeloop-table.md 3): words a cycle in doubles, which rounds up one
    /// cycle more now and then.
    double cyclesFromRates(std::size_t level) const {
        const auto& result = m_result.levels[level];
        const auto& memory = m_hierarchy.levels[level];
        if (memory.readWordsPerCycle <= 0) return 0;
        const double steps = m_result.computeCycles;
        const auto instances = static_cast<double>(result.instances);
        double readRate = 0;
        double writeRate = 0;
        for (const auto& tensor : result.tensors) {
            readRate += static_cast<double>(tensor.reads) / instances / steps;
            writeRate += static_cast<double>(tensor.fills + tensor.updates) / instances / steps;
        }
        const auto slowed = [steps](double rate, double most) {
            return std::ceil(steps / (rate > most ? most / rate : 1));
        };
        if (memory.sharedBandwidth) return slowed(writeRate + readRate, memory.readWordsPerCycle);
        return std::max(slowed(readRate, memory.readWordsPerCycle),
                        memory.writeWordsPerCycle > 0
                            ? slowed(writeRate, memory.writeWordsPerCycle)
                            : 0);
    }

    /// Cycles that pass before the first tiles are in and after the last result is made.
    double exposed() const {
        double cycles = 0;
        for (std::size_t l = 1; l < m_result.levels.size(); ++l) {
            const auto& memory = m_hierarchy.levels[l];
            if (!memory.exposesFirstFill) continue;
            const auto& tensors = m_result.levels[l].tensors;
            const auto tile = [&](Tensor tensor) {
                return static_cast<double>(tensors[at(tensor)].tile);
            };
            const double in = memory.sharedBandwidth ? memory.readWordsPerCycle
                                                     : memory.writeWordsPerCycle;
            if (in > 0) cycles += std::ceil((tile(Tensor::Weights) + tile(Tensor::Inputs)) / in);
            if (memory.readWordsPerCycle > 0) {
                cycles += std::ceil(tile(Tensor::Outputs) / memory.readWordsPerCycle);
            }
        }
        return cycles;
    }

    void finish() {
        double slowest = m_result.computeCycles;
        double sum = m_result.computeCycles;
        double levelsPicojoule = 0;
        for (std::size_t l = 0; l < m_result.levels.size(); ++l) {
            const auto& level = m_result.levels[l];
            for (const double energy : level.energyPicojoule) levelsPicojoule += energy;
            sum += level.cycles;
            if (level.cycles > slowest) {
                slowest = level.cycles;
                m_result.limitingLevel = static_cast<int>(l);
            }
        }
        m_result.exposedCycles = exposed();
        m_result.cycles = (m_hierarchy.overlap == Overlap::None ? sum : slowest) +
                          m_result.exposedCycles;
        m_result.macPicojoule = static_cast<double>(m_result.macs) * m_hierarchy.macPicojoule;
        m_result.staticPicojoule = m_result.cycles * m_hierarchy.staticPicojoulePerCycle;
        m_result.energyPicojoule =
            levelsPicojoule + m_result.macPicojoule + m_result.staticPicojoule;
        const auto pes = static_cast<double>(std::max(m_hierarchy.pes, m_result.pesInUse));
        m_result.spatialUtilization =
            static_cast<double>(m_result.macs) / (m_result.computeCycles * pes);
        m_result.temporalUtilization = m_result.computeCycles / m_result.cycles;
    }

    const Layer& m_layer;
    const Nest& m_nest;
    const Mapping& m_mapping;
    const Hierarchy& m_hierarchy;
    const Convention& m_convention;
    bool m_divides;
    LoopNestResult m_result;
};

}  // namespace

Result<LoopNestResult> evaluateLoopNest(const Layer& layer, const Mapping& mapping,
                                        const Hierarchy& hierarchy, const Convention& convention) {
    if (auto levels = checkLevels(layer, mapping, hierarchy); !levels) return levels.error();
    if (auto kept = checkKept(layer, mapping, hierarchy); !kept) return kept.error();
    if (auto fits = checkArray(layer, mapping, hierarchy); !fits) return fits.error();
    const auto nest = nestOf(layer, mapping);
    if (!nest) return nest.error();
    if (convention.boxes && forwardsAnywhere(hierarchy)) {
        return Error{layer.name,
                     "a memory of " + hierarchy.name + " takes words from its neighbours, which " +
                         std::string(convention.name) + " does not count",
                     "Use the convention exact, or let it not forward"};
    }
    if (convention.boxes && !nest->divides()) {
        return Error{layer.name,
                     "the mapping's trips do not divide its sizes, which " +
                         std::string(convention.name) + " does not count",
                     "Use trips that divide, or the convention exact"};
    }
    if (auto range = checkRange(layer, *nest); !range) return range.error();
    return Evaluation(layer, *nest, mapping, hierarchy, convention).run();
}

}  // namespace cohelix::cost
