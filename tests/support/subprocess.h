// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Runs a program as its users do, with its outputs caught in files. POSIX.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cohelix::test {

struct Outcome {
    int exitCode = -1;  ///< minus the signal's number when it was killed
    std::string out;
    std::string err;
};

class Subprocess {
public:
    /// Starts `arguments` (the program first); its outputs go to files in `folder`.
    Subprocess(std::vector<std::string> arguments, std::filesystem::path folder)
        : m_folder(std::move(folder)) {
        std::vector<char*> pointers;
        for (auto& argument : arguments) pointers.push_back(argument.data());
        pointers.push_back(nullptr);
        m_pid = fork();
        if (m_pid == 0) {
            redirect("out", STDOUT_FILENO);
            redirect("err", STDERR_FILENO);
            execv(pointers[0], pointers.data());
            _exit(127);
        }
    }
    ~Subprocess() {
        if (m_pid > 0) {
            signal(SIGKILL);
            (void)wait();
        }
    }
    Subprocess(const Subprocess&) = delete;
    Subprocess& operator=(const Subprocess&) = delete;

    void signal(int number) const { kill(m_pid, number); }
    /// True when it has ended by itself; wait() then returns at once.
    bool ended() const {
        siginfo_t info = {};
        return waitid(P_PID, static_cast<id_t>(m_pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
               info.si_pid == m_pid;
    }
    Outcome wait() {
        int status = 0;
        waitpid(m_pid, &status, 0);
        m_pid = -1;
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), text("out"),
                text("err")};
    }
    std::string text(const char* name) const {
        std::ifstream file(m_folder / name);
        std::ostringstream content;
        content << file.rdbuf();
        return content.str();
    }

private:
    void redirect(const char* name, int descriptor) const {
        const int file = open((m_folder / name).c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
        dup2(file, descriptor);
    }

    std::filesystem::path m_folder;
    pid_t m_pid = -1;
};

inline Outcome runToEnd(const std::vector<std::string>& arguments,
                        const std::filesystem::path& folder) {
    return Subprocess(arguments, folder).wait();
}

/// The exit code that the program owes its message: 2 where an option's value is at fault.
inline int refusalCode(const Outcome& outcome) {
    // Notes may stand before it.
    return ("\n" + outcome.err).find("\nerror: --") != std::string::npos ? 2 : 1;
}

}  // namespace cohelix::test
