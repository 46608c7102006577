// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/program_module.h"

#include <array>
#include <filesystem>
#include <optional>
#include <system_error>

#ifdef _WIN32
#define NOMINMAX
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace cohelix::base {
namespace {

namespace fs = std::filesystem;

#ifdef _WIN32

constexpr const char* kEnding = ".dll";

fs::path programFile() {
    std::array<wchar_t, 32768> path{};
    const DWORD length = GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
    return fs::path(path.data(), path.data() + length);
}

// Libraries that the module needs are looked for beside it too.
void* load(const fs::path& file) {
    return LoadLibraryExW(file.c_str(), nullptr, LOAD_WITH_ALTERED_SEARCH_PATH);
}

void* find(void* library, const char* symbol) {
    return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(library), symbol));
}

std::string reason() { return std::system_category().message(static_cast<int>(GetLastError())); }

#else

constexpr const char* kEnding = ".so";

fs::path programFile() {
    std::error_code ignored;  // without /proc the path is empty
    return fs::read_symlink("/proc/self/exe", ignored);
}

void* load(const fs::path& file) { return dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL); }
void* find(void* library, const char* symbol) { return dlsym(library, symbol); }

std::string reason() {
    const char* text = dlerror();
    return text ? text : "the system does not say why";
}

#endif

std::optional<fs::path> fileOf(const std::string& module) {
    const fs::path folder = programFile().parent_path();
    if (folder.empty()) return std::nullopt;  // never what happens to lie in the current folder
    const fs::path name = module + kEnding;
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
    void* library = load(*file);
    if (!library) return Error{file->string(), "it cannot be loaded: " + reason(), ""};
    void* address = find(library, symbol);
    if (!address) return Error{file->string(), "it is not a part of this program", ""};
    return address;
}

}  // namespace cohelix::base
