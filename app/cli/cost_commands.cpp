// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "app/cli/commands.h"
#include "app/cli/terminal.h"
#include "core/validate/validation.h"

namespace cohelix::cli {
namespace {

void addValidate(CLI::App& app, int& exitCode) {
    auto* command = app.add_subcommand("validate", "Hold the cost models against published tables");
    command->require_subcommand(1);
    auto path = std::make_shared<std::string>();
    for (const auto& comparison : validate::comparisons()) {
        auto* table = command->add_subcommand(comparison.name, comparison.summary);
        table->add_option("file", *path, "table (CSV or JSON) with the columns of its kind")
            ->required();
        table->callback([path, run = comparison.run, &exitCode] {
            const auto validation = run(*path);
            if (!validation) {
                Terminal().error(validation.error());
                exitCode = kFailed;
                return;
            }
            exitCode = put(validate::toJsonText(*validation)) ? kFine : kFailed;
        });
    }
}

}  // namespace

void addCostCommands(CLI::App& app, int& exitCode) { addValidate(app, exitCode); }

}  // namespace cohelix::cli
