// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <memory>

#include "core/base/json.h"
#include "core/base/json_text.h"
#include "core/base/units.h"
#include "core/lab/published/prediction.h"

#include "app/cli/checks.h"
#include "app/cli/commands.h"
#include "app/cli/cost/coverage_report.h"
#include "app/cli/table.h"
#include "app/cli/terminal.h"

namespace cohelix::cli {
namespace {

using base::Json;
using lab::Counterpart;
using lab::Prediction;
using lab::PredictionSettings;
using published::Group;

struct PredictOptions {
    PredictionSettings settings = lab::defaultPrediction();
    std::string model = std::string(word(model::FpgaModel::Corrected));
    std::string format = "text";
    int threads = base::availableCores();
};

/// "a", "b", …: what a group's figures are marked with.
std::string markOf(const std::vector<const Group*>& groups, const Group* group) {
    const auto place = std::find(groups.begin(), groups.end(), group) - groups.begin();
    return {static_cast<char>('a' + place)};
}

/// The groups that have figures of these networks, in their order.
std::vector<const Group*> groupsOf(const PredictionSettings& settings) {
    std::vector<const Group*> found;
    for (const Group& group : published::groups()) {
        const auto has = [&](const std::string& network) {
            const auto all = lab::counterpartsOf(network);
            return std::any_of(all.begin(), all.end(),
                               [&](const Counterpart& one) { return one.group == &group; });
        };
        if (std::any_of(settings.networks.begin(), settings.networks.end(), has)) {
            found.push_back(&group);
        }
    }
    return found;
}

std::string publishedText(const std::string& network, const std::vector<const Group*>& groups) {
    std::string text;
    for (const Counterpart& one : lab::counterpartsOf(network)) {
        text += (text.empty() ? "" : ", ") + base::exact(one.figure->x) + " [" +
                markOf(groups, one.group) + "]";
    }
    return text.empty() ? "not available" : text;
}

std::string footnote(const Group& group, const std::string& mark,
                     const PredictionSettings& settings) {
    std::string precisions;
    for (const auto& network : settings.networks) {
        for (const Counterpart& one : lab::counterpartsOf(network)) {
            if (one.group != &group) continue;
            const auto& figure = *one.figure;
            precisions +=
                "; " + std::string(figure.design) + ": " +
                (figure.precision.empty() ? "precision not stated" : std::string(figure.precision));
        }
    }
    return "[" + mark + "] published: " + std::string(published::gradeText(group.grade)) + " (" +
           std::string(group.source) + "). " + std::string(group.device) + ". " +
           std::string(group.remark) + precisions + "\n";
}

std::string whyUnknown(const Prediction& prediction) {
    return prediction.coverage.pricedMacs == 0 ? "the form of the model prices none of its work"
                                               : "no accelerator of the space keeps the limits";
}

/// Nothing where there is no prediction.
Json figureOf(const Prediction& prediction, double figure) {
    return prediction.known() ? Json(figure) : Json();
}

std::string textOf(const PredictOptions& options, const std::vector<Prediction>& predictions) {
    const auto& settings = options.settings;
    const auto groups = groupsOf(settings);
    std::vector<std::string> header = {"network", "bits"};
    for (const auto& space : settings.spaces) header.push_back("predicted FPS, " + space);
    header.push_back("published FPS");
    Table table(header);
    for (std::size_t i = 0; i < predictions.size(); i += settings.spaces.size()) {
        std::vector<std::string> row = {predictions[i].network,
                                        std::to_string(predictions[i].bits)};
        for (std::size_t s = 0; s < settings.spaces.size(); ++s) {
            const auto& prediction = predictions[i + s];
            row.push_back(prediction.known() ? sideText(prediction.coverage, Grows::Rate) +
                                                   base::fixed(prediction.fps, 2)
                                             : "-");
        }
        row.push_back(publishedText(predictions[i].network, groups));
        table.add(row);
    }
    std::string text = table.text();
    text += "predicted: on the proven best accelerator of the space within " +
            base::exact(settings.limits.dsp) + " DSP and " + base::exact(settings.limits.bram18k) +
            " BRAM18K at " + base::exact(settings.clockMhz) + " MHz, model " + options.model + "\n";
    for (const auto& prediction : predictions) {
        if (prediction.known()) continue;
        text += "-: " + prediction.network + " at " + std::to_string(prediction.bits) + " bit on " +
                prediction.space + ": " + whyUnknown(prediction) + "\n";
    }
    for (std::size_t i = 0; i < settings.networks.size(); ++i) {
        const auto line = boundsText(predictions[i * settings.spaces.size()].coverage);
        if (!line.empty()) text += settings.networks[i] + ": " + line;
    }
    for (const Group* group : groups) text += footnote(*group, markOf(groups, group), settings);
    return text;
}

Json toJson(const Prediction& prediction) {
    Json json = {{"network", prediction.network},
                 {"space", prediction.space},
                 {"bits", prediction.bits},
                 {"fps", figureOf(prediction, prediction.fps)},
                 {"period_cycles", figureOf(prediction, prediction.periodCycles)},
                 {"dsp", figureOf(prediction, prediction.dsp)},
                 {"bram18k", figureOf(prediction, prediction.bram18k)}};
    addCoverage(json, prediction.coverage);
    if (!prediction.known()) {
        json["why_none"] = whyUnknown(prediction);
        return json;
    }
    addBounds(json, prediction.coverage, {{"fps", Grows::Rate}, {"period_cycles", Grows::Cost}});
    return json;
}

std::string jsonOf(const PredictOptions& options, const std::vector<Prediction>& predictions) {
    const auto& settings = options.settings;
    Json predicted = Json::array();
    for (const auto& prediction : predictions) predicted.push_back(toJson(prediction));
    Json theirs = Json::array();
    for (const auto& network : settings.networks) {
        for (const Counterpart& one : lab::counterpartsOf(network)) {
            const auto& precision = one.figure->precision;
            theirs.push_back(
                Json{{"network", network},
                     {"design", one.figure->design},
                     {"fps", one.figure->x},
                     {"precision", precision.empty() ? Json(nullptr) : Json(precision)},
                     {"grade", published::gradeText(one.group->grade)},
                     {"source", one.group->source},
                     {"device", one.group->device},
                     {"remark", one.group->remark}});
        }
    }
    const Json json = {
        {"dsp_limit", settings.limits.dsp}, {"bram18k_limit", settings.limits.bram18k},
        {"clock_mhz", settings.clockMhz},   {"model", options.model},
        {"predicted", predicted},           {"published", theirs}};
    return base::jsonText(json, 2) + "\n";
}

std::string csvOf(const PredictOptions& options, const std::vector<Prediction>& predictions) {
    Table table(
        {"kind", "network", "precision", "space", "fps", "dsp", "bram18k", "grade", "source"});
    for (const auto& one : predictions) {
        const std::string bound = one.coverage.complete() ? "" : "; FPS at most, layers left out";
        table.add({"predicted", one.network, std::to_string(one.bits) + " bit", one.space,
                   one.known() ? base::exact(one.fps) : "", one.known() ? base::exact(one.dsp) : "",
                   one.known() ? base::exact(one.bram18k) : "", "",
                   "model " + options.model + (one.known() ? bound : "; " + whyUnknown(one))});
    }
    for (const auto& network : options.settings.networks) {
        for (const Counterpart& one : lab::counterpartsOf(network)) {
            table.add({"published", network, std::string(one.figure->precision), "",
                       base::exact(one.figure->x), "", "",
                       std::string(published::gradeText(one.group->grade)),
                       std::string(one.group->source)});
        }
    }
    return table.csv();
}

int predict(PredictOptions& options) {
    if (const auto form = base::valueOf<model::FpgaModel>(options.model))
        options.settings.model = *form;
    base::Executor executor(options.threads);
    const auto predictions = lab::predict(options.settings, executor);
    if (!predictions) return Terminal().fail(predictions.error());
    const auto text = options.format == "json"  ? jsonOf(options, *predictions)
                      : options.format == "csv" ? csvOf(options, *predictions)
                                                : textOf(options, *predictions);
    return put(text) ? kFine : kFailed;
}

}  // namespace

void addPredictCommand(CLI::App& app, int& exitCode) {
    auto options = std::make_shared<PredictOptions>();
    auto& settings = options->settings;
    std::vector<std::string> spaces(lab::predictionSpaces().begin(), lab::predictionSpaces().end());
    auto* command = app.add_subcommand(
        "predict", "Predict the FPS of known networks, beside what was published of them");
    command->add_option("--networks", settings.networks, "names of networks, separated by commas")
        ->delimiter(',')
        ->capture_default_str();
    command->add_option("--spaces", settings.spaces, "accelerator spaces for 224-pixel images")
        ->delimiter(',')
        ->transform(CLI::IsMember(spaces, CLI::ignore_case))
        ->capture_default_str();
    command->add_option("--bits", settings.bits, "bits of weights and activations: 16, 8, 4")
        ->delimiter(',')
        ->capture_default_str();
    command->add_option("--dsp", settings.limits.dsp, "limit on DSP slices")
        ->check(numberBetween(0.0, 1e9))
        ->capture_default_str();
    command
        ->add_option("--bram,--bram18k", settings.limits.bram18k, "limit on block RAMs of 18 Kbit")
        ->check(numberBetween(0.0, 1e9))
        ->capture_default_str();
    command->add_option("--clock", settings.clockMhz, "clock in MHz")
        ->check(numberBetween(1.0, 1e4))
        ->capture_default_str();
    command->add_option("--model", options->model, "form of the FPGA model")
        ->transform(CLI::IsMember(base::words<model::FpgaModel>(), CLI::ignore_case))
        ->capture_default_str();
    command->add_option("--format", options->format, "text, json or csv")
        ->transform(CLI::IsMember({"text", "json", "csv"}, CLI::ignore_case))
        ->capture_default_str();
    command->add_option("--threads", options->threads, "worker threads")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    command->callback([options, &exitCode] { exitCode = predict(*options); });
}

}  // namespace cohelix::cli
