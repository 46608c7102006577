// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/bounds.h"

#include <algorithm>
#include <cmath>

namespace cohelix::mapping {
namespace {

/// A bound may exceed the model's own figure by rounding alone.
constexpr double kRounding = 1 - 1e-9;
constexpr double kRoundingOfCycles = 1 - 1e-13;

bool contains(const LoopSizes& outer, const LoopSizes& inner) {
    for (std::size_t d = 0; d < outer.size(); ++d) {
        if (outer[d] % inner[d] != 0) return false;
    }
    return true;
}

/// Whether a middle loop brings other inputs in the place of all that were there.
bool inputsReplaced(const Tiling& tiling) {
    return std::ranges::any_of(model::kAllLoopDims, [&](Dim dim) {
        return replaces(Tensor::Inputs, dim) && tiling.middleTrips[indexOf(dim)] > 1;
    });
}

Rank rankedBy(Objective objective, double picojoule, double cycles) {
    switch (objective) {
        case Objective::Latency: return {cycles, picojoule};
        case Objective::Energy: return {picojoule, cycles};
        case Objective::Edp: return {picojoule * cycles, 0};
    }
    return {};
}

}  // namespace

Rank rankOf(Objective objective, const nest::LoopNestResult& cost) {
    return rankedBy(objective, cost.energyPicojoule, cost.cycles);
}

std::optional<Tiling> tilingOf(const Problem& problem, const Unrolled& unrolled,
                               const LoopSizes& inner, const Array& array, const Front& front) {
    Tiling tiling{.unrolled = unrolled, .inner = inner, .array = array, .front = front};
    tiling.outerTrips = problem.sizes / front.tile;
    tiling.middleTrips = front.tile / array.tile;
    if (!problem.padded) {
        if (!contains(front.tile, array.tile)) return std::nullopt;
    } else if (!middleTripsOf(problem, unrolled, inner, array.tile, front.tile)) {
        return std::nullopt;
    }
    tiling.edges = edgesOf(problem, unrolled, array.tile, front.tile);
    return tiling;
}

Bounds::Bounds(const Problem& problem, Objective objective)
    : m_problem(problem), m_objective(objective), m_most(mostInstances(problem)) {
    // Other conventions may count fewer words.
    if (problem.convention != nest::kExact) return;
    m_inside = m_compulsory = compulsoryInside(problem, m_most);
    m_compulsory.add(compulsoryOutside(problem));
}

Rank Bounds::boundOf(double picojoule, double cycles) const {
    const double energy =
        (picojoule + cycles * m_problem.hierarchy.staticPicojoulePerCycle) * kRounding;
    // Cycles are whole.
    return rankedBy(m_objective, energy,
                    m_objective == Objective::Latency ? std::ceil(cycles * kRoundingOfCycles)
                                                      : cycles * kRounding);
}

Rank Bounds::ofAll() const {
    return boundOf(m_problem.macs * m_problem.hierarchy.macPicojoule + m_compulsory.picojoule,
                   cyclesOf(m_problem, m_most, m_problem.macs / m_most.pes, m_compulsory));
}

Rank Bounds::ofFront(const Front& front) const {
    const double cycles = cyclesOf(m_problem, m_most, m_problem.macs / m_most.pes, m_compulsory);
    return boundOf(
        m_problem.macs * m_problem.hierarchy.macPicojoule + m_inside.picojoule + front.picojoule,
        std::max(cycles, front.cycles));
}

Rank Bounds::of(const Unrolled& unrolled, const Array& array, const Flow& flow,
                const Outside& outside) const {
    const double own = cyclesOf(m_problem, unrolled, array.computeCycles, flow);
    return boundOf(flow.picojoule + outside.picojoule, std::max(own, outside.cycles));
}

Rank Bounds::ofUnrolling(const Unrolled& unrolled, const Outside& outside) const {
    const auto array = arrayOf(m_problem, unrolled, kOneOfEach);
    return of(unrolled, array, array.fixed, outside);
}

Rank Bounds::ofArray(const Unrolled& unrolled, const Array& array, const Outside& outside) const {
    Flow flow = array.fixed;
    for (std::size_t t = 0; t < model::kTensors; ++t) {
        if (array.moves[t]) flow.add(array.moved[t], array.rounds[t]);
    }
    return of(unrolled, array, flow, outside);
}

Flow Bounds::leastFlow(const Tiling& tiling) const {
    Flow flow = tiling.array.fixed;
    for (std::size_t t = 0; t < model::kTensors; ++t) {
        if (!tiling.array.moves[t]) continue;
        flow.add(tiling.array.moved[t],
                 m_problem.padded ? mostReuseAtEdges(tiling, t) : mostReuse(tiling, t));
    }
    return flow;
}

Rank Bounds::ofTiling(const Tiling& tiling) const {
    return of(tiling.unrolled, tiling.array, leastFlow(tiling),
              {tiling.front.picojoule, tiling.front.cycles});
}

/// The middle loops that a tensor does not have may all be innermost; where it has no other middle
/// loops, so may the outer ones.
double Bounds::mostReuse(const Tiling& tiling, std::size_t t) const {
    bool only = tiling.array.own[t] == tiling.front.own[t];
    if (!m_problem.wholeWindows && model::kAllTensors[t] == Tensor::Inputs) {
        only = !inputsReplaced(tiling);  // a window may keep a part when it goes back
    }
    const double reach =
        only ? foreignProduct(model::kAllTensors[t], m_problem.sizes) : tiling.front.foreign[t];
    return reach / tiling.array.foreign[t];
}

/// The same where trips do not divide.
double Bounds::mostReuseAtEdges(const Tiling& tiling, std::size_t t) const {
    const Tensor tensor = model::kAllTensors[t];
    bool replaced = false;
    double share = 1;
    for (const Dim dim : model::kAllLoopDims) {
        if (tiling.middleTrips[indexOf(dim)] == 1 || !replaces(tensor, dim)) continue;
        replaced = true;
        share = std::min(share, tiling.edges.middle[indexOf(dim)]);
    }
    if (!replaced) return tiling.array.rounds[t];
    return reusedBy(foreignProduct(tensor, tiling.middleTrips), tiling.array.rounds[t], share);
}

OrderBounds::OrderBounds(const Bounds& bounds, const Tiling& tiling)
    : m_bounds(bounds),
      m_tiling(tiling),
      m_inputs(bounds.problem(), tiling.unrolled, tiling.inner),
      m_least(bounds.leastFlow(tiling)) {}

Rank OrderBounds::rank(const Flow& array) const {
    Flow flow = m_outerSide;
    flow.add(array);
    return m_bounds.of(m_tiling.unrolled, m_tiling.array, flow, {});
}

Rank OrderBounds::ofOuter(const Order& outer) {
    m_outer = &outer;
    m_outerSide = outerFlow(m_bounds.problem(), m_tiling.front.tile, outer, true);
    return rank(m_least);
}

Flow OrderBounds::besidesInputs(const Order& middle) const {
    Flow flow = m_tiling.array.fixed;
    for (const Tensor tensor : model::kAllTensors) {
        if (!m_tiling.array.moves[indexOf(tensor)]) continue;
        if (tensor == Tensor::Inputs && m_bounds.problem().wholeWindows) continue;
        flow.add(m_tiling.array.moved[indexOf(tensor)], reuseUnder(tensor, middle));
    }
    return flow;
}

Rank OrderBounds::close(const Order& middle) const {
    Flow flow = besidesInputs(middle);
    if (m_bounds.problem().wholeWindows) {
        flow.add(m_inputs.flow(m_tiling.middleTrips, middle, m_tiling.front.tile,
                               m_tiling.outerTrips, *m_outer));
    }
    return rank(flow);
}

/// What reuses the tensor's tile in the array.
double OrderBounds::reuseUnder(Tensor tensor, const Order& middle) const {
    const auto inside = reuse(tensor, middle, m_tiling.middleTrips);
    const double most = m_tiling.array.rounds[indexOf(tensor)];
    const auto& edges = m_tiling.edges;
    if (inside.by) return reusedBy(inside.steps, most, edges.middle[indexOf(*inside.by)]);
    const auto outside = reuse(tensor, *m_outer, m_tiling.outerTrips);
    return reusedBy(inside.steps * outside.steps, most,
                    outside.by ? edges.outer[indexOf(*outside.by)] : 1);
}

}  // namespace cohelix::mapping
