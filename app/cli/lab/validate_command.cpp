// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "core/base/output_file.h"
#include "core/lab/validate/validation.h"

#include "app/cli/checks.h"
#include "app/cli/commands.h"
#include "app/cli/lab/validation_plot.h"
#include "app/cli/named_file.h"
#include "app/cli/terminal.h"

namespace cohelix::cli {
namespace {

struct ValidateOptions {
    std::string table;
    std::string plot;
};

base::Result<void> drawTo(const std::string& path, const validate::Validation& validation) {
    const auto plot = validationPlot(validation);
    if (!plot) return plot.error();
    const auto svg = chart::svgOf(*plot);
    return svg ? base::writeFile(path, *svg) : svg.error();
}

int hold(const validate::Table& table, const ValidateOptions& options) {
    const auto validation = table.validate(pathOf(options.table));
    if (!validation) return Terminal().fail(validation.error());
    if (!put(validate::toJsonText(*validation))) return kFailed;
    if (options.plot.empty()) return kFine;
    const auto drawn = drawTo(options.plot, *validation);
    if (drawn) return kFine;
    return Terminal().fail(drawn.error());
}

}  // namespace

void addValidateCommand(CLI::App& app, int& exitCode) {
    auto* command = app.add_subcommand("validate", "Hold the cost models against published tables");
    command->require_subcommand(1);
    auto options = std::make_shared<ValidateOptions>();
    for (const auto& table : validate::tables()) {
        auto* named = command->add_subcommand(table.name, table.summary);
        named
            ->add_option("file", options->table, "table (CSV or JSON) with the columns of its kind")
            ->required();
        named
            ->add_option("--plot", options->plot,
                         "draw predicted against measured to this file (SVG)")
            ->check(outputFile());
        named->callback([options, &table, &exitCode] { exitCode = hold(table, *options); });
    }
}

}  // namespace cohelix::cli
