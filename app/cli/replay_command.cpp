// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <memory>

#include <unistd.h>

#include "app/cli/checks.h"
#include "app/cli/commands.h"
#include "app/cli/reporter.h"
#include "app/cli/table.h"
#include "core/base/units.h"
#include "core/run/replay.h"

namespace cohelix::cli {
namespace {

using base::Result;

constexpr std::size_t kMostShown = 40;  // differences in the table; JSON has them all

struct ReplayOptions {
    std::string project;
    std::string into;
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

/// A project file for the repeated run: the one that was named, or one that is removed with this.
class ReplayFile {
public:
    explicit ReplayFile(const std::string& named) : m_path(named), m_temporary(named.empty()) {
        if (!m_temporary) return;
        const auto folder = std::filesystem::temp_directory_path();
        m_path = (folder / ("cohelix-replay-" + std::to_string(getpid()) + ".cohelix")).string();
    }
    ~ReplayFile() {
        std::error_code ignored;
        if (m_temporary) std::filesystem::remove(m_path, ignored);
    }
    ReplayFile(const ReplayFile&) = delete;
    ReplayFile& operator=(const ReplayFile&) = delete;
    const std::string& path() const { return m_path; }

private:
    std::string m_path;
    bool m_temporary;
};

Result<run::Replay> replayed(const ReplayOptions& options, Terminal& terminal) {
    auto project = store::Project::open(options.project, store::Access::ReadOnly);
    if (!project) return project.error();
    if (options.design > 0) return run::replayDesign(**project, options.design);
    catchInterrupts();
    const ReplayFile file(options.into);
    auto replay = run::replayRun(**project, options.run,
                                 {.into = file.path(),
                                  .threads = options.threads,
                                  .listener = std::make_shared<Reporter>(terminal),
                                  .cancelled = interrupted});
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
    replaying->add_option("--into", options->into,
                          "keep the repeated run in this new project file (default: removed)");
    replaying->add_option("--threads", options->threads, "threads to work with (default: as then)")
        ->check(CLI::Range(1, 1024));
    replaying->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    replaying->callback([options, &exitCode] { exitCode = replay(*options); });
}

}  // namespace cohelix::cli
