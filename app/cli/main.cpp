// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>
#include <cstdio>
#include <exception>
#include <sstream>

#include "core/base/platform/process.h"
#include "core/base/unicode.h"
#include "core/base/units.h"
#include "core/learn/learn.h"

#include "app/cli/commands.h"

namespace cohelix::cli {

bool put(const std::string& text) {
    const auto shown = base::visible(text);
    const bool written = std::fwrite(shown.data(), 1, shown.size(), stdout) == shown.size() &&
                         std::fflush(stdout) == 0;
    if (!written) std::fputs("error: standard output cannot be written\n", stderr);
    return written;
}

int run(int argc, char** argv) {
    CLI::App app{"Cohelix searches a neural network and its accelerator together.", "cohelix-cli"};
    app.set_version_flag("--version", [] {
        return std::string("cohelix-cli ") + base::programVersion() + ", LibTorch " +
               learn::torchVersion();
    });
    app.require_subcommand(1);
    int exitCode = kFine;
    addSearchCommands(app, exitCode);
    addReplayCommand(app, exitCode);
    addListCommands(app, exitCode);
    addRescueCommand(app, exitCode);
    addDesignCommands(app, exitCode);
    addSpecCommands(app, exitCode);
    addBenchmarkCommand(app, exitCode);
    addTabulateCommand(app, exitCode);
    addOptimumCommand(app, exitCode);
    addCostCommands(app, exitCode);
    addValidateCommand(app, exitCode);
    addPublishedCommand(app, exitCode);
    addPredictCommand(app, exitCode);
    try {
        app.parse(argc, argv);
    } catch (const CLI::RequiredError& error) {
        const auto unknown = app.remaining();
        if (unknown.empty() || app.get_subcommands().size() > 0) {
            std::ostringstream text;
            app.exit(error, text, text);
            std::cerr << base::visible(text.str());
            return kWrongUse;
        }
        std::cerr << "There is no command '" << base::visibleLine(unknown.front()) << "'\n"
                  << "Run with --help for more information.\n";
        return kWrongUse;
    } catch (const CLI::ParseError& error) {
        std::ostringstream text;
        std::ostringstream wrong;
        if (app.exit(error, text, wrong) == 0) return put(text.str()) ? kFine : kFailed;
        std::cerr << base::visible(wrong.str());
        return kWrongUse;
    }
    return exitCode;
}

}  // namespace cohelix::cli

int main(int argc, char** argv) {
    cohelix::platform::surviveFileSizeLimit();
    try {
        return cohelix::cli::run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "error: %s\n", cohelix::base::visible(error.what()).c_str());
        return cohelix::cli::kFailed;
    }
}
