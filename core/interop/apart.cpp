// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/apart.h"

#if defined(__unix__) || defined(__APPLE__)

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>

namespace cohelix::interop {
namespace {

using base::Error;
using Clock = std::chrono::steady_clock;

/// Writes all of it; false where the reader is gone.
bool writeAll(int file, const std::string& bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto written = ::write(file, bytes.data() + done, bytes.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        done += static_cast<std::size_t>(written);
    }
    return true;
}

/// Ends the child without the parent's destructors and buffers.
[[noreturn]] void work(const std::function<std::string()>& function, int out) {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    // What libraries print of damaged data is of no use to anyone.
    if (const int nowhere = ::open("/dev/null", O_WRONLY); nowhere >= 0) ::dup2(nowhere, 2);
    for (const int signal : {SIGSEGV, SIGFPE, SIGABRT, SIGBUS, SIGILL}) {
        std::signal(signal, SIG_DFL);
    }
    bool complete = false;
    try {
        complete = writeAll(out, function());
    } catch (...) {
        complete = false;
    }
    ::_exit(complete ? 0 : 1);
}

/// Everything until the end of the file; false when the time is over.
bool readAll(int file, std::string& bytes, Clock::time_point deadline) {
    std::array<char, 65536> buffer;
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline -
                                                                                Clock::now());
        if (left.count() <= 0) return false;
        pollfd waiting{file, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return false;
        const auto got = ::read(file, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got == 0;
        bytes.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

}  // namespace

base::Result<std::string> runApart(const std::function<std::string()>& function, int seconds) {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) return Error{{}, "no pipe could be opened", {}};
    const pid_t child = ::fork();
    if (child < 0) {
        ::close(pipe[0]);
        ::close(pipe[1]);
        return Error{{}, "no process could be started", {}};
    }
    if (child == 0) {
        ::close(pipe[0]);
        work(function, pipe[1]);
    }
    ::close(pipe[1]);
    std::string bytes;
    const bool inTime = readAll(pipe[0], bytes, Clock::now() + std::chrono::seconds(seconds));
    ::close(pipe[0]);
    if (!inTime) ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!inTime) {
        return Error{{}, "it took longer than " + std::to_string(seconds) + " seconds", {}};
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return bytes;
    return Error{{}, "it crashed", {}};
}

}  // namespace cohelix::interop

#else

namespace cohelix::interop {

base::Result<std::string> runApart(const std::function<std::string()>& function, int) {
    return function();
}

}  // namespace cohelix::interop

#endif
