// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "core/base/units.h"
#include "core/run/replay.h"

#include "app/cli/checks.h"
#include "app/cli/commands.h"
#include "app/cli/projects/project_input.h"
#include "app/cli/reports.h"
#include "app/cli/terminal.h"

namespace cohelix::cli {
namespace {

struct ListOptions {
    std::string project;
    std::string format = "table";
    std::int64_t run = 0;
    bool front = false;
};

Format formatOf(const std::string& name) {
    return name == "csv" ? Format::Csv : name == "json" ? Format::Json : Format::Table;
}

/// Opens a project for reading and prints what `report` makes of it.
template <typename Report>
int print(const ListOptions& options, const Report& report) {
    auto project = openToRead(options.project);
    const base::Result<std::string> text =
        project ? report(**project) : base::Result<std::string>(project.error());
    if (!text) return Terminal().fail(text.error());
    return put(*text) ? kFine : kFailed;
}

int check(const ListOptions& options) {
    Terminal terminal;
    auto project = openToRead(options.project);
    const auto findings =
        project ? run::check(**project) : base::Result<store::Findings>(project.error());
    if (!findings) return terminal.fail(findings.error());
    std::string text;
    for (const auto& finding : *findings) text += finding + "\n";
    text +=
        findings->empty()
            ? options.project + " is sound\n"
            : options.project + " is damaged in " +
                  base::counted(static_cast<std::int64_t>(findings->size()), "place", "places") +
                  ". Go back to a copy, or: cohelix-cli rescue " + options.project +
                  " NEW.cohelix\n"
                  "That keeps all rows that can be read and fit the rest, and "
                  "lists what is lost; the damaged file is left as it is.\n";
    return put(text) && findings->empty() ? kFine : kFailed;
}

}  // namespace

void addListCommands(CLI::App& app, int& exitCode) {
    auto options = std::make_shared<ListOptions>();
    const CLI::IsMember formats({"table", "csv", "json"}, CLI::ignore_case);

    auto* runs = app.add_subcommand("runs", "List the runs of a project");
    runs->add_option("project", options->project, "project file")->required();
    runs->add_option("--format", options->format, "table, csv or json")
        ->transform(formats)
        ->capture_default_str();
    runs->callback([options, &exitCode] {
        exitCode = print(*options, [&](store::Project& project) {
            return runsReport(project, formatOf(options->format));
        });
    });

    auto* designs = app.add_subcommand("designs", "List the designs of a project");
    designs->add_option("project", options->project, "project file")->required();
    designs->add_option("--run", options->run, "of this run only")->check(wholeFrom(1));
    designs->add_flag("--front", options->front, "members of the front only");
    designs->add_option("--format", options->format, "table, csv or json")
        ->transform(formats)
        ->capture_default_str();
    designs->callback([options, &exitCode] {
        exitCode = print(*options, [&](store::Project& project) {
            DesignsQuery query;
            if (options->run > 0) query.run = options->run;
            query.frontOnly = options->front;
            query.format = formatOf(options->format);
            return designsReport(project, query);
        });
    });

    auto* fronts = app.add_subcommand("fronts", "List the true fronts that a project keeps");
    fronts->add_option("project", options->project, "project file")->required();
    fronts->add_option("--format", options->format, "table, csv or json")
        ->transform(formats)
        ->capture_default_str();
    fronts->callback([options, &exitCode] {
        exitCode = print(*options, [&](store::Project& project) {
            return frontsReport(project, formatOf(options->format));
        });
    });

    auto* checking = app.add_subcommand("check", "Check that a project file is sound");
    checking->footer(
        "Sound is a file without damage whose rows fit each other, its specifications "
        "and what figures can be. A figure that was changed by hand within its range "
        "is found by replay, which works it out again.");
    checking->add_option("project", options->project, "project file")->required();
    checking->callback([options, &exitCode] { exitCode = check(*options); });
}

}  // namespace cohelix::cli
