// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cost/loop_nest.h"

#include <algorithm>
#include <cmath>

#include "core/base/units.h"

namespace cohelix::cost {
namespace {

using base::Error;
using base::Result;
using model::Dim;
using model::Layer;
using model::Loop;
using model::LoopKind;
using model::Mapping;
using model::Tensor;

using Extents = std::array<double, model::kDims>;
constexpr Extents kOnes = {1, 1, 1, 1, 1, 1, 1};

std::size_t at(Dim dim) { return static_cast<std::size_t>(dim); }
std::size_t at(Tensor tensor) { return static_cast<std::size_t>(tensor); }

/// Whether a loop over dim changes which words of the tensor are touched. In a depthwise layer
/// the input channel is K.
bool indexes(const Layer& layer, Tensor tensor, Dim dim) {
    switch (tensor) {
        case Tensor::Weights:
            return dim == Dim::K || dim == Dim::C || dim == Dim::R || dim == Dim::S;
        case Tensor::Outputs:
            return dim == Dim::N || dim == Dim::K || dim == Dim::P || dim == Dim::Q;
        case Tensor::Inputs: return dim != Dim::K || layer.depthwise();
    }
    return true;
}

double tileWords(const Layer& layer, Tensor tensor, const Extents& extent) {
    const auto size = [&](Dim dim) { return extent[at(dim)]; };
    switch (tensor) {
        case Tensor::Weights:
            return size(Dim::K) * size(Dim::C) * size(Dim::R) * size(Dim::S);
        case Tensor::Outputs:
            return size(Dim::N) * size(Dim::K) * size(Dim::P) * size(Dim::Q);
        case Tensor::Inputs:
            return size(Dim::N) * size(layer.depthwise() ? Dim::K : Dim::C) *
                   ((size(Dim::P) - 1) * layer.stride + (size(Dim::R) - 1) * layer.dilation + 1) *
                   ((size(Dim::Q) - 1) * layer.stride + (size(Dim::S) - 1) * layer.dilation + 1);
    }
    return 0;
}

/// The loops of a mapping, cut where one level looks out and in.
class Nest {
public:
    Nest(const Layer& layer, const Mapping& mapping) : m_layer(layer), m_mapping(mapping) {}

    /// Extent that the loops of level `first` and all inner ones span, spatial ones included.
    Extents extent(std::size_t first) const {
        Extents extent = kOnes;
        for (std::size_t l = first; l < m_mapping.levels.size(); ++l) {
            for (const auto& loop : m_mapping.levels[l].loops) {
                extent[at(loop.dim)] *= static_cast<double>(loop.trips);
            }
        }
        return extent;
    }

    /// Product of the spatial loops of levels [from, to) that index the tensor (all: no tensor).
    double spatial(std::size_t from, std::size_t to, const Tensor* tensor) const {
        double product = 1;
        for (std::size_t l = from; l < to; ++l) {
            for (const auto& loop : m_mapping.levels[l].loops) {
                if (loop.kind == LoopKind::Temporal) continue;
                if (!tensor || indexes(m_layer, *tensor, loop.dim)) {
                    product *= static_cast<double>(loop.trips);
                }
            }
        }
        return product;
    }

    /// Temporal loops of levels [0, to) with more than one trip, outermost first.
    std::vector<Loop> temporal(std::size_t to) const {
        std::vector<Loop> loops;
        for (std::size_t l = 0; l < to; ++l) {
            for (const auto& loop : m_mapping.levels[l].loops) {
                if (loop.kind == LoopKind::Temporal && loop.trips > 1) loops.push_back(loop);
            }
        }
        return loops;
    }

    double steps() const {
        double product = 1;
        for (const auto& loop : temporal(m_mapping.levels.size())) {
            product *= static_cast<double>(loop.trips);
        }
        return product;
    }

    /// How often the tensor's tile inside these loops is replaced: the innermost loops that do not
    /// index it are free, all others count.
    double visits(std::vector<Loop> loops, Tensor tensor) const {
        while (!loops.empty() && !indexes(m_layer, tensor, loops.back().dim)) loops.pop_back();
        double product = 1;
        for (const auto& loop : loops) product *= static_cast<double>(loop.trips);
        return product;
    }

    /// Words of inputs fetched into one instance of level `level`.
    double inputFetches(std::size_t level, bool stationaryLoopEndsOverlap) const {
        const Extents inside = extent(level);
        const double tile = tileWords(m_layer, Tensor::Inputs, inside);
        auto loops = temporal(level);
        const std::size_t all = loops.size();
        while (!loops.empty() && !indexes(m_layer, Tensor::Inputs, loops.back().dim)) {
            loops.pop_back();
        }
        if (loops.empty()) return tile;
        const bool stationary = loops.size() < all;
        double outer = 1;
        for (std::size_t i = 0; i + 1 < loops.size(); ++i) {
            outer *= static_cast<double>(loops[i].trips);
        }
        const Loop& innermost = loops.back();
        const auto trips = static_cast<double>(innermost.trips);
        if (stationary && stationaryLoopEndsOverlap) return outer * trips * tile;
        return outer * (tile + (trips - 1) * newWords(innermost.dim, inside, tile));
    }

private:
    /// Words that a step along dim adds to a tile of the given extent.
    double newWords(Dim dim, const Extents& inside, double tile) const {
        const auto axis = [&](Dim output, Dim kernel) {
            return (inside[at(output)] - 1) * m_layer.stride +
                   (inside[at(kernel)] - 1) * m_layer.dilation + 1;
        };
        double length = inside[at(dim)];
        double shift = length;
        if (dim == Dim::P || dim == Dim::R) length = axis(Dim::P, Dim::R);
        if (dim == Dim::Q || dim == Dim::S) length = axis(Dim::Q, Dim::S);
        if (dim == Dim::P || dim == Dim::Q) shift *= m_layer.stride;
        if (dim == Dim::R || dim == Dim::S) shift *= m_layer.dilation;
        return tile / length * std::min(shift, length);
    }

    const Layer& m_layer;
    const Mapping& m_mapping;
};

Result<void> checkCovers(const Layer& layer, const Mapping& mapping, const Hierarchy& hierarchy) {
    if (mapping.levels.size() != hierarchy.levels.size() || mapping.levels.empty()) {
        return Error{layer.name,
                     "the mapping has " + std::to_string(mapping.levels.size()) +
                         " levels, the hierarchy " + std::to_string(hierarchy.levels.size()),
                     "Give one level of loops per memory"};
    }
    const Extents extent = Nest(layer, mapping).extent(0);
    for (const Dim dim : model::kAllDims) {
        const bool perGroup = dim == Dim::C || (dim == Dim::K && !layer.depthwise());
        const auto size = static_cast<double>(perGroup ? layer.size(dim) / layer.groups
                                                       : layer.size(dim));
        if (extent[at(dim)] >= size) continue;
        return Error{layer.name,
                     "the mapping's loops over " + std::string(model::dimName(dim)) + " make " +
                         base::fixed(extent[at(dim)], 0) + " of " + base::fixed(size, 0),
                     "Their trips must multiply to at least the layer's size"};
    }
    return {};
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
    Evaluation(const Layer& layer, const Mapping& mapping, const Hierarchy& hierarchy)
        : m_mapping(mapping), m_hierarchy(hierarchy), m_nest(layer, mapping), m_layer(layer) {
        m_result.levels.resize(mapping.levels.size());
        for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
            m_result.levels[l].instances = m_nest.spatial(0, l, nullptr);
        }
        m_result.computeCycles = m_nest.steps();
    }

    Result<LoopNestResult> run() {
        for (const Tensor tensor : model::kAllTensors) {
            for (std::size_t l = 0; l < m_mapping.levels.size(); ++l) {
                if (!m_mapping.levels[l].keeps[at(tensor)]) continue;
                traffic(l, tensor).tile = tileWords(m_layer, tensor, m_nest.extent(l));
                if (parentOf(m_mapping, l, tensor) >= 0) moveTile(l, tensor);
            }
            feedCompute(tensor);
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

    /// Traffic between a level and the nearest one outside that keeps the tensor.
    void moveTile(std::size_t level, Tensor tensor) {
        const auto parent = static_cast<std::size_t>(parentOf(m_mapping, level, tensor));
        auto& inner = traffic(level, tensor);
        auto& outer = traffic(parent, tensor);
        const double instances = m_result.levels[level].instances;
        const double parents = m_result.levels[parent].instances;
        const double distinct = parents * m_nest.spatial(parent, level, &tensor);
        if (tensor == Tensor::Outputs) {
            const double sent = inner.tile * m_nest.visits(m_nest.temporal(level), tensor);
            const double first = inner.tile * distinctTiles(level);
            inner.drains = sent * instances;
            inner.fills = (m_hierarchy.firstOutputFillCounts ? sent : sent - first) * instances;
            outer.updates = sent * distinct;
            outer.reads += (sent - first) * distinct;
        } else {
            const double fetched =
                tensor == Tensor::Inputs
                    ? m_nest.inputFetches(level, m_hierarchy.stationaryLoopEndsOverlap)
                    : inner.tile * m_nest.visits(m_nest.temporal(level), tensor);
            inner.fills = fetched * instances;
            outer.reads += fetched * distinct;
        }
    }

    /// Different output tiles that one instance of a level works on.
    double distinctTiles(std::size_t level) const {
        double product = 1;
        for (const auto& loop : m_nest.temporal(level)) {
            if (indexes(m_layer, Tensor::Outputs, loop.dim)) {
                product *= static_cast<double>(loop.trips);
            }
        }
        return product;
    }

    /// The innermost level that keeps a tensor serves the multipliers, one word a step and lane.
    void feedCompute(Tensor tensor) {
        std::size_t level = m_mapping.levels.size();
        while (level > 0 && !m_mapping.levels[level - 1].keeps[at(tensor)]) --level;
        if (level == 0) return;
        --level;
        auto& serving = traffic(level, tensor);
        const double lanes = m_result.levels[level].instances *
                             m_nest.spatial(level, m_mapping.levels.size(), &tensor);
        const double accesses = m_result.computeCycles * lanes;
        if (tensor == Tensor::Outputs) {
            serving.updates += accesses;
            const double words = serving.tile * distinctTiles(level) *
                                 m_result.levels[level].instances;
            serving.reads += accesses - words;  // the first update of a word reads nothing
        } else {
            serving.reads += accesses;
        }
    }

    Result<void> checkCapacity(std::size_t level) const {
        const auto& memory = m_hierarchy.levels[level];
        double need = 0;
        std::string parts;
        for (const Tensor tensor : model::kAllTensors) {
            const double words = m_result.levels[level].tensors[at(tensor)].tile;
            if (words == 0) continue;
            need += words;
            parts += (parts.empty() ? "" : " + ") + base::fixed(words, 0) + " of " +
                     std::string(model::tensorName(tensor));
        }
        if (memory.capacityWords == 0 || need <= memory.capacityWords) return {};
        return Error{m_layer.name,
                     "the tiles (" + parts + " words) overflow the " + memory.name + " of " +
                         base::fixed(memory.capacityWords, 0) + " words by " +
                         base::fixed(need - memory.capacityWords, 0),
                     "Move loops outwards or enlarge the memory"};
    }

    void finishLevel(std::size_t level) {
        auto& result = m_result.levels[level];
        const auto& memory = m_hierarchy.levels[level];
        double reads = 0;
        double writes = 0;
        for (const auto& tensor : result.tensors) {
            reads += tensor.reads;
            writes += tensor.fills + tensor.updates;
            result.energyPicojoule += tensor.reads * memory.readPicojoule +
                                      tensor.fills * memory.fillPicojoule +
                                      tensor.updates * memory.updatePicojoule;
        }
        reads /= result.instances;
        writes /= result.instances;
        const auto cycles = [](double words, double perCycle) {
            return perCycle > 0 ? std::ceil(words / perCycle) : 0;
        };
        result.cycles = memory.sharedBandwidth
                            ? cycles(reads + writes, memory.readWordsPerCycle)
                        : m_hierarchy.overlap == Overlap::None
                            ? cycles(reads, memory.readWordsPerCycle) +
                                  cycles(writes, memory.writeWordsPerCycle)
                            : std::max(cycles(reads, memory.readWordsPerCycle),
                                       cycles(writes, memory.writeWordsPerCycle));
    }

    void finish() {
        const double lanes = m_nest.spatial(0, m_mapping.levels.size(), nullptr);
        m_result.cycles = m_result.computeCycles;
        m_result.energyPicojoule = m_result.computeCycles * lanes * m_hierarchy.macPicojoule;
        double slowest = m_result.computeCycles;
        for (std::size_t l = 0; l < m_result.levels.size(); ++l) {
            const auto& level = m_result.levels[l];
            m_result.energyPicojoule += level.energyPicojoule;
            if (m_hierarchy.overlap == Overlap::None) m_result.cycles += level.cycles;
            if (level.cycles > slowest) {
                slowest = level.cycles;
                m_result.limitingLevel = static_cast<int>(l);
            }
        }
        if (m_hierarchy.overlap == Overlap::Full) m_result.cycles = slowest;
    }

    const Mapping& m_mapping;
    const Hierarchy& m_hierarchy;
    Nest m_nest;
    const Layer& m_layer;
    LoopNestResult m_result;
};

}  // namespace

Result<LoopNestResult> evaluateLoopNest(const Layer& layer, const Mapping& mapping,
                                        const Hierarchy& hierarchy) {
    if (auto covers = checkCovers(layer, mapping, hierarchy); !covers) return covers.error();
    return Evaluation(layer, mapping, hierarchy).run();
}

}  // namespace cohelix::cost
