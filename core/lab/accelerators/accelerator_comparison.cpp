// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/accelerators/accelerator_comparison.h"

#include <chrono>
#include <cmath>
#include <limits>

#include "core/base/thread_time.h"
#include "core/optimum/proof.h"

namespace cohelix::lab {
namespace {

struct Run {
    double periodCycles = std::numeric_limits<double>::infinity();
    double periodRatio = std::numeric_limits<double>::infinity();
    double seconds = 0;
};

Run runOnce(const AcceleratorContest& contest, const AcceleratorMethod& method,
            std::int64_t evaluations, std::uint64_t seed) {
    const double start = base::threadSeconds();
    auto specification = contest.specification;
    specification.seed = seed;
    AcceleratorTrial trial(specification, contest.network, evaluations);
    method.run(trial);
    Run run;
    if (trial.best()) {
        const double hertz = specification.accelerator.clockMhz * 1e6;
        const double fps = trial.best()->appraisal.metric;
        run.periodCycles = fps > 0 ? hertz / fps : 0;
        run.periodRatio = run.periodCycles / contest.proven.periodCycles;
    }
    run.seconds = base::threadSeconds() - start;
    return run;
}

base::Result<void> holdToProof(const AcceleratorContest& contest, const AcceleratorMethod& method,
                               const std::vector<Run>& runs) {
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!optimum::beatsProof(runs[i].periodCycles, contest.proven.periodCycles)) continue;
        return optimum::proofBeaten(std::string(method.name) + ", seed " + std::to_string(i + 1),
                                    runs[i].periodCycles, contest.proven.periodCycles,
                                    "cycles a period");
    }
    return {};
}

AcceleratorStanding standingOf(const AcceleratorMethod& method, std::int64_t evaluations,
                               const std::vector<Run>& runs) {
    AcceleratorStanding standing;
    standing.method = method.name;
    standing.evaluations = evaluations;
    std::vector<double> ratios;
    for (const auto& run : runs) {
        ratios.push_back(run.periodRatio);
        standing.runs += std::isfinite(run.periodRatio) ? 1 : 0;
        standing.seconds += run.seconds / static_cast<double>(runs.size());
    }
    standing.periodRatio = base::spreadOf(std::move(ratios));
    return standing;
}

}  // namespace

base::Result<AcceleratorContest> makeContest(const model::Network& network,
                                             const hardware::AcceleratorSpace& space,
                                             const model::Resources& limits,
                                             base::Executor& executor) {
    const auto start = std::chrono::steady_clock::now();
    auto exact = optimum::ExactAccelerators::create(space, limits, &executor);
    if (!exact) return exact.error();
    const auto best = exact->best(network, optimum::Aim::Period);
    if (!best) {
        return base::Error{"the accelerator space", "no accelerator of it keeps the limits",
                           "Raise the limits on DSPs and block RAM, or take smaller tiles into it"};
    }
    if (best->periodCycles == 0) {
        return base::Error{"the network",
                           "the form " + std::string(word(space.fpgaModel)) +
                               " counts none of its layers, so that nothing can be compared",
                           "Use the form corrected or published-formulas"};
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    AcceleratorContest contest{spec::Specification(), network, *best, taken.count()};
    contest.specification.accelerator = space;
    contest.specification.limits.dsp = limits.dsp;
    contest.specification.limits.bram18k = limits.bram18k;
    return contest;
}

base::Result<std::vector<AcceleratorStanding>> compare(
    const AcceleratorContest& contest, const std::vector<const AcceleratorMethod*>& methods,
    const std::vector<std::int64_t>& evaluations, int seeds, base::Executor& executor,
    const std::function<void(const AcceleratorStanding&)>& progress) {
    std::vector<AcceleratorStanding> standings;
    for (const auto* method : methods) {
        for (const auto budget : evaluations) {
            std::vector<Run> runs(static_cast<std::size_t>(seeds));
            executor.forEach(runs.size(), [&](std::size_t i) {
                runs[i] = runOnce(contest, *method, budget, i + 1);
            });
            if (auto held = holdToProof(contest, *method, runs); !held) return held.error();
            standings.push_back(standingOf(*method, budget, runs));
            progress(standings.back());
        }
    }
    return standings;
}

}  // namespace cohelix::lab
