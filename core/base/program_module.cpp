// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/program_module.h"

#include <array>
#include <filesystem>
#include <optional>
#include <system_error>

#include "core/base/platform/process.h"

namespace cohelix::base {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> fileOf(const std::string& module) {
    const fs::path folder = platform::programFile().parent_path();
    if (folder.empty()) return std::nullopt;  // never what happens to lie in the current folder
    const fs::path name = module + std::string(platform::moduleEnding());
    const fs::path shared = fs::path("lib") / "cohelix" / name;
    for (const fs::path& file : {folder / name, folder.parent_path() / shared,
                                 folder.parent_path().parent_path() / shared}) {
        std::error_code ignored;
        if (fs::is_regular_file(file, ignored)) return file;
    }
    return std::nullopt;
}

}  // namespace

Result<void*> symbolOfModule(const std::string& name, const char* symbol) {
    const auto file = fileOf(name);
    if (!file) return Error{name, "this part of the program is not installed", ""};
    void* library = platform::loadModule(*file);
    if (!library)
        return Error{file->string(), "it cannot be loaded: " + platform::moduleProblem(), ""};
    void* address = platform::symbolOf(library, symbol);
    if (!address) return Error{file->string(), "it is not a part of this program", ""};
    return address;
}

}  // namespace cohelix::base
