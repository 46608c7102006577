// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "core/base/json.h"
#include "core/base/json_text.h"
#include "core/base/units.h"
#include "core/published/figures.h"

#include "app/cli/commands.h"
#include "app/cli/table.h"
#include "app/cli/terminal.h"

namespace cohelix::cli {
namespace {

using base::Json;
using published::Figure;
using published::Group;

struct PublishedOptions {
    std::string group;
    std::string format = "text";
};

std::string textOf(const std::optional<double>& value) { return value ? base::exact(*value) : "-"; }

template <typename Count>
std::string textOf(const std::optional<Count>& value) {
    return value ? base::grouped(*value) : "-";
}

std::string orDash(std::string_view text) { return text.empty() ? "-" : std::string(text); }

std::string xTitle(const Group& group) {
    return std::string(word(group.quantity)) + " (" +
           std::string(published::quantityUnit(group.quantity)) + ")";
}

std::string textOf(const Group& group) {
    std::string out = std::string(group.id) + ": " + std::string(group.title) +
                      "\n  grade:    " + std::string(published::gradeText(group.grade)) +
                      "\n  source:   " + std::string(group.source) +
                      "\n  data set: " + std::string(group.dataSet) +
                      "\n  device:   " + std::string(group.device) +
                      "\n  remark:   " + std::string(group.remark) + "\n";
    Table table({"design", xTitle(group), "top-1 %", "precision", "DSP", "cycles", "remark"});
    for (const Figure& figure : group.figures) {
        table.add({std::string(figure.design), base::exact(figure.x), textOf(figure.accuracy),
                   orDash(figure.precision), textOf(figure.dsp), textOf(figure.cycles),
                   std::string(figure.remark)});
    }
    return out + table.text();
}

std::string claimsText() {
    Table table({"of the text", "value", "unit", "data set", "grade", "source", "remark"});
    for (const auto& claim : published::claims()) {
        table.add({std::string(claim.what), base::exact(claim.value), std::string(claim.unit),
                   orDash(claim.dataSet), std::string(published::gradeText(claim.grade)),
                   std::string(claim.source), std::string(claim.remark)});
    }
    return table.text();
}

template <typename Value>
Json orNull(const std::optional<Value>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json orNull(std::string_view text) { return text.empty() ? Json(nullptr) : Json(text); }

Json toJson(const Group& group) {
    Json figures = Json::array();
    for (const Figure& figure : group.figures) {
        figures.push_back(Json{{"design", figure.design},
                               {"authors", figure.authors},
                               {"x", figure.x},
                               {"accuracy", orNull(figure.accuracy)},
                               {"precision", orNull(figure.precision)},
                               {"dsp", orNull(figure.dsp)},
                               {"cycles", orNull(figure.cycles)},
                               {"remark", orNull(figure.remark)}});
    }
    return {{"group", group.id},         {"title", group.title},
            {"x", word(group.quantity)}, {"x_unit", published::quantityUnit(group.quantity)},
            {"accuracy_unit", "%"},      {"data_set", group.dataSet},
            {"device", group.device},    {"grade", published::gradeText(group.grade)},
            {"source", group.source},    {"remark", orNull(group.remark)},
            {"designs", figures}};
}

Json claimsJson() {
    Json list = Json::array();
    for (const auto& claim : published::claims()) {
        list.push_back(Json{{"what", claim.what},
                            {"value", claim.value},
                            {"unit", claim.unit},
                            {"data_set", orNull(claim.dataSet)},
                            {"grade", published::gradeText(claim.grade)},
                            {"source", claim.source},
                            {"remark", orNull(claim.remark)}});
    }
    return list;
}

std::vector<const Group*> chosenGroups(const PublishedOptions& options) {
    if (!options.group.empty()) return {published::findGroup(options.group)};
    std::vector<const Group*> chosen;
    for (const Group& group : published::groups()) chosen.push_back(&group);
    return chosen;
}

std::string csvOf(const std::vector<const Group*>& groups) {
    Table table({"group", "design", "authors", "x", "x_quantity", "x_unit", "accuracy_percent",
                 "precision", "dsp", "cycles", "data_set", "device", "grade", "source", "remark"});
    const auto number = [](const auto& value) {
        return value ? base::exact(static_cast<double>(*value)) : std::string();
    };
    for (const Group* group : groups) {
        for (const Figure& figure : group->figures) {
            std::string remark(group->remark);
            if (!figure.remark.empty()) remark += ". " + std::string(figure.remark);
            table.add({std::string(group->id), std::string(figure.design),
                       figure.authors ? "1" : "0", base::exact(figure.x),
                       std::string(word(group->quantity)),
                       std::string(published::quantityUnit(group->quantity)),
                       number(figure.accuracy), std::string(figure.precision), number(figure.dsp),
                       number(figure.cycles), std::string(group->dataSet),
                       std::string(group->device), std::string(published::gradeText(group->grade)),
                       std::string(group->source), remark});
        }
    }
    return table.csv();
}

std::string report(const PublishedOptions& options) {
    const auto groups = chosenGroups(options);
    if (options.format == "csv") return csvOf(groups);
    if (options.format == "json") {
        Json list = Json::array();
        for (const Group* group : groups) list.push_back(toJson(*group));
        Json json = {{"groups", list}};
        if (options.group.empty()) json["claims"] = claimsJson();
        return base::jsonText(json, 2) + "\n";
    }
    std::string out;
    for (const Group* group : groups) out += (out.empty() ? "" : "\n") + textOf(*group);
    if (options.group.empty()) out += "\n" + claimsText();
    return out;
}

}  // namespace

void addPublishedCommand(CLI::App& app, int& exitCode) {
    auto options = std::make_shared<PublishedOptions>();
    std::vector<std::string> ids;
    for (const Group& group : published::groups()) ids.emplace_back(group.id);
    auto* command = app.add_subcommand(
        "published", "List the figures that the authors published, each with grade and source");
    command->add_option("--group", options->group, "of this group only")
        ->transform(CLI::IsMember(ids, CLI::ignore_case));
    command->add_option("--format", options->format, "text, json or csv")
        ->transform(CLI::IsMember({"text", "json", "csv"}, CLI::ignore_case))
        ->capture_default_str();
    command->callback([options, &exitCode] { exitCode = put(report(*options)) ? kFine : kFailed; });
}

}  // namespace cohelix::cli
