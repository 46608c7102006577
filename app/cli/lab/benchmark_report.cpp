// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/lab/benchmark_report.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/json.h"
#include "core/base/json_text.h"
#include "core/base/units.h"
#include "core/chart/svg_plot.h"

#include "app/cli/lab/benchmark_options.h"

namespace cohelix::cli {
namespace {

using base::Json;

Json toJson(const base::Spread& spread) {
    return {{"median", spread.median}, {"min", spread.least}, {"max", spread.most}};
}

/// What was never reached is null.
Json toJsonOrNull(const base::Spread& spread) {
    const auto figure = [](double value) { return std::isfinite(value) ? Json(value) : Json(); };
    return {{"median", figure(spread.median)},
            {"min", figure(spread.least)},
            {"max", figure(spread.most)}};
}

Json toJson(const lab::Reach& reach) {
    return {{"runs", reach.runs},
            {"lookups", toJsonOrNull(reach.lookups)},
            {"cost_evaluations", toJsonOrNull(reach.costEvaluations)},
            {"seconds", toJsonOrNull(reach.seconds)}};
}

Json toJson(const TruthReport& truth) {
    Json designs = Json::array();
    for (const auto& design : truth.designs) {
        designs.push_back(Json{{"network", design.network},
                               {"fps", design.fps},
                               {"accuracy", design.accuracy},
                               {"dsp", design.dsp},
                               {"bram18k", design.bram18k},
                               {"accelerator", design.accelerator}});
    }
    return {{"points", truth.designs.size()},
            {"hypervolume", truth.hypervolume},
            {"hypervolume_from", Json{{"fps", 0}, {"accuracy", truth.leastAccuracy}}},
            {"seconds", truth.seconds},
            {"cost_evaluations", truth.costEvaluations},
            {"best_single_accelerator_ratio", truth.bestSingleAcceleratorRatio},
            {"designs", designs}};
}

Json toJson(const lab::Standing& standing) {
    return {{"name", standing.method},
            {"lookups", standing.lookups},
            {"hypervolume_ratio", toJson(standing.hypervolumeRatio)},
            {"igd_plus", toJson(standing.igdPlus)},
            {"worst_gap_points", standing.worstGapPoints.median},
            {"worst_gap_points_spread", toJson(standing.worstGapPoints)},
            {"cost_evaluations", standing.costEvaluations},
            {"seconds", standing.seconds},
            {"until_99_percent",
             Json{{"of_true_hypervolume", toJson(standing.reachOfTrue)},
                  {"of_own_hypervolume", toJson(standing.reachOfOwn)},
                  {"of_supernets_hypervolume",
                   standing.reachOfSupernet ? toJson(*standing.reachOfSupernet) : Json()}}}};
}

std::string counted(std::size_t count, const char* one, const char* many) {
    return base::counted(static_cast<std::int64_t>(count), one, many);
}

std::string lookupsText(std::size_t lookups) { return counted(lookups, "look-up", "look-ups"); }

/// "99 % of the true hypervolume after 71 look-ups (60 to 90), 0.21 s".
std::string lineOf(const std::string& whose, const lab::Reach& reach, std::size_t lookups) {
    const std::string begin = "99 % of " + whose + " hypervolume ";
    if (!std::isfinite(reach.lookups.median)) {
        return begin + "not within " + lookupsText(lookups);
    }
    const auto most =
        std::isfinite(reach.lookups.most) ? numberText("%g", reach.lookups.most) : "never";
    return begin + "after " + numberText("%g", reach.lookups.median) + " look-ups (" +
           numberText("%g", reach.lookups.least) + " to " + most + "), " +
           numberText("%.2f", reach.seconds.median) + " s";
}

}  // namespace

TruthReport truthOf(const tables::Problem& problem, const tables::TrueFront& truth) {
    const auto& space = problem.space();
    TruthReport report;
    for (const std::size_t i : truth.front) {
        const auto& network = truth.networks[i];
        report.designs.push_back({*network.accelerator, space.nameOf(i), network.fps,
                                  space.accuracies[i], network.accelerator->choices});
    }
    report.hypervolume = truth.hypervolume;
    report.leastAccuracy = space.leastAccuracy;
    report.bestSingleAcceleratorRatio = truth.bestSingleAcceleratorRatio;
    report.costEvaluations = truth.costEvaluations;
    report.seconds = truth.seconds;
    return report;
}

std::string lineOf(const lab::Standing& standing) {
    const auto& ratio = standing.hypervolumeRatio;
    return std::string(standing.method) + ", " + lookupsText(standing.lookups) + ": hypervolume " +
           numberText("%.4f", ratio.median) + " (" + numberText("%.4f", ratio.least) + " to " +
           numberText("%.4f", ratio.most) + "), worst gap " +
           numberText("%.2f", standing.worstGapPoints.median) + " points, " +
           numberText("%.2f", standing.seconds) + " s a run; " +
           lineOf("the true", standing.reachOfTrue, standing.lookups) +
           (standing.reachOfSupernet
                ? "; " + lineOf("the supernet's", *standing.reachOfSupernet, standing.lookups)
                : "");
}

std::string lineOf(const lab::FrozenFront& front) {
    return std::string(front.group) + " at " + front.value + ": " +
           numberText("%.4f", front.hypervolumeRatio) + " of the hypervolume, " +
           counted(front.points, "point", "points");
}

std::string toJsonText(const BenchmarkReport& report) {
    Json methods = Json::array();
    for (const auto& standing : report.standings) methods.push_back(toJson(standing));
    Json frozen = Json::array();
    for (const auto& front : report.frozen) {
        frozen.push_back(Json{{"group", front.group},
                              {"value", front.value},
                              {"points", front.points},
                              {"hypervolume_ratio", front.hypervolumeRatio},
                              {"seconds", front.seconds}});
    }
    const auto& settings = report.settings;
    const Json json = {{"source", report.source},
                       {"space", settings.space},
                       {"model", settings.model},
                       {"dsp", settings.limits.dsp},
                       {"bram18k", settings.limits.bram18k},
                       {"seeds", settings.seeds},
                       {"seconds_count_trainings", report.trainingSeconds},
                       {"true_front", toJson(report.truth)},
                       {"methods", methods},
                       {"frozen", frozen}};
    return base::jsonText(json, 2) + "\n";
}

std::string toCsv(const BenchmarkReport& report) {
    std::string out =
        "method,lookups,hypervolume_ratio_median,hypervolume_ratio_min,hypervolume_ratio_max,"
        "igd_plus_median,worst_gap_points_median,worst_gap_points_max,cost_evaluations,seconds,"
        "runs_to_99_percent,lookups_to_99_percent_median,cost_evaluations_to_99_percent_median,"
        "seconds_to_99_percent_median,runs_to_99_percent_of_supernet,"
        "lookups_to_99_percent_of_supernet_median,seconds_to_99_percent_of_supernet_median\n";
    for (const auto& s : report.standings) {
        const double never = std::numeric_limits<double>::infinity();
        const auto supernet = s.reachOfSupernet.value_or(
            lab::Reach{0, {never, never, never}, {}, {never, never, never}});
        out += std::string(s.method) + "," + std::to_string(s.lookups);
        for (const double value :
             {s.hypervolumeRatio.median, s.hypervolumeRatio.least, s.hypervolumeRatio.most,
              s.igdPlus.median, s.worstGapPoints.median, s.worstGapPoints.most, s.costEvaluations,
              s.seconds, static_cast<double>(s.reachOfTrue.runs), s.reachOfTrue.lookups.median,
              s.reachOfTrue.costEvaluations.median, s.reachOfTrue.seconds.median,
              static_cast<double>(supernet.runs), supernet.lookups.median,
              supernet.seconds.median}) {
            out += std::isfinite(value) ? numberText(",%.6g", value) : ",";  // never reached: empty
        }
        out += "\n";
    }
    return out;
}

base::Result<std::string> plotOf(const BenchmarkReport& report) {
    chart::Plot plot;
    const bool timed = report.trainingSeconds;
    plot.title = timed ? "Hypervolume against time" : "Hypervolume against looks at accuracies";
    plot.x.label = timed ? "seconds of a processor, trainings included" : "look-ups";
    plot.x.logarithmic = true;
    plot.y.label = "share of the true front's hypervolume";
    for (const auto& standing : report.standings) {
        auto series = std::find_if(plot.series.begin(), plot.series.end(),
                                   [&](const auto& s) { return s.name == standing.method; });
        if (series == plot.series.end()) {
            plot.series.push_back({std::string(standing.method), chart::SeriesStyle::Line, {}, {}});
            series = plot.series.end() - 1;
        }
        const auto& ratio = standing.hypervolumeRatio;
        const double x = timed ? standing.seconds : static_cast<double>(standing.lookups);
        series->points.push_back({x, ratio.median, {}});
        series->spread.push_back({ratio.least, ratio.most});
    }
    for (auto& series : plot.series) {
        if (series.points.size() == 1) series.style = chart::SeriesStyle::Points;
    }
    plot.caption = {report.source + "; accelerator space " + report.settings.space + ", " +
                    report.settings.model + ", " + numberText("%g", report.settings.limits.dsp) +
                    " DSP, " + numberText("%g", report.settings.limits.bram18k) +
                    " BRAM18K. Median of " + counted(report.settings.seeds, "seed", "seeds") +
                    ", bands from least to most."};
    return chart::svgOf(plot);
}

}  // namespace cohelix::cli
