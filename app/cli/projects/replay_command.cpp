// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>

#include "core/base/units.h"
#include "core/run/replay.h"

#include "app/cli/checks.h"
#include "app/cli/commands.h"
#include "app/cli/projects/project_input.h"
#include "app/cli/reporter.h"
#include "app/cli/table.h"

namespace cohelix::cli {
namespace {

using base::Result;

constexpr std::size_t kMostShown = 40;  // differences in the table; JSON has them all

struct ReplayOptions {
    std::string project;
    std::string into;
    std::string pictures;
    std::string format = "text";
    std::int64_t run = 0;
    std::int64_t design = 0;
    int threads = 0;
};

std::string subject(const ReplayOptions& options) {
    return options.design > 0 ? "Design " + std::to_string(options.design)
                              : "Run " + std::to_string(options.run);
}

std::string replayText(const ReplayOptions& options, const run::Replay& replay) {
    const auto& differences = replay.comparison.differences();
    std::string text;
    for (const auto& note : replay.notes) text += note + "\n";
    text += subject(options) + ": " + base::grouped(replay.comparison.figures()) + " figures of " +
            base::grouped(replay.designs) + (replay.designs == 1 ? " design" : " designs") +
            " compared, ";
    if (replay.equal()) return text + "all equal bit for bit\n";
    text += base::grouped(static_cast<std::int64_t>(differences.size())) + " differ\n";
    Table table({"figure", "stored", "found now"});
    for (std::size_t i = 0; i < std::min(differences.size(), kMostShown); ++i) {
        table.add({differences[i].figure, differences[i].stored, differences[i].found});
    }
    text += table.text();
    if (differences.size() > kMostShown) text += "… --format json has them all\n";
    return text;
}

base::Json replayJson(const run::Replay& replay) {
    base::Json differences = base::Json::array();
    for (const auto& it : replay.comparison.differences()) {
        differences.push_back({{"figure", it.figure}, {"stored", it.stored}, {"found", it.found}});
    }
    return {{"equal", replay.equal()},
            {"designs", replay.designs},
            {"figures", replay.comparison.figures()},
            {"notes", replay.notes},
            {"differences", std::move(differences)}};
}

/// A folder of its own for the project of a repeated run that is not to be kept. It goes with this,
/// and with all that belongs to the file.
class TemporaryPlace {
public:
    TemporaryPlace() {
        std::random_device draw;
        m_folder = std::filesystem::temp_directory_path() /
                   ("cohelix-replay-" + std::to_string(draw()) + std::to_string(draw()));
        std::filesystem::create_directories(m_folder);
    }
    ~TemporaryPlace() { remove(); }
    TemporaryPlace(const TemporaryPlace&) = delete;
    TemporaryPlace& operator=(const TemporaryPlace&) = delete;
    std::string file() const { return (m_folder / "replay.cohelix").string(); }
    void remove() const {
        std::error_code ignored;
        std::filesystem::remove_all(m_folder, ignored);
    }

private:
    std::filesystem::path m_folder;
};

Result<run::Replay> replayed(const ReplayOptions& options, Terminal& terminal) {
    auto project = openToRead(options.project);
    if (!project) return project.error();
    if (options.design > 0) return run::replayDesign(**project, options.design, options.pictures);
    catchInterrupts();
    std::optional<TemporaryPlace> place;
    if (options.into.empty()) place.emplace();
    const auto giveUp = [&] {
        if (place) place->remove();
        terminal.endProgress();
        terminal.message("error: the replay was stopped on request");
        std::fflush(nullptr);
        std::_Exit(kFailed);
    };
    auto replay = run::replayRun(**project, options.run,
                                 {.into = place ? place->file() : options.into,
                                  .threads = options.threads,
                                  .pictures = options.pictures,
                                  .listener = std::make_shared<Reporter>(terminal),
                                  .cancelled = interrupted,
                                  .giveUp = giveUp});
    terminal.endProgress();
    return replay;
}

int replay(const ReplayOptions& options) {
    Terminal terminal;
    if ((options.run > 0) == (options.design > 0)) {
        terminal.message("Name what to replay: either --run or --design");
        return kWrongUse;
    }
    const auto result = replayed(options, terminal);
    if (!result) return terminal.fail(result.error());
    const bool written = put(options.format == "json" ? base::canonicalText(replayJson(*result))
                                                      : replayText(options, *result));
    return written && result->equal() ? kFine : kFailed;
}

}  // namespace

void addReplayCommand(CLI::App& app, int& exitCode) {
    auto options = std::make_shared<ReplayOptions>();
    auto* replaying = app.add_subcommand(
        "replay", "Work out a design or a whole run again and compare every figure bit for bit");
    replaying->add_option("project", options->project, "project file")->required();
    replaying
        ->add_option("--run", options->run,
                     "search this finished run again, with the changes that were made to it")
        ->check(wholeFrom(1));
    replaying
        ->add_option("--design", options->design,
                     "work out this design's network, accelerator, mapping and cost from the file "
                     "alone, and its accuracy where weights and data set are there")
        ->check(wholeFrom(1));
    replaying->add_option(
        "--into", options->into,
        "keep the repeated run in this new project file (default: removed; a run whose "
        "accuracies were looked up in a table needs none)");
    replaying->add_option("--pictures", options->pictures, kPicturesHelp)
        ->check(CLI::ExistingDirectory);
    replaying->add_option("--threads", options->threads, "threads to work with (default: as then)")
        ->check(CLI::Range(1, 1024));
    replaying->add_option("--format", options->format, "text or json")
        ->transform(CLI::IsMember({"text", "json"}, CLI::ignore_case))
        ->capture_default_str();
    replaying->callback([options, &exitCode] { exitCode = replay(*options); });
}

}  // namespace cohelix::cli
