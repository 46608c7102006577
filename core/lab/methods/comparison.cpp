// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/methods/comparison.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include "core/base/thread_time.h"
#include "core/optimum/proof.h"

namespace cohelix::lab {
namespace {

constexpr int kLimits = 10;
constexpr double kRounding = 1e-12;  // relative: a limit is met by the network it was taken from

double bestAt(const std::vector<model::Point>& points, double limit) {
    double best = 0;
    for (const auto& point : points) {
        if (point.merit >= limit * (1 - kRounding)) best = std::max(best, point.accuracy);
    }
    return best;
}

/// The most FPS of a point that is at least so accurate.
double fastestAt(const std::vector<model::Point>& points, double accuracy) {
    double fastest = 0;
    for (const auto& point : points) {
        if (point.accuracy >= accuracy) fastest = std::max(fastest, point.merit);
    }
    return fastest;
}

/// The counters of a run at some look.
struct Counters {
    double lookups = 0;
    double costEvaluations = 0;
    double seconds = 0;
};

struct Run {
    Quality quality;
    std::optional<model::Point> beyondTruth;  ///< a design that the true front says cannot be
    double costEvaluations = 0;
    double seconds = 0;
    std::optional<Counters> reachedTrue;
    std::optional<Counters> reachedOwn;
    std::optional<Counters> reachedSupernet;
};

/// A run as it is judged: its counters after each look and its designs after so many.
struct Course {
    const std::vector<Moment>& moments;
    std::function<std::vector<model::Point>(std::size_t looks)> designs;
    double leastAccuracy = 0;

    double hypervolume(std::size_t looks) const {
        return model::hypervolume(designs(looks), {leastAccuracy, 0});
    }
};

/// When the run first held so much hypervolume, which only grows with its looks.
std::optional<Counters> reached(const Course& course, double hypervolume) {
    std::size_t low = 0;
    std::size_t high = course.moments.size();
    if (high == 0 || course.hypervolume(high) < hypervolume) return std::nullopt;
    while (high - low > 1) {  // not with `low`, but with `high` looks
        const std::size_t middle = low + (high - low) / 2;
        (course.hypervolume(middle) >= hypervolume ? high : low) = middle;
    }
    const auto& moment = course.moments[high - 1];
    return Counters{static_cast<double>(high), static_cast<double>(moment.costEvaluations),
                    moment.seconds};
}

/// A design that is faster than every one of the true front that is at least as accurate.
std::optional<model::Point> beyondTruth(const tables::Problem& problem,
                                        const tables::TrueFront& truth,
                                        const std::vector<model::Point>& found) {
    const auto known = tables::pointsOf(problem.space(), truth, truth.front);
    for (const auto& point : found) {
        if (optimum::beatsProof(fastestAt(known, point.accuracy), point.merit)) return point;
    }
    return std::nullopt;
}

Run judged(const tables::Problem& problem, const tables::TrueFront& truth, const Course& course,
           const std::optional<double>& supernetHypervolume) {
    const auto looks = course.moments.size();
    Run run;
    const auto found = course.designs(looks);
    run.beyondTruth = beyondTruth(problem, truth, found);
    run.quality = qualityOf(problem, truth, found);
    run.reachedTrue = reached(course, kReach * truth.hypervolume);
    run.reachedOwn = reached(course, kReach * course.hypervolume(looks));
    if (supernetHypervolume) {
        run.reachedSupernet = reached(course, kReach * *supernetHypervolume);
    }
    return run;
}

Run runOnce(const tables::Problem& problem, const tables::TrueFront& truth, const Method& method,
            std::size_t lookups, std::uint64_t seed,
            const std::optional<double>& supernetHypervolume) {
    const double start = base::threadSeconds();
    Trial trial(problem, method.inner, seed, lookups);
    method.run(trial);
    trial.finish();
    const double seconds = base::threadSeconds() - start + trial.trainingSeconds();
    Run run = judged(problem, truth,
                     {trial.moments(), [&](std::size_t looks) { return trial.designs(looks); },
                      trial.space().leastAccuracy},
                     supernetHypervolume);
    run.seconds = seconds;
    run.costEvaluations = static_cast<double>(trial.costEvaluations());
    return run;
}

base::Result<void> holdToTruth(const Method& method, const tables::Problem& problem,
                               const tables::TrueFront& truth, const std::vector<Run>& runs) {
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!runs[i].beyondTruth) continue;
        const auto& design = *runs[i].beyondTruth;
        const auto known = tables::pointsOf(problem.space(), truth, truth.front);
        return optimum::proofBeaten(std::string(method.name) + ", seed " + std::to_string(i + 1),
                                    design.merit, fastestAt(known, design.accuracy), "FPS");
    }
    return {};
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

Standing standingOf(std::string_view method, std::size_t lookups, const std::vector<Run>& runs,
                    bool withSupernet) {
    const auto spread = [&](double Quality::*figure) {
        std::vector<double> values;
        for (const auto& run : runs) values.push_back(run.quality.*figure);
        return base::spreadOf(std::move(values));
    };
    Standing standing;
    standing.method = method;
    standing.lookups = lookups;
    standing.hypervolumeRatio = spread(&Quality::hypervolumeRatio);
    standing.igdPlus = spread(&Quality::igdPlus);
    standing.worstGapPoints = spread(&Quality::worstGapPoints);
    standing.reachOfTrue = reachOf(runs, &Run::reachedTrue);
    standing.reachOfOwn = reachOf(runs, &Run::reachedOwn);
    if (withSupernet) standing.reachOfSupernet = reachOf(runs, &Run::reachedSupernet);
    for (const auto& run : runs) {
        standing.costEvaluations += run.costEvaluations / static_cast<double>(runs.size());
        standing.seconds += run.seconds / static_cast<double>(runs.size());
    }
    return standing;
}

/// What the supernet's run held after each of its trainings.
struct SupernetCourse {
    std::vector<Moment> moments;
    std::vector<model::Point> points;  ///< of networks that keep the limits, one a training
};

SupernetCourse courseOf(const tables::Problem& problem, const SupernetRun& run) {
    SupernetCourse course;
    double seconds = run.searchSeconds;
    for (const std::size_t network : run.networks) {
        seconds += problem.space().trainingSeconds[network];
        course.moments.push_back({0, seconds});
        const double fps = problem.exactFps(network);
        // One that fits no accelerator is of no worth, as a design of no speed.
        course.points.push_back({fps > 0 ? problem.space().accuracies[network] : 0, fps});
    }
    return course;
}

}  // namespace

SupernetStanding standingOf(const tables::Problem& problem, const tables::TrueFront& truth,
                            const std::vector<SupernetRun>& runs) {
    std::vector<SupernetCourse> courses;
    std::vector<double> hypervolumes;
    std::size_t most = 0;
    const double least = problem.space().leastAccuracy;
    for (const auto& run : runs) {
        courses.push_back(courseOf(problem, run));
        hypervolumes.push_back(model::hypervolume(courses.back().points, {least, 0}));
        most = std::max(most, run.networks.size());
    }
    SupernetStanding out;
    out.hypervolume = base::spreadOf(hypervolumes).median;
    std::vector<Run> judgements;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto& course = courses[i];
        const auto first = [&course](std::size_t looks) {
            const auto end = course.points.begin() + static_cast<std::ptrdiff_t>(looks);
            return std::vector<model::Point>(course.points.begin(), end);
        };
        judgements.push_back(
            judged(problem, truth, {course.moments, first, least}, out.hypervolume));
        judgements.back().seconds =
            course.moments.empty() ? runs[i].searchSeconds : course.moments.back().seconds;
    }
    out.standing = standingOf(kSupernet, most, judgements, true);
    return out;
}

Quality qualityOf(const tables::Problem& problem, const tables::TrueFront& truth,
                  const std::vector<model::Point>& found) {
    const auto& space = problem.space();
    const auto known = tables::pointsOf(space, truth, truth.front);
    const model::Point reference{space.leastAccuracy, 0};
    Quality quality;
    if (truth.hypervolume > 0) {
        quality.hypervolumeRatio = model::hypervolume(found, reference) / truth.hypervolume;
    }
    const auto& slowest = known.front();
    const auto& fastest = known.back();
    // A front of one point has no extent: it is measured from the reference point then.
    const auto extent = [](double most, double least, double from) {
        return std::max(most > least ? most - least : most - from, 1e-9);
    };
    const model::Point unit{extent(slowest.accuracy, fastest.accuracy, reference.accuracy),
                            extent(fastest.merit, slowest.merit, reference.merit)};
    // With nothing found everything is missing: one whole extent.
    quality.igdPlus = found.empty() ? 1 : model::igdPlus(found, known, unit);
    for (int i = 0; i < kLimits; ++i) {
        const double limit =
            slowest.merit * std::pow(fastest.merit / slowest.merit, i / (kLimits - 1.0));
        quality.worstGapPoints =
            std::max(quality.worstGapPoints, bestAt(known, limit) - bestAt(found, limit));
    }
    return quality;
}

base::Result<std::vector<Standing>> compare(const tables::Problem& problem,
                                            const tables::TrueFront& truth,
                                            const std::vector<const Method*>& methods,
                                            const std::vector<std::size_t>& lookups, int seeds,
                                            base::Executor& executor,
                                            const std::function<void(const Standing&)>& progress,
                                            std::optional<double> supernetHypervolume) {
    std::vector<Standing> standings;
    for (const auto* method : methods) {
        for (const std::size_t budget : lookups) {
            std::vector<Run> runs(static_cast<std::size_t>(seeds));
            executor.forEach(runs.size(), [&](std::size_t i) {
                runs[i] = runOnce(problem, truth, *method, budget, i + 1, supernetHypervolume);
            });
            if (auto held = holdToTruth(*method, problem, truth, runs); !held) return held.error();
            standings.push_back(
                standingOf(method->name, budget, runs, supernetHypervolume.has_value()));
            progress(standings.back());
        }
    }
    return standings;
}

}  // namespace cohelix::lab
