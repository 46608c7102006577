// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/level_flows.h"

#include <algorithm>

#include "core/nest/tile_words.h"

namespace cohelix::mapping {
namespace {

using model::Dim;
using model::Tensor;
using nest::LoopSizes;

double spanProduct(const LoopSizes& sizes) {
    double all = 1;
    for (const auto size : sizes) all *= static_cast<double>(size);
    return all;
}

double foreignTrips(Tensor tensor, const LoopSizes& sizes) {
    double all = 1;
    for (const Dim dim : model::kAllLoopDims) {
        if (!nest::indexes(tensor, dim)) all *= static_cast<double>(sizes[indexOf(dim)]);
    }
    return all;
}

bool replacesAll(Tensor tensor, Dim dim) {
    return nest::indexes(tensor, dim) && (tensor != Tensor::Inputs || !nest::slides(dim));
}

/// The axis that a dimension slides along, and whether as output (0) or as kernel (1).
struct Sliding {
    std::size_t axis;
    std::size_t part;
};
Sliding slidingOf(Dim dim) {
    const bool rows = dim == Dim::P || dim == Dim::R;
    return {rows ? 0U : 1U, dim == Dim::P || dim == Dim::Q ? 0U : 1U};
}

std::int64_t ceilDivide(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

LevelFlowModel::LevelFlowModel(const nest::Nest& shape, const nest::Hierarchy& hierarchy,
                               const nest::Convention& convention, const UnrolledTrips& unrolled)
    : m_shape(shape), m_hierarchy(hierarchy), m_convention(convention) {
    LoopSizes outside = nest::kOneOfEach;
    const auto add = [&] {
        m_outside.push_back(outside);
        m_instances.push_back(spanProduct(outside));
        for (const Tensor tensor : model::kAllTensors) {
            m_foreign[indexOf(tensor)].push_back(foreignTrips(tensor, outside));
        }
    };
    for (const auto& trips : unrolled) {
        add();
        for (std::size_t d = 0; d < outside.size(); ++d) outside[d] *= trips[d];
    }
    add();
    m_macs = m_inputReads = spanProduct(shape.sizes);
    for (std::size_t a = 0; a < nest::kSlidingAxes.size(); ++a) {
        if (!shape.touchesZeros[a]) continue;
        const auto& axis = nest::kSlidingAxes[a];
        m_inputReads *=
            static_cast<double>(nest::pairsWithWords(shape, a)) /
            static_cast<double>(shape.sizes[indexOf(axis.dim)] * shape.sizes[indexOf(axis.kernel)]);
    }
    m_computeCycles = m_macs / spanProduct(outside);
    for (const Tensor tensor : model::kAllTensors) {
        m_words[indexOf(tensor)] = wordsOf(tensor, shape.sizes);
    }
}

double LevelFlowModel::wordsOf(Tensor tensor, const LoopSizes& extent) const {
    return static_cast<double>(nest::elementWords(m_shape, tensor, extent));
}

/// Where zeros lie around the inputs, tiles of them hold unequal numbers of words: of those it is
/// counted how often every word comes in at least.
bool LevelFlowModel::countsRounds(Tensor tensor) const {
    return tensor == Tensor::Inputs && m_shape.bordered();
}

bool LevelFlowModel::fits(std::size_t level, const LoopSizes& extent) const {
    const auto& memory = m_hierarchy.levels[level];
    if (memory.capacityWords == 0) return true;
    double tiles = 0;
    for (const Tensor tensor : model::kAllTensors) {
        if (memory.mayKeep[indexOf(tensor)]) tiles += wordsOf(tensor, extent);
    }
    return tiles * (memory.doubleBuffered ? 2 : 1) <= memory.capacityWords;
}

void LevelFlowModel::begin(TileFills& fills, std::size_t level, const LevelExtents& extents) const {
    for (const Tensor tensor : model::kAllTensors) {
        if (!m_hierarchy.levels[level].mayKeep[indexOf(tensor)]) continue;
        const double tile = wordsOf(tensor, extents[level]);
        fills.of[indexOf(tensor)][level] = {countsRounds(tensor) ? 1 : tile, tile, false, false};
    }
    fills.back[level] = {};
}

double LevelFlowModel::keptWords(const LoopSizes& extent, const nest::Distances& moved) const {
    std::int64_t kept = extent[indexOf(Dim::N)] * extent[indexOf(Dim::G)] * extent[indexOf(Dim::C)];
    for (std::size_t a = 0; a < nest::kSlidingAxes.size(); ++a) {
        const auto& axis = nest::kSlidingAxes[a];
        const auto& pace = nest::paceOf(m_shape, axis);
        kept *= nest::commonPositions(pace, extent[indexOf(axis.dim)], extent[indexOf(axis.kernel)],
                                      positions(pace, moved[a]));
    }
    return static_cast<double>(kept);
}

void LevelFlowModel::turn(TileFills& fills, std::size_t level, const LevelExtents& extents, Dim dim,
                          std::int64_t trips, std::int64_t step) const {
    if (trips == 1) return;
    const auto rounds = static_cast<double>(trips);
    for (std::size_t l = level + 1; l < m_hierarchy.levels.size(); ++l) {
        const auto& keeps = m_hierarchy.levels[l].mayKeep;
        for (const Tensor tensor : model::kAllTensors) {
            if (!keeps[indexOf(tensor)]) continue;
            auto& fill = fills.of[indexOf(tensor)][l];
            if (countsRounds(tensor)) {
                // Each round outside a loop that replaces the tile brings all words again.
                if (fill.replaced && !nest::indexes(tensor, dim)) fill.words *= rounds;
                fill.replaced = fill.replaced || replacesAll(tensor, dim);
                continue;
            }
            if (fill.replaced || replacesAll(tensor, dim)) {
                fill.words *= rounds;
                fill.replaced = true;
                continue;
            }
            if (tensor != Tensor::Inputs) continue;
            auto moved = fills.back[l];
            if (nest::slides(dim)) {
                const auto [axis, part] = slidingOf(dim);
                moved[axis][part] += step;
                fills.back[l][axis][part] -= (trips - 1) * step;
                fill.slid = true;
            } else if (!fill.slid) {
                continue;
            }
            fill.words = rounds * fill.words - (rounds - 1) * keptWords(extents[l], moved);
        }
    }
}

void LevelFlowModel::turnAtBest(TileFills& fills, std::size_t level, const LoopSizes& trips) const {
    const double all = spanProduct(trips);
    for (const Tensor tensor : model::kAllTensors) {
        double own = 1;
        for (const Dim dim : model::kAllLoopDims) {
            if (replacesAll(tensor, dim)) own *= static_cast<double>(trips[indexOf(dim)]);
        }
        for (std::size_t l = level + 1; l < m_hierarchy.levels.size(); ++l) {
            if (!m_hierarchy.levels[l].mayKeep[indexOf(tensor)]) continue;
            auto& fill = fills.of[indexOf(tensor)][l];
            const double outside = countsRounds(tensor) ? foreignTrips(tensor, trips) : all;
            const double inside = countsRounds(tensor) ? 1 : own;
            fill.words *= fill.replaced ? outside : inside;
            fill.replaced = fill.replaced || own > 1;
        }
    }
}

/// Words that come into all instances of a memory. Where nothing replaces the tile, loops outside
/// that do not index it may all stand inside those that do.
double LevelFlowModel::arrivals(Tensor tensor, std::size_t level, const TileFill& fill,
                                const Rest& rest) const {
    double words = fill.words;
    const double once = m_words[indexOf(tensor)] * m_foreign[indexOf(tensor)][level];
    if (countsRounds(tensor)) {
        return once * std::max(1.0, fill.replaced ? words * rest.foreign : words);
    }
    if (fill.replaced) {
        words *= rest.all;
    } else {
        if (tensor == Tensor::Inputs && fill.slid) {
            words = rest.foreign * words - (rest.foreign - 1) * fill.tile;
        }
        words *= rest.replaces;
    }
    // Every instance needs each word that it works on at least once.
    return std::max(words * m_instances[level], once);
}

/// How many instances of a memory want one word of the inputs in one step, at most.
double LevelFlowModel::sharedInputs(std::size_t server, std::size_t level,
                                    const LoopSizes& extent) const {
    const auto between = [&](Dim dim) {
        return m_outside[level][indexOf(dim)] / m_outside[server][indexOf(dim)];
    };
    double shared =
        m_foreign[indexOf(Tensor::Inputs)][level] / m_foreign[indexOf(Tensor::Inputs)][server];
    for (const auto& axis : nest::kSlidingAxes) {
        const auto unrolled = between(axis.dim);
        const auto unrolledKernel = between(axis.kernel);
        if (unrolled == 1 && unrolledKernel == 1) continue;
        const auto& pace = nest::paceOf(m_shape, axis);
        const auto outputs = extent[indexOf(axis.dim)];
        const auto kernels = extent[indexOf(axis.kernel)];
        const auto reach = nest::reachOf(pace, outputs, kernels);
        const auto over = [reach](std::int64_t apart) {
            return ceilDivide(reach, std::max<std::int64_t>(1, apart));
        };
        const auto p = std::min(unrolled, over(outputs * pace.stride));
        const auto r = std::min(unrolledKernel, over(kernels * pace.dilation));
        shared *= static_cast<double>(std::min(unrolled * r, unrolledKernel * p));
    }
    return shared;
}

/// What every step of the multipliers takes from, or brings to, the innermost memory of a tensor.
void LevelFlowModel::feed(Tensor tensor, std::size_t level, LevelFlows& flows) const {
    const auto& memory = m_hierarchy.levels[level];
    const auto& foreigns = m_foreign[indexOf(tensor)];
    const std::size_t all = m_hierarchy.levels.size();
    const bool outputs = tensor == Tensor::Outputs;
    const bool inputs = tensor == Tensor::Inputs;
    double shared = 1;
    if (outputs ? memory.reduces : memory.multicast) {
        shared =
            inputs ? sharedInputs(level, all, nest::kOneOfEach) : foreigns[all] / foreigns[level];
    }
    const double moved = (inputs ? m_inputReads : m_macs) / shared;
    if (outputs) {
        const double read = moved - m_words[indexOf(tensor)] * foreigns[level];
        flows.writes[level] += moved;
        flows.reads[level] += read;
        flows.picojoule += moved * memory.updatePicojoule + read * memory.readPicojoule;
    } else {
        flows.reads[level] += moved;
        flows.picojoule += moved * memory.readPicojoule;
    }
}

/// Weights or inputs from a memory to the next one inside that keeps them; `extent`: null where the
/// tile is not known yet.
void LevelFlowModel::moveOperands(Tensor tensor, std::size_t server, std::size_t level,
                                  double arrive, const LoopSizes* extent, LevelFlows& flows) const {
    const auto& into = m_hierarchy.levels[level];
    const auto& from = m_hierarchy.levels[server];
    const auto& foreigns = m_foreign[indexOf(tensor)];
    const double least = m_words[indexOf(tensor)] * foreigns[server];
    double sent = least;
    if (extent && !into.forwards) {  // else words may come from neighbours
        const double shared = !from.multicast            ? 1
                              : tensor == Tensor::Inputs ? sharedInputs(server, level, *extent)
                                                         : foreigns[level] / foreigns[server];
        sent = std::max(least, arrive / shared);
    }
    flows.writes[level] += arrive;
    flows.reads[server] += sent;
    flows.picojoule += arrive * into.fillPicojoule + sent * from.readPicojoule;
}

/// Partial sums between a memory and the next one outside that keeps them, both ways.
void LevelFlowModel::moveOutputs(std::size_t server, std::size_t level, double arrive,
                                 LevelFlows& flows) const {
    const auto& into = m_hierarchy.levels[level];
    const auto& from = m_hierarchy.levels[server];
    const auto& foreigns = m_foreign[indexOf(Tensor::Outputs)];
    const double whole = m_words[indexOf(Tensor::Outputs)];
    const double received = from.reduces ? arrive / (foreigns[level] / foreigns[server]) : arrive;
    const double again = received - whole * foreigns[server];
    flows.writes[server] += received;
    flows.reads[server] += again;
    flows.picojoule += received * from.updatePicojoule + again * from.readPicojoule;
    if (m_convention.drainsCount) {
        flows.reads[level] += arrive;
        flows.picojoule += arrive * into.readPicojoule;
    }
    if (!from.reduces) return;
    const double back = arrive - whole * foreigns[level];
    flows.writes[level] += back;
    flows.picojoule += back * into.fillPicojoule;
}

LevelFlows LevelFlowModel::flows(const TileFills& fills, std::size_t level,
                                 const LevelExtents& extents, const LoopSizes& rest) const {
    LevelFlows flows;
    flows.picojoule = m_macs * m_hierarchy.macPicojoule;
    const double all = spanProduct(rest);
    for (const Tensor tensor : model::kAllTensors) {
        Rest outside{all, foreignTrips(tensor, rest), 1};
        for (const Dim dim : model::kAllLoopDims) {
            if (replacesAll(tensor, dim))
                outside.replaces *= static_cast<double>(rest[indexOf(dim)]);
        }
        bool fed = false;
        std::size_t inside = 0;
        for (std::size_t l = m_hierarchy.levels.size(); l-- > 0;) {
            if (!m_hierarchy.levels[l].mayKeep[indexOf(tensor)]) continue;
            if (!fed) {
                feed(tensor, l, flows);
            } else {
                const bool known = inside >= level;
                const double arrive =
                    arrivals(tensor, inside, known ? fills.of[indexOf(tensor)][inside] : TileFill{},
                             outside);
                if (tensor == Tensor::Outputs) {
                    moveOutputs(l, inside, arrive, flows);
                } else {
                    moveOperands(tensor, l, inside, arrive, known ? &extents[inside] : nullptr,
                                 flows);
                }
            }
            fed = true;
            inside = l;
        }
    }
    return flows;
}

double LevelFlowModel::cycles(const LevelFlows& flows) const {
    const bool sum = m_hierarchy.overlap == nest::Overlap::None;
    double cycles = m_computeCycles;
    const auto per = [](double words, double perCycle) {
        return perCycle > 0 ? words / perCycle : 0;
    };
    for (std::size_t l = 0; l < m_hierarchy.levels.size(); ++l) {
        const auto& memory = m_hierarchy.levels[l];
        const double reads = flows.reads[l] / m_instances[l];
        const double writes = flows.writes[l] / m_instances[l];
        const double in = memory.sharedBandwidth ? 0 : per(writes, memory.writeWordsPerCycle);
        const double out =
            per(memory.sharedBandwidth ? reads + writes : reads, memory.readWordsPerCycle);
        cycles = sum ? cycles + in + out : std::max({cycles, in, out});
    }
    return cycles;
}

}  // namespace cohelix::mapping
