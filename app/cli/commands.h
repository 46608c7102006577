// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The commands of cohelix-cli. Each registers itself with its options; what it does runs after
// parsing and sets the exit code: 0 fine, 1 failed, 2 wrong use. Results go to standard output,
// messages to standard error.

#include <CLI/CLI.hpp>
#include <string>

namespace cohelix::cli {

inline constexpr const char* kPicturesHelp =
    "folder in which the data set is now, instead of /data_set/path; for this time alone, it is "
    "not "
    "stored";

inline constexpr int kFine = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongUse = 2;

void addSearchCommands(CLI::App& app, int& exitCode);    ///< search, resume
void addReplayCommand(CLI::App& app, int& exitCode);     ///< replay
void addListCommands(CLI::App& app, int& exitCode);      ///< runs, designs, fronts, check
void addRescueCommand(CLI::App& app, int& exitCode);     ///< rescue
void addDesignCommands(CLI::App& app, int& exitCode);    ///< show, explain, export
void addCostCommands(CLI::App& app, int& exitCode);      ///< evaluate, map
void addValidateCommand(CLI::App& app, int& exitCode);   ///< validate
void addBenchmarkCommand(CLI::App& app, int& exitCode);  ///< benchmark
void addTabulateCommand(CLI::App& app, int& exitCode);   ///< tabulate
void addOptimumCommand(CLI::App& app, int& exitCode);    ///< optimum
void addPublishedCommand(CLI::App& app, int& exitCode);  ///< published
void addPredictCommand(CLI::App& app, int& exitCode);    ///< predict
void addSpecCommands(CLI::App& app, int& exitCode);  ///< spec validate, presets, devices, fields

/// Writes a result to standard output; false (and a message) when that fails. Names of strangers
/// are part of it: what a terminal would obey is spelt out (base::visible), on a terminal and
/// elsewhere alike. Files that a command writes hold names as they are.
bool put(const std::string& text);

}  // namespace cohelix::cli
