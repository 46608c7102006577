// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <ranges>
#include <thread>

#include "core/base/units.h"
#include "core/learn/data_set_check.h"
#include "core/learn/learn.h"
#include "core/search/accelerator/feasibility.h"

#include "app/cli/checks.h"
#include "app/cli/commands.h"
#include "app/cli/named_file.h"
#include "app/cli/reporter.h"
#include "app/cli/reports.h"
#include "app/cli/specification_input.h"
#include "app/cli/terminal.h"

namespace cohelix::cli {
namespace {

struct SearchOptions {
    SpecificationInput specification;
    std::string project;
    std::string steering;
    std::string pictures;
    std::int64_t run = 0;
    int threads = 0;
};

/// The changes of --steer; none without it.
base::Result<std::vector<spec::TimedChange>> planOf(const SearchOptions& options) {
    if (options.steering.empty()) return std::vector<spec::TimedChange>{};
    const auto file = readNamed(options.steering);
    if (!file) return file.error();
    const auto json = base::parseJson(file->contents, file->path);
    if (!json) return json.error();
    auto plan = spec::timedChangesFromJson(*json);
    if (plan) return plan;
    auto error = plan.error();
    error.where = file->path + (error.where.empty() ? "" : " " + error.where);
    return error;
}

base::Result<std::unique_ptr<run::Session>> sessionFor(const std::string& path,
                                                       std::shared_ptr<run::Listener> listener) {
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return run::Session::open(path, listener);
    return run::Session::create(path, listener);
}

/// What can be done with a run that has not finished.
std::string howToGoOn(run::Session& session, const store::RunRow& row) {
    std::error_code ignored;
    if (!std::filesystem::exists(session.path(), ignored)) {
        return session.path() + " is no longer there: the run cannot be resumed";
    }
    const auto from = session.resumption(row.id);
    if (from == run::Resumption::Nowhere) return "It cannot be resumed";
    const std::string when =
        row.state == store::RunState::Failed ? "Once the cause is mended, resume it" : "Resume it";
    return when + (from == run::Resumption::FirstStep ? ", from its first step," : "") +
           " with: cohelix-cli resume " + session.path() + " --run " + std::to_string(row.id);
}

void sayHowItEnded(const store::RunRow& row, const std::string& howToGoOn, Terminal& terminal) {
    terminal.endProgress();
    const bool failed = row.state == store::RunState::Failed;
    const std::string run = "Run " + std::to_string(row.id);
    // Why it failed is in the error before.
    terminal.message((failed ? run + " has failed"
                             : run + " is " + std::string(word(row.state)) + ": " + row.message) +
                     "\n" + howToGoOn);
}

/// Ends the program within a step that takes long: the file is left as of the last checkpoint.
[[noreturn]] void endWithinStep(run::Session& session, std::int64_t run, Terminal& terminal) {
    store::RunRow row;
    row.id = run;
    row.state = store::RunState::Stopped;
    row.message = "stopped on request within a step; it can be resumed";
    const auto how = howToGoOn(session, row);
    session.abandon(run);
    sayHowItEnded(row, how, terminal);
    std::fflush(nullptr);
    std::_Exit(kFailed);
}

/// Waits for the run. Where the user interrupts, or has done so while it was started, it stops at
/// the next step, or where none comes within a second, at once.
store::RunRow waitFor(run::Session& session, std::int64_t run, Terminal& terminal) {
    constexpr std::chrono::milliseconds kPatience{1000};
    std::chrono::steady_clock::time_point told;
    bool stopping = false;
    while (session.busy()) {
        if (interrupted() && !stopping) {
            stopping = true;
            told = std::chrono::steady_clock::now();
            terminal.message("Stopping at the next step …");
            session.stop(run);
        }
        if (stopping && std::chrono::steady_clock::now() - told > kPatience) {
            endWithinStep(session, run, terminal);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return session.wait(run);
}

/// What a search leaves on the screen; the exit code. `asked`: the path that the session had.
int conclude(run::Session& session, const std::string& asked, const store::RunRow& row,
             Terminal& terminal) {
    if (row.state != store::RunState::Finished) {
        sayHowItEnded(row, howToGoOn(session, row), terminal);
        return kFailed;
    }
    terminal.endProgress();
    if (auto there = session.follow(); !there) return terminal.fail(there.error());
    if (session.path() != asked) terminal.message("The project is now " + session.path());
    if (!row.message.empty()) return kFailed;  // the log has said what there is to say
    base::Result<std::string> text(std::string{});
    session.call([&](store::Project& project) {
        text = designsReport(project, {.run = row.id, .frontOnly = true, .format = Format::Table});
    });
    if (!text) return terminal.fail(text.error());
    return put(*text) ? kFine : kFailed;
}

int search(const SearchOptions& options) {
    Terminal terminal;
    const auto spec = specificationOf(options.specification);
    if (!spec) return terminal.fail(spec.error());
    const auto plan = planOf(options);
    if (!plan) return terminal.fail(plan.error());
    if (auto feasible = search::checkFeasible(*spec); !feasible) {
        return terminal.fail(feasible.error());
    }
    if (auto fits = learn::checkDataSet(spec->dataSet, spec->network); !fits) {
        return terminal.fail(fits.error());
    }
    // Loading LibTorch takes a second or more, which an interrupt need not wait for.
    if (auto trains = learn::checkTraining(); !trains) return terminal.fail(trains.error());
    catchInterrupts();  // from here on there is a file to be left whole
    auto session = sessionFor(options.project, std::make_shared<Reporter>(terminal));
    auto run = session ? (*session)->start(*spec, options.threads, *plan)
                       : base::Result<std::int64_t>(session.error());
    if (!run) return terminal.fail(run.error());
    const auto path = (*session)->path();
    return conclude(**session, path, waitFor(**session, *run, terminal), terminal);
}

/// The last run that can be resumed; where none can, why the last unfinished one cannot is said
/// when it is tried.
base::Result<std::int64_t> lastToResume(store::Project& project) {
    const auto runs = project.runs();
    if (!runs) return runs.error();
    std::optional<std::int64_t> unfinished;
    for (const auto& row : *runs | std::views::reverse) {
        if (row.state == store::RunState::Finished) continue;
        if (run::resumptionOf(project, row.id) != run::Resumption::Nowhere) return row.id;
        if (!unfinished) unfinished = row.id;
    }
    if (unfinished) return *unfinished;
    return base::Error{project.path(), "there is no run that could be resumed", ""};
}

/// The run to resume: the given one, or the last that can be.
base::Result<std::int64_t> runToResume(run::Session& session, std::int64_t wanted) {
    base::Result<std::int64_t> found(wanted);
    if (wanted > 0) return found;
    session.call([&](store::Project& project) { found = lastToResume(project); });
    return found;
}

int resume(const SearchOptions& options) {
    Terminal terminal;
    auto session = run::Session::open(options.project, std::make_shared<Reporter>(terminal));
    if (!session) return terminal.fail(session.error());
    const auto run = runToResume(**session, options.run);
    if (!run) return terminal.fail(run.error());
    if (auto trains = learn::checkTraining(); !trains) return terminal.fail(trains.error());
    catchInterrupts();
    const auto resumed = (*session)->resume(*run, options.threads, options.pictures);
    if (!resumed) return terminal.fail(resumed.error());
    const auto path = (*session)->path();
    return conclude(**session, path, waitFor(**session, *run, terminal), terminal);
}

}  // namespace

void addSearchCommands(CLI::App& app, int& exitCode) {
    auto options = std::make_shared<SearchOptions>();
    auto* searching =
        app.add_subcommand("search", "Search, train the front, keep it all in one file");
    searching->add_option("specification", options->specification.file, kSpecificationHelp)
        ->required();
    searching
        ->add_option("--project", options->project,
                     "project file; created, or a run is added to it")
        ->required();
    addSpecificationOptions(*searching, options->specification);
    searching
        ->add_option("--threads", options->threads,
                     "threads to work with; results do not depend on it (default: all cores)")
        ->check(CLI::Range(1, 1024));
    searching->add_option(
        "--steer", options->steering,
        "file with changes to the running search (JSON): a list such as [{\"step\": 100, "
        "\"change\": \"limit\", \"limit\": \"dsp\", \"value\": 450}]; kinds: limit (" +
            base::listed(base::words<spec::LimitKind>()) +
            ": value), window (target: low, high), weight (target: factor), pin (choice: "
            "option), stop (target); null takes a limit or a pin back");
    searching->callback([options, &exitCode] { exitCode = search(*options); });

    auto* resuming = app.add_subcommand("resume", "Go on with a stopped or interrupted run");
    resuming->add_option("project", options->project, "project file")->required();
    resuming->add_option("--run", options->run, "run (default: the last that can be resumed)")
        ->check(wholeFrom(1));
    resuming->add_option("--threads", options->threads, "threads to work with (default: as before)")
        ->check(CLI::Range(1, 1024));
    resuming->add_option("--pictures", options->pictures, kPicturesHelp)
        ->check(CLI::ExistingDirectory);
    resuming->callback([options, &exitCode] { exitCode = resume(*options); });
}

}  // namespace cohelix::cli
