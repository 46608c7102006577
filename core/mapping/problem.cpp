// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/problem.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/nest/tile_words.h"
#include "core/nest/window.h"

namespace cohelix::mapping {
namespace {

base::Error refusal(const Problem& problem, std::string what, std::string advice) {
    return {problem.hierarchy.name.empty() ? problem.layer.name : problem.hierarchy.name,
            std::move(what), std::move(advice)};
}

/// One over each dimension.
std::vector<model::Loop> loopsOver(const model::Layer& layer) {
    std::vector<model::Loop> loops;
    loops.reserve(model::kLoopDims);
    for (const Dim dim : model::kAllLoopDims) {
        loops.push_back({dim, std::max<std::int64_t>(1, model::loopSize(layer, dim)),
                         model::LoopKind::Temporal});
    }
    return loops;
}

}  // namespace

LoopSizes operator*(const LoopSizes& a, const LoopSizes& b) {
    LoopSizes c = a;
    for (std::size_t d = 0; d < c.size(); ++d) c[d] *= b[d];
    return c;
}

LoopSizes operator/(const LoopSizes& a, const LoopSizes& b) {
    LoopSizes c = a;
    for (std::size_t d = 0; d < c.size(); ++d) c[d] = timesToCover(a[d], b[d]);
    return c;
}

double product(const LoopSizes& sizes) {
    double all = 1;
    for (const auto size : sizes) all *= static_cast<double>(size);
    return all;
}

double foreignProduct(Tensor tensor, const LoopSizes& sizes) {
    double all = 1;
    for (const Dim dim : model::kAllLoopDims) {
        if (!nest::indexes(tensor, dim)) all *= static_cast<double>(sizes[indexOf(dim)]);
    }
    return all;
}

double ownProduct(Tensor tensor, const LoopSizes& sizes) {
    return product(sizes) / foreignProduct(tensor, sizes);
}

std::int64_t words(const Problem& problem, Tensor tensor, const LoopSizes& tile) {
    return nest::elementWords(problem.shape, tensor, tile);
}

base::Result<Problem> problemOf(const model::Layer& layer, const nest::Hierarchy& hierarchy,
                                const MapSpace& space, const nest::Convention& convention,
                                double padding) {
    Problem problem{
        .layer = layer, .hierarchy = hierarchy, .space = space, .convention = convention};
    const std::size_t levels = hierarchy.levels.size();
    if (levels > kMostLevels) {
        return refusal(problem, "it has " + std::to_string(levels) + " memories",
                       "Give at most " + std::to_string(kMostLevels));
    }
    if (levels < 2 || space.inner + 1 != levels || space.middle >= space.inner) {
        return refusal(
            problem,
            "the map space does not fit a hierarchy of " + std::to_string(levels) + " levels",
            "Give middle loops outside the innermost level");
    }
    for (const auto& unrolling : space.unrollings) {
        if (unrolling.level <= space.middle) continue;
        return refusal(problem, "it unrolls inside the middle loops' memory twice",
                       "Unroll at the middle level or outside it");
    }
    const auto nest = nest::nestOf(layer, {{{"", loopsOver(layer), {true, true, true}}}});
    if (!nest) return nest.error();
    problem.shape = *nest;
    problem.shape.loops.clear();
    problem.sizes = nest->sizes;
    problem.macs = product(problem.sizes);
    problem.padded = padding > 0;
    problem.flat = true;
    problem.wholeWindows = !problem.padded && !nest->bordered();
    problem.ordersWait =
        problem.padded && hierarchy.overlap == nest::Overlap::Full &&
        std::any_of(hierarchy.levels.begin() + 1, hierarchy.levels.end(), nest::mayWait);
    problem.inputReads = problem.macs;
    for (std::size_t a = 0; a < nest::kSlidingAxes.size(); ++a) {
        const auto& axis = nest::kSlidingAxes[a];
        problem.inputReads *=
            static_cast<double>(nest::pairsWithWords(*nest, a)) /
            static_cast<double>(nest->sizes[indexOf(axis.dim)] * nest->sizes[indexOf(axis.kernel)]);
    }
    for (std::size_t d = 0; d < problem.sizes.size(); ++d) {
        const auto size = problem.sizes[d];
        const double more = size > kMostPaddedSize ? 0 : std::max(0.0, padding);
        problem.mostSpans[d] = static_cast<std::int64_t>(static_cast<double>(size) * (1 + more));
    }
    for (const Tensor tensor : model::kAllTensors) {
        if (!hierarchy.levels[0].mayKeep[indexOf(tensor)]) {
            return refusal(problem,
                           "its outermost memory does not keep the " + std::string(word(tensor)),
                           "Let it keep all tensors");
        }
        for (std::size_t l = 1; l < levels; ++l) {
            if (!hierarchy.levels[l].mayKeep[indexOf(tensor)]) continue;
            int& place = (l <= space.middle ? problem.front : problem.local)[indexOf(tensor)];
            if (place >= 0) {
                return refusal(problem,
                               hierarchy.levels[static_cast<std::size_t>(place)].name + " and " +
                                   hierarchy.levels[l].name +
                                   " keep the same tensor in one block of loops",
                               "Let one of them pass it by, or the mapper choose");
            }
            place = static_cast<int>(l);
            problem.flat = false;
        }
    }
    return problem;
}

}  // namespace cohelix::mapping
