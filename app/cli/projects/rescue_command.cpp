// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "core/run/rescue.h"

#include "app/cli/commands.h"
#include "app/cli/table.h"
#include "app/cli/terminal.h"

namespace cohelix::cli {
namespace {

struct RescueOptions {
    std::string from;
    std::string to;
};

int rescue(const RescueOptions& options) {
    const auto done = run::rescue(options.from, options.to);
    if (!done) return Terminal().fail(done.error());
    Table table({"rescued", "rows"});
    for (const auto& kept : done->kept) table.add({kept.table, std::to_string(kept.rows)});
    std::string text = table.text();
    text += done->lost.empty() ? "\nNothing is known to be lost.\n" : "\nLost:\n";
    for (const auto& lost : done->lost) text += "  " + lost + "\n";
    text += options.from + " was left as it is; the new project is " + options.to + "\n";
    return put(text) ? kFine : kFailed;
}

}  // namespace

void addRescueCommand(CLI::App& app, int& exitCode) {
    auto options = std::make_shared<RescueOptions>();
    auto* rescuing = app.add_subcommand(
        "rescue", "Save what can still be read of a damaged project file into a new one");
    rescuing->add_option("file", options->from, "damaged project file; it is only read")
        ->required();
    rescuing->add_option("new", options->to, "project file to make")->required();
    rescuing->callback([options, &exitCode] { exitCode = rescue(*options); });
}

}  // namespace cohelix::cli
