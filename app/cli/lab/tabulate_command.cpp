// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <filesystem>
#include <memory>

#include "core/base/executor.h"
#include "core/base/output_file.h"
#include "core/base/units.h"
#include "core/tables/trained_table.h"

#include "app/cli/checks.h"
#include "app/cli/commands.h"
#include "app/cli/reporter.h"
#include "app/cli/specification_input.h"
#include "app/cli/terminal.h"

namespace cohelix::cli {
namespace {

struct TabulateOptions {
    SpecificationInput specification;
    std::string csv;
    int threads = base::availableCores();
};

/// Some seconds' work may be lost with the machine, no more.
constexpr std::chrono::seconds kBetweenWrites{5};

/// The table so far; empty where there is no file.
base::Result<std::vector<tables::TrainedRow>> begun(const TabulateOptions& options,
                                                    const tables::TabularSpace& space) {
    std::error_code ignored;
    if (!std::filesystem::exists(options.csv, ignored)) return std::vector<tables::TrainedRow>{};
    return tables::readTrainedRows(options.csv, space);
}

std::string lineOf(const tables::TabularSpace& space, const std::vector<tables::TrainedRow>& rows) {
    const auto& last = rows.back();
    return std::to_string(rows.size()) + " of " + std::to_string(space.networks()) + " networks; " +
           space.nameOf(last.network) + ": " + base::fixed(last.accuracy, 2) + " % in " +
           base::fixed(last.seconds, 1) + " s";
}

/// Writes the table now and then while it grows, and at the end.
base::Result<void> fill(const TabulateOptions& options, const tables::TabularSpace& space,
                        const std::shared_ptr<const learn::DataSet>& data, Terminal& terminal) {
    auto rows = begun(options, space);
    if (!rows) return rows.error();
    const auto write = [&] { return base::writeFile(options.csv, tables::toCsv(space, *rows)); };
    if (auto written = write(); !written) return written;  // before any training is lost
    auto lastWrite = std::chrono::steady_clock::now();
    base::Result<void> written;
    base::Executor executor(options.threads);
    catchInterrupts();
    std::atomic<bool> writes = true;
    const auto keep = [&] {
        const auto now = std::chrono::steady_clock::now();
        if (now - lastWrite < kBetweenWrites) return;
        lastWrite = now;
        written = write();
        writes = written.ok();
        terminal.message(lineOf(space, *rows));
    };
    const auto trained = tables::trainMissing(space, data, *rows, executor, keep,
                                              [&] { return writes && !interrupted(); });
    if (auto last = write(); !last) return last;
    if (!trained) return trained;
    if (rows->size() == space.networks()) return {};
    return base::Error{options.csv,
                       "stopped with " + std::to_string(rows->size()) + " of " +
                           std::to_string(space.networks()) + " networks",
                       "The same command goes on with the others"};
}

int tabulate(const TabulateOptions& options) {
    Terminal terminal;
    const auto specification = specificationOf(options.specification);
    if (!specification) return terminal.fail(specification.error());
    const auto space = tables::untrainedSpace(*specification);
    if (!space) return terminal.fail(space.error());
    const auto data = learn::loadDataSet(specification->dataSet, specification->network);
    if (!data) return terminal.fail(data.error());
    const auto filled = fill(options, *space, *data, terminal);
    return filled ? kFine : terminal.fail(filled.error());
}

}  // namespace

void addTabulateCommand(CLI::App& app, int& exitCode) {
    auto options = std::make_shared<TabulateOptions>();
    auto* command = app.add_subcommand(
        "tabulate",
        "Train every network of a small space, so that searches can be held against "
        "its true front (benchmark trained)");
    command->add_option("specification", options->specification.file, kSpecificationHelp)
        ->required();
    command->add_option("--csv", options->csv, "table; one that is begun is gone on with")
        ->required()
        ->check(outputFile());
    addSpecificationOptions(*command, options->specification);
    command->add_option("--threads", options->threads, "networks that are trained side by side")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    command->callback([options, &exitCode] { exitCode = tabulate(*options); });
}

}  // namespace cohelix::cli
