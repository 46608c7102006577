// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/platform/process.h"

#include <algorithm>
#include <csignal>
#include <system_error>
#include <thread>

#include <dlfcn.h>
#ifdef __linux__
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace cohelix::platform {

namespace fs = std::filesystem;

int availableCores() {
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
#endif
    return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

void lowerThreadPriority() {
#ifdef __linux__
    // On Linux a nice value belongs to a thread.
    (void)setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 10);
#endif
}

fs::path programFile() {
    std::error_code ignored;  // without /proc the path is empty
    return fs::read_symlink("/proc/self/exe", ignored);
}

std::string_view moduleEnding() { return ".so"; }

void* loadModule(const fs::path& file) { return dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL); }

void* symbolOf(void* module, const char* name) { return dlsym(module, name); }

void* symbolOfProgram(const char* name) { return dlsym(RTLD_DEFAULT, name); }

std::string moduleProblem() {
    const char* text = dlerror();
    return text ? text : "the system does not say why";
}

void onInterrupt(void (*handler)(int)) {
    std::signal(SIGINT, handler);
    std::signal(SIGTERM, handler);
    if (std::signal(SIGHUP, handler) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);  // by nohup
}

void surviveFileSizeLimit() { std::signal(SIGXFSZ, SIG_IGN); }

}  // namespace cohelix::platform
