// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// This process: its cores and threads, the parts of the program that it loads, the signals that it
// obeys.

#include <filesystem>
#include <string>
#include <string_view>

namespace cohelix::platform {

/// Cores that the process may use; at least 1.
int availableCores();
/// Lets other programs go first. The thread stays as it was where the system does not allow it.
void lowerThreadPriority();

/// Empty where the system does not say.
std::filesystem::path programFile();
/// ".so"
std::string_view moduleEnding();
/// A part of the program, which stays loaded. Null: moduleProblem() says why.
void* loadModule(const std::filesystem::path& file);
void* symbolOf(void* module, const char* name);
/// In any library that is loaded; null: in none.
void* symbolOfProgram(const char* name);
/// Why the last loadModule of this thread failed.
std::string moduleProblem();

/// Calls this where the process is asked to end: by Ctrl-C, by the system, by a terminal that is
/// closed unless that is ignored on purpose. The handler may set a flag and no more.
void onInterrupt(void (*handler)(int));
/// Makes writing past a session's file size limit an error and not the end.
void surviveFileSizeLimit();

}  // namespace cohelix::platform
