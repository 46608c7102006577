// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/accelerator/fastest_accelerator.h"

#include <optional>
#include <utility>

#include "core/hardware/evaluate.h"
#include "core/optimum/exact_allocation.h"
#include "core/optimum/proof.h"
#include "core/optimum/shared_dram.h"
#include "core/search/accelerator/feasibility.h"

namespace cohelix::search {
namespace {

using base::Result;

struct Solution {
    optimum::ProvenAccelerator best;
    double leastPeriodCycles = 0;
    bool proven = true;
};

Solution provenSolution(optimum::ProvenAccelerator best) {
    const double period = best.periodCycles;
    return {std::move(best), period, true};
}

Result<std::optional<Solution>> solve(const spec::Specification& specification,
                                      const model::Network& network, base::Executor& executor) {
    const auto& space = specification.accelerator;
    const auto limits = spec::resourceLimits(specification);
    std::optional<optimum::ProvenAccelerator> best;
    if (space.searched) {
        const auto exact = optimum::ExactAllocations::create(space, network, limits, &executor);
        if (!exact) return exact.error();
        best = exact->best();
    } else if (space.dramGigabytesPerSecond > 0) {
        const auto bound = optimum::boundSharedDram(space, network, limits, &executor);
        if (!bound) return bound.error();
        best = bound->found;
        if (!bound->proven) {
            return std::optional(Solution{std::move(*best), bound->leastPeriodCycles, false});
        }
    } else {
        auto exact = optimum::ExactAccelerators::create(space, limits, &executor);
        if (!exact) return exact.error();
        best = exact->best(network, optimum::Aim::Period);
    }
    if (!best) return std::optional<Solution>();
    return std::optional(provenSolution(std::move(*best)));
}

base::Error noneKeepsLimits(const spec::Specification& specification) {
    // Where the cheapest network misses one limit, too, that is known with its amount.
    if (auto known = checkResources(specification); !known) return known.error();
    return {"/limits", "no accelerator of this space keeps them",
            "Raise them, or give the space smaller choices"};
}

}  // namespace

double FastestAccelerator::dramGigabytesPerSecond() const {
    double bytes = 0;
    for (const auto& layer : cost.layers) bytes += hardware::dramBytesOf(layer, accelerator);
    return bytes * (accelerator.clockMhz * 1e6) / cost.periodCycles / 1e9;
}

Result<FastestAccelerator> fastestAccelerator(const spec::Specification& specification,
                                              const model::Network& network,
                                              base::Executor& executor) {
    auto solution = solve(specification, network, executor);
    if (!solution) return solution.error();
    if (!*solution) return noneKeepsLimits(specification);
    const auto& space = specification.accelerator;
    const auto& device = specification.device;
    FastestAccelerator fastest;
    fastest.choices = std::move((*solution)->best.choices);
    fastest.leastPeriodCycles = (*solution)->leastPeriodCycles;
    fastest.proven = (*solution)->proven;
    const auto chunkOfLayer = hardware::allocateLayers(space, fastest.choices, network);
    fastest.accelerator = hardware::fittedAccelerator(
        network, hardware::buildAccelerator(space, fastest.choices, network), chunkOfLayer);
    auto cost = hardware::evaluate(network, fastest.accelerator, chunkOfLayer, device);
    if (!cost) return cost.error();
    fastest.cost = std::move(*cost);
    fastest.resources = hardware::resourceLines(
        fastest.cost, hardware::fpgaResources(network, fastest.accelerator, chunkOfLayer, device),
        device);
    const double reported = fastest.cost.periodCycles;
    const double least = fastest.leastPeriodCycles;
    if (optimum::beatsProof(reported, least) ||
        (fastest.proven && optimum::beatsProof(least, reported))) {
        return optimum::proofBeaten("the report", reported, least, "cycles a period");
    }
    return fastest;
}

}  // namespace cohelix::search
