// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tabular/comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/base/thread_time.h"

namespace cohelix::tabular {
namespace {

constexpr int kLimits = 10;
constexpr double kRounding = 1e-12;  // relative: a limit is met by the network it was taken from

double bestAt(const std::vector<search::Point>& points, double limit) {
    double best = 0;
    for (const auto& point : points) {
        if (point.merit >= limit * (1 - kRounding)) best = std::max(best, point.accuracy);
    }
    return best;
}

/// The counters of a run at some look.
struct Counters {
    double lookups = 0;
    double costEvaluations = 0;
    double seconds = 0;
};

struct Run {
    Quality quality;
    double costEvaluations = 0;
    double seconds = 0;
    std::optional<Counters> reachedTrue;
    std::optional<Counters> reachedOwn;
};

/// When the run first held so much hypervolume, which only grows with its looks.
std::optional<Counters> reached(Trial& trial, double hypervolume) {
    const search::Point reference{trial.space().leastAccuracy, 0};
    const auto holds = [&](std::size_t looks) {
        return search::hypervolume(trial.designs(looks), reference) >= hypervolume;
    };
    std::size_t low = 0;
    std::size_t high = trial.networks().size();
    if (high == 0 || !holds(high)) return std::nullopt;
    while (high - low > 1) {  // not with `low`, but with `high` looks
        const std::size_t middle = low + (high - low) / 2;
        (holds(middle) ? high : low) = middle;
    }
    const auto& moment = trial.moments()[high - 1];
    return Counters{static_cast<double>(high), static_cast<double>(moment.costEvaluations),
                    moment.seconds};
}

Run runOnce(const Problem& problem, const TrueFront& truth, const Method& method,
            std::size_t lookups, std::uint64_t seed) {
    const double start = base::threadSeconds();
    Trial trial(problem, method.inner, seed, lookups);
    method.run(trial);
    const auto designs = trial.designs(trial.networks().size());
    Run run;
    run.seconds = base::threadSeconds() - start;
    run.costEvaluations = static_cast<double>(trial.costEvaluations());
    run.quality = qualityOf(problem, truth, designs);
    run.reachedTrue = reached(trial, kReach * truth.hypervolume);
    run.reachedOwn =
        reached(trial, kReach * run.quality.hypervolumeRatio * truth.hypervolume);
    return run;
}

Reach reachOf(const std::vector<Run>& runs, std::optional<Counters> Run::*reached) {
    Reach reach;
    const auto spread = [&](double Counters::*figure) {
        std::vector<double> values;
        for (const auto& run : runs) {
            const auto& counters = run.*reached;
            values.push_back(counters ? (*counters).*figure
                                      : std::numeric_limits<double>::infinity());
        }
        return base::spreadOf(std::move(values));
    };
    for (const auto& run : runs) reach.runs += (run.*reached).has_value() ? 1 : 0;
    reach.lookups = spread(&Counters::lookups);
    reach.costEvaluations = spread(&Counters::costEvaluations);
    reach.seconds = spread(&Counters::seconds);
    return reach;
}

Standing standingOf(const Method& method, std::size_t lookups, const std::vector<Run>& runs) {
    const auto spread = [&](double Quality::*figure) {
        std::vector<double> values;
        for (const auto& run : runs) values.push_back(run.quality.*figure);
        return base::spreadOf(std::move(values));
    };
    Standing standing;
    standing.method = method.name;
    standing.lookups = lookups;
    standing.hypervolumeRatio = spread(&Quality::hypervolumeRatio);
    standing.igdPlus = spread(&Quality::igdPlus);
    standing.worstGapPoints = spread(&Quality::worstGapPoints);
    standing.reachOfTrue = reachOf(runs, &Run::reachedTrue);
    standing.reachOfOwn = reachOf(runs, &Run::reachedOwn);
    for (const auto& run : runs) {
        standing.costEvaluations += run.costEvaluations / static_cast<double>(runs.size());
        standing.seconds += run.seconds / static_cast<double>(runs.size());
    }
    return standing;
}

}  // namespace

Quality qualityOf(const Problem& problem, const TrueFront& truth,
                  const std::vector<search::Point>& found) {
    const auto& space = problem.space();
    const auto known = pointsOf(space, truth, truth.front);
    const search::Point reference{space.leastAccuracy, 0};
    Quality quality;
    if (truth.hypervolume > 0) {
        quality.hypervolumeRatio = search::hypervolume(found, reference) / truth.hypervolume;
    }
    const auto& slowest = known.front();
    const auto& fastest = known.back();
    const search::Point unit{std::max(1e-9, slowest.accuracy - fastest.accuracy),
                             std::max(1e-9, fastest.merit - slowest.merit)};
    // With nothing found everything is missing: one whole extent.
    quality.igdPlus = found.empty() ? 1 : search::igdPlus(found, known, unit);
    for (int i = 0; i < kLimits; ++i) {
        const double limit =
            slowest.merit * std::pow(fastest.merit / slowest.merit, i / (kLimits - 1.0));
        quality.worstGapPoints =
            std::max(quality.worstGapPoints, bestAt(known, limit) - bestAt(found, limit));
    }
    return quality;
}

std::vector<Standing> compare(const Problem& problem, const TrueFront& truth,
                              const std::vector<const Method*>& methods,
                              const std::vector<std::size_t>& lookups, int seeds,
                              base::Executor& executor,
                              const std::function<void(const Standing&)>& progress) {
    std::vector<Standing> standings;
    for (const auto* method : methods) {
        for (const std::size_t budget : lookups) {
            std::vector<Run> runs(static_cast<std::size_t>(seeds));
            executor.forEach(runs.size(), [&](std::size_t i) {
                runs[i] = runOnce(problem, truth, *method, budget, i + 1);
            });
            standings.push_back(standingOf(*method, budget, runs));
            progress(standings.back());
        }
    }
    return standings;
}

}  // namespace cohelix::tabular
