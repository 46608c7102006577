// SPDX-License-Identifier: GPL-3.0-or-later
// What every mapping moves, whatever its loops. README.md says why.
#include <algorithm>

#include "core/mapping/flows.h"

namespace cohelix::mapping {
namespace {

double wholeWords(const Problem& problem, Tensor tensor) {
    return static_cast<double>(words(problem, tensor, problem.sizes));
}

/// Each word of the tensor once between two memories. Of partial sums the results alone.
void moveOnce(const Problem& problem, Tensor tensor, int outer, int inner, Flow& flow) {
    const double all = wholeWords(problem, tensor);
    const auto& from = problem.level(outer);
    const auto& into = problem.level(inner);
    if (tensor == Tensor::Outputs) {
        flow.write(outer, all, from.updatePicojoule);
        if (problem.convention.drainsCount) flow.read(inner, all, into.readPicojoule);
    } else {
        flow.read(outer, all, from.readPicojoule);
        flow.write(inner, all, into.fillPicojoule);
    }
}

/// What multipliers take from, or bring to, the innermost memory of a tensor.
void feedOnce(const Problem& problem, Tensor tensor, const Unrolled& most, Flow& flow) {
    const bool ownMemory = problem.local[indexOf(tensor)] >= 0;
    const int level = ownMemory ? problem.local[indexOf(tensor)] : problem.server(tensor);
    const auto& memory = problem.level(level);
    const bool outputs = tensor == Tensor::Outputs;
    const bool merges = outputs ? memory.reduces : memory.multicast;
    const double steps = tensor == Tensor::Inputs ? problem.inputReads : problem.macs;
    const double all = wholeWords(problem, tensor);
    const double moved = std::max(all, ownMemory || !merges ? steps : steps / most.pes);
    if (!outputs) return flow.read(level, moved, memory.readPicojoule);
    flow.write(level, moved, memory.updatePicojoule);
    // The first visit of each word in each instance reads nothing.
    const double first = all * most.instances[static_cast<std::size_t>(level)];
    flow.read(level, std::max(0.0, moved - first), memory.readPicojoule);
}

/// The most that one unrolling can have: no loop makes more trips than its dimension is long.
double mostOf(const Problem& problem, const Unrolling& unrolling) {
    double all = 1;
    for (const Dim dim : model::kAllLoopDims) {
        if (unrolling.dims[indexOf(dim)]) all *= static_cast<double>(problem.sizes[indexOf(dim)]);
    }
    return std::min(all, static_cast<double>(std::max<std::int64_t>(1, unrolling.most)));
}

}  // namespace

Unrolled mostInstances(const Problem& problem) {
    Unrolled most;
    const auto outside = [&](std::size_t level) {
        double all = 1;
        for (const auto& unrolling : problem.space.unrollings) {
            if (unrolling.level < level) all *= mostOf(problem, unrolling);
        }
        const auto bound = static_cast<double>(problem.hierarchy.pes);
        return bound > 0 ? std::min(all, bound) : all;
    };
    const std::size_t levels = problem.hierarchy.levels.size();
    for (std::size_t l = 0; l < levels; ++l) most.instances[l] = outside(l);
    most.pes = outside(levels);
    return most;
}

Flow compulsoryOutside(const Problem& problem) {
    Flow flow;
    for (const Tensor tensor : model::kAllTensors) {
        const int front = problem.front[indexOf(tensor)];
        if (front >= 0) moveOnce(problem, tensor, 0, front, flow);
    }
    return flow;
}

Flow compulsoryInside(const Problem& problem, const Unrolled& most) {
    Flow flow;
    for (const Tensor tensor : model::kAllTensors) {
        feedOnce(problem, tensor, most, flow);
        const int local = problem.local[indexOf(tensor)];
        if (local >= 0) moveOnce(problem, tensor, problem.server(tensor), local, flow);
    }
    return flow;
}

}  // namespace cohelix::mapping
