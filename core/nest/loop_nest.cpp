// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/loop_nest.h"

#include <algorithm>
#include <optional>
#include <string>

#include "core/base/units.h"
#include "core/nest/forms.h"
#include "core/nest/nest_checks.h"

namespace cohelix::nest {
namespace {

using base::Error;
using base::Result;
using model::Layer;
using model::Mapping;
using model::Tensor;

/// Counts beyond this are refused, so that sums of them stay within 64 bits.
constexpr double kMostWords = 4.6e18 / 16;

std::string count(std::int64_t words) { return base::fixed(static_cast<double>(words), 0); }

/// No count of any level can reach the most that is allowed.
Result<void> checkRange(const Layer& layer, const Nest& nest) {
    const double worst = scalar::mostWords<double>(nest, nest.all());
    if (worst < kMostWords) return {};
    return Error{layer.name,
                 "its counts reach " + base::fixed(worst / 1e18, 1) +
                     " x 10^18, more than can be counted exactly",
                 "Make the layer or the mapping's trips smaller"};
}

/// Movements of one mapping: in closed form where there is one.
class Movements {
public:
    Movements(const Nest& nest, bool divides) : m_nest(nest), m_divides(divides) {}

    void count(const scalar::Crossing<scalar::Numbers>& between, Movement& movement) const {
        if (closed(between.tensor) && scalar::dividingMovement(between, movement)) return;
        movement =
            exactMovement(m_nest, between.tensor, between.parent, between.child, between.forwards);
    }
    void countBoxes(const scalar::Crossing<scalar::Numbers>& between, bool stillStepEndsSlide,
                    Movement& movement) const {
        scalar::boxMovement(between, stillStepEndsSlide, movement);
    }
    std::int64_t tileWords(const Nest& facts, Tensor tensor, const LoopSizes& tile) const {
        return elementWords(facts, tensor, tile);
    }
    /// Zeros around the inputs count as words here.
    void steps(const scalar::Crossing<scalar::Numbers>& between, bool multicast,
               scalar::StepsOf<scalar::Numbers>& steps) const {
        if (m_divides && scalar::dividingSteps(between, steps)) {
            if (!multicast) steps.sent = steps.arrivals;
            return;
        }
        const Nest nest = withoutBorder(m_nest);
        scalar::clearSteps(between, steps);
        for (std::size_t p = 0; p <= between.childBegin(); ++p) {
            if (p > 0 && !nest.loops[p - 1].temporal()) continue;
            const auto loop = p == 0 ? std::nullopt : std::optional(p - 1);
            const auto words = exactArrivals(nest, between.tensor, between.parent, between.child,
                                             between.forwards, loop);
            steps.works[p] = exactWorks(nest, between.child, loop);
            steps.arrivals[p] = words.all;
            steps.sent[p] = multicast ? words.shared : words.all - words.forwarded;
        }
    }

private:
    /// Tiles at an edge, or at zeros around the inputs, are counted one by one.
    bool closed(Tensor tensor) const {
        return m_divides && !(tensor == Tensor::Inputs && m_nest.bordered());
    }

    const Nest& m_nest;
    bool m_divides;
};

/// Steps along a dimension: iterations at the edge that have no work in any PE are not made.
std::int64_t stepsAlong(const Nest& nest, model::Dim dim) {
    std::int64_t steps = 0;
    std::int64_t rest = nest.sizes[indexOf(dim)];
    // The temporal loops alone, from the outside in: whole iterations, then what is left.
    std::int64_t inner = 1;
    for (const auto& loop : nest.loops) {
        if (loop.dim == dim && loop.temporal()) inner *= loop.trips;
    }
    for (const auto& loop : nest.loops) {
        if (loop.dim != dim || !loop.temporal()) continue;
        inner /= loop.trips;
        const std::int64_t whole = std::min(loop.trips, rest / loop.step);
        steps += whole * inner;
        rest -= whole * loop.step;
        if (whole == loop.trips) return steps;
    }
    return steps + (rest > 0 ? 1 : 0);
}

std::int64_t stepsOf(const Nest& nest) {
    std::int64_t product = 1;
    for (const model::Dim dim : model::kAllLoopDims) product *= stepsAlong(nest, dim);
    return product;
}

/// "9 of weights + 24 of inputs".
std::string tilesText(const LevelResult& level) {
    std::string text;
    for (const Tensor tensor : model::kAllTensors) {
        const auto words = level.tensors[indexOf(tensor)].tile;
        if (words == 0) continue;
        text += (text.empty() ? "" : " + ") + count(words) + " of " + std::string(word(tensor));
    }
    return text;
}

Error overflow(const Layer& layer, const Hierarchy& hierarchy, std::size_t level,
               const LevelResult& result, double need) {
    const auto& memory = hierarchy.levels[level];
    return {layer.name,
            "the tiles (" + tilesText(result) + " words" +
                (memory.doubleBuffered ? ", twice" : "") + ") overflow the " +
                nameOf(memory, level) + " of " + base::fixed(memory.capacityWords, 0) +
                " words by " + base::fixed(need - memory.capacityWords, 0),
            "Move loops outwards or enlarge the memory"};
}

/// Which level limits, and how well the array is used.
void rate(const Hierarchy& hierarchy, LoopNestResult& result) {
    double longest = result.computeCycles;
    double slowest = result.computeCycles + result.exposedCycles;
    for (std::size_t l = 0; l < result.levels.size(); ++l) {
        if (result.levels[l].waitCycles > longest) {
            longest = result.levels[l].waitCycles;
            result.waitingLevel = static_cast<int>(l);
        }
        if (result.levels[l].cycles <= slowest) continue;
        slowest = result.levels[l].cycles;
        result.limitingLevel = static_cast<int>(l);
    }
    const auto pes = static_cast<double>(std::max(hierarchy.pes, result.pesInUse));
    result.spatialUtilization = static_cast<double>(result.macs) / (result.computeCycles * pes);
    result.temporalUtilization = result.computeCycles / result.cycles;
}

Result<LoopNestResult> evaluateNest(const Layer& layer, const Nest& nest, const Mapping& mapping,
                                    const Hierarchy& hierarchy, const Convention& convention) {
    LoopNestResult result;
    result.levels.resize(mapping.levels.size());
    result.macs = model::macs(layer);
    const scalar::Outline<scalar::Numbers> outline(nest, nest.loops);
    Movements movements(nest, nest.divides());
    result.computeCycles =
        static_cast<double>(nest.divides() ? outline.rounds(nest.loops.size()) : stepsOf(nest));
    scalar::Evaluation<scalar::Numbers, Movements> evaluation(outline, mapping, hierarchy,
                                                              convention, movements, result);
    evaluation.count();
    for (std::size_t l = 0; l < result.levels.size(); ++l) {
        const double capacity = hierarchy.levels[l].capacityWords;
        if (capacity == 0) continue;
        const double need = evaluation.need(l);
        result.levels[l].occupancy = need / capacity;
        if (need > capacity) return overflow(layer, hierarchy, l, result.levels[l], need);
    }
    evaluation.price();
    rate(hierarchy, result);
    return result;
}

}  // namespace

bool readsBorder(const Layer& layer, const Hierarchy& hierarchy, const Convention& convention) {
    return (hierarchy.readsZeros || convention.boxes) && layer.border != model::Border{};
}

model::TimeLimit limitOf(const LoopNestResult& result) {
    using Kind = model::TimeLimit::Kind;
    if (result.limitingLevel >= 0) return {Kind::Bandwidth, result.limitingLevel};
    if (result.waitingLevel >= 0) return {Kind::Refill, result.waitingLevel};
    return {Kind::Compute};
}

std::string limitText(const LoopNestResult& result, const Hierarchy& hierarchy) {
    const auto limit = limitOf(result);
    const auto level = static_cast<std::size_t>(limit.memory);
    return model::textOf(limit, nameOf(hierarchy.levels[level], level));
}

Result<LoopNestResult> evaluateLoopNest(const Layer& layer, const Mapping& mapping,
                                        const Hierarchy& hierarchy, const Convention& convention) {
    if (readsBorder(layer, hierarchy, convention)) {
        return evaluateLoopNest(model::withZerosAsWords(layer), mapping, hierarchy, convention);
    }
    if (auto suits = checkShape(layer, mapping, hierarchy, convention); !suits) {
        return suits.error();
    }
    if (auto fits = checkArray(layer, mapping, hierarchy); !fits) return fits.error();
    const auto nest = nestOf(layer, mapping);
    if (!nest) return nest.error();
    if (convention.boxes && !nest->divides()) {
        return Error{layer.name,
                     "the mapping's trips do not divide its sizes, which " +
                         std::string(convention.name) + " does not count",
                     "Use trips that divide, or the convention exact"};
    }
    if (auto range = checkRange(layer, *nest); !range) return range.error();
    return evaluateNest(layer, *nest, mapping, hierarchy, convention);
}

}  // namespace cohelix::nest
